"""The Dockerfiles that the command looks at, and what git is told first."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from click.testing import CliRunner

from codemod.cli import main
from tests.trees import DOCKERFILE

# neither this machine's user nor its git's configuration has anything to say
NOBODY = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always")


def git(folder: Path, *arguments: str | Path) -> None:
    """Tell git something."""
    subprocess.run(["git", "-C", folder, *AUTHOR, *arguments], check=True, capture_output=True, env=os.environ | NOBODY)


def plant(folder: Path, *paths: str) -> Path:
    """Dockerfiles that leak, by their paths."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(DOCKERFILE)
    return folder


def repository(folder: Path, *paths: str) -> Path:
    """A git work tree that tracks such Dockerfiles."""
    folder.mkdir(exist_ok=True)
    git(folder, "init", "-q")
    plant(folder, *paths)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "all", "--allow-empty")
    return folder


def looked_at(folder: Path, *arguments: str, variables: dict[str, str] | None = None) -> list[str]:
    """The Dockerfiles that the command finds there, in its order; all of them leak."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        done = CliRunner(env=NOBODY | (variables or {})).invoke(main, ["--no-color", *arguments], catch_exceptions=False)
    finally:
        os.chdir(before)
    assert done.exit_code in (0, 1), done.stderr
    return headers(done.stdout_bytes)


def headers(diff: bytes) -> list[str]:
    """The files of a diff."""
    lines: Sequence[bytes] = diff.split(b"\n")
    return [os.fsdecode(line[6:]) for line in lines if line.startswith(b"--- a/")]
