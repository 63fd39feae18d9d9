"""YAML, every node with its place; and the edits that add and remove pairs and items as whole lines.

    tree = parse(source)                                 # raises NotUnderstoodError
    pair = tree.find("services", "web", "build", "args") # through mappings (str) and sequences (int), None where there is none
    pair.value                                           # Scalar | Mapping | Sequence | Alias | None (nothing is written)
    tree.lines(pair.span)                                # whole lines, with a comment behind it and the line end
    tree.removal(pair, mapping.pairs)                    # edits that take a pair (or a sequence's item) away
    tree.addition(pair, "secrets:")                      # an edit that puts lines behind a pair, indented as it is

Offsets are the text's characters. An alias is never followed unless `resolved` is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence as Row
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from codemod.callers.call import NotUnderstoodError
from codemod.callers.yaml.scalars import Content, Style, block, double, plain, single
from codemod.text import Edit, Source, SourceMap, Span

if TYPE_CHECKING:
    from tree_sitter import Node as Found
    from tree_sitter import Parser

NOT_ASCII = re.compile(r"[^\x00-\x7f]")
BEHIND = re.compile(r"[ \t]*(?:#[^\r\n]*)?")
MERGE = "<<"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, a number, nothing. `span` is all of it as written but for its anchor and tag, `content` what it says."""

    span: Span
    content: Content
    flow: bool = False
    anchor: str | None = None
    tag: str | None = None

    @property
    def text(self) -> str:
        """What it says."""
        return self.content.text.text


@dataclass(frozen=True, slots=True)
class Alias:
    """A `*name`."""

    span: Span
    name: str
    flow: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a sequence: `span` starts at its `-`."""

    span: Span
    value: Node | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items, in `[…]` where it is `flow`."""

    span: Span
    items: tuple[Item, ...]
    flow: bool = False
    anchor: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A key with its value; None where nothing is written for it."""

    span: Span
    key: Node | None
    value: Node | None

    @property
    def name(self) -> str:
        """The key's text; empty where it has none."""
        return self.key.text if isinstance(self.key, Scalar) else ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Pairs, in `{…}` where it is `flow`."""

    span: Span
    pairs: tuple[Pair, ...]
    flow: bool = False
    anchor: str | None = None
    tag: str | None = None

    def get(self, name: str) -> Pair | None:
        """The pair with that key."""
        return next((pair for pair in self.pairs if pair.name == name), None)

    @property
    def merges(self) -> bool:
        """Whether it takes pairs from elsewhere, through `<<`."""
        return self.get(MERGE) is not None


Node: TypeAlias = Scalar | Alias | Sequence | Mapping
Step: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Yaml:
    """A file of YAML: each document's root, None where it is empty."""

    source: Source
    documents: tuple[Node | None, ...]
    _anchors: tuple[tuple[str, Node], ...] = field(default=(), repr=False)
    _aliases: tuple[Alias, ...] = field(default=(), repr=False)

    @property
    def root(self) -> Mapping | None:
        """The mapping of the only document; None where there are several, or it is none."""
        only = [document for document in self.documents if document is not None]
        return only[0] if len(only) == 1 and isinstance(only[0], Mapping) else None

    def find(self, *path: str) -> Pair | None:
        """The pair that the keys lead to, from the root."""
        return pair_at(self.root, *path)

    def resolved(self, node: Node | None) -> Node | None:
        """The node that an alias stands for, the last one before it that has the anchor; any other as it is."""
        if not isinstance(node, Alias):
            return node
        ended = [named for name, named in self._anchors if name == node.name and named.span.end <= node.span.start]
        return max(ended, key=lambda named: named.span.start, default=None)

    def shared(self, span: Span) -> bool:
        """Whether an alias stands in `span`, or for something that holds it or is in it: a change would reach further."""
        inside = any(node.span in span for node in self._aliased()) or any(alias.span in span for alias in self._aliases)
        return inside or self.is_part_of_shared(span)

    def is_part_of_shared(self, span: Span) -> bool:
        """Whether an alias stands for something that holds `span`."""
        return any(span in node.span for node in self._aliased())

    def _aliased(self) -> list[Node]:
        return [node for alias in self._aliases if (node := self.resolved(alias)) is not None]

    @property
    def newline(self) -> str:
        """The file's line end: that of its first line."""
        first = self.source.line_span(1).of(self.source.text)
        return "\r\n" if first.endswith("\r\n") else "\n"

    def column(self, offset: int) -> int:
        """How many characters of its line stand before `offset`."""
        text = self.source.text
        return offset - max(text.rfind("\n", 0, offset) + 1, 1 if text.startswith("\ufeff") and "\n" not in text[:offset] else 0)

    def indentation(self, offset: int) -> str:
        """Blanks up to where `offset` stands in its line: what a sibling of the pair or item that starts there has to have."""
        return " " * self.column(offset)

    def lines(self, span: Span) -> Span:
        """All characters of the lines of `span`, the last line's end included."""
        first, last = self.source.line(span.start), self.source.line(max(span.end - 1, span.start))
        return Span(self.source.line_span(first).start, self.source.line_span(last).end)

    def line_end(self, offset: int) -> int:
        """The end of the line of `offset`, before its line end."""
        line = self.source.line_span(self.source.line(offset))
        return line.start + len(line.of(self.source.text).rstrip("\r\n"))

    def starts_line(self, offset: int) -> bool:
        """Whether only blanks stand before `offset` in its line."""
        text = self.source.text
        return not text[text.rfind("\n", 0, offset) + 1 : offset].strip(" \t\ufeff")

    def removal(self, part: Pair | Item, siblings: Row[Pair] | Row[Item]) -> Edit:
        """Take a pair of a block mapping, or an item of a block sequence, away with its lines.

        Where it is the first of several behind a `- `, the next one moves up there.
        """
        whole = self.lines(part.span)
        if self.starts_line(part.span.start):
            return Edit(self._with_end_before(whole), "")
        after = next((sibling for sibling in siblings if sibling.span.start > part.span.start), None)
        behind = BEHIND.match(self.source.text, part.span.end)
        return Edit(Span(part.span.start, after.span.start if after else behind.end() if behind else part.span.end), "")

    def _with_end_before(self, lines: Span) -> Span:
        """Lines without a line end, the file's last, take the one before them: the file goes on ending in none."""
        text = self.source.text
        if lines.of(text).endswith("\n") or not lines.start:
            return lines
        return Span(lines.start - (2 if text[: lines.start].endswith("\r\n") else 1), lines.end)

    def addition(self, behind: Pair | Item, new: str) -> Edit:
        """Put lines behind a pair or an item, and its comment, indented as it is; `new` ends in no line end."""
        return self.added(self.lines(behind.span).end, self.indentation(behind.span.start), new)

    def added(self, offset: int, indentation: str, new: str) -> Edit:
        """Put lines at the start of a line, or at the end of the file."""
        lines = [(indentation + line if line else "") + self.newline for line in new.split("\n")]
        text = self.source.text
        if offset == len(text) and text and not text.endswith("\n"):
            return Edit(Span(offset, offset), self.newline + "".join(lines).removesuffix(self.newline))
        return Edit(Span(offset, offset), "".join(lines))

    def walk(self) -> Iterator[tuple[tuple[Step, ...], Node]]:
        """Every node that is written, with the keys and numbers that lead to it from its document's root; no aliases followed."""
        for document in self.documents:
            if document is not None:
                yield from walk(document)


