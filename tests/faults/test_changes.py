"""Somebody changes the tree while a run writes into it: what they did stays, and their group is whole; the others are written."""

from __future__ import annotations

from pathlib import Path

from .groups import EDIT, Tree, completed, new, old

GROUPS = 2


def steps(folder: Path, act: str) -> list[tuple[Tree, str, bytes]]:
    """A tree for each step before which something was done to it: with what the next step was, and what was said."""
    found = []
    for step in range(1, 1000):
        tree = Tree(folder / f"{step}", GROUPS).lay_out()
        done = completed(tree, folder / "state", step=step, act=act)
        if not done.stderr:
            break
        assert done.returncode == (3 if done.stdout else 0)
        found.append((tree, done.stderr.decode().strip(), done.stdout))
    assert len(found) > 40
    return found


def test_a_file_that_is_written_into_at_any_moment_keeps_it(tmp_path: Path) -> None:
    left_alone = 0
    for tree, _, said in steps(tmp_path, "append"):
        first, edited, last = tree.group(0)
        kind = old if said else new
        left_alone += bool(said)
        # an edit that was there when the run began to look is one of a file that is not to be written any more
        assert edited.read_bytes() in (kind(edited) + EDIT, old(edited) + EDIT)
        assert edited.read_bytes().count(EDIT) == 1
        assert (first.read_bytes(), last.read_bytes()) == (kind(first), kind(last))
        assert not said or b"changed while it was looked at" in said
        assert tree.done()[-1:] == [1]
        assert tree.left_over() == []
    assert left_alone > 10


def test_a_file_that_is_saved_at_any_moment_keeps_it(tmp_path: Path) -> None:
    """But for the moment between the last look and the renaming: no system call does both."""
    for tree, step, said in steps(tmp_path, "save"):
        first, edited, last = tree.group(0)
        kind = old if said else new
        if step == "os.rename" and edited.read_bytes() == new(edited):
            continue
        assert edited.read_bytes().count(EDIT) == 1
        assert (first.read_bytes(), last.read_bytes()) == (kind(first), kind(last))
        assert tree.left_over() == []


def test_a_folder_that_vanishes_at_any_moment(tmp_path: Path) -> None:
    left_alone = 0
    for tree, _, said in steps(tmp_path, "remove"):
        gone, *others = tree.group(0)
        assert not gone.parent.exists()
        left_alone += bool(said)
        kinds = {path.read_bytes() == new(path) for path in others}
        assert all(path.read_bytes() in (old(path), new(path)) for path in others)
        assert kinds == {not said} or not said
        assert tree.group(1)[0].read_bytes() == new(tree.group(1)[0])
        assert tree.left_over() == []
    assert left_alone > 10
