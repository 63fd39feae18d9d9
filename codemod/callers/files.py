"""A file that runs builds, read and linked."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.callers.kinds import Kind
from codemod.callers.links import Link
from codemod.text import Source


@dataclass(frozen=True, slots=True)
class CallerFile:
    """A file that runs builds: its path is seen from the root of the tree; `shown` is the path as messages have it."""

    source: Source
    shown: str
    kind: Kind
    links: tuple[Link, ...]