def walk(node: Node, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Node]]:
    """A node and all that it holds, each with the keys and numbers that lead to it."""
    yield path, node
    if isinstance(node, Mapping):
        for pair in node.pairs:
            if pair.value is not None:
                yield from walk(pair.value, (*path, pair.name))
    elif isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            if item.value is not None:
                yield from walk(item.value, (*path, number))


def pair_at(node: Node | None, *path: str) -> Pair | None:
    """The pair that the keys lead to, from a mapping; None where one is missing."""
    found: Pair | None = None
    for name in path:
        found = node.get(name) if isinstance(node, Mapping) else None
        node = found.value if found else None
    return found


def text_at(node: Node | None, *path: str) -> str | None:
    """The text of the scalar that the keys lead to; None where there is none."""
    pair = pair_at(node, *path)
    return pair.value.text if pair and isinstance(pair.value, Scalar) else None


def parse(source: Source) -> Yaml:
    """The tree of a file; raises NotUnderstoodError where it is no YAML."""
    text = source.text
    shift = 1 if text.startswith("\ufeff") else 0
    root = _parser().parse(NOT_ASCII.sub("x", text[shift:]).encode("ascii")).root_node
    if root.has_error:
        raise NotUnderstoodError(_error_line(source), "is not YAML that can be read")
    reader = _Reader(source.text, shift)
    documents = tuple(reader.document(found) for found in root.named_children if found.type == "document")
    return Yaml(source, documents, tuple(reader.anchors), tuple(reader.aliases))


