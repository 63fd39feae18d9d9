"""Moves of build args in a Python program → edits: the words of commands, and what their environment is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from codemod.callers.call import Move
from codemod.callers.python.builds import Build
from codemod.callers.python.elements import appended, before, newline, slots, without
from codemod.callers.python.environment import environment
from codemod.callers.python.roads import BuildArgument, environ, needs_import, place_for_import
from codemod.callers.python.runs import Run, is_word
from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import Unset
from codemod.text import Edit, Span


@dataclass(frozen=True, slots=True)
class Change:
    """A build arg and what becomes of it; `adds` where the secret is not there already."""

    argument: BuildArgument
    move: Move
    adds: bool

    @property
    def is_carried(self) -> bool:
        """Whether the value is put into the environment of the build."""
        found = self.argument.value
        if not self.argument.reaches:
            return True
        stops = found is not None and found.variable is not None and found.variable.unset is Unset.STOPS
        return stops and self.argument.carried and self.variable != self.move.id

    @property
    def variable(self) -> str:
        """The variable of the program's environment that has the value."""
        found = self.argument.value
        return found.variable.name if found is not None and found.variable is not None else self.argument.passed.name

    @property
    def secret(self) -> str:
        """What `--secret` is given."""
        name = self.argument.carrier if self.is_carried else self.variable
        short = f"id={self.move.id}"
        return short if name == self.move.id and self._has_to_be_there else f"{short},env={name}"

    @property
    def _has_to_be_there(self) -> bool:
        """Whether the build has to stop where the variable is not set."""
        found = self.argument.value
        if self.is_carried or found is None or found.variable is None:
            return not self.move.optional
        return found.variable.unset is Unset.STOPS or (found.variable.unset is Unset.NONE and not self.move.optional)


def edits(file: PythonFile, builds: Sequence[Build], moves: Sequence[Move]) -> Iterator[Edit]:
    """The edits for those of the moves whose build args stand in lists of words."""
    changes = tuple(_changes(builds, moves))
    for change in changes:
        if not change.argument.last.is_entry:
            yield from _words(file, change)
    yield from _beside_the_operation(file, changes)
    yield from _removals(file, changes)
    carried = [change for change in changes if change.adds and change.is_carried]
    yield from _carried(file, carried)


def _changes(builds: Sequence[Build], moves: Sequence[Move]) -> Iterator[Change]:
    wanted = {move.passed.span: move for move in moves}
    for build in builds:
        for argument in build.arguments:
            move = wanted.pop(argument.passed.span, None)
            if move is not None:
                yield Change(argument, move, move.adds and move.id not in build.call.feeds)


def _words(file: PythonFile, change: Change) -> Iterator[Edit]:
    if not change.adds:
        return
    first, last = change.argument.first.node, change.argument.last.node
    texts = _spelled(file, change)
    if change.move.removes:
        places = [file.span(node) for node in ((first,) if change.argument.joined else (first, last))]
        yield from (Edit(place, text) for place, text in zip(places, texts, strict=True))
    else:
        every = slots(file, change.argument.first.holder)
        index = next(index for index, slot in enumerate(every) if slot.node is first)
        yield before(file, every[index], every[index + 1] if last is not first else None, texts)


def _beside_the_operation(file: PythonFile, changes: Sequence[Change]) -> Iterator[Edit]:
    """Secrets whose build args a loop makes of a dict: they become words of the command."""
    of_dicts = [change for change in changes if change.argument.last.is_entry and change.adds]
    anchors = {id(item.node): item for change in of_dicts if (item := change.argument.anchor) is not None}
    for place, anchor in anchors.items():
        here = [change for change in of_dicts if change.argument.anchor is not None and id(change.argument.anchor.node) == place]
        texts = [text for change in here for text in _spelled(file, change)]
        yield from appended(file, anchor.holder, texts, behind=anchor.node)


def _spelled(file: PythonFile, change: Change) -> tuple[str, ...]:
    """The secret as elements of a list, in the quotes that the file has there."""
    quote = _quote(file, change.argument.first.node)
    words = (f"--secret={change.secret}",) if change.argument.joined else ("--secret", change.secret)
    return tuple(f"{quote}{word}{quote}" for word in words)


def _quote(file: PythonFile, node: cst.CSTNode) -> str:
    found = re.match(r"""\(?\s*\w{0,2}(["'])(?!\1\1)""", file.source.text[file.span(node).start :])
    return found[1] if found else '"'


def _removals(file: PythonFile, changes: Sequence[Change]) -> Iterator[Edit]:
    """What takes build args away without putting a secret in their place."""
    gone = [change.argument for change in changes if change.move.removes and (not change.adds or change.argument.last.is_entry)]
    holders = {id(holder): holder for argument in gone if (holder := _holder(file, argument)) is not None}
    for holder in holders.values():
        of = [argument for argument in gone if _holder(file, argument) is holder]
        nodes = [node for argument in of for node in (argument.first.node, argument.last.node)]
        yield from without(file, holder, nodes, [argument.passed.name for argument in of])


def _holder(file: PythonFile, argument: BuildArgument) -> cst.CSTNode | None:
    return file.parent(argument.last.node) if argument.last.is_entry else argument.last.holder


# --- the environment ------------------------------------------------------------------------------------------------------


def _carried(file: PythonFile, changes: Sequence[Change]) -> Iterator[Edit]:
    runs = {id(change.argument.run.call): change.argument.run for change in changes if change.argument.run is not None}
    imports: dict[int, Edit] = {}
    for place, run in runs.items():
        of = [change for change in changes if change.argument.run is not None and id(change.argument.run.call) == place]
        yield from _environment(file, run, of)
        if needs_import(file, run):
            edit = _import(file)
            imports[edit.span.start] = edit
    yield from imports.values()


def _environment(file: PythonFile, run: Run, changes: Sequence[Change]) -> Iterator[Edit]:
    quote = _quote(file, changes[0].argument.first.node)
    entries = [f"{quote}{change.argument.carrier}{quote}: {_text(change)}" for change in changes]
    every = environ(file, run.call) or "os.environ"
    if run.env is None:
        yield from appended(file, run.call, [f"env={{**{every}, {', '.join(entries)}}}"])
        return
    given = run.env.value
    if isinstance(given, cst.Dict):
        yield from appended(file, given, entries)
    elif isinstance(given, cst.Call) and file.names(given.func) == {"builtins.dict"}:
        yield from appended(file, given, [f"{change.argument.carrier}={_text(change)}" for change in changes])
    else:
        yield Edit(file.span(given), f"{{**{_base(file, given, every)}, {', '.join(entries)}}}")


def _text(change: Change) -> str:
    return change.argument.value.text if change.argument.value is not None else ""


def _base(file: PythonFile, given: cst.BaseExpression, every: str) -> str:
    """A mapping, without a copy that nobody needs."""
    if is_word(given, "None"):
        return every
    if isinstance(given, cst.Call) and isinstance(given.func, cst.Attribute) and environment(file, given.func.value) is not None:
        return file.text(given.func.value)
    return file.text(given) if isinstance(given, cst.Name | cst.Attribute) else f"({file.text(given)})"


def _import(file: PythonFile) -> Edit:
    statement = place_for_import(file)
    assert statement is not None  # noqa: S101  (or it is an obstacle)
    place = file.span(statement).start
    return Edit(Span(place, place), "import os" + newline(file, file.source.line_span(file.source.line(place)).end))
