"""Calls in `docker-bake.hcl`: the targets of a bake file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from codemod.callers.bake.changes import Plain, changes, moved
from codemod.callers.bake.changes import edits as all_edits
from codemod.callers.bake.targets import HCL, KIND
from codemod.callers.bake.targets import calls as all_calls
from codemod.callers.brackets import Brackets
from codemod.callers.call import Call, Move, NotUnderstoodError, Tree
from codemod.callers.expressions import BakeFile, Declared, Entry, Expression, Form, Target, Variable, by_name, first_error
from codemod.callers.reported.guesses import guesses
from codemod.text import Edit, Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

NOT_ASCII = re.compile(r"[^\x00-\x7f]")
ESCAPE = re.compile(r'\\(["\\])|([$%])\2\{')
WRAPPERS = frozenset({"expression", "literal_value", "collection_value", "template_expr"})
CONSTANTS = frozenset({"numeric_lit", "bool_lit"})
BRACKETED = {"tuple": Form.LIST, "object": Form.OBJECT}
LITERAL_BLOCK = 2  # `target "name" {`: what is behind the type of a block


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (every kind of caller is asked the same)
    """The targets of the file; raises NotUnderstoodError where it is no HCL, and seems to pass nothing."""
    try:
        file = read(source)
    except NotUnderstoodError as error:
        return guesses(source, KIND, error, HCL.suggestion)
    return all_calls(file, source, HCL)


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:  # noqa: ARG001  (…)
    """What makes the `moves`."""
    return all_edits(read(source), source, moves, HCL)


def mistake(before: Source, after: Source, moves: Sequence[Move]) -> str | None:
    """What differs other than by the `moves`; None where nothing does."""
    try:
        values = plain(after)
    except NotUnderstoodError as error:
        return error.message
    expected = plain(before)
    targets = [statement for statement in expected if statement.get("block", [""])[0] == "target"]
    file = read(before)
    for change in changes(file, moves):
        statement = targets[file.targets.index(change.target)]
        statement["attributes"] = moved(statement["attributes"], change, '"')
    return None if values == expected else "the bake file would say something else as well"


def read(source: Source) -> BakeFile:
    """The file; raises NotUnderstoodError where it is no HCL."""
    reader = _Reader(source)
    targets: list[Target] = []
    variables: dict[str, Declared] = {}
    settings: dict[str, Expression] = {}
    for node in _statements(_root(source)):
        if node.type == "attribute":
            entry = reader.attribute(node)
            settings[entry.key] = entry.value
        elif reader.block_type(node) == "target":
            targets.append(reader.target(node))
        elif reader.block_type(node) == "variable":
            variables[reader.label(node)] = reader.declared(node)
    return BakeFile(tuple(targets), variables, settings)


def plain(source: Source) -> list[Plain]:
    """What the file says, without places, comments and layout: its statements in their order."""
    return [_plain_statement(node) for node in _statements(_root(source))]


def _root(source: Source) -> Node:
    content = NOT_ASCII.sub("x", re.sub("^\ufeff", " ", source.text))
    root = _parser().parse(content.encode("ascii")).root_node
    if root.has_error:
        raise NotUnderstoodError(source.line(first_error(root)), "is not HCL that can be read")
    return root


def _statements(node: Node) -> Iterator[Node]:
    """The attributes and blocks of a file or a block."""
    for body in node.named_children:
        if body.type == "body":
            yield from (child for child in body.named_children if child.type in ("attribute", "block"))


def _comments(node: Node) -> Iterator[Span]:
    for child in node.named_children:
        if child.type == "comment":
            yield Span(child.start_byte, child.end_byte)
        elif child.type == "body":
            yield from _comments(child)


class _Reader:
    """Makes expressions of the grammar's nodes."""

    def __init__(self, source: Source) -> None:
        self.source, self.text = source, source.text

    def of(self, node: Node) -> str:
        return self.text[node.start_byte : node.end_byte]

    def block_type(self, block: Node) -> str:
        return self.of(block.named_children[0])

    def label(self, block: Node) -> str:
        """The name of a block, with quotes or without."""
        labels = [child for child in block.named_children[1:] if child.type in ("string_lit", "identifier")]
        return self.of(labels[0]).strip('"') if labels else ""

    def target(self, block: Node) -> Target:
        start = next(child for child in block.children if child.type == "block_start")
        nodes = [node for node in _statements(block) if node.type == "attribute"]
        span = Span(block.start_byte, block.end_byte)
        items = tuple(Span(node.start_byte, node.end_byte) for node in _statements(block))
        body = Brackets(Span(start.start_byte, span.end), items, tuple(_comments(block)), separator="")
        return Target(self.label(block), span, body, by_name(self.source, map(self.attribute, nodes)))

    def declared(self, block: Node) -> Declared:
        attributes = {entry.key: entry.value for entry in map(self.attribute, _attributes(block))}
        kind = attributes.get("type")
        return Declared(attributes.get("default"), self.text[kind.span.start : kind.span.end] if kind else "")

    def attribute(self, node: Node) -> Entry:
        name, value = node.named_children[0], node.named_children[-1]
        return Entry(self.of(name), Span(node.start_byte, node.end_byte), self.expression(value))

    def expression(self, node: Node) -> Expression:
        span = Span(node.start_byte, node.end_byte)
        node = _unwrapped(node)
        if node.type in BRACKETED:
            return self.bracketed(node, span)
        if node.type == "null_lit":
            return Expression(span, Form.NULL)
        pieces = self.pieces(node)
        if pieces is not None:
            return Expression(span, Form.TEXT, pieces=pieces)
        return Expression(span, Form.OTHER, inside=tuple(self.inside(node)))

    def inside(self, node: Node) -> Iterator[Expression]:
        for child in node.named_children:
            if child.type in ("expression", "collection_value"):
                yield self.expression(child)
            else:
                yield from self.inside(child)

    def bracketed(self, node: Node, span: Span) -> Expression:
        found = [child for child in node.named_children if child.type in ("expression", "object_elem")]
        items = tuple(Span(child.start_byte, child.end_byte) for child in found)
        brackets = Brackets(Span(node.start_byte, node.end_byte), items, tuple(_comments(node)))
        if node.type == "tuple":
            return Expression(span, Form.LIST, items=tuple(map(self.expression, found)), brackets=brackets)
        entries = by_name(self.source, map(self.entry, found))
        return Expression(span, Form.OBJECT, entries=tuple(entries.values()), brackets=brackets)

    def entry(self, node: Node) -> Entry:
        key, value = (child for child in node.named_children if child.type == "expression")
        written = self.of(key)
        bare = _unwrapped(key)
        literal = self.expression(key).literal
        fixed = literal is not None or (bare.type == "variable_expr" and not written.startswith("("))
        name = literal if literal is not None else written
        return Entry(name, Span(node.start_byte, node.end_byte), self.expression(value), fixed)

    def pieces(self, node: Node) -> tuple[str | Variable, ...] | None:
        """The pieces of a text; None where there is something else among them."""
        if node.type in CONSTANTS:
            return (self.of(node),)
        if node.type == "variable_expr":
            return (Variable(self.of(node)),)
        if node.type not in ("string_lit", "quoted_template"):
            return None
        found: list[str | Variable | None] = []
        position = node.start_byte + 1
        for child in (child for child in node.named_children if not child.type.startswith("quoted_template_")):
            found += [self.text[position : child.start_byte], self.piece(child)]  # the grammar leaves blanks out
            position = child.end_byte
        found.append(self.text[position : node.end_byte - 1])
        return None if None in found else tuple(piece for piece in found if piece)

    def piece(self, node: Node) -> str | Variable | None:
        if node.type == "template_literal":
            return ESCAPE.sub(lambda match: match[1] or match[2] + "{", self.of(node))
        inner = [child for child in node.named_children if child.type == "expression"]
        pieces = self.pieces(_unwrapped(inner[0])) if node.type == "template_interpolation" and inner else None
        return pieces[0] if pieces and len(pieces) == 1 else None


