"""Strings of programs: what they say, where, and with what they are put together."""

from __future__ import annotations

import pytest

from codemod.callers.reported.strings import program
from codemod.text import Span

STRINGS = {
    "quotes": ("a 'b' \"c\"", ["b", "c"]),
    "three quotes": ("'''a 'b' c''' \"\"\"d\ne\"\"\"", ["a 'b' c", "d\ne"]),
    "comments": ("// 'a'\n/* 'b'\n 'c' */ 'd' # 'e'", ["d", "e"]),
    "an open comment": ("'a' /* 'b'", ["a"]),
    "an apostrophe": ("don't\n'a'", ["a"]),
    "an open string": ("'a' '", ["a"]),
    "an escaped quote": (r"'a\'b\\' + x", [r"a'b\x"]),
    "an escaped line end": ("'''a\\\nb\\\\\nc'''", ["ab\\\nc"]),
    "another escape": (r"'a\tb\$c'", [r"a\tb$c"]),
    "put together": ("'a' + b.c + 'd' + e('f') + \"g\"", ["ab.cde('f')g"]),
    "put together with nothing": ("'a' + -1, 'b'", ["a", "b"]),
    "put together over lines": ("'a' +\n  'b'", ["ab"]),
    "beside each other": ("'a' 'b'", ["a", "b"]),
}


@pytest.mark.parametrize(("text", "said"), STRINGS.values(), ids=STRINGS)
def test_what_strings_say(text: str, said: list[str]) -> None:
    read = program(text)
    assert [string.text.text for string in read.strings] == said
    for string in read.strings:
        assert all(string.text.origin(offset) in range(string.span.start, string.span.end) for offset in range(len(string.text.text)))


def test_comments_of_other_languages() -> None:
    assert [string.text.text for string in program("# 'a'\n'b' // 'c'\n", hashes=True).strings] == ["b", "c"]


def test_masks_are_as_long() -> None:
    text = "a 'b{' // {\nc {}\n"
    read = program(text)
    assert (read.uncommented, read.masked) == ("a 'b{'     \nc {}\n", "a          \nc {}\n")


LISTS = {
    "a list": ("f('a', 'b')", [["a", "b"]]),
    "names": ("f('a', b, c.d(), 'e', f)", [["a", "${b}", "${c.d()}", "e", "${f}"]]),
    "comments": ("f('a', // x\n  'b', /* y */ 'c')", [["a", "b"], ["c"]]),
    "two lists": ("f('a', 'b'); g('c')", [["a", "b"], ["c"]]),
}


@pytest.mark.parametrize(("text", "words"), LISTS.values(), ids=LISTS)
def test_lists(text: str, words: list[list[str]]) -> None:
    assert [[word.text for word in each] for each in program(text).lists()] == words


def test_blocks_around_a_place() -> None:
    text = "a { b {} c { '}' x } d }"
    assert [span.of(text) for span in program(text).blocks(text.index("x"))] == [" '}' x ", " b {} c { '}' x } d "]
    assert program("} { x }").blocks(4) == [Span(3, 6)]
    assert [span.of("{ x") for span in program("{ x").blocks(2)] == [" x"]


def test_places_of_an_escaped_string() -> None:
    text = r"'a\'b'"
    assert program(text).strings[0].text.span(Span(1, 3)).of(text) == "'b"
