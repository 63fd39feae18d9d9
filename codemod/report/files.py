"""What there is to report: a file that was looked at, or one that could not be."""

from __future__ import annotations

from dataclasses import dataclass, field

from codemod.result import Result


@dataclass(frozen=True, slots=True)
class FileReport:
    """One Dockerfile looked at: its path as printed, its result, its diff, and whether it was written."""

    path: str
    result: Result
    diff: str = field(repr=False)
    written: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read, parsed or written; `line` is None where the whole file is meant."""

    path: str
    line: int | None
    message: str
