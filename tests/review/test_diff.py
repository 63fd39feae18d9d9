"""A diff for the eyes: which words of a line are marked, and what is not shown as it stands in the file."""

from __future__ import annotations

import pytest

from codemod.report.patch import diff
from codemod.review.diff import shown
from codemod.review.looks import Line, Look
from codemod.review.words import MOST_PAIRS, MOST_TOKENS, Pieces, compared

MARKS = {Look.ADDED_WORD, Look.REMOVED_WORD}


def marked(pieces: Pieces) -> str:
    """The line with its marks in brackets."""
    return "".join(f"[{text}]" if differs else text for text, differs in pieces)


LINES = {
    "a word": (["docker build -t a ."], ["docker build -t b ."], ["docker build -t [a] ."], ["docker build -t [b] ."]),
    "a build arg that becomes a secret": (
        ['docker build --build-arg A="$A" .'],
        ["docker build --secret id=A ."],
        ['docker build --[build-arg] A[="$A"] .'],
        ["docker build --[secret id=]A ."],
    ),
    "what comes before": (["RUN curl $A"], ["    && curl $A"], ["[RUN] curl $A"], ["    [&&] curl $A"]),
    "lines that have little in common": (
        ["ARG API_TOKEN"],
        ["RUN --mount=type=secret,id=X \\"],
        ["ARG API_TOKEN"],
        ["RUN --mount=type=secret,id=X \\"],
    ),
    "each line with the one that it became": (
        ["ARG A", "RUN make a"],
        ["RUN --mount=type=secret,id=A \\", "    make a"],
        ["ARG A", "[RUN] make a"],
        ["RUN --mount=type=secret,id=A \\", "    make a"],
    ),
    "the same line but for its indentation": (["    a: b"], ["  a: b"], ["    a: b"], ["  a: b"]),
    "lines that only came": ([], ["a", "b"], [], ["a", "b"]),
    "empty lines": (["", "a"], ["", "a b"], ["", "a"], ["", "a [b]"]),
    "too many lines to compare": (
        ["a b c"] * MOST_PAIRS,
        ["a b d", "x"],
        ["a b c"] * MOST_PAIRS,
        ["a b d", "x"],
    ),
    "too many words to compare": (["a " * MOST_TOKENS + "b"], ["a " * MOST_TOKENS], ["a " * MOST_TOKENS + "b"], ["a " * MOST_TOKENS]),
}


@pytest.mark.parametrize(("removed", "added", "before", "after"), LINES.values(), ids=LINES)
def test_the_words_that_differ_are_marked(removed: list[str], added: list[str], before: list[str], after: list[str]) -> None:
    pieces = compared(removed, added)
    assert ([*map(marked, pieces[0])], [*map(marked, pieces[1])]) == (before, after)
    assert ["".join(text for text, _ in line) for line in (*pieces[0], *pieces[1])] == [*removed, *added]


def texts(lines: list[Line]) -> list[str]:
    return ["".join(part.text for part in line) for line in lines]


def test_every_line_of_the_diff_is_shown_in_its_look() -> None:
    before, after = "FROM a\nARG T\nRUN make $T\n-- x\nCOPY a b\n", "FROM a\nRUN make more $T\nCOPY a b\n"
    lines = [*shown(diff("a b/Dockerfile", before, after))]
    assert texts(lines) == [text.rstrip("\t") for text in diff("a b/Dockerfile", before, after).splitlines()]
    looks = [(line[0].look, bool(MARKS & {part.look for part in line})) for line in lines]
    assert looks == [
        (Look.FILE, False),
        (Look.FILE, False),
        (Look.PLACE, False),
        (Look.PLAIN, False),
        (Look.REMOVED, False),
        (Look.REMOVED, False),
        (Look.REMOVED, False),  # its text begins with --, and it is no header
        (Look.ADDED, True),
        (Look.PLAIN, False),
    ]


def test_lines_that_came_after_a_line_that_stays_stand_in_nobodys_place() -> None:
    lines = [*shown(diff("f", "a b c\nstays\n", "stays\na b d\n"))]
    assert not MARKS & {part.look for line in lines for part in line}


def test_a_missing_newline_is_said() -> None:
    assert "\\ No newline at end of file" in texts([*shown(diff("f", "a", "b"))])


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("clear\x1b[2Jit", "clear\\x1b[2Jit"),
        ("back\b\bwards", "back\\x08\\x08wards"),
        ("right\u202eto left", "right\\u202eto left"),
        ("not UTF-8 \udcff", "not UTF-8 \\udcff"),
        ("a\ttab", "a\ttab"),
        ("größer als 東京", "größer als 東京"),
    ],
    ids=["escape", "backspace", "direction", "other bytes", "tab", "letters"],
)
def test_what_a_terminal_would_obey_is_shown_and_not_done(text: str, seen: str) -> None:
    assert f"+{seen}" in texts([*shown(diff("f", "a\n", f"a\n{text}\n"))])


def test_carriage_returns_are_shown_where_only_some_lines_have_them() -> None:
    """A file that has them at each line's end has nothing to look at; one whose ends an editor changed has."""
    assert texts([*shown(diff("f", "a\r\nb\r\n", "a\r\nc\r\n"))])[3:] == [" a", "-b", "+c"]
    assert texts([*shown(diff("f", "a\r\nb\r\n", "a\r\nb\n"))])[3:] == [" a\\r", "-b\\r", "+b"]
