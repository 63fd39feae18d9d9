"""What there is to report: a file that was looked at, or one that could not be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codemod.result import Result

if TYPE_CHECKING:  # most files have no secret, and need no callers
    from codemod.migration import Command


@dataclass(frozen=True, slots=True)
class FileReport:
    """One Dockerfile looked at: its path as printed, its result, its diff, and whether it and its callers were written.

    `commands` are those of callers that build it, as they become; `context` is what a call gives it, with the call's place.
    """

    path: str
    result: Result
    diff: str = field(repr=False)
    written: bool
    commands: tuple[Command, ...] = ()
    context: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CallerReport:
    """A caller's file that changes: its path as printed, its diff, whether it was written, and the literal values that it has."""

    path: str
    diff: str = field(repr=False)
    written: bool
    literals: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read, parsed or written; `line` is None where the whole file is meant."""

    path: str
    line: int | None
    message: str
