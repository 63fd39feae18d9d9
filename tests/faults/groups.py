"""A tree with groups of files to write, and a program that writes them, with what may be done to it at any step."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from codemod.journal_places import found
from codemod.replacement import digest, digest_of
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


def program(tree: Tree, *, step: int = 0, act: str = "kill") -> list[str]:
    """The command of a process that writes what is still old; before a step, where one is given, something is done to it."""
    return [sys.executable, "-m", "tests.faults.groups", str(tree.root), str(tree.groups), str(step), act]


def environment(state: Path) -> dict[str, str]:
    """… and its environment."""
    return ENVIRONMENT | {"XDG_STATE_HOME": str(state), "PYTHONPATH": str(REPOSITORY)}


def completed(tree: Tree, state: Path, *, step: int = 0, act: str = "kill") -> subprocess.CompletedProcess[bytes]:
    """It has come to its end, one way or another."""
    return subprocess.run(program(tree, step=step, act=act), env=environment(state), cwd=tree.root, check=False, capture_output=True)


def write(tree: Tree) -> bool:
    """Write each group that is not new, as the command does; whether all of them could be."""
    failed = 0
    with writing({tree.root}, print) as writer:
        for number in range(tree.groups):
            changes = [Change(path, old(path), new(path)) for path in tree.group(number)]
            if any(digest_of(change.path) == digest(change.before) for change in changes):
                try:
                    writer.write(tree.root, changes)
                except OSError as error:
                    sys.stdout.write(f"{error}\n")
                    failed += 1
    return not failed


# --- what is done to it ----------------------------------------------------------------------------------------------


def _kill(tree: Tree) -> None:  # noqa: ARG001  (all acts are called alike)
    os.kill(os.getpid(), signal.SIGKILL)


def _append(tree: Tree) -> None:
    """Somebody writes into the second file of the first group."""
    with tree.group(0)[1].open("ab") as file:
        file.write(EDIT)


def _save(tree: Tree) -> None:
    """… as editors do that save by renaming."""
    path = tree.group(0)[1]
    beside = path.with_name("saved")
    beside.write_bytes(path.read_bytes() + EDIT)
    beside.replace(path)


def _remove(tree: Tree) -> None:
    """The folder with the first file of the first group vanishes."""
    shutil.rmtree(tree.group(0)[0].parent)


EDIT = b"# edited\n"
ACTS: dict[str, Callable[[Tree], None]] = {"kill": _kill, "append": _append, "save": _save, "remove": _remove}


def _act_before(step: int, tree: Tree, act: Callable[[Tree], None]) -> None:
    """Do it once, before this process does something to a file for the nth time."""
    steps = count(1)
    busy: list[bool] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if not busy and event in STEPS and _is_in(tree.root, arguments) and next(steps) == step:
            busy.append(True)
            act(tree)
            sys.stderr.write(f"{event}\n")

    sys.addaudithook(hook)


def _is_in(root: Path, arguments: tuple[object, ...]) -> bool:
    """Python's own files are no step; a descriptor has no name."""
    return any(isinstance(each, int) or str(each).startswith((str(root), os.environ["XDG_STATE_HOME"])) for each in arguments[:2])


if __name__ == "__main__":
    TREE, STEP = Tree(Path(sys.argv[1]), int(sys.argv[2])), int(sys.argv[3])
    if STEP:
        _act_before(STEP, TREE, ACTS[sys.argv[4]])
    sys.exit(0 if write(TREE) else 3)
