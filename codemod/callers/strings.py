"""The strings of a program that only its own language could read, such as Groovy's: enough to find the commands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codemod.text import SourceMap, Span

TOKEN = re.compile(r"(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<hash>#[^\n]*)|(?P<quote>\"\"\"|'''|\"|')", re.DOTALL)
ESCAPE = re.compile(r"\\(?:\r?\n|(?P<kept>[\"'\\$]))")
# what stands between the strings of one expression, and behind the last
TERM = r"[\w.$]+(?:\([^()\"']*\))?(?:\[[^\[\]\"']*\])?"
JOINED = re.compile(rf"\s*\+\s*(?:({TERM})\s*\+\s*)?")
BEHIND = re.compile(rf"[ \t]*\+\s*({TERM})")
# what stands between the strings of a list
NEXT = re.compile(r"\s*,\s*(?:(?://|#)[^\n]*\n\s*)*")


@dataclass(frozen=True, slots=True)
class String:
    """Strings that are put together, with the names between them: `text` is what they say, each character with its place.

    `span` is all of them with their quotes, `interpolates` says that the language puts values into one.
    """

    text: SourceMap
    span: Span
    interpolates: bool


@dataclass(frozen=True, slots=True)
class Program:
    """A text and its strings; `masked` is as long, with blanks for what is a string or a comment, line ends kept."""

    text: str
    masked: str
    strings: tuple[String, ...]

    def lists(self) -> Iterator[tuple[String, ...]]:
        """Strings with only commas between them, all that stand together."""
        group: list[String] = []
        for string in self.strings:
            if group and not NEXT.fullmatch(self.text, group[-1].span.end, string.span.start):
                yield tuple(group)
                group = []
            group.append(string)
        if group:
            yield tuple(group)

    def blocks(self, offset: int) -> Iterator[Span]:
        """The insides of the `{…}` around a place, the innermost first."""
        depth = 0
        for start in range(offset - 1, -1, -1):
            if self.masked[start] == "}":
                depth += 1
            elif self.masked[start] == "{" and depth:
                depth -= 1
            elif self.masked[start] == "{":
                yield Span(start + 1, self.closing(start, "{}"))

    def closing(self, start: int, pair: str) -> int:
        """Where the bracket is closed that stands at `start`."""
        depth = 0
        for match in re.compile("[" + re.escape(pair) + "]").finditer(self.masked, start):
            depth += 1 if match[0] == pair[0] else -1
            if not depth:
                return match.start()
        return len(self.masked)


def program(text: str, *, hashes: bool = False) -> Program:
    """The strings of a text, none of a comment; with `hashes`, `#` starts one, and not `//`."""
    found: list[tuple[Span, Span, str]] = []
    blanked: list[Span] = []
    position = 0
    while match := TOKEN.search(text, position):
        position = match.end()
        if match["quote"]:
            end = _end(text, match.end(), match["quote"])
            if end is not None:  # else an apostrophe
                position = end + len(match["quote"])
                found.append((Span(match.end(), end), Span(match.start(), position), match["quote"]))
                blanked.append(Span(match.start(), position))
        elif bool(match["hash"]) == hashes:
            blanked.append(Span(*match.span()))
        else:
            position = match.start() + 1
    return Program(text, _masked(text, blanked), tuple(_joined(text, found)))


def _end(text: str, start: int, quote: str) -> int | None:
    """Where the quote stands that ends a string; None where none does."""
    for match in re.compile(rf"\\.|{quote}" + ("" if len(quote) > 1 else r"|\n"), re.DOTALL).finditer(text, start):
        if match[0][0] != "\\":
            return match.start() if match[0] == quote else None
    return None


def _masked(text: str, spans: Sequence[Span]) -> str:
    pieces, position = [], 0
    for span in spans:
        pieces += [text[position : span.start], re.sub(r"[^\n]", " ", span.of(text))]
        position = span.end
    return "".join((*pieces, text[position:]))


def _joined(text: str, found: Sequence[tuple[Span, Span, str]]) -> Iterator[String]:
    index = 0
    while index < len(found):
        inside, whole, quote = found[index]
        pieces, interpolates = [*_content(text, inside)], '"' in quote
        while index + 1 < len(found) and (between := JOINED.fullmatch(text, whole.end, found[index + 1][1].start)):
            index += 1
            pieces += [Span(*between.span(1))] if between[1] else []
            pieces += _content(text, found[index][0])
            whole = Span(whole.start, found[index][1].end)
            interpolates = interpolates or '"' in found[index][2]
        if behind := BEHIND.match(text, whole.end):
            pieces.append(Span(*behind.span(1)))
        yield String(SourceMap.join(text, pieces), whole, interpolates)
        index += 1


def _content(text: str, span: Span) -> Iterator[Span]:
    """The pieces of a string: a quote, a dollar or a backslash without the backslash before it; no escaped line ends."""
    start = span.start
    for match in ESCAPE.finditer(text, span.start, span.end):
        yield Span(start, match.start())
        start = match.start("kept") if match["kept"] else match.end()
    yield Span(start, span.end)
