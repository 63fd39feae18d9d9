"""The texts of a JSON file: each with the keys that lead to it, its place, and its characters, escapes undone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from codemod.callers.call import NotUnderstoodError
from codemod.callers.tape import Piece, joined
from codemod.text import Source, SourceMap, Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

NOT_ASCII = re.compile(r"[^\x00-\x7f]")
PIECE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)|[^\\]+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """A text: `path` are its keys (an item of a list has the list's), `span` what stands between its quotes.

    `escapes` are the places of its escapes.
    """

    path: tuple[str, ...]
    span: Span
    content: SourceMap
    escapes: tuple[Span, ...] = field(repr=False)

    def grown(self, span: Span) -> Span:
        """A span of characters, with all of the escape that is the last of them."""
        return next((Span(span.start, escape.end) for escape in self.escapes if escape.start == span.end - 1), span)

    def shrunk(self, span: Span) -> Span:
        """The span that is `grown` to `span`."""
        return next((Span(span.start, escape.start + 1) for escape in self.escapes if escape.end == span.end), span)


def texts(source: Source) -> Iterator[Text]:
    """All of them; raises NotUnderstoodError where the file is no JSON."""
    shift = len(source.text) - len(source.text.removeprefix("\ufeff"))
    # a character is a byte, so that offsets are the text's own
    root = _parser().parse(NOT_ASCII.sub("x", source.text[shift:]).encode("ascii")).root_node
    if root.has_error:
        raise NotUnderstoodError(source.line(_first_error(root).start_byte + shift), "is no JSON that can be read")
    for node in root.named_children:
        yield from _texts(source.text, node, (), shift)


def _texts(text: str, node: Node, path: tuple[str, ...], shift: int) -> Iterator[Text]:
    if node.type == "string":
        yield _text(text, Span(node.start_byte + 1 + shift, node.end_byte - 1 + shift), path)
    elif node.type == "array":
        for child in node.named_children:
            yield from _texts(text, child, path, shift)
    elif node.type == "object":
        for pair in node.named_children:
            found = [child for child in pair.named_children if child.type != "comment"]
            if pair.type == "pair" and len(found) == 2:  # noqa: PLR2004  (a key and its value)
                key = json.loads(text[found[0].start_byte + shift : found[0].end_byte + shift], strict=False)
                yield from _texts(text, found[1], (*path, key), shift)


def _text(text: str, span: Span, path: tuple[str, ...]) -> Text:
    found = [(Span(match.start() + span.start, match.end() + span.start), match[0]) for match in PIECE.finditer(span.of(text))]
    pieces = [Piece(json.loads(f'"{written}"') if written[0] == "\\" else written, place.start) for place, written in found]
    return Text(path, span, joined(pieces)[0] if pieces else joined([Piece("", span.start)])[0], tuple(p for p, w in found if w[0] == "\\"))


def _first_error(node: Node) -> Node:
    while not (node.is_error or node.is_missing):
        found = next((child for child in node.children if child.has_error or child.is_missing), None)
        if found is None:
            break
        node = found
    return node


@lru_cache(maxsize=1)
def _parser() -> Parser:
    # loaded when the first such file is read
    import tree_sitter_json  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_json.language()))
