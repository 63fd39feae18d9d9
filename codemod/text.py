"""Places in a file and changes to it: spans, edits, sources, and maps from joined text back to the file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of characters; offsets count characters of the text as read, BOM and newlines included."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def shifted(self, by: int) -> Span:
        """The same range, `by` characters further on."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """The characters of `text` in this range."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters in `span` by `new`; an empty span inserts."""

    span: Span
    new: str = field(repr=False)


class OverlappingEditsError(Exception):
    """Two edits want the same characters: always a bug of ours, never the user's file."""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with all `edits` made; each refers to `text` as it is given.

    Insertions at one place keep their order. Raises OverlappingEditsError; it never picks a winner.
    """
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if not position <= edit.span.start <= edit.span.end <= len(text):
            raise OverlappingEditsError(f"{edit.span} overlaps what ends at {position}")
        pieces += (text[position : edit.span.start], edit.new)
        position = edit.span.end
    return "".join((*pieces, text[position:]))


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: its path for messages, and every character of it."""

    path: PurePosixPath
    text: str = field(repr=False)
    _line_starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [0]
        newline = self.text.find("\n")
        while newline >= 0:
            starts.append(newline + 1)
            newline = self.text.find("\n", newline + 1)
        object.__setattr__(self, "_line_starts", tuple(starts))

    @classmethod
    def from_bytes(cls, path: PurePosixPath, content: bytes) -> Source:
        """Decode so that any bytes come back from `to_bytes`, whatever their encoding was."""
        return cls(path, content.decode("utf-8", "surrogateescape"))

    def to_bytes(self) -> bytes:
        """The bytes that `from_bytes` was given."""
        return self.text.encode("utf-8", "surrogateescape")

    def line(self, offset: int) -> int:
        """The line that holds the character at `offset`, counted from 1."""
        return bisect_right(self._line_starts, offset)

    def line_span(self, number: int) -> Span:
        """The characters of line `number`, counted from 1, with its newline."""
        is_last = number == len(self._line_starts)
        return Span(self._line_starts[number - 1], len(self.text) if is_last else self._line_starts[number])


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Text joined from pieces of a file, and where each of its characters stands there.

    `joined[i]` starts at `starts[i]` of the text and at `origins[i]` of the file.
    """

    text: str = field(repr=False)
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    @classmethod
    def join(cls, text: str, pieces: Iterable[Span]) -> SourceMap:
        """Concatenate the `pieces` of a file's `text`, with nothing put between them.

        Where all of them are empty, the place is that of the first.
        """
        every = tuple(pieces)
        if len(every) == 1:  # as of most instructions
            return cls(every[0].of(text), (0,), (every[0].start,))
        kept = tuple(piece for piece in every if len(piece)) or every[:1] or (Span(0, 0),)
        starts = (0, *accumulate(map(len, kept)))[:-1]
        return cls("".join(piece.of(text) for piece in kept), starts, tuple(piece.start for piece in kept))

    def origin(self, offset: int) -> int:
        """The file's offset of the character at `offset` of the joined text (its length: just after the last)."""
        if len(self.starts) == 1:
            return self.origins[0] + offset
        if offset == len(self.text) and offset:
            return self.origin(offset - 1) + 1
        piece = bisect_right(self.starts, offset) - 1
        return self.origins[piece] + offset - self.starts[piece]

    def span(self, joined: Span) -> Span:
        """The file's range from the first to the last character of `joined`, with all that was skipped between."""
        start = self.origin(joined.start)
        return Span(start, self.origin(joined.end - 1) + 1) if len(joined) else Span(start, start)

    def slice(self, part: Span) -> SourceMap:
        """The map of a part of the joined text."""
        if len(self.starts) == 1:
            return SourceMap(part.of(self.text), (0,), (self.origins[0] + part.start,))
        inside = [(start, origin) for start, origin in zip(self.starts, self.origins, strict=True) if part.start < start < part.end]
        starts = (0, *(start - part.start for start, _ in inside))
        origins = (self.origin(part.start), *(origin for _, origin in inside))
        return SourceMap(part.of(self.text), starts, origins)
