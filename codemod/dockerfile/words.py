"""The words of ARG, ENV and LABEL, split by dockerfile-parse, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.text import Span

# dockerfile-parse knows the backslash only and splits where Python sees white space; both are mended one for one,
# so that offsets stay. U+001C to U+001F are white space to Python, not to Go.
NO_SPACE = {code: "_" for code in range(0x1C, 0x20)}
BACKTICK_FOR_BACKSLASH = {ord("`"): "\\", ord("\\"): "`"}
BLANKS = re.compile(r"[\t\v\f\r ]+")


class WordsError(Exception):
    """The instruction's words are not what its form asks for."""


def word_spans(text: str, escape: str) -> tuple[Span, ...]:
    """Where the words of `text` stand in it, quotes included (parseWords in parser/line_parsers.go)."""
    # it imports json and more, and files without ARG, ENV and LABEL need none of it
    from dockerfile_parse.util import WordSplitter  # noqa: PLC0415

    mended = text.translate(NO_SPACE)
    if escape == "`":
        mended = mended.translate(BACKTICK_FOR_BACKSLASH)
    return tuple(_placed(WordSplitter(mended).split(dequote=False), mended))


def _placed(words: Iterator[str], text: str) -> Iterator[Span]:
    position = 0
    for word in words:
        position = text.index(word, position)
        yield Span(position, position + len(word))
        position += len(word)


def pairs(text: str, escape: str, name: str) -> tuple[tuple[str, str | None, Span], ...]:
    """Names, values as they are quoted, and places of an instruction's words; `name` is ARG, ENV or LABEL.

    Raises WordsError where BuildKit does.
    """
    words = word_spans(text, escape)
    if name != "ARG" and words and "=" not in words[0].of(text):
        return (_blank_separated(text, name),)
    found = tuple((*_name_and_value(span.of(text), span.end == len(text), escape), span) for span in words)
    wrong = next((word for word, value, _ in found if value is None), None)
    if name != "ARG" and wrong is not None:
        raise WordsError(f"can't find = in {wrong!r}: it must be of the form name=value")
    return found


def _name_and_value(word: str, is_last: bool, escape: str) -> tuple[str, str | None]:
    trailing = len(word) - len(word.rstrip(escape))
    if is_last and trailing % 2:
        word = word[:-1]  # an escape character that nothing follows is dropped
    name, equals, value = word.partition("=")
    return name, value if equals else None


def _blank_separated(text: str, name: str) -> tuple[str, str | None, Span]:
    parts = BLANKS.split(text, 1)
    if len(parts) == 1:
        raise WordsError(f"{name} must have two arguments")
    return parts[0], parts[1], Span(0, len(text))
