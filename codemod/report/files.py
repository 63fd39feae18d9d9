"""What there is to report: a file that was looked at, or one that could not be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codemod.result import Result

if TYPE_CHECKING:  # most files have no secret, and need no callers
    from codemod.migration import Command


@dataclass(frozen=True, slots=True)
class Context:
    """The context that a Dockerfile is built with, as printed: a folder, and why.

    That is the `place` of the call that gives it, or what the Dockerfile `copies` that is there, and not in its own folder.
    """

    folder: str
    place: str | None = None
    copies: str = ""


@dataclass(frozen=True, slots=True)
class FileReport:
    """One Dockerfile looked at: its path as printed, its result, its diff, and whether it and its callers were written.

    `commands` are those of callers that build it, as they become; `context` is None where it is the Dockerfile's own folder. Files of one
    `group` are written together or not at all.
    """

    path: str
    result: Result
    diff: str = field(repr=False)
    written: bool
    commands: tuple[Command, ...] = ()
    context: Context | None = None
    group: int = 0


@dataclass(frozen=True, slots=True)
class CallerReport:
    """A caller's file that changes: its path as printed, its diff, whether it was written, and the literal values that it has.

    `before` and `after` are its whole texts; its `group` has the Dockerfiles that it is written with.
    """

    path: str
    diff: str = field(repr=False)
    written: bool
    literals: tuple[str, ...] = field(default=(), repr=False)
    before: str = field(default="", repr=False)
    after: str = field(default="", repr=False)
    group: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read, parsed or written; `line` is None where the whole file is meant."""

    path: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run came to, in the order of paths.

    `dockerfiles` are those with anything to say, `clean` the paths of those without, both as printed; `writing` says that it was to write.
    `here` is the folder that paths are seen from, `top` that of the work tree that it is in, or itself; `seconds` is what the run took so
    far; so many findings were `known`, and accepted before.
    """

    dockerfiles: tuple[FileReport, ...] = ()
    callers: tuple[CallerReport, ...] = ()
    problems: tuple[Problem, ...] = ()
    clean: tuple[str, ...] = ()
    writing: bool = False
    here: str = ""
    top: str = ""
    seconds: float = 0
    known: int = 0

    @property
    def changes(self) -> tuple[FileReport | CallerReport, ...]:
        """The files that change or changed, group by group; each Dockerfile before its callers."""
        files: tuple[FileReport | CallerReport, ...] = (*self.dockerfiles, *self.callers)
        return tuple(sorted((file for file in files if file.diff), key=lambda file: file.group))

    @property
    def patch(self) -> str:
        """The diffs of all of it."""
        return "".join(file.diff for file in self.changes)
