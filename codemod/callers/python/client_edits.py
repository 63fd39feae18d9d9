"""Moves of build args that python-on-whales is given → edits: entries of a dict, and the list of its secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from codemod.callers.call import Move
from codemod.callers.python.clients import ClientArgument, ClientBuild
from codemod.callers.python.elements import appended, slots, without
from codemod.callers.python.runs import keyword
from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import Unset
from codemod.text import Edit


@dataclass(frozen=True, slots=True)
class _Change:
    argument: ClientArgument
    move: Move

    @property
    def secret(self) -> str:
        variable = self.argument.value.variable
        assert variable is not None  # noqa: S101  (or it is an obstacle)
        stops = variable.unset is Unset.STOPS or (variable.unset is Unset.NONE and not self.move.optional)
        short = f"id={self.move.id}"
        return short if variable.name == self.move.id and stops else f"{short},env={variable.name}"


def client_edits(file: PythonFile, builds: Sequence[ClientBuild], moves: Sequence[Move]) -> Iterator[Edit]:
    """The edits for those of the moves whose build args stand in dicts."""
    wanted = {move.passed.span: move for move in moves}
    for build in builds:
        found = ((argument, wanted.pop(argument.passed.span, None)) for argument in build.arguments)
        changes = tuple(_Change(argument, move) for argument, move in found if move is not None)
        if changes:
            yield from _edits(file, build, changes)


def _edits(file: PythonFile, build: ClientBuild, changes: Sequence[_Change]) -> Iterator[Edit]:
    assert build.entries is not None  # noqa: S101  (so it has build args)
    assert build.given is not None  # noqa: S101
    quote = _quote(file, changes[0].argument.entry.node)
    secrets_added = (change.secret for change in changes if change.move.adds and change.move.id not in build.call.feeds)
    added = tuple(f"{quote}{secret}{quote}" for secret in dict.fromkeys(secrets_added))
    gone = [change for change in changes if change.move.removes]
    empties = len(gone) == len(slots(file, build.entries.holder)) and not build.entries.named
    secrets = keyword(build.node, "secrets")
    if empties and added and secrets is None:
        yield Edit(file.span(build.given), f"secrets=[{', '.join(added)}]")
        return
    if empties:
        yield from without(file, build.node, [build.given])
    elif gone:
        names = [change.argument.passed.name for change in gone]
        yield from without(file, build.entries.holder, [change.argument.entry.node for change in gone], names)
    if added:
        yield from _added(file, build, secrets, added)


def _added(file: PythonFile, build: ClientBuild, secrets: cst.Arg | None, added: Sequence[str]) -> Iterator[Edit]:
    if secrets is None:
        yield from appended(file, build.node, [f"secrets=[{', '.join(added)}]"], behind=build.given)
    elif isinstance(secrets.value, cst.List):
        yield from appended(file, secrets.value, added)
    else:
        yield Edit(file.span(secrets.value), f"[{file.text(secrets.value)}, {', '.join(added)}]")


def _quote(file: PythonFile, node: cst.CSTNode) -> str:
    """The quotes that an entry has."""
    found = re.search(r"[\"']", file.span(node).of(file.source.text))
    return found[0] if found else '"'
