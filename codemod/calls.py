"""The calls of a tree, read from disk: who builds which of its Dockerfiles."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from codemod.callers.call import Call, NotUnderstoodError, Tree
from codemod.callers.links import Takes, link
from codemod.dockerfile.error import ParseError
from codemod.filenames import OWN, is_dockerfile
from codemod.repository import Repository
from codemod.text import Source

if TYPE_CHECKING:  # most trees have no caller: its readers are loaded where there is one
    from codemod.callers.files import CallerFile
    from codemod.callers.kinds import Kind

# who runs a build says one of these, but for files that need not; the readers say what it is
ALWAYS = re.compile(
    r".*bake[^/]*\.(?:hcl|json)|.*compose[^/]*\.ya?ml|(?:.*/)?(?:(?:fly|railway)[^/]*\.(?:toml|json)|config/deploy[^/]*\.ya?ml)",
    re.IGNORECASE,
)
WORDS = "build[-_]?arg|docker|podman|buildah|nerdctl|depot|kaniko|buildctl|build *:"
STACK = "deploys this file with docker stack, which takes no file with build secrets: build the images from another"

Shown = Callable[[str], str]
"""A path of the tree → how messages have it."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The files of a tree that run builds, what its Dockerfiles take, and what readers have to know of it.

    `shown` gives a path of the tree as messages have it, `candidates` are the files that speak of builds.
    """

    files: tuple[CallerFile, ...]
    known: dict[str, Takes]
    tree: Tree
    shown: Shown
    candidates: frozenset[str]


def read_calls(repository: Repository, dockerfiles: Iterable[str], is_excluded: Callable[[str], bool], shown: Shown) -> Calls:
    """Every call of the tree, linked; `dockerfiles` are those that are looked at, `shown` gives a path of the tree as messages have it.

    `is_excluded` says of a path from the root that the user leaves it out.
    """
    paths = frozenset(_paths(repository, is_excluded))
    if not paths:
        return Calls((), {}, Tree(), shown, paths)
    candidates = tuple(_candidates(repository, paths))
    tree = Tree(sourced=_sourced(repository, [str(source.path) for source, kind in candidates if kind.may_be_sourced]))
    read = [(source, kind, calls) for source, kind in candidates if (calls := _calls(source, kind, tree))]
    read = [(source, kind, tuple(_at_real_places(call, repository) for call in calls)) for source, kind, calls in _kept(read, shown)]
    from codemod.callers.files import CallerFile  # noqa: PLC0415  (…)

    known = _known(repository, {*dockerfiles}, [call for _, _, calls in read for call in calls])
    files = tuple(
        CallerFile(source, shown(str(source.path)), kind, tuple(link(shown(str(source.path)), call, known) for call in calls))
        for source, kind, calls in read
    )
    return Calls(files, known, tree, shown, paths)


def _paths(repository: Repository, is_excluded: Callable[[str], bool]) -> Iterator[str]:
    """The files that may run a build: by what they have, and, where that need not say so, by name."""
    for path in {*repository.having(WORDS), *filter(ALWAYS.fullmatch, repository.files)}:
        name = path.rpartition("/")[2]
        if not (is_dockerfile(name) or name.startswith(OWN) or is_excluded(path)):
            yield path


def _candidates(repository: Repository, paths: Iterable[str]) -> Iterator[tuple[Source, Kind]]:
    from codemod.callers.kinds import kind_of  # noqa: PLC0415  (…)

    for path in sorted(paths):
        content = repository.read(path)
        kind = kind_of(path, content) if content is not None else None
        if content is not None and kind is not None:
            yield Source.from_bytes(PurePosixPath(path), content), kind


def _calls(source: Source, kind: Kind, tree: Tree) -> tuple[Call, ...]:
    try:
        return kind.calls(source, tree)
    except (NotUnderstoodError, RecursionError) as error:
        from codemod.callers import unknown  # noqa: PLC0415  (…)

        why = f"line {error.line}: {error.message}" if isinstance(error, NotUnderstoodError) else "it is nested too deep"
        return unknown.calls(source, tree, why)


def _kept(read: Sequence[tuple[Source, Kind, tuple[Call, ...]]], shown: Shown) -> Iterator[tuple[Source, Kind, tuple[Call, ...]]]:
    """The calls; those of a file that another needs as it is can pass no secret."""
    keeping = {
        path: f"{shown(str(source.path))}:{call.line} {call.keeps_why or STACK}"
        for source, _, calls in read
        for call in calls
        for path in call.keeps
    }
    for source, kind, calls in read:
        by = keeping.get(str(source.path))
        yield source, kind, calls if by is None else tuple(replace(call, blocks=call.blocks or by) for call in calls)


def _at_real_places(call: Call, repository: Repository) -> Call:
    """The call with its Dockerfiles by their own names: one that is a link is the file that it leads to."""
    return replace(call, places=tuple(replace(place, dockerfile=repository.real(place.dockerfile)) for place in call.places))


def _known(repository: Repository, looked_at: Collection[str], calls: Sequence[Call]) -> dict[str, Takes]:
    """What the Dockerfiles take: those that are looked at, those that calls name, and those that take what nobody knows where goes."""
    named = {place.dockerfile for call in calls for place in call.places}
    files = frozenset(repository.files)
    known = {path: takes for path in sorted({*looked_at, *(named & files)}) if (takes := _takes(repository.read(path), path))}
    loose = [call for call in calls if not (call.elsewhere or any(place.dockerfile in known for place in call.places))]
    names = {passed.name for call in loose for passed in call.passes} | {name for call in loose for name in call.feeds}
    if names:
        pattern = re.compile("|".join(map(re.escape, sorted(names))).encode())
        for path in files - known.keys():
            content = repository.read(path) if is_dockerfile(path.rpartition("/")[2]) else None
            takes = _takes(content, path) if content is not None and pattern.search(content) else None
            known |= {path: takes} if takes else {}
    return known


def _takes(content: bytes | None, path: str) -> Takes | None:
    """What a Dockerfile takes; None where it cannot be read."""
    if content is None:
        return None
    from codemod.dataflow import argument_names  # noqa: PLC0415  (…)
    from codemod.dockerfile.mounts import secret_mounts  # noqa: PLC0415  (…)
    from codemod.dockerfile.parser import parse  # noqa: PLC0415  (…)

    try:
        dockerfile = parse(Source.from_bytes(PurePosixPath(path), content))
    except ParseError:
        names = re.findall(rb"(?mi)^[ \t]*arg[ \t]+(\w+)", content)
        return Takes(frozenset(name.decode() for name in names), frozenset())
    secrets = frozenset(mount.id for _, mount in secret_mounts(dockerfile) if mount.id)
    return Takes(frozenset(argument_names(dockerfile)), secrets)


def _sourced(repository: Repository, scripts: Sequence[str]) -> frozenset[str]:
    """Those of `scripts` that another file reads into its own shell; one of the same name may be meant."""
    names = {path.rpartition("/")[2] for path in scripts}
    if not names:
        return frozenset()
    sources = rf"(^|[^a-z0-9_./-])(source|\.) +[^;|]*({'|'.join(map(re.escape, sorted(names)))})"
    found = b"\n".join(repository.read(path) or b"" for path in repository.having(sources))
    texts = re.findall(sources.replace("[^;|]", r"[^;|\n]").encode(), found, re.IGNORECASE)  # git asks line by line
    meant = {match[2].decode("utf-8", "surrogateescape").lower() for match in texts}
    return frozenset(path for path in scripts if path.rpartition("/")[2].lower() in meant)
