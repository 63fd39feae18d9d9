"""What a YAML scalar says, and where in the file each of its characters stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from codemod.text import Edit, SourceMap, Span

FOLD = re.compile(r"[ \t]*\r?\n[ \t]*(?:\r?\n[ \t]*)*")
NEWLINE = re.compile(r"\r?\n")
ESCAPED_NEWLINE = re.compile(r"\\\r?\n[ \t]*((?:\r?\n[ \t]*)*)")
ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
           "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"}  # fmt: skip
HEADER = re.compile(r"[|>](?P<signs>[-+\d]*)[^\r\n]*(?:\r?\n|$)")
LINE = re.compile(r"([^\r\n]*)(\r?\n|$)")


class Style(Enum):
    """How a scalar is written."""

    PLAIN = "as it is"
    SINGLE = "'…'"
    DOUBLE = '"…"'
    LITERAL = "|"
    FOLDED = ">"


@dataclass(frozen=True, slots=True)
class Content:
    """What a scalar says: `text` has each character's place in the file.

    `units` are the characters of the file that stand for one character, or for none, of the text and cannot be taken apart:
    escapes, and line ends with the indentation behind them. `indent` is that of a block's lines.
    """

    text: SourceMap
    style: Style
    units: tuple[Span, ...] = ()
    indent: str = ""
    newline: str = "\n"

    def span(self, part: Span) -> Span:
        """The file's range of a part of the text; never half an escape."""
        found = self.text.span(part)
        return Span(self._whole(found.start), max(self._whole(found.end), self._whole(found.start)))

    def whole(self, edit: Edit) -> Edit:
        """An edit of the text, its span the file's, that takes no unit apart."""
        return Edit(Span(self._whole(edit.span.start), self._whole(edit.span.end)), edit.new)

    def spelled(self, new: str) -> str:
        """Text that is put in, as the scalar has to have it."""
        if self.style is Style.SINGLE:
            return new.replace("'", "''")
        if self.style is Style.DOUBLE:
            return new.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        if self.style is Style.LITERAL:
            return new.replace("\n", self.newline + self.indent)
        return new

    def _whole(self, offset: int) -> int:
        return next((unit.end for unit in self.units if unit.start < offset < unit.end), offset)


@dataclass(slots=True)
class _Builder:
    """Characters of a scalar as they are found."""

    pieces: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    units: list[Span] = field(default_factory=list)
    length: int = 0

    def put(self, said: str, place: Span) -> None:
        """`said` is what the file has at `place`, or what is written there as a unit."""
        if said:
            self.pieces.append(said)
            self.starts.append(self.length)
            self.origins.append(place.start)
            self.length += len(said)
        if len(said) != len(place):
            self.units.append(place)

    def content(self, style: Style, place: int, indent: str = "", newline: str = "\n") -> Content:
        joined = SourceMap("".join(self.pieces), tuple(self.starts) or (0,), tuple(self.origins) or (place,))
        return Content(joined, style, tuple(self.units), indent, newline)


def plain(file: str, span: Span) -> Content:
    """A scalar without quotes; one on several lines has a blank for each of their ends."""
    builder = _Builder()
    _put_flow(builder, span.of(file), span.start, None)
    return builder.content(Style.PLAIN, span.start)


def single(file: str, span: Span) -> Content:
    """A `'…'`; `span` has the quotes."""
    builder = _Builder()
    _put_flow(builder, span.of(file)[1:-1], span.start + 1, "''")
    return builder.content(Style.SINGLE, span.start + 1)


def double(file: str, span: Span) -> Content:
    """A `"…"`; `span` has the quotes."""
    builder = _Builder()
    _put_flow(builder, span.of(file)[1:-1], span.start + 1, "\\")
    return builder.content(Style.DOUBLE, span.start + 1)


def _put_flow(builder: _Builder, written: str, start: int, escape: str | None) -> None:
    position = plain_from = 0
    if "\n" not in written and (escape is None or escape not in written):
        position = len(written)  # it says what it is
    while position < len(written):
        found = _unit(written, position, escape)
        if found is None:
            position += 1
            continue
        builder.put(written[plain_from:position], Span(start + plain_from, start + position))
        for said, place in found:
            builder.put(said, place.shifted(start))
            position = place.end
        plain_from = position
    builder.put(written[plain_from:], Span(start + plain_from, start + position))


def _unit(written: str, position: int, escape: str | None) -> list[tuple[str, Span]] | None:
    """What stands at `position` for something else than itself: each character, with its place."""
    if written[position] in " \t\r\n":
        match = FOLD.match(written, position)
        return _folds(match[0], position) if match else None
    if escape == "''" and written.startswith("''", position):
        return [("'", Span(position, position + 2))]
    if escape == "\\" and written[position] == "\\":
        return _escape(written, position)
    return None


