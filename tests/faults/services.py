"""Repositories with services, each a Dockerfile and two callers: what the command makes of them, whole."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.command import dockerfix
from tests.trees import DOCKERFILE, T, work_tree

BUILD = f'cd "$(dirname "$0")"\ndocker build --build-arg {T}="${T}" .\n'
MAKEFILE = f"image:\n\tdocker build --build-arg {T} .\n"


def files(services: int) -> dict[str, str]:
    """The files of a repository, by their paths."""
    found: dict[str, str] = {}
    for number in range(services):
        folder = f"services/s{number:02}"
        found |= {f"{folder}/Dockerfile": DOCKERFILE, f"{folder}/build.sh": BUILD, f"{folder}/Makefile": MAKEFILE}
    return found


def repository(folder: Path, services: int) -> Path:
    """A work tree with them; git knows them all."""
    return work_tree(folder, files(services))


def contents(folder: Path) -> dict[str, bytes]:
    """All that is in a repository, but for git's own."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def written(folder: Path, original: Path) -> dict[str, bytes]:
    """What a repository has after a run that nobody disturbed."""
    shutil.copytree(original, folder)
    assert dockerfix("--write", "--quiet", cwd=folder).returncode == 0
    return contents(folder)


def is_half(found: Mapping[str, bytes], before: Mapping[str, bytes], after: Mapping[str, bytes], service: str) -> bool:
    """Whether one of the services has old files and new ones. Fails where a file is neither."""
    own = [path for path in before if path.startswith(service + "/")]
    assert all(found[path] in (before[path], after[path]) for path in own)
    return len({found[path] == after[path] for path in own}) > 1


def start_again(folder: Path) -> None:
    """As git has it."""
    subprocess.run(["git", "checkout", "-q", "--", "."], cwd=folder, check=True)