def _attributes(block: Node) -> Iterator[Node]:
    return (node for node in _statements(block) if node.type == "attribute")


def _unwrapped(node: Node) -> Node:
    """The one thing that an expression is, without the brackets `(…)` around it."""
    while node.type in WRAPPERS:
        inner = [child for child in node.named_children if child.type != "comment"]
        if len(inner) != 1:
            break
        node = inner[0]
    return node


def _plain_statement(node: Node) -> Plain:
    if node.type == "attribute":
        return {"attribute": _plain(node.named_children[0]), "value": _plain(node.named_children[-1])}
    labels = [_plain(child) for child in node.named_children if child.type in ("string_lit", "identifier")]
    inner = list(_statements(node))
    attributes = {_tokens(child.named_children[0]): _plain(child.named_children[-1]) for child in inner if child.type == "attribute"}
    return {"block": labels, "blocks": [_plain_statement(child) for child in inner if child.type == "block"], "attributes": attributes}


def _plain(node: Node) -> Plain:
    node = _unwrapped(node)
    if node.type == "tuple":
        return [_plain(child) for child in node.named_children if child.type == "expression"]
    if node.type == "object":
        pairs = [
            [part for part in child.named_children if part.type == "expression"]
            for child in node.named_children
            if child.type == "object_elem"
        ]
        return {_key(key): _plain(value) for key, value in pairs}
    return _tokens(node)


def _key(node: Node) -> str:
    """A key, quoted or not: `A` and `"A"` are the same."""
    return _tokens(node).strip('"')


def _tokens(node: Node) -> str:
    """The source of a node, without what is between its tokens."""
    if not node.children:
        return (node.text or b"").decode("ascii")
    return (
        " ".join(_tokens(child) for child in node.children if child.type != "comment")
        if node.type != "string_lit"
        else (node.text or b"").decode("ascii")
    )


@lru_cache(maxsize=1)
def _parser() -> Parser:
    # loaded when the first bake file is read
    import tree_sitter_hcl  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_hcl.language()))