def _folds(fold: str, position: int) -> list[tuple[str, Span]]:
    """A line end is a blank; of several the first says nothing."""
    ends = [position + match.start() for match in NEWLINE.finditer(fold)]
    if len(ends) == 1:
        return [(" ", Span(position, position + len(fold)))]
    starts = [position, *ends[2:], position + len(fold)]
    return [("\n", Span(start, end)) for start, end in pairwise(starts)]


def _escape(written: str, position: int) -> list[tuple[str, Span]]:
    if match := ESCAPED_NEWLINE.match(written, position):
        return [("\n" * match[1].count("\n"), Span(*match.span()))]
    match = next(ESCAPE.finditer(written, position))
    code = match[0][1:]
    said = chr(int(code[1:], 16)) if len(code) > 1 else ESCAPES.get(code, code)
    return [(said, Span(*match.span()))]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a block: `text` behind the indentation, None where it is blank, and `end`, its newline."""

    text: Span | None
    end: Span


def block(file: str, start: int, parent: int) -> tuple[Content, Span]:
    """A `|` or `>` at `start`, below what is indented by `parent` (-1: a document): its content, and all of it as written."""
    header = HEADER.match(file, start)
    signs = header["signs"] if header else ""
    body = header.end() if header else start
    indent = _indent(file, body, parent, signs)
    lines = list(_lines(file, body, indent))
    last = max((number for number, line in enumerate(lines, 1) if line.text is not None), default=0)
    builder = _Builder()
    _put_lines(builder, file, lines[:last], folded=file[start] == ">")
    blanks = lines[last:]
    for line in _kept(lines[last - 1 : last], blanks, signs):
        builder.put("\n" if len(line.end) else "", line.end)
    style = Style.FOLDED if file[start] == ">" else Style.LITERAL
    end = blanks[-1].end.start if "+" in signs and blanks else lines[last - 1].end.start if last else start + len(file[start:body].rstrip())
    newline = "\r\n" if header and header[0].endswith("\r\n") else "\n"
    return builder.content(style, min(body, len(file)), " " * indent, newline), Span(start, end)


def _indent(file: str, body: int, parent: int, signs: str) -> int:
    if digit := re.search(r"\d", signs):
        return max(parent, 0) + int(digit[0])
    first = next((match[1] for match in LINE.finditer(file, body) if match[1].strip(" ") or not match[2]), "")
    return max(len(first) - len(first.lstrip(" ")), parent + 1)


def _lines(file: str, body: int, indent: int) -> Iterator[_Line]:
    """The lines of a block, blank ones behind it included; each line end takes the next line's indentation with it."""
    for match in LINE.finditer(file, body):
        text, ended = Span(*match.span(1)), Span(*match.span(2))
        written = match[1]
        if not written.strip(" ") and len(written) <= indent:
            if ended:
                yield _Line(None, Span(text.start, ended.end))
        elif written.startswith(" " * indent) and not (indent == 0 and re.match(r"(?:---|\.\.\.)(?:\s|$)", written)):
            yield _Line(Span(text.start + indent, text.end), ended)
        else:
            return


def _put_lines(builder: _Builder, file: str, lines: list[_Line], *, folded: bool) -> None:
    """All but the last line end."""
    pending: list[_Line] = []  # lines whose ends are not written yet: one with text and the blank ones behind it
    for line in lines:
        if line.text is None:
            pending.append(line)
            continue
        for said, place in _ends(file, pending, line.text, folded=folded):
            builder.put(said, place)
        builder.put(line.text.of(file), line.text)
        pending = [line]


def _ends(file: str, before: list[_Line], text: Span, *, folded: bool) -> list[tuple[str, Span]]:
    """The line ends between two lines with text, and what each says."""
    starts = [line.end.start for line in before]
    places = [Span(*place) for place in pairwise((*starts, text.start))]
    first = before[0].text if before else None
    if folded and first is not None and file[first.start] not in " \t" and file[text.start] not in " \t":
        return [(" ", places[0])] if len(places) == 1 else [("", places[0]), *(("\n", place) for place in places[1:])]
    return [("\n", place) for place in places]


def _kept(last: Iterable[_Line], blanks: list[_Line], signs: str) -> list[_Line]:
    """The lines whose ends count at the end of a block."""
    if "-" in signs:
        return []
    return [*last, *blanks] if "+" in signs else [*last]
