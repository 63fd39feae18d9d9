"""Words and variables as the builder reads them; the modifiers are those of facts 2.21, seen in builds."""

from __future__ import annotations

import pytest

from codemod.dockerfile.lex import DEEPEST, LexError, Mode, Reference, lex, lex_as

BACKSLASH, BACKTICK = "\\", "`"


def shown(text: str, escape: str = BACKSLASH, *, quotes: bool = True) -> list[str]:
    """The pieces, with each reference as `<name operator operand>`."""
    pieces = lex(text, escape, quotes=quotes).pieces
    return [piece if isinstance(piece, str) else f"<{piece.name}{piece.operator}{piece.operand}>" for piece in pieces]


PIECES = {
    "nothing": ("", []),
    "text": ("a b", ["a b"]),
    "a reference": ("$x", ["<x>"]),
    "in braces": ("${x}", ["<x>"]),
    "between text": ("a${x}b$y/c", ["a", "<x>", "b", "<y>", "/c"]),
    "a name ends where letters end": ("$x-y $a.b", ["<x>", "-y ", "<a>", ".b"]),
    "letters of any alphabet": ("$\u00e4\u0416_1", ["<\u00e4\u0416_1>"]),
    "but no other numbers": ("$\u00b2 $x\u2167", ["$\u00b2 ", "<x>", "\u2167"]),
    "digits alone": ("$12a", ["<12>", "a"]),
    "a special parameter": ("$@$#", ["<@>", "<#>"]),
    "a dollar alone": ("$ a$", ["$ a$"]),
    "two dollars": ("$$x", ["<$>", "x"]),
    "an empty reference is none": ('$"x"', ["$x"]),
    "double quotes": ('"a $x"b', ["a ", "<x>", "b"]),
    "single quotes": ("'a $x'b", ["a $xb"]),
    "a single quote in double ones": ('"it\'s"', ["it's"]),
    "an escaped dollar": ("\\$x", ["$x"]),
    "an escaped letter": ("\\a", ["a"]),
    "an escape at the end": ("a\\", ["a"]),
    "an escape in double quotes": ('"\\$x \\" \\\\ \\a"', ['$x " \\ \\a']),
    "an escape in single quotes": ("'\\'", ["\\"]),
    "a default": ("${x:-d}", ["<x:-d>"]),
    "a default if unset": ("${x-d}", ["<x-d>"]),
    "an alternative": ("${x:+d}${x+d}", ["<x:+d>", "<x+d>"]),
    "an error": ("${x:?d}${x?d}", ["<x:?d>", "<x?d>"]),
    "a prefix": ("${x#a*}${x##a*}", ["<x#a*>", "<x##a*>"]),
    "a suffix": ("${x%a*}${x%%a*}", ["<x%a*>", "<x%%a*>"]),
    "a replacement": ("${x/a/b}${x//a/b}", ["<x/a/b>", "<x//a/b>"]),
    "a replacement of a brace": ("${x/\\}/\\/}", ["<x/\\}/\\/>"]),
    "an empty default": ("${x:-}", ["<x:->"]),
    "quotes in a default": ("${x:-\"a b\"'}'}", ["<x:-a b}>"]),
    "an escape in a default": ("${x:-\\}}", ["<x:-}>"]),
    "an escape in a pattern stays": ("${x#\\*}", ["<x#\\*>"]),
    "a reference in a default": ("${x:-a$y}", ["<x:-a$y>"]),
    "heredoc signs": ("a<<  b<c", ["a<<  b<c"]),
    "a byte that is not UTF-8": ("a\udcffb", ["a\ufffdb"]),
    "a byte order mark": ("\ufeffa\ufeff", ["a\ufeff"]),
}


@pytest.mark.parametrize(("text", "expected"), PIECES.values(), ids=PIECES)
def test_pieces(text: str, expected: list[str]) -> None:
    """Text without its quotes, and references."""
    assert shown(text) == expected


def test_the_other_escape() -> None:
    """With `# escape=`, the backslash is a character."""
    assert shown("`$x \\$x", BACKTICK) == ["$x \\", "<x>"]
    assert shown('"`" `$"', BACKTICK) == ['" $']
    assert shown("a`", BACKTICK) == ["a"]