def _error_line(source: Source) -> int:
    """The line where PyYAML stops reading, which is closer than the grammar's; the first where it says none."""
    import yaml  # noqa: PLC0415  (only where something is wrong)

    mark = None
    try:
        list(yaml.parse(source.text.removeprefix("\ufeff"), yaml.BaseLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
    return min(mark.line + 1, source.line(len(source.text.rstrip()))) if mark is not None else 1


@dataclass(slots=True)
class _Reader:
    """Makes our nodes of the grammar's."""

    text: str
    shift: int
    anchors: list[tuple[str, Node]] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)

    def span(self, found: Found) -> Span:
        return Span(found.start_byte + self.shift, found.end_byte + self.shift)

    def document(self, found: Found) -> Node | None:
        body = [child for child in found.named_children if child.type in ("block_node", "flow_node")]
        return self.node(body[0], flow=False, parent=-1) if body else None

    def node(self, found: Found, *, flow: bool, parent: int) -> Node:
        """`parent` is how far what it is the value of is indented."""
        marks = {child.type: self.span(child).of(self.text)[1:] for child in found.named_children if child.type in ("anchor", "tag")}
        body = [child for child in found.named_children if child.type not in ("anchor", "tag", "comment")]
        anchor, tag = marks.get("anchor"), marks.get("tag")
        made = self.body(body[0], flow, parent, anchor, tag) if body else self.nothing(self.span(found).end, flow, anchor, tag)
        if anchor is not None:
            self.anchors.append((anchor, made))
        if isinstance(made, Alias):
            self.aliases.append(made)
        return made

    def nothing(self, end: int, flow: bool, anchor: str | None, tag: str | None) -> Scalar:  # noqa: FBT001  (handed on as it is)
        return Scalar(Span(end, end), Content(SourceMap("", (0,), (end,)), Style.PLAIN), flow, anchor, tag)

    def body(self, found: Found, flow: bool, parent: int, anchor: str | None, tag: str | None) -> Node:  # noqa: FBT001  (…)
        span = self.span(found)
        match found.type:
            case "alias":
                return Alias(span, span.of(self.text)[1:], flow)
            case "block_mapping" | "flow_mapping":
                return Mapping(span, self.pairs(found, flow), flow or found.type == "flow_mapping", anchor, tag)
            case "block_sequence" | "flow_sequence":
                return Sequence(span, self.items(found, flow), flow or found.type == "flow_sequence", anchor, tag)
            case _:
                content, whole = self.content(found, span, parent)
                return Scalar(whole, content, flow, anchor, tag)

    def content(self, found: Found, span: Span, parent: int) -> tuple[Content, Span]:
        match found.type:
            case "block_scalar":
                return block(self.text, span.start, parent)
            case "single_quote_scalar":
                return single(self.text, span), span
            case "double_quote_scalar":
                return double(self.text, span), span
            case _:
                return plain(self.text, span), span

    def pairs(self, found: Found, flow: bool) -> tuple[Pair, ...]:  # noqa: FBT001  (…)
        flow = flow or found.type == "flow_mapping"
        return tuple(self.pair(child, flow) for child in found.named_children if child.type != "comment")

    def pair(self, found: Found, flow: bool) -> Pair:  # noqa: FBT001  (…)
        parent = self.column(found.start_byte)
        if found.type == "flow_node":  # `{a}`
            return Pair(self.span(found), self.node(found, flow=flow, parent=parent), None)
        key, value = found.child_by_field_name("key"), found.child_by_field_name("value")
        made = [self.node(part, flow=flow, parent=parent) if part else None for part in (key, value)]
        span = self.span(found)
        return Pair(Span(span.start, max(span.end, made[1].span.end) if made[1] else span.end), made[0], made[1])

    def items(self, found: Found, flow: bool) -> tuple[Item, ...]:  # noqa: FBT001  (…)
        flow = flow or found.type == "flow_sequence"
        return tuple(self.item(child, flow) for child in found.named_children if child.type != "comment")

    def item(self, found: Found, flow: bool) -> Item:  # noqa: FBT001  (…)
        span = self.span(found)
        if found.type == "flow_pair":
            pair = self.pair(found, flow)
            return Item(span, Mapping(span, (pair,), flow))
        body = [found] if found.type == "flow_node" else [child for child in found.named_children if child.type != "comment"]
        value = self.node(body[0], flow=flow, parent=self.column(found.start_byte)) if body else None
        return Item(Span(span.start, max(span.end, value.span.end) if value else span.end), value)

    def column(self, start: int) -> int:
        offset = start + self.shift
        return offset - max(self.text.rfind("\n", 0, offset) + 1, self.shift if "\n" not in self.text[:offset] else 0)


@lru_cache(maxsize=1)
def _parser() -> Parser:
    # loaded when the first such caller is read
    import tree_sitter_yaml  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_yaml.language()))
