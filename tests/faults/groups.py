"""A tree with groups of files to write, and the programs that write them: killed at a step, or by somebody else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codemod.journal_places import found
from codemod.writing import Change, writing
from tests.command import ENVIRONMENT, REPOSITORY

SIZES = (3, 1, 2, 5)
# what a program does to files: it can be stopped before each
STEPS = frozenset({"open", "os.rename", "os.link", "os.remove", "os.truncate", "os.chmod", "os.listdir"})


@dataclass(frozen=True, slots=True)
class Tree:
    """Groups of one to five files each, in folders of their own and in one that they share."""

    root: Path
    groups: int

    def lay_out(self) -> Tree:
        """All files, old."""
        for path in self.paths():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(old(path))
        return self

    def group(self, number: int) -> list[Path]:
        """The files that are written together."""
        folder = self.root / f"g{number:02}"
        return [folder / "Dockerfile", *(self.root / "shared" / f"g{number:02}-{place}" for place in range(1, SIZES[number % len(SIZES)]))]

    def paths(self) -> list[Path]:
        """All files."""
        return [path for number in range(self.groups) for path in self.group(number)]

    def present(self) -> list[Path]:
        """All that is there, but for git's own."""
        return sorted(path for path in self.root.rglob("*") if path.is_file() and path.name != "HEAD")

    def journals(self) -> list[Path]:
        """What runs that were killed have noted; each tree has a folder above it for itself."""
        return [path for path, _ in found([self.root])]

    def left_over(self) -> list[Path]:
        """What is there and is none of the files."""
        return sorted({*self.present()} - {*self.paths()})

    def is_half(self, number: int) -> bool:
        """Whether a group has files of both kinds. Fails where a file is neither old nor new."""
        kinds = set()
        for path in self.group(number):
            content = path.read_bytes()
            assert content in (old(path), new(path)), path
            kinds.add(content == new(path))
        return len(kinds) > 1

    def half_done(self) -> list[int]:
        """The groups that are neither old nor new."""
        return [number for number in range(self.groups) if self.is_half(number)]

    def done(self) -> list[int]:
        """The groups that are new."""
        return [number for number in range(self.groups) if all(path.read_bytes() == new(path) for path in self.group(number))]


def old(path: Path) -> bytes:
    """What a file has first; the longer ones take more than one page."""
    return f"old {path.name}\r\n".encode() * (400 if path.name == "Dockerfile" else 3)


def new(path: Path) -> bytes:
    """What it is to have."""
    return f"new {path.name}\n".encode() * (500 if path.name == "Dockerfile" else 2)


def program(tree: Tree, *, step: int = 0) -> list[str]:
    """The command of a process that writes what is still old; it kills itself before a step, where one is given."""
    return [sys.executable, "-m", "tests.faults.groups", str(tree.root), str(tree.groups), str(step)]


def environment(state: Path) -> dict[str, str]:
    """… and its environment."""
    return ENVIRONMENT | {"XDG_STATE_HOME": str(state), "PYTHONPATH": str(REPOSITORY)}


def completed(tree: Tree, state: Path, *, step: int = 0) -> subprocess.CompletedProcess[bytes]:
    """It has come to its end, one way or another."""
    return subprocess.run(program(tree, step=step), env=environment(state), cwd=tree.root, check=False, capture_output=True)


def write(tree: Tree) -> None:
    """Write each group that is not new, as the command does."""
    with writing({tree.root}, print) as writer:
        for number in range(tree.groups):
            changes = [Change(path, old(path), new(path)) for path in tree.group(number)]
            if any(change.path.read_bytes() != change.after for change in changes):
                writer.write(tree.root, changes)


def _stop_before(step: int, root: Path) -> None:
    """Kill this process before it does something to a file for the nth time."""
    steps = _counting()

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in STEPS and _is_in(root, arguments) and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _counting() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


def _is_in(root: Path, arguments: tuple[object, ...]) -> bool:
    """Python's own files are no step; a descriptor has no name."""
    return any(isinstance(each, int) or str(each).startswith((str(root), os.environ["XDG_STATE_HOME"])) for each in arguments[:2])


if __name__ == "__main__":
    ROOT, GROUPS, STEP = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    if STEP:
        _stop_before(STEP, ROOT)
    write(Tree(ROOT, GROUPS))
