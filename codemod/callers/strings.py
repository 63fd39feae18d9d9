"""The strings of a program that only its own language could read, such as Groovy's: enough to find the commands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codemod.text import SourceMap, Span

TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<hash>#[^\n]*)|"
    r"(?P<quote>\"\"\"|'''|\"|')",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?=[\"'\\$])|\\\r?\n")
# what may stand between two strings of a list: the rest of an expression, and a comma
NEXT = re.compile(r"[ \t]*(?:\+[^,\"'\n]*)?,\s*(?:(?://|#)[^\n]*\n\s*)*")


@dataclass(frozen=True, slots=True)
class String:
    """A string: `text` is what it says, with each character's place, `span` all of it with its quotes."""

    text: SourceMap
    span: Span
    quote: str


def strings(text: str, *, hashes: bool = False) -> Iterator[String]:
    """All strings of a program's text, none of a comment; with `hashes`, `#` starts one as well."""
    position = 0
    while match := TOKEN.search(text, position):
        position = match.end()
        quote = match["quote"]
        if quote is None:
            position = match.end() if (match["comment"] and not hashes) or (match["hash"] and hashes) else match.start() + 1
            continue
        end = _end(text, match.end(), quote)
        if end is None:
            continue  # an apostrophe
        yield String(_content(text, Span(match.end(), end)), Span(match.start(), end + len(quote)), quote)
        position = end + len(quote)


def _end(text: str, start: int, quote: str) -> int | None:
    """Where the quote stands that ends a string; None where none does."""
    for match in re.finditer(rf"\\.|{quote}" + ("" if len(quote) > 1 else r"|\n"), text[start:], re.DOTALL):
        if match[0] == quote:
            return start + match.start()
        if match[0] == "\n":
            return None
    return None


def _content(text: str, span: Span) -> SourceMap:
    """What a string says: a quote, a dollar or a backslash without the backslash before it."""
    pieces, start = [], span.start
    for match in ESCAPE.finditer(text, span.start, span.end):
        if match.start() < start:
            continue
        pieces.append(Span(start, match.start()))
        start = match.end()
        if text[start : start + 1] == "\\":
            pieces.append(Span(start, start + 1))
            start += 1
    return SourceMap.join(text, (*pieces, Span(start, span.end)))


def lists(text: str, found: Iterable[String]) -> Iterator[tuple[String, ...]]:
    """Strings that stand in one list: only commas between them."""
    group: list[String] = []
    for string in found:
        if group and not NEXT.fullmatch(text, group[-1].span.end, string.span.start):
            yield tuple(group)
            group = []
        group.append(string)
    if group:
        yield tuple(group)


def behind(text: str, string: String) -> str:
    """The rest of the expression that the string begins: ` + token`."""
    match = re.compile(r"[ \t]*\+[ \t]*([^,\"'\n\])]*(?:\([^)]*\))?)").match(text, string.span.end)
    return match[1].strip() if match else ""
