"""A Python program → the builds that it runs, in whatever way it does."""

from __future__ import annotations

from collections.abc import Sequence

from codemod.callers.call import Move, Tree
from codemod.callers.python_builds import Build, builds
from codemod.callers.python_edits import edits
from codemod.callers.python_tree import parse
from codemod.text import Edit, Source


def program(source: Source, tree: Tree) -> tuple[Build, ...]:
    """The builds of a program, in the order of the file."""
    del tree
    return tuple(sorted(builds(parse(source)), key=lambda build: build.call.span))


def changed(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """The edits for the moves of a program."""
    del tree
    file = parse(source)
    return tuple(edits(file, tuple(builds(file)), moves))
