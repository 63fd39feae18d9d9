"""The tree on disk: the services, what stands in their folders, and who builds them, as one commit of a git work tree."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from random import Random

from .callers import caller, of_all
from .dockerfiles import dockerfile, ecosystem_of
from .ecosystems import ECOSYSTEMS
from .leaks import leak_for
from .others import other
from .services import Service
from .words import ROLES, SUBJECTS, TEAMS

# of a hundred Dockerfiles those that leak; of these, the ones whose callers are here, and the ones that have two; the root as context
LEAKING, CALLED, TWICE, ROOTED = 3, 70, 8, 6
NAMES = (
    ("Dockerfile", 80), ("docker/Dockerfile", 5), ("Dockerfile.prod", 4), ("Dockerfile.worker", 4), ("build/Dockerfile", 3), ("app.Dockerfile", 2),
    ("Containerfile", 2),
)  # fmt: skip
# of a hundred Dockerfiles, those that are a further one of the service before
FURTHER = 25
# subjects of a service, and how many services are one large one
FEW, LARGE = 2, 20
ROOTS = (("services", 80), ("libs", 6), ("tools", 6), ("images", 5), ("experiments", 3))


def make(folder: Path, dockerfiles: int, others: int, callers: int, seed: int) -> tuple[Service, ...]:
    """Make the tree in `folder`, which is empty or not there yet; the services that it has."""
    random = Random(seed)  # noqa: S311  (the same tree for the same seed)
    services = tuple(_services(random, dockerfiles))
    tree = _Files(folder)
    for service in services:
        tree.write(service.dockerfile, dockerfile(random, service.ecosystem, service.name, service.leak).encode())
    for service in services:
        for name, text in service.leak.files.items() if service.leak is not None else ():
            tree.write(f"{service.folder}/{name}", text.encode())
    tree.fill(len(tree.paths) + callers, _callers(random, services))
    tree.fill(dockerfiles + others + callers, _others(random, services))
    _commit(folder)
    return services


class _Files:
    """The files so far; they are on disk, as a large tree has more than memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: set[str] = set()
        self._parents: set[Path] = set()

    def write(self, path: str, content: bytes) -> None:
        """Write a file, unless there is one already."""
        if path in self.paths:
            return
        self.paths.add(path)
        file = self.folder / path
        if file.parent not in self._parents:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._parents.add(file.parent)
        file.write_bytes(content)
        if path.endswith(".sh"):
            file.chmod(0o755)

    def fill(self, until: int, more: Iterator[tuple[str, bytes]]) -> None:
        """Add what is new of `more` until there are so many."""
        while len(self.paths) < until:
            self.write(*next(more))


def _services(random: Random, count: int) -> Iterator[Service]:
    """Every team has some, a few have many; a Dockerfile each, or several."""
    weights = [1 / (rank + 3) for rank in range(len(TEAMS))]
    teams = random.sample(TEAMS, len(TEAMS))
    leaking = set(random.sample(range(count), round(count * LEAKING / 100)))
    taken: set[str] = set()
    service: Service | None = None
    for number in range(count):
        if service is not None and number not in leaking and random.randrange(100) < FURTHER:
            yield replace(service, dockerfile=f"{service.folder}/Dockerfile.{random.choice(ROLES)}-{number}", leak=None)
            continue
        leak = leak_for(random) if number in leaking else None
        ecosystem = next((each for each in ECOSYSTEMS if leak is not None and each.name == leak.ecosystem), None) or ecosystem_of(random)
        team = random.choices(teams, weights)[0]
        root = random.choices([root for root, _ in ROOTS], [share for _, share in ROOTS])[0]
        name = f"{random.choice(SUBJECTS)}-{random.choice(ROLES)}"
        name = name if f"{root}/{team}/{name}" not in taken else f"{name}-{number}"
        folder = f"{root}/{team}/{name}"
        taken.add(folder)
        file = random.choices([file for file, _ in NAMES], [share for _, share in NAMES])[0]
        context = "." if random.randrange(100) < ROOTED else folder
        service = Service(team, name, folder, f"{folder}/{file}", context, ecosystem, leak)
        yield service


def _callers(random: Random, services: tuple[Service, ...]) -> Iterator[tuple[str, bytes]]:
    """First those of the services that leak, as far as they are here, then of the others, without end."""
    for path, text in of_all(random, services):
        yield path, text.encode()
    for service in services:
        if service.passed and random.randrange(100) < CALLED:
            for _ in range(1 + (random.randrange(100) < TWICE)):
                path, text = caller(random, [service, *_near(random, service, services)])
                yield path, text.encode()
    while True:
        service = random.choice(services)
        if not service.passed:
            path, text = caller(random, [service, *_near(random, service, services)])
            yield path, text.encode()


def _near(random: Random, service: Service, services: tuple[Service, ...]) -> list[Service]:
    """Others of the team that are built with it, if any are; those that leak have callers of their own."""
    some = (random.choice(services) for _ in range(60))
    found = {each.folder: each for each in some if each.team == service.team and each is not service and not each.passed}
    return [*found.values()][: random.choice((0, 0, 0, 1, 2, 3))]


def _others(random: Random, services: tuple[Service, ...]) -> Iterator[tuple[str, bytes]]:
    """A few services have most of them, in folders of their own; a service speaks of few subjects: folders have many files, or hardly any."""
    sized = random.sample(services, len(services))
    large = {service.folder for service in sized[: -(-len(sized) // LARGE)]}
    weights = [*accumulate(1 / (rank + 2) ** 1.1 for rank in range(len(sized)))]
    while True:
        service = random.choices(sized, cum_weights=weights)[0]
        path, content = other(random, service.ecosystem.name, SUBJECTS[len(service.folder) % FEW :: len(SUBJECTS) // FEW])
        yield f"{service.folder}/{path if service.folder in large else path.rpartition('/')[2]}", content


def _commit(folder: Path) -> None:
    # nothing of this machine's configuration decides what is in it
    settings = (
        "user.name=monorepo", "user.email=monorepo@example.com", "commit.gpgSign=false", "core.autocrlf=false", "core.excludesFile=/dev/null",
        "core.hooksPath=/dev/null", "core.fsync=none", "gc.auto=0",
    )  # fmt: skip
    options = [word for setting in settings for word in ("-c", setting)]
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "All of it")):
        subprocess.run(["git", *options, "-C", str(folder), *arguments], check=True)  # noqa: S607
