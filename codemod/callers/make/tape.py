"""A text that is put together from pieces of a file and from what a template puts in, with a mask of the same length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from codemod.text import SourceMap, Span

MASK = "_"


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that starts at `origin` of the file; `masked` says that only a template knows what it will be."""

    text: str = field(repr=False)
    origin: int
    masked: bool = False


def pieces(text: str, span: Span, skipped: str) -> Iterator[Piece]:
    """What stands in `span`, without the characters of `skipped`."""
    start = span.start
    for index in range(span.start, span.end):
        if text[index] in skipped:
            yield Piece(text[start:index], start)
            start = index + 1
    yield Piece(text[start : span.end], start)


def joined(found: Iterable[Piece]) -> tuple[SourceMap, str]:
    """The pieces one after the other, and the same with a mask over what is masked."""
    every = list(found)
    kept = [part for part in every if part.text] or every[:1] or [Piece("", 0)]
    starts, length = [], 0
    for part in kept:
        starts.append(length)
        length += len(part.text)
    text = SourceMap("".join(part.text for part in kept), tuple(starts), tuple(part.origin for part in kept))
    return text, "".join(MASK * len(part.text) if part.masked else part.text for part in kept)


def parts(text: SourceMap, span: Span) -> Iterator[Piece]:
    """A part of a joined text, as pieces."""
    part = text.slice(span)
    ends = (*part.starts[1:], len(part.text))
    for start, end, origin in zip(part.starts, ends, part.origins, strict=True):
        yield Piece(part.text[start:end], origin)
