"""Spans, edits, sources and maps."""

from __future__ import annotations

import pickle
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.text import Edit, OverlappingEditsError, Source, SourceMap, Span, apply

PATH = PurePosixPath("Dockerfile")
TEXT = "0123456789"
spans = st.tuples(st.integers(0, 10), st.integers(0, 10)).map(lambda ends: Span(min(ends), max(ends)))
sorted_pieces = st.lists(st.integers(0, 10), max_size=10).map(
    lambda ends: [Span(start, end) for start, end in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False)]
)


def edits(*given: tuple[int, int, str]) -> list[Edit]:
    """Edits from their numbers."""
    return [Edit(Span(start, end), new) for start, end, new in given]


def test_a_span_is_half_open() -> None:
    """Its length, what lies in it, and what it cuts out."""
    span = Span(2, 5)
    assert len(span) == 3
    assert span.of(TEXT) == "234"
    assert span.shifted(3) == Span(5, 8)
    assert Span(2, 5) in span
    assert Span(3, 3) in span
    assert Span(1, 3) not in span
    assert Span(3, 6) not in span


APPLIED = {
    "nothing": (edits(), TEXT),
    "a replacement": (edits((2, 4, "x")), "01x456789"),
    "a deletion": (edits((0, 10, "")), ""),
    "insertions at both ends": (edits((0, 0, "a"), (10, 10, "b")), "a0123456789b"),
    "insertions at one place, in their order": (edits((5, 5, "b"), (5, 5, "a"), (5, 5, "c")), "01234bac56789"),
    "an insertion before a replacement": (edits((5, 7, "x"), (5, 5, "a")), "01234ax789"),
    "an insertion after a replacement": (edits((5, 5, "a"), (3, 5, "x")), "012xa56789"),
    "neighbours": (edits((4, 6, "y"), (2, 4, "x")), "01xy6789"),
}


@pytest.mark.parametrize(("given_edits", "expected"), APPLIED.values(), ids=APPLIED)
def test_apply(given_edits: list[Edit], expected: str) -> None:
    """Each edit refers to the text as it was given."""
    assert apply(TEXT, given_edits) == expected


CLASHES = {
    "one character twice": edits((2, 4, "x"), (3, 5, "y")),
    "one in another": edits((2, 8, "x"), (3, 5, "y")),
    "the same twice": edits((2, 4, "x"), (2, 4, "x")),
    "an insertion into a replacement": edits((2, 4, "x"), (3, 3, "y")),
    "beyond the end": edits((9, 11, "x")),
    "before the beginning": edits((-1, 1, "x")),
    "backwards": edits((5, 3, "x")),
}


@pytest.mark.parametrize("given_edits", CLASHES.values(), ids=CLASHES)
def test_apply_never_picks_a_winner(given_edits: list[Edit]) -> None:
    """Whatever their order."""
    for order in (given_edits, given_edits[::-1]):
        with pytest.raises(OverlappingEditsError):
            apply(TEXT, order)


@given(sorted_pieces, st.text(max_size=3))
def test_nothing_outside_of_the_edits_moves(pieces: list[Span], new: str) -> None:
    """What is left of the text is what stood between them."""
    kept = "".join(character for at, character in enumerate(TEXT) if not any(Span(at, at + 1) in piece for piece in pieces))
    assert apply(TEXT, [Edit(piece, "") for piece in pieces]) == kept
    assert len(apply(TEXT, [Edit(piece, new) for piece in pieces])) == len(kept) + len(new) * len(pieces)


def test_an_edit_does_not_show_its_text() -> None:
    """It may hold a secret."""
    assert "hunter2" not in repr(Edit(Span(0, 1), "hunter2"))
    assert "hunter2" not in repr(Source(PATH, "hunter2"))
    assert "hunter2" not in repr(SourceMap.join("hunter2", [Span(0, 7)]))


@given(st.binary())
def test_bytes_come_back(content: bytes) -> None:
    """Any bytes, in any encoding, and equal sources from them."""
    source = Source.from_bytes(PATH, content)
    assert source.to_bytes() == content
    assert pickle.loads(pickle.dumps(source)) == source


@given(st.text(st.sampled_from("a\n\r"), max_size=12))
def test_lines_of_a_source(text: str) -> None:
    """`line` and `line_span` agree, and only a newline ends a line."""
    source = Source(PATH, text)
    for offset in range(len(text)):
        number = source.line(offset)
        assert number == text[:offset].count("\n") + 1
        assert Span(offset, offset + 1) in source.line_span(number)
    assert "".join(source.line_span(number).of(text) for number in range(1, text.count("\n") + 2)) == text


@given(sorted_pieces)
def test_a_map_says_where_each_character_stands(pieces: list[Span]) -> None:
    """Joined text is the characters at their origins."""
    joined = SourceMap.join(TEXT, pieces)
    assert joined.text == "".join(piece.of(TEXT) for piece in pieces)
    assert "".join(TEXT[joined.origin(offset)] for offset in range(len(joined.text))) == joined.text


@given(sorted_pieces, st.data())
def test_a_part_of_a_map_is_its_slice(pieces: list[Span], data: st.DataObject) -> None:
    """Both give the same characters the same place."""
    joined = SourceMap.join(TEXT, pieces)
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(joined.text)), st.integers(0, len(joined.text)))))
    part = joined.slice(Span(start, end))
    assert part.text == joined.text[start:end]
    assert [part.origin(offset) for offset in range(len(part.text))] == [joined.origin(at) for at in range(start, end)]
    assert part.origin(0) == joined.origin(start)
    assert part.span(Span(0, len(part.text))) == joined.span(Span(start, end))
    assert pickle.loads(pickle.dumps(part)) == part


def test_the_span_of_joined_text_holds_what_was_skipped() -> None:
    """From its first to its last character, and no further."""
    joined = SourceMap.join(TEXT, [Span(1, 3), Span(5, 5), Span(6, 8)])
    assert joined.text == "1267"
    assert joined.span(Span(0, 4)) == Span(1, 8)
    assert joined.span(Span(0, 2)) == Span(1, 3)
    assert joined.span(Span(1, 3)) == Span(2, 7)
    assert joined.span(Span(2, 4)) == Span(6, 8)
    assert joined.span(Span(2, 2)) == Span(6, 6)
    assert joined.origin(4) == 8


def test_joined_from_nothing_still_has_a_place() -> None:
    """That of its first piece, if there is one."""
    assert SourceMap.join(TEXT, [Span(4, 4), Span(6, 6)]).span(Span(0, 0)) == Span(4, 4)
    assert SourceMap.join(TEXT, []).origin(0) == 0
