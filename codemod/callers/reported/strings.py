"""The strings of a program that only its own language could read, such as Groovy's: enough to find the commands in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from codemod.callers.shell.command_line import Argument
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

    `uncommented` is as long, with blanks for comments, and `masked` for strings as well; line ends stay. `closings` has, for each
    `(` and `{` of the program, where it is closed.
    """

    text: str
    uncommented: str
    masked: str
    strings: tuple[String, ...]
    closings: Mapping[int, int]

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

    def within(self, span: Span) -> Iterator[String]:
        """The strings in a part of the text."""
        first = bisect_left(self.strings, span.start, key=lambda string: string.span.start)
        yield from takewhile(lambda string: string.span in span, self.strings[first:])

    def blocks(self, offset: int) -> list[Span]:
        """The insides of the `{…}` around a place, the innermost first."""
        around = (Span(start + 1, end) for start, end in self.closings.items() if self.text[start] == "{" and start < offset <= end)
        return sorted(around, reverse=True)

    def closing(self, start: int) -> int:
        """Where the bracket is closed that stands at `start`: at the end, where it is not."""
        return self.closings.get(start, len(self.text))


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
    uncommented = blanked(text, comments)
    masked = blanked(uncommented, [whole for _, whole, _ in found])
    closings = {**closings_of(masked, "()"), **closings_of(masked, "{}"), **closings_of(masked, "[]")}
    return Program(text, uncommented, masked, tuple(_joined(text, found)), closings)


def closings_of(text: str, pair: str) -> dict[int, int]:
    """Where each of the first bracket of a pair is closed; the end of the text where it is not."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for match in re.finditer(f"[{re.escape(pair)}]", text):
        if match[0] == pair[0]:
            opened.append(match.start())
        elif opened:
            found[opened.pop()] = match.start()
    return found | dict.fromkeys(opened, len(text))


def _end(text: str, start: int, quote: str) -> int | None:
    """Where the quote stands that ends a string; None where none does."""
    for match in re.compile(rf"\\.|{quote}" + ("" if len(quote) > 1 else r"|\n"), re.DOTALL).finditer(text, start):
        if match[0][0] != "\\":
            return match.start() if match[0] == quote else None
    return None


def blanked(text: str, spans: Iterable[Span]) -> str:
    """A text of the same length, with blanks for `spans`; line ends stay."""
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
