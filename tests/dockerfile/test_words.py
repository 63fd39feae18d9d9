"""The words of ARG, ENV and LABEL."""

from __future__ import annotations

import pytest

from codemod.dockerfile.words import WordsError, pairs, words

BACKSLASH, BACKTICK = "\\", "`"

SPLIT = {
    "plain words": ("a b\tc", ["a", "b", "c"]),
    "no words": ("", []),
    "blanks around": ("  a  ", ["a"]),
    "double quotes": ('a="b c" d', ['a="b c"', "d"]),
    "single quotes": ("a='b c' d", ["a='b c'", "d"]),
    "a quote in the other quotes": ("""a="b'c" d='e"f'""", ["""a="b'c\"""", """d='e"f'"""]),
    "an escaped quote": ('a="b\\" c" d', ['a="b\\" c"', "d"]),
    "no escape in single quotes": ("a='b\\' c", ["a='b\\'", "c"]),
    "an escaped blank": ("a\\ b c", ["a\\ b", "c"]),
    "an open quote": ('a="b c', ['a="b c']),
    "empty quotes are a word": ("'' a", ["''", "a"]),
    "an escape at the end is none of it": ("a b\\", ["a", "b"]),
    "an escaped escape at the end is": ("a b\\\\", ["a", "b\\\\"]),
    "an escape at the end of double quotes": ('a="b\\', ['a="b']),
    "an escape at the end of single quotes": ("a='b\\", ["a='b\\"]),
    "only an escape": ("\\", []),
    "white space only to Python": ("a\x1cb\x1fc d", ["a\x1cb\x1fc", "d"]),
    "white space only to Go and Python": ("a\u00a0b\u2003c\u0085d", ["a", "b", "c", "d"]),
    "the same word twice": ("a a=a aa", ["a", "a=a", "aa"]),
}


@pytest.mark.parametrize(("text", "expected"), SPLIT.values(), ids=SPLIT)
def test_words(text: str, expected: list[str]) -> None:
    """With either escape, and each where it stands; an escape that nothing follows belongs to the place alone."""
    for escape, given in ((BACKSLASH, text), (BACKTICK, text.replace("\\", "`"))):
        found = words(given, escape)
        assert [word.replace(escape, "\\") for _, word in found] == expected
        assert all(span.of(given) in (word, word + escape) for span, word in found)


def test_the_other_escape_is_a_character() -> None:
    """A backslash beside `# escape=`, and the other way round."""
    assert [word for _, word in words("a\\ b`", BACKTICK)] == ["a\\", "b"]
    assert [word for _, word in words("a` b\\", BACKSLASH)] == ["a`", "b"]


PAIRS = {
    "ARG with and without a value": ("ARG", "A B=c D=", [("A", None), ("B", "c"), ("D", "")]),
    "ARG keeps quotes": ("ARG", 'A="b c"', [("A", '"b c"')]),
    "ARG has no comments": ("ARG", "A=1 # b", [("A", "1"), ("#", None), ("b", None)]),
    "ENV": ("ENV", "A=b C='d'", [("A", "b"), ("C", "'d'")]),
    "ENV with a value that has an equals sign": ("ENV", "A=b=c", [("A", "b=c")]),
    "ENV by a blank": ("ENV", "A b  c=d", [("A", "b  c=d")]),
    "ENV by a tab": ("ENV", "A\t b", [("A", "b")]),
    "ENV by a blank in quotes": ("ENV", '"A b" c', [('"A', 'b" c')]),
    "LABEL with quotes around its name": ("LABEL", '"a b"=c', [('"a b"', "c")]),
    "ENV without words": ("ENV", "\\", []),
}


@pytest.mark.parametrize(("name", "text", "expected"), PAIRS.values(), ids=PAIRS)
def test_pairs(name: str, text: str, expected: list[tuple[str, str | None]]) -> None:
    """Names, and values as they are quoted."""
    assert [(key, value) for key, value, _ in pairs(text, BACKSLASH, name)] == expected


def test_the_span_of_a_pair() -> None:
    """The whole word; by a blank, the whole text."""
    assert [span.of('A="b c" D') for *_, span in pairs('A="b c" D', BACKSLASH, "ARG")] == ['A="b c"', "D"]
    assert [span.of("A b c") for *_, span in pairs("A b c", BACKSLASH, "ENV")] == ["A b c"]


WRONG = {
    "ENV without a value": ("ENV", "A", "ENV must have two arguments"),
    "ENV by a blank that is none to a regular expression": ("ENV", "A\u00a0b", "ENV must have two arguments"),
    "ENV with one word more": ("ENV", "A=b c", "can't find = in a word"),
    "LABEL with one word more": ("LABEL", "a=b c", "can't find = in a word"),
}


@pytest.mark.parametrize(("name", "text", "message"), WRONG.values(), ids=WRONG)
def test_wrong_words(name: str, text: str, message: str) -> None:
    """What BuildKit turns down."""
    with pytest.raises(WordsError, match=message):
        pairs(text, BACKSLASH, name)
