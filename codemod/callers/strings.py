"""The strings of a program that only its own language could read, such as Groovy's: enough to find the commands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codemod.callers.command_line import Argument
from codemod.text import SourceMap, Span

TOKEN = re.compile(r"(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<hash>#[^\n]*)|(?P<quote>\"\"\"|'''|\"|')", re.DOTALL)
ESCAPE = re.compile(r"\\(?:\r?\n|(?P<kept>[\"'\\$]))")
# a name, perhaps called or with an index: what is put together with strings
TERM = r"[\w.$]+(?:\([^()\n]*\))?(?:\[[^\[\]\n]*\])?"
PLUS, ONE_TERM = re.compile(r"\s*\+\s*"), re.compile(TERM)
# what stands between the strings of a list, and behind the last
COMMA = r"\s*,\s*(?:(?://|#)[^\n]*\n\s*)*"
NEXT = re.compile(rf"((?:{COMMA}{TERM})*){COMMA}")
LAST = re.compile(rf"(?:{COMMA}{TERM})*")
TERMS = re.compile(rf"(?<![\w.$\"'/#])(?:{TERM})")


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
    """A text and its strings.

    `uncommented` is as long, with blanks for comments, and `masked` for strings as well; line ends stay.
    """

    text: str
    uncommented: str
    masked: str
    strings: tuple[String, ...]

    def lists(self) -> Iterator[tuple[Argument, ...]]:
        """The words of lists of strings; names among them are words as well."""
        words: list[Argument] = []
        for index, string in enumerate(self.strings):
            words.append(Argument(string.text.text, string.span))
            after = self.strings[index + 1].span.start if index + 1 < len(self.strings) else -1
            gap = NEXT.fullmatch(self.text, string.span.end, after) if after >= 0 else None
            last = gap or LAST.match(self.masked, string.span.end)
            words += self.terms(Span(string.span.end, last.end())) if last else []
            if gap is None:
                yield tuple(words)
                words = []

    def terms(self, span: Span) -> list[Argument]:
        """The names between strings: what they stand for nobody knows."""
        return [Argument(f"${{{match[0]}}}", Span(*match.span())) for match in TERMS.finditer(self.masked, span.start, span.end)]

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
    comments: list[Span] = []
    position = 0
    while match := TOKEN.search(text, position):
        position = match.end()
        if match["quote"]:
            end = _end(text, match.end(), match["quote"])
            if end is not None:  # else an apostrophe
                position = end + len(match["quote"])
                found.append((Span(match.end(), end), Span(match.start(), position), match["quote"]))
        elif bool(match["hash"]) == hashes:
            comments.append(Span(*match.span()))
        else:
            position = match.start() + 1
    uncommented = _masked(text, comments)
    return Program(text, uncommented, _masked(uncommented, [whole for _, whole, _ in found]), tuple(_joined(text, found)))


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
    """Strings with those that are put together with them."""
    starts = {whole.start: (inside, whole, quote) for inside, whole, quote in found}
    behind = -1
    for inside, first, quote in found:
        if first.start < behind:
            continue
        pieces, interpolates, end = [*content(text, inside)], '"' in quote, first.end
        while plus := PLUS.match(text, end):
            if plus.end() in starts:
                more, whole, other = starts[plus.end()]
                pieces += content(text, more)
                interpolates, end = interpolates or '"' in other, whole.end
            elif term := ONE_TERM.match(text, plus.end()):
                pieces.append(Span(*term.span()))
                end = term.end()
            else:
                break
        behind = end
        yield String(SourceMap.join(text, pieces), Span(first.start, end), interpolates)


def content(text: str, span: Span) -> Iterator[Span]:
    """The pieces of what stands between quotes: a quote, a dollar or a backslash without the backslash before it; no escaped line ends."""
    start = span.start
    for match in ESCAPE.finditer(text, span.start, span.end):
        yield Span(start, match.start())
        start = match.start("kept") if match["kept"] else match.end()
    yield Span(start, span.end)
