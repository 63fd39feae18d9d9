"""Copies of `examples/monorepo`, as it is and migrated."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from .command import REPOSITORY, dockerfix

MONOREPO = REPOSITORY / "examples" / "monorepo"
# what is about the example, and no part of the repository that it shows
ABOUT = ("README.md", "migration.patch")


def copied(folder: Path) -> Path:
    """The repository, on its own."""
    shutil.copytree(MONOREPO, folder, ignore=shutil.ignore_patterns(*ABOUT))
    return folder


def migrated(folder: Path, *options: str) -> dict[str, Any]:
    """Migrate the repository at `folder`; what is said of it."""
    done = dockerfix("--write", "--format", "json", *options, cwd=folder)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def files(folder: Path) -> dict[str, bytes]:
    """All that is in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
