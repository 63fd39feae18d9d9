"""Calls in `docker-bake.json`: the targets of a bake file, written in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from codemod.callers.bake.changes import Plain, changes, moved
from codemod.callers.bake.changes import edits as all_edits
from codemod.callers.bake.targets import JSON, KIND
from codemod.callers.bake.targets import calls as all_calls
from codemod.callers.brackets import Brackets
from codemod.callers.call import Call, Move, NotUnderstoodError, Tree
from codemod.callers.expressions import BakeFile, Declared, Entry, Expression, Form, Target, Variable, by_name, first_error
from codemod.callers.reported.guesses import guesses
from codemod.text import Edit, Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

NOT_ASCII = re.compile(r"[^\x00-\x7f]")
PIECE = re.compile(r"\$\{\s*([A-Za-z_][\w-]*)\s*\}|((?:[^$%]|\$\$\{|%%\{|[$%](?!\{))+)")
BRACKETED = {"array": Form.LIST, "object": Form.OBJECT}


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (every kind of caller is asked the same)
    """The targets of the file; raises NotUnderstoodError where it is no JSON, and seems to pass nothing."""
    try:
        file = read(source)
    except NotUnderstoodError as error:
        return guesses(source, KIND, error, JSON.suggestion)
    return all_calls(file, source, JSON)


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:  # noqa: ARG001  (…)
    """What makes the `moves`."""
    return all_edits(read(source), source, moves, JSON)


def mistake(before: Source, after: Source, moves: Sequence[Move]) -> str | None:
    """What differs other than by the `moves`, as Python's own parser has it; None where nothing does."""
    try:
        values = _loaded(after)
    except ValueError:
        return "the bake file would be no JSON"
    expected = _loaded(before)
    for change in changes(read(before), moves):
        attributes = expected["target"][change.target.name]
        expected["target"][change.target.name] = moved(attributes, change, "")
    return None if values == expected else "the bake file would say something else as well"


def _loaded(source: Source) -> Plain:
    return json.loads(source.text.removeprefix("\ufeff"))


def read(source: Source) -> BakeFile:
    """The file; raises NotUnderstoodError where it is no JSON, or has blocks in an order of their own."""
    root = _reader(source).root()
    targets = tuple(_target(source, entry) for entry in _blocks(source, root, "target"))
    variables = {entry.key: _declared(source, entry) for entry in _blocks(source, root, "variable")}
    known = ("target", "variable", "group", "function")
    return BakeFile(targets, variables, {entry.key: entry.value for entry in root.entries if entry.key not in known})


def _blocks(source: Source, root: Expression, kind: str) -> tuple[Entry, ...]:
    found = root.get(kind)
    if found is not None and found.form is not Form.OBJECT:
        raise NotUnderstoodError(source.line(found.span.start), f'has "{kind}" in a form that cannot be read')
    return found.entries if found else ()


def _target(source: Source, entry: Entry) -> Target:
    if entry.value.brackets is None or entry.value.form is not Form.OBJECT:
        raise NotUnderstoodError(source.line(entry.span.start), "has a target in a form that cannot be read")
    return Target(entry.key, entry.span, entry.value.brackets, {each.key: each for each in entry.value.entries})


def _declared(source: Source, entry: Entry) -> Declared:
    kind = entry.value.get("type")
    return Declared(entry.value.get("default"), kind.span.of(source.text).strip('"') if kind else "")


def _reader(source: Source) -> _Reader:
    shift = len(source.text) - len(source.text.removeprefix("\ufeff"))
    root = _parser().parse(NOT_ASCII.sub("x", source.text[shift:]).encode("ascii")).root_node
    values = [child for child in root.named_children if child.type != "comment"]
    if root.has_error or len(values) != 1 or values[0].type != "object":
        raise NotUnderstoodError(source.line(first_error(root) + shift), "is not JSON that can be read")
    try:
        _loaded(source)
    except ValueError as error:
        raise NotUnderstoodError(1, "is not JSON that can be read") from error
    return _Reader(source, shift, values[0])


class _Reader:
    """Makes expressions of the grammar's nodes."""

    def __init__(self, source: Source, shift: int, node: Node) -> None:
        self.source, self.text, self.shift, self.node = source, source.text, shift, node

    def root(self) -> Expression:
        return self.expression(self.node)

    def span(self, node: Node) -> Span:
        return Span(node.start_byte + self.shift, node.end_byte + self.shift)

    def expression(self, node: Node) -> Expression:
        span = self.span(node)
        if node.type in BRACKETED:
            return self.bracketed(node, span)
        if node.type == "null":
            return Expression(span, Form.NULL)
        said = json.loads(span.of(self.text)) if node.type == "string" else span.of(self.text)
        pieces = _pieces(said)
        return Expression(span, Form.OTHER) if pieces is None else Expression(span, Form.TEXT, pieces=pieces)

    def bracketed(self, node: Node, span: Span) -> Expression:
        found = [child for child in node.named_children if child.type != "comment"]
        brackets = Brackets(span, tuple(map(self.span, found)))
        if node.type == "array":
            return Expression(span, Form.LIST, items=tuple(map(self.expression, found)), brackets=brackets)
        entries = by_name(self.source, map(self.entry, found))
        return Expression(span, Form.OBJECT, entries=tuple(entries.values()), brackets=brackets)

    def entry(self, node: Node) -> Entry:
        key, value = (child for child in node.named_children if child.type != "comment")
        name = self.expression(key)
        return Entry(name.literal or json.loads(name.span.of(self.text)), self.span(node), self.expression(value), name.literal is not None)


def _pieces(text: str) -> tuple[str | Variable, ...] | None:
    """The pieces of a template; None where it has more than variables."""
    found: list[str | Variable] = []
    position = 0
    while position < len(text):
        match = PIECE.match(text, position)
        if match is None:
            return None
        found.append(Variable(match[1]) if match[1] else match[2].replace("$${", "${").replace("%%{", "%{"))
        position = match.end()
    return tuple(found)


@lru_cache(maxsize=1)
def _parser() -> Parser:
    # loaded when the first bake file is read
    import tree_sitter_json  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_json.language()))
