"""The words of ARG, ENV and LABEL, split by dockerfile-parse, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.text import Span

# dockerfile-parse knows the backslash only and splits where Python sees white space; both are mended one for one,
# so that offsets stay. U+001C to U+001F are white space to Python, not to Go.
NO_SPACE = dict.fromkeys(range(28, 32), "_")
BACKTICK_FOR_BACKSLASH = {ord("`"): "\\", ord("\\"): "`"}
# without quotes, escapes and unusual white space, blanks alone part the words, and the library need not be loaded
PLAIN = re.compile(r"[\t !#-&(-\[\]-_a-~]*")
PLAIN_WORD = re.compile(r"[^\t ]+")
BLANKS = re.compile(r"[\t\v\f\r ]+")


class WordsError(Exception):
    """The instruction's words are not what its form asks for."""


def words(text: str, escape: str) -> tuple[tuple[Span, str], ...]:
    """The words of `text` and where they stand in it, quotes included (parseWords in parser/line_parsers.go).

    An escape character that nothing follows belongs to the last word's place, not to the word.
    """
    if PLAIN.fullmatch(text):
        return tuple((Span(*match.span()), match[0]) for match in PLAIN_WORD.finditer(text))
    return _split(text, escape)


def _split(text: str, escape: str) -> tuple[tuple[Span, str], ...]:
    from dockerfile_parse.util import WordSplitter  # noqa: PLC0415  (it imports json, logging and more)

    mended = text.translate(NO_SPACE)
    if escape == "`":
        mended = mended.translate(BACKTICK_FOR_BACKSLASH)
    splitter = WordSplitter(mended)
    spans = tuple(_placed(splitter.split(dequote=False), mended))
    found = [(span, span.of(text)) for span in spans]
    if splitter.escaped:
        span, word = found.pop()
        found += [(span, word[:-1])] if len(word) > 1 else []
    return tuple(found)


def _placed(found: Iterator[str], text: str) -> Iterator[Span]:
    position = 0
    for word in found:
        position = text.index(word, position)
        yield Span(position, position + len(word))
        position += len(word)


def pairs(text: str, escape: str, name: str) -> tuple[tuple[str, str | None, Span], ...]:
    """Names, values as they are quoted, and places of an instruction's words; `name` is ARG, ENV or LABEL.

    Raises WordsError where BuildKit does.
    """
    found = words(text, escape)
    if name != "ARG" and found and "=" not in found[0][1]:
        return (_blank_separated(text, name),)
    if name != "ARG" and any("=" not in word for _, word in found):
        raise WordsError(f"can't find = in a word of {name}: each must be of the form name=value")
    return tuple((*_name_and_value(word), span) for span, word in found)


def _name_and_value(word: str) -> tuple[str, str | None]:
    name, equals, value = word.partition("=")
    return name, value if equals else None


def _blank_separated(text: str, name: str) -> tuple[str, str | None, Span]:
    parts = BLANKS.split(text, 1)
    if len(parts) == 1:
        raise WordsError(f"{name} must have two arguments")
    return parts[0], parts[1], Span(0, len(text))
