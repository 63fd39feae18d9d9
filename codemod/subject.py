"""A Dockerfile to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from codemod.settings import Settings


@dataclass(frozen=True, slots=True)
class Subject:
    """A Dockerfile to look at, with its path as messages have it; `content` is what it has where it is not on disk.

    `walked` is the folder whose walk found it, None where the user named it; `tree` has the root of its tree and its path from there,
    where these are known already.
    """

    path: Path
    shown: str
    settings: Settings
    walked: Path | None = None
    tree: tuple[Path, str] | None = None
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Walk:
    """A folder of the tree at `root` that was walked for Dockerfiles.

    `subject` makes one of a file that a call builds, whatever its name, by its path from the root: None where that is not below the
    folder, or is left out.
    """

    root: Path
    subject: Callable[[str], Subject | None]
