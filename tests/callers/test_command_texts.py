"""The words of commands in texts of other languages."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codemod.callers.reported.command_texts import Around, calls_in, commands
from codemod.text import Source, SourceMap, Span

TEXTS = {
    "words": ("a  b\tc", [["a", "b", "c"]]),
    "nothing": ("  \n", []),
    "commands": ("a b; c && d | e\nf", [["a", "b"], ["c"], ["d"], ["e"], ["f"]]),
    "continued lines": ("a \\\n  b \\  \n c\\\r\nd", [["a", "b", "c", "d"]]),
    "comments": ("a # b; c\n# d\ne#f", [["a"], ["e#f"]]),
    "quotes": ("a 'b c' \"d ; e\"f", [["a", "b c", "d ; ef"]]),
    "an escaped quote": (r'a "b\"c" \"d', [["a", r"b\"c", r"\"d"]]),
    "an expansion": ("a $(b c; d) ${e f} `g h` ${{ i j }}", [["a", "$(b c; d)", "${e f}", "`g h`", "${{ i j }}"]]),
    "an expansion in quotes": ('a "$(b "c d")" "${e}"', [["a", '$(b "c d")', "${e}"]]),
    "an open quote": ("a 'b c", [["a", "'b", "c"]]),
    "an open double quote": ('a "b c', [["a", '"b', "c"]]),
    "an open expansion": ("a $(b c ${d `e", [["a", "$(b", "c", "${d", "`e"]]),
    "an escaped blank": (r"a b\ c", [["a", r"b\ c"]]),
    "a last backslash": ("a \\", [["a", "\\"]]),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_words(text: str, expected: list[list[str]]) -> None:
    found = list(commands(SourceMap.join(text, [Span(0, len(text))])))
    assert [[word.text for word in words] for words in found] == expected
    spans = [word.span for words in found for word in words]
    assert spans == sorted(spans)
    assert all(len(span) for span in spans)


def test_folders_are_followed() -> None:
    text = "cd a; pushd b && docker build . ; cd $x; docker build .; cd\n"
    source = Source(PurePosixPath("x"), text)
    calls = list(calls_in(SourceMap.join(text, [Span(0, len(text))]), source, Around("k", ("r", "."))))
    assert [[place.dockerfile for place in call.places] for call in calls] == [["r/a/b/Dockerfile", "a/b/Dockerfile"], []]
