"""Which files of a work tree changed since a revision; in a submodule, since the commit that the tree around it had of it then."""

from __future__ import annotations

import os
from os.path import relpath
from pathlib import Path

from codemod.git import Git, ask


class RevisionError(Exception):
    """A revision that git does not know, in words."""


def changed_since(git: Git, revision: str, here: Path) -> frozenset[str]:
    """The files that are not what they were where `revision` and the current commit part, new ones included.

    `here` is the top of the work tree whose revision that is. Raises RevisionError where git does not know it.
    """
    base = _base(git.root, revision, here)
    said = ask(git.root, "diff", "-z", "--name-only", "--no-renames", "--relative", base, "--").answer()
    if said is None:
        raise RevisionError(f"git cannot compare {git.root} with {revision!r}: a clone without all contents has to get them first")
    return frozenset((*map(os.fsdecode, said), *git.others))


def _base(root: Path, revision: str, here: Path) -> str:
    """What the work tree at `root` is compared with."""
    around = None if root == here else _line(root, "rev-parse", "--show-superproject-working-tree")
    if around is not None:
        recorded = f"{_base(Path(around), revision, here)}:{relpath(root, around)}"
        # one that the tree around it had not yet is all new
        return (
            _line(Path(around), "rev-parse", "--verify", "--quiet", recorded) or _line(root, "hash-object", "-t", "tree", "--stdin") or ""
        )
    commit = _line(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise RevisionError(f"{revision!r} is no commit of {root}")
    base = _line(root, "merge-base", "HEAD", commit)
    if base is None:
        raise RevisionError(f"{revision!r} and HEAD have nothing in common in {root}: a shallow clone has too little of its history")
    return base


def _line(root: Path, *arguments: str) -> str | None:
    """The one line that git answers with; None where there is none."""
    said = ask(root, *arguments).answer()
    return os.fsdecode(said[0]).removesuffix("\n") or None if said else None
