"""What is built for real: each example, each case that has a `command.txt`, and the other cases that are rewritten."""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from .client import REPOSITORY
from .reports import Moved, Told, read_report

EXAMPLES = REPOSITORY / "examples"
CASES = REPOSITORY / "tests" / "cases"


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret of a build command: its id, the variable it is read from (the ARG's name), and whether it must be there."""

    id: str
    variable: str
    required: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """A Dockerfile before and after, and the command printed for it, which is run in the copy's `root`."""

    name: str
    context: Path
    inside: Path
    before: str
    after: str
    command: str

    def secrets(self) -> tuple[Secret, ...]:
        """The secrets the command passes."""
        return tuple(_secret(option, self.command) for option in re.findall(r"--secret (\S+)", self.command))

    def dockerfile(self) -> str:
        """The path of `-f`."""
        words = shlex.split(self.command)
        return words[words.index("-f") + 1]

    def lay_out(self, root: Path, dockerfile: str) -> Path:
        """A copy of the context with this Dockerfile in it: nothing is built, or changed, in the repository."""
        shutil.copytree(self.context, root / self.inside)
        with (root / self.dockerfile()).open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(dockerfile)
        return root


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A Dockerfile of a case that is rewritten, and what the case's report says of it."""

    folder: str
    subject: Subject
    told: Told

    def optional(self) -> tuple[Moved, ...]:
        """What a build may go without."""
        return tuple(each for each in self.told.moved if not each.required and each.id)

    def required(self) -> tuple[Moved, ...]:
        """What it may not."""
        return tuple(each for each in self.told.moved if each.required)


def _secret(option: str, command: str) -> Secret:
    """Rule 14: `id=X` alone is required, and so is `id=Y,env=X` behind `: "${X:?}"`; `id=X,env=X` is optional."""
    keys = dict(pair.split("=", 1) for pair in option.split(","))
    variable = keys.get("env", keys["id"])
    return Secret(keys["id"], variable, required="env" not in keys or f"${{{variable}:?}}" in command)


def examples() -> list[Subject]:
    """The folders of `examples/` with one Dockerfile; their commands are printed for, and run in, the repository root."""
    return [
        Subject(
            name=f"examples/{folder.name}",
            context=folder,
            inside=folder.relative_to(REPOSITORY),
            before=_read(folder / "Dockerfile"),
            after=_read(folder / "after.txt"),
            command=(folder / "command.txt").read_text().strip(),
        )
        for folder in sorted(EXAMPLES.iterdir())
        if (folder / "after.txt").exists()
    ]


def cases() -> list[Subject]:
    """The cases that ask to be built by having a `command.txt`, which is run in their `before/`."""
    return [
        Subject(
            name=f"cases/{command.parent.name}",
            context=command.parent / "before",
            inside=Path(),
            before=_read(command.parent / "before" / "Dockerfile"),
            after=_read(command.parent / "after" / "Dockerfile"),
            command=command.read_text().strip(),
        )
        for command in sorted(CASES.glob("*/command.txt"))
    ]


def rewritten_cases() -> list[Rewritten]:
    """Each Dockerfile that a case rewrites, with what its report says; those that `cases` has are not said twice."""
    folders = (folder for folder in sorted(CASES.iterdir()) if (folder / "after").exists() and not (folder / "command.txt").exists())
    return [_rewritten(folder, told) for folder in folders for told in read_report((folder / "report.txt").read_text())]


def _rewritten(folder: Path, told: Told) -> Rewritten:
    path = told.dockerfile()
    subject = Subject(
        name=f"cases/{folder.name}" if path == "Dockerfile" else f"cases/{folder.name}/{path}",
        context=folder / "before",
        inside=Path(),
        before=_read(folder / "before" / path),
        after=_read(folder / "after" / path),
        command=told.command,
    )
    return Rewritten(folder.name, subject, told)


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return file.read()
