"""A run that writes is killed: every file is old or new, and the next run leaves every group whole."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from random import Random

import pytest

from codemod.recovery import seen
from codemod.writing import writing

from .groups import Tree, completed, environment, program, write
from .kills import Killer

# together with those of the command (test_kills_of_the_command.py) these are 200
BATCHES, KILLS = 9, 20
MANY = 12


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this user's journals are."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def a_tree(folder: Path, groups: int, *, is_work_tree: bool = True) -> Tree:
    tree = Tree(folder, groups).lay_out()
    if is_work_tree:
        (folder / ".git").mkdir()
    return tree


def is_whole(tree: Tree) -> bool:
    """Whether all of it is new, and nothing else is there."""
    return tree.done() == [*range(tree.groups)] and tree.left_over() == [] and tree.journals() == []


def assert_it_is_known(tree: Tree) -> None:
    """At most one group is half done, and the next run knows which."""
    known = {file.path for file in seen([tree.root]).half_done}
    assert known == {path for number in tree.half_done() for path in tree.group(number)}
    assert len(tree.half_done()) <= 1


# --- before each step of it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_work_tree", [True, False], ids=["in a work tree", "in a folder"])
def test_before_each_step_of_writing(tmp_path: Path, state: Path, *, is_work_tree: bool) -> None:
    """Two groups, of three files and of one: the process kills itself before it opens, renames, links or removes the nth time."""
    half_done = 0
    for step in range(1, 1000):
        tree = a_tree(tmp_path / f"{step}", 2, is_work_tree=is_work_tree)
        code = completed(tree, state, step=step).returncode
        half_done += len(tree.half_done())
        assert_it_is_known(tree)
        assert code == -signal.SIGKILL or is_whole(tree)
        write(tree)
        assert is_whole(tree)
        if code == 0:
            break
    assert step > 40
    assert half_done > 4


def test_before_each_step_of_mending(tmp_path: Path, state: Path) -> None:
    """What a killed run has left is mended by one that is killed itself."""
    half = a_half_done_tree(tmp_path / "half", state)
    for step in range(1, 1000):
        tree = copied(half, tmp_path / f"{step}")
        code = completed(tree, state, step=step).returncode
        tree.half_done()
        write(tree)
        assert is_whole(tree)
        if code == 0:
            break
    assert step > 20


def test_a_run_that_has_nothing_to_write_mends(tmp_path: Path, state: Path) -> None:
    half = a_half_done_tree(tmp_path / "half", state)
    with writing({half.root}, print) as writer:
        assert {*writer.left.finished} == {*half.group(0)}
    assert half.done() == [0]
    assert half.left_over() == []


def a_half_done_tree(folder: Path, state: Path) -> Tree:
    """Killed after the first file of the first group."""
    for step in range(20, 1000):
        tree = a_tree(folder / f"{step}", 2)
        completed(tree, state, step=step)
        if tree.half_done():
            return tree
    raise AssertionError


def copied(tree: Tree, folder: Path) -> Tree:
    shutil.copytree(tree.root, folder, symlinks=True)
    return Tree(folder, tree.groups)


# --- at any moment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(BATCHES))
def test_at_any_moment(tmp_path: Path, state: Path, seed: int) -> None:
    """One run after the other is killed, each of which finds what the one before has left."""
    folder = tmp_path / "tree"
    tree = a_tree(folder, MANY)
    killer = Killer(program(tree), environment(state), folder, folder / ".git" / "dockerfix-journal", Random(seed))  # noqa: S311  (no secret)
    seconds = killer.seconds()
    assert is_whole(tree)

    def left() -> float:
        return seconds * (MANY - len(tree.done())) / MANY

    def again() -> None:
        write(tree)
        assert is_whole(tree)
        tree.lay_out()

    tree.lay_out()
    killer.kill_until(KILLS, left, lambda: assert_it_is_known(tree), again)
    again()
