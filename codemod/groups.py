"""What is written together or not at all: Dockerfiles and the callers' files with which they share secrets, directly or through others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.dockerfile.error import ParseError
from codemod.result import Result
from codemod.subject import Subject

if TYPE_CHECKING:  # most files have no secret, and need no callers
    from codemod.migration import CallerResult, Command
    from codemod.report.files import Context


@dataclass(frozen=True, slots=True)
class Looked:
    """A Dockerfile that was looked at, with the commands of callers that build it, as they become.

    `context` is the one that a call gives it, or that has what it copies; None where no other than its own folder is known.
    """

    subject: Subject
    content: bytes = field(repr=False)
    result: Result | ParseError | OSError
    commands: tuple[Command, ...] = ()
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What is written together or not at all: Dockerfiles and the callers' files with which they share secrets.

    `root` is that of their tree.
    """

    dockerfiles: tuple[Looked, ...]
    callers: tuple[tuple[Path, CallerResult], ...]
    root: Path


@dataclass(frozen=True, slots=True)
class Tree:
    """What one tree came to: its groups, in the order of their first Dockerfiles, and the Dockerfiles that nothing is said of, as shown.

    Where it `is_cut`, it has more files than were looked at for callers; where it `is_beyond`, more than the tree's own were.
    """

    groups: tuple[Group, ...]
    clean: tuple[str, ...]
    is_cut: bool = False
    is_beyond: bool = False


def together(dockerfiles: Iterable[str], callers: Sequence[CallerResult]) -> Iterator[tuple[list[str], list[CallerResult]]]:
    """Dockerfiles, by their paths, and callers' files in groups that share nothing: in the order of their first Dockerfiles."""
    paths = dict.fromkeys(dockerfiles)
    parents = {path: path for path in (*paths, *map(_path, callers))}

    def top(path: str) -> str:
        while parents[path] != path:
            parents[path] = path = parents[parents[path]]
        return path

    for caller in callers:
        for path in _moved(caller) & paths.keys():
            parents[top(path)] = top(_path(caller))
    groups: dict[str, tuple[list[str], list[CallerResult]]] = {top(path): ([], []) for path in parents}
    for path in paths:
        groups[top(path)][0].append(path)
    for caller in callers:
        groups[top(_path(caller))][1].append(caller)
    yield from groups.values()


def _path(caller: CallerResult) -> str:
    return str(caller.caller.source.path)


def _moved(caller: CallerResult) -> set[str]:
    """The Dockerfiles that it builds with what it passes as a secret from now on."""
    moved = {move.passed for move in caller.moves}
    links = (link for link in caller.caller.links if moved & {*link.call.passes})
    return {path for link in links for path in link.dockerfiles}
