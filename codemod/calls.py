"""The calls of a tree, read from disk: who builds which of its Dockerfiles."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from codemod.callers.call import Call, NotUnderstoodError, Tree
from codemod.callers.links import Takes, link
from codemod.dockerfile.error import ParseError
from codemod.filenames import is_dockerfile
from codemod.repository import Repository
from codemod.speakers import Speakers
from codemod.text import Source
from codemod.workers import Workers

if TYPE_CHECKING:  # most trees have no caller: its readers are loaded where there is one
    from codemod.callers.files import CallerFile

STACK = "deploys this file with docker stack, which takes no file with build secrets: build the images from another"
# what the cache has of Dockerfiles
TAKES = b"takes"
# what a Dockerfile of any name has
STARTS = re.compile(rb"^[ \t]*from[ \t\\`]", re.IGNORECASE | re.MULTILINE)
# what one takes that was there a moment ago
NOTHING = Takes(frozenset(), frozenset())
DECLARED = re.compile(rb"^[ \t]*arg[ \t]+(\w+)", re.IGNORECASE | re.MULTILINE)
# an ARG of one word on a line of its own says itself what it declares …
PLAIN = re.compile(rb"^arg[ \t]+(\w+)(?:=[\w./:@+-]*)?[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
# … unless something else begins with these letters, or may hide it or more of it
UNCLEAR = re.compile(
    rb"type=secret|<<|`|\\[ \t]*\r?\n(?:[ \t\r\v\f]*(?:#[^\n]*)?\n)*[ \t]*arg|"
    rb"^[^\na-z#]+arg|^arg(?![ \t]+\w+(?:=[\w./:@+-]*)?[ \t]*\r?$)|a\\|r\\",
    re.IGNORECASE | re.MULTILINE,
)

Shown = Callable[[str], str]
"""A path of the tree → how messages have it."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The files of a tree that run builds, what its Dockerfiles take, and what readers have to know of it.

    `shown` gives a path of the tree as messages have it, `candidates` are the files that speak of builds, `named` those that calls
    surely build, though their names do not say that they are Dockerfiles.
    """

    files: tuple[CallerFile, ...]
    known: Mapping[str, Takes]
    tree: Tree
    shown: Shown
    candidates: frozenset[str]
    named: frozenset[str] = frozenset()


def read_calls(repository: Repository, dockerfiles: Collection[str], speakers: Speakers, shown: Shown, workers: Workers) -> Calls:
    """Every call of the tree, linked; `dockerfiles` are those that are looked at, `shown` gives a path of the tree as messages have it."""
    paths = speakers.paths
    if not paths:
        return Calls((), {}, Tree(), shown, paths)
    contents = {path: content for path in sorted(paths) if (content := repository.read(path)) is not None}
    read = dict(zip(contents, workers.map_cached(_calls, [(path, content, False) for path, content in contents.items()]), strict=True))
    tree = Tree(sourced=speakers.sourced(path for path, each in read.items() if each is not None and each[1] and each[0]))
    for path in tree.sourced:
        read[path] = _calls((path, contents[path], True))
    found = [(path, each[0]) for path, each in read.items() if each is not None and each[0]]
    kept = [(path, tuple(_at_real_places(call, repository) for call in calls)) for path, calls in _kept(found, shown)]
    named = _named(kept, repository)
    kept = [(path, calls) for path, calls in kept if path not in named]
    known = Known(repository, dockerfiles, [call for _, calls in kept for call in calls], workers)
    files = tuple(_linked(path, contents[path], calls, known, shown) for path, calls in kept)
    sure = {path for file in files for link in file.links if link.sure and not link.call.documentation for path in link.dockerfiles}
    return Calls(files, known, tree, shown, paths - named, named & sure)


def _named(read: Sequence[tuple[str, tuple[Call, ...]]], repository: Repository) -> frozenset[str]:
    """The Dockerfiles of calls whose names do not say that they are any; what a file says of itself does not count."""
    places = ((path, place.dockerfile) for path, calls in read for call in calls if not call.documentation for place in call.places)
    others = {named for path, named in places if named != path and not is_dockerfile(named.rpartition("/")[2])} & {*repository.files}
    return frozenset(path for path in others if STARTS.search(repository.read(path) or b""))


def _linked(path: str, content: bytes, calls: Sequence[Call], known: Known, shown: Shown) -> CallerFile:
    from codemod.callers.files import CallerFile  # noqa: PLC0415  (…)
    from codemod.callers.kinds import UNKNOWN, kind_of  # noqa: PLC0415  (…)

    kind = kind_of(path, content) or UNKNOWN  # it has calls, so somebody read it
    place = shown(path)
    return CallerFile(Source.from_bytes(PurePosixPath(path), content), place, kind, tuple(link(place, call, known) for call in calls))


def _calls(item: tuple[str, bytes, bool]) -> tuple[tuple[Call, ...], bool] | None:
    """The calls of a file, given with its path, its content and whether it is sourced; and whether it may be. None for no caller."""
    from codemod.callers.kinds import kind_of  # noqa: PLC0415  (…)

    path, content, is_sourced = item
    kind = kind_of(path, content)
    if kind is None:
        return None
    source, tree = Source.from_bytes(PurePosixPath(path), content), Tree(frozenset({path} if is_sourced else ()))
    try:
        return kind.calls(source, tree), kind.may_be_sourced
    except (NotUnderstoodError, RecursionError) as error:
        from codemod.callers import unknown  # noqa: PLC0415  (…)

        why = f"line {error.line}: {error.message}" if isinstance(error, NotUnderstoodError) else "it is nested too deep"
        return unknown.calls(source, tree, why), kind.may_be_sourced


def _kept(read: Sequence[tuple[str, tuple[Call, ...]]], shown: Shown) -> Iterator[tuple[str, tuple[Call, ...]]]:
    """The calls; those of a file that another needs as it is can pass no secret."""
    keeping = {
        kept: f"{shown(path)}:{call.line} {call.keeps_why or STACK}" for path, calls in read for call in calls for kept in call.keeps
    }
    for path, calls in read:
        by = keeping.get(path)
        yield path, calls if by is None else tuple(replace(call, blocks=call.blocks or by) for call in calls)


def _at_real_places(call: Call, repository: Repository) -> Call:
    """The call with its Dockerfiles by their own names: one that is a link is the file that it leads to."""
    places = tuple(replace(place, dockerfile=repository.real(place.dockerfile)) for place in call.places)
    return call if places == call.places else replace(call, places=places)


class Known(Mapping[str, Takes]):
    """What Dockerfiles take, each read when somebody asks.

    They are those that are looked at, those that calls name, and those that take what nobody knows where goes.
    """

    def __init__(self, repository: Repository, looked_at: Collection[str], calls: Sequence[Call], workers: Workers) -> None:
        self._repository, self._workers = repository, workers
        self._takes: dict[str, Takes | None] = {}
        self._there: dict[str, bool] = {}
        named = {place.dockerfile for call in calls for place in call.places} & {*repository.files}
        self._paths = {*looked_at, *named}
        loose = [call for call in calls if not (call.elsewhere or any(place.dockerfile in self for place in call.places))]
        names = {passed.name for call in loose for passed in call.passes} | {name for call in loose for name in call.feeds}
        if names:
            self._add_takers({path for path in repository.files if is_dockerfile(path.rpartition("/")[2])} - self._paths, names)

    def __contains__(self, path: object) -> bool:
        """Whether it is there, and can be read: what cannot takes nobody knows what."""
        if path not in self._paths or not isinstance(path, str):
            return False
        if path not in self._there:
            self._there[path] = self._repository.is_readable(path)
        return self._there[path]

    def __getitem__(self, path: str) -> Takes:
        if path not in self:
            raise KeyError(path)
        if path not in self._takes:
            self._takes[path] = takes_of((self._repository, path))
        return self._takes[path] or NOTHING

    def __iter__(self) -> Iterator[str]:
        """All of them; they are read at once, but for those that earlier runs have read as they are."""
        missing = sorted(path for path in self._paths if path not in self._takes)
        if missing:
            self._read(missing)
        return iter(sorted(path for path in self._paths if self._takes[path] is not None))

    def _read(self, paths: Sequence[str]) -> None:
        cache = self._workers.cache
        blobs = self._repository.blobs if cache is not None else {}
        known: Mapping[bytes, Takes | None] = cache.get(TAKES, {}) if cache is not None else {}
        new = [path for path in paths if blobs.get(path) not in known]
        self._takes |= {path: known[blobs[path]] for path in paths if blobs.get(path) in known}
        self._takes |= zip(new, self._workers.map(takes_of, [(self._repository, path) for path in new], is_local=True), strict=True)
        if cache is not None:
            cache[TAKES] = {blobs[path]: self._takes[path] for path in paths if path in blobs}

    def __len__(self) -> int:
        return len(self._paths)

    def _add_takers(self, others: Collection[str], names: Collection[str]) -> None:
        pattern = re.compile("|".join(map(re.escape, sorted(names))).encode())
        for path in sorted(others):
            if pattern.search(self._repository.read(path) or b""):
                self._paths.add(path)


def takes_of(item: tuple[Repository, str]) -> Takes | None:
    """What the Dockerfile at a path takes; None where it cannot be read."""
    repository, path = item
    content = repository.read(path)
    if content is None:
        return None
    if not UNCLEAR.search(content):
        return Takes(frozenset(name.decode() for name in PLAIN.findall(content)), frozenset())
    from codemod.dataflow import argument_names  # noqa: PLC0415  (…)
    from codemod.dockerfile.mounts import secret_mounts  # noqa: PLC0415  (…)
    from codemod.dockerfile.parser import parse  # noqa: PLC0415  (…)

    try:
        dockerfile = parse(Source.from_bytes(PurePosixPath(path), content))
    except ParseError:
        return Takes(frozenset(name.decode() for name in DECLARED.findall(content)), frozenset())
    secrets = frozenset(mount.id for _, mount in secret_mounts(dockerfile) if mount.id)
    return Takes(frozenset(argument_names(dockerfile)), secrets)
