"""The texts of a JSON file: each with the keys that lead to it, its place, and its characters, escapes undone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from codemod.callers.call import NotUnderstoodError
from codemod.callers.make.tape import Piece, joined
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
        """A span of characters, with all of the escape that is the first of them."""
        return next((Span(escape.start, span.end) for escape in self.escapes if escape.start < span.start < escape.end), span)


def texts(source: Source) -> Iterator[Text]:
    """All of them; raises NotUnderstoodError where the file is no JSON."""
    content = source.text.removeprefix("\ufeff")
    shift = len(source.text) - len(content)
    try:
        json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotUnderstoodError(getattr(error, "lineno", 1), "is no JSON that can be read") from error
    # a character is a byte, so that offsets are the text's own
    root = _parser().parse(NOT_ASCII.sub("x", content).encode("ascii")).root_node
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
            key, value = pair.named_children
            name = json.loads(text[key.start_byte + shift : key.end_byte + shift])
            yield from _texts(text, value, (*path, name), shift)


def _text(text: str, span: Span, path: tuple[str, ...]) -> Text:
    places = [Span(match.start(), match.end()).shifted(span.start) for match in PIECE.finditer(span.of(text))]
    escapes = tuple(place for place in places if text[place.start] == "\\")
    pieces = [_unescaped(text, place) if place in escapes else Piece(place.of(text), place.start) for place in places]
    return Text(path, span, joined([*pieces, Piece("", span.start)])[0], escapes)


def _unescaped(text: str, place: Span) -> Piece:
    """The character that an escape is, at the last one of it."""
    return Piece(json.loads(f'"{place.of(text)}"'), place.end - 1)


@lru_cache(maxsize=1)
def _parser() -> Parser:
    # loaded when the first such file is read
    import tree_sitter_json  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_json.language()))
