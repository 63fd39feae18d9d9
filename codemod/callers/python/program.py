"""A Python program → the builds that it runs, in whatever way it does."""

from __future__ import annotations

from collections.abc import Sequence

from codemod.callers.call import Call, Move, NotUnderstoodError, Tree
from codemod.callers.python.builds import builds
from codemod.callers.python.client_edits import client_edits
from codemod.callers.python.clients import client_builds
from codemod.callers.python.edits import edits
from codemod.callers.python.lost import lost
from codemod.callers.python.runs import runs
from codemod.callers.python.shell import text_builds, text_edits
from codemod.callers.python.tree import PythonFile, parse
from codemod.text import Edit, Source


def program(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The builds of a program, in the order of the file."""
    del tree
    try:
        return tuple(sorted(_calls(parse(source)), key=lambda call: call.span))
    except RecursionError as error:
        raise NotUnderstoodError(1, "its names go in circles, or an expression is too deep to be read") from error


def _calls(file: PythonFile) -> list[Call]:
    every = tuple(runs(file))
    found = [build.call for build in builds(file, every)]
    found += [build.call for build in client_builds(file)]
    found += [call for build in text_builds(file, [call.span for call in found], every) for call in build.calls]
    return [*found, *lost(file, found)]


def changed(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """The edits for the moves of a program."""
    del tree
    file = parse(source)
    every = tuple(runs(file))
    lists = tuple(builds(file, every))
    texts = text_builds(file, [build.call.span for build in lists], every)
    return (*edits(file, lists, moves), *client_edits(file, tuple(client_builds(file)), moves), *text_edits(file, tuple(texts), moves))