def test_without_quotes() -> None:
    """The body of a COPY heredoc: quotes are characters, references are references."""
    assert shown("'$x' \"\\$y\" it's", quotes=False) == ["'", "<x>", "' \"$y\" it's"]


def test_all_references() -> None:
    """Those in operands come first, as they are read, and know it."""
    found = lex('${a:-${b:-$c}}"$d"${e/$f/$g}', BACKSLASH).references
    assert found == (
        Reference("c", "", "", nested=True),
        Reference("b", ":-", "$c", nested=True),
        Reference("a", ":-", "${b:-$c}", nested=False),
        Reference("d", "", "", nested=False),
        Reference("f", "", "", nested=True),
        Reference("g", "", "", nested=True),
        Reference("e", "/", "$f/$g", nested=False),
    )


WRONG = {
    "an open single quote": "'a",
    "an open double quote": '"a',
    "an escape at the end of a double quote": '"a\\',
    "an open brace": "${x",
    "an open brace and no name": "${",
    "an open default": "${x:-a",
    "an open quote in a default": "${x:-'}",
    "nothing in braces": "${}",
    "a brace in braces": "${{x}}",
    "a colon in braces": "${:-x}",
    "a colon and the end": "${x:",
    "an assignment": "${x:=a}",
    "an assignment if unset": "${x=a}",
    "a part": "${x:0:2}",
    "a length": "${#x}",
    "capitals": "${x^^}",
    "indirection": "${!x}",
    "a pattern after a colon": "${x:#a}",
    "a suffix after a colon": "${x:%a}",
    "a replacement without its second part": "${x/a}",
    "a replacement without its end": "${x/a/b",
    "substitutions without end": "${x:-" * 5000,
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_wrong_text(text: str) -> None:
    """What BuildKit turns down."""
    with pytest.raises(LexError):
        lex(text, BACKSLASH)


def test_how_deep() -> None:
    """Substitutions nest further than anyone nests them."""
    nested = "${x:-" * DEEPEST + "a" + "}" * DEEPEST
    assert len(lex(nested, BACKSLASH).references) == DEEPEST
    with pytest.raises(LexError, match="too deeply"):
        lex("${x:-" + nested + "}", BACKSLASH)


LINE = Mode(raw=True, raw_escapes=True, skip_unset=True)
WORDS = {
    "quotes and escapes stay": ("a 'b c' \"d e\" f\\ g", ["a", "'b c'", '"d e"', "f\\ g"]),
    "white space is Go's": ("a\u00a0b\x1cc", ["a", "b\x1cc"]),
    "a reference stays": ("$x ${y}", ["$x", "${y}"]),
    "a default splits": ("${x:-a b}", ["${x:-a", "b}"]),
    "not in quotes": ('"${x:-a b}"', ['"${x:-a b}"']),
    "blanks after heredoc signs stay": ("a << b <<\t c", ["a", "<< b", "<<\t c"]),
    "but no other white space": ("<<\vb", ["<<", "b"]),
    "one sign is none": ("< b", ["<", "b"]),
    "a default forgets the word before it": ("a b${x-c}d e", ["a", "${x-c}d", "e"]),
    "but not one that is done": ("a ${x-c}", ["a", "${x-c}"]),
    "a modifier that does not exist stays": ("${x:=a}b", ["${x:=a}b"]),
    "two slashes become one": ("${x//a/b}", ["${x/a/b}"]),
    "escapes stay in a double quote, and what they do not escape doubles them": ('"\\$ \\a"', ['"\\$ \\\\a"']),
    "but not in a default": ("${x:-\\a}", ["${x:-a}"]),
    "empty words are none": ("'' a", ["''", "a"]),
}


@pytest.mark.parametrize(("text", "expected"), WORDS.values(), ids=WORDS)
def test_words_of_a_line(text: str, expected: list[str]) -> None:
    """As heredocs are looked for: nothing is replaced."""
    assert list(lex_as(text, BACKSLASH, LINE).words) == expected


def test_words_without_quotes_around_them() -> None:
    """As a heredoc's name is read: a word in quotes is one, and empty quotes are none."""
    assert lex_as("'a b'c d", BACKSLASH, Mode(skip_unset=True)).words == ("a bc", "d")
    assert lex_as("''", BACKSLASH, Mode(skip_unset=True)).words == ()
