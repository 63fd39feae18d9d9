"""The flags between an instruction's name and its arguments (extractBuilderFlags in parser/split_command.go)."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate

from codemod.text import Span

# BuildKit looks at bytes here, each as if it were a character: those of U+00E0, say, are a letter and a blank to it.
BYTE_SPACE = "\t\n\v\f\r \x85\xa0"
# Quotes and the backslash count, whatever the escape directive says; a quote may stay open.
# all else is the arguments already: a flag, or a stray byte that looks like a blank
MAY_BEGIN = ("--", "\udc85", "\udca0")
BLANK = re.compile(f"[{BYTE_SPACE}]")
BLANKS = re.compile(f"[{BYTE_SPACE}]*")
FLAG = re.compile(rf"""--(?:[^{BYTE_SPACE}'"\\]+|\\.?|'(?:[^'\\]+|\\.?)*'?|"(?:[^"\\]+|\\.?)*"?)*""", re.DOTALL)
PIECE = re.compile(r"""[^'"\\]+|\\(.?)|'((?:[^'\\]+|\\.?)*)'?|"((?:[^"\\]+|\\.?)*)"?""", re.DOTALL)
ESCAPED = re.compile(r"\\(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FoundFlags:
    """Offsets in the text that was searched: the flags with their unquoted text, where one more goes, what follows."""

    flags: tuple[tuple[Span, str], ...] = field(repr=False)
    insertion: int
    rest: int


def find_flags(text: str, start: int) -> FoundFlags:
    """The flags of `text`, a trimmed instruction, from `start` on; a bare `--` ends them and is dropped."""
    if not text.startswith(MAY_BEGIN, start):
        return FoundFlags((), start, start)
    line = _ByteView.of(text[start:])
    flags: list[tuple[Span, str]] = []
    position = _after_blanks(line.bytes, 0)
    while match := FLAG.match(line.bytes, position):
        value = _unquoted(match[0])
        if value == "--":
            return FoundFlags(tuple(flags), start + line.character(position), start + line.character(match.end()))
        span = Span(line.character(match.start()), line.character(match.end())).shifted(start)
        flags.append((span, value))
        position = _after_blanks(line.bytes, match.end())
    rest = start + line.character(position)
    return FoundFlags(tuple(flags), rest, rest)


def first_word(text: str) -> tuple[str, str]:
    """`text` up to the first blank, and what follows the blanks, blank by the bytes (parseHealthConfig)."""
    line = _ByteView.of(text)
    blank = BLANK.search(line.bytes)
    end = blank.start() if blank else len(line.bytes)
    return text[: line.character(end)], text[line.character(_after_blanks(line.bytes, end)) :]


def _after_blanks(line: str, position: int) -> int:
    found = BLANKS.match(line, position)
    return found.end() if found else position


def _unquoted(flag: str) -> str:
    return PIECE.sub(_plain, flag)


def _plain(piece: re.Match[str]) -> str:
    escaped, single, double = piece.groups()
    quoted = single if single is not None else double
    if quoted is not None:
        return ESCAPED.sub(r"\1", quoted)
    return piece[0] if escaped is None else escaped


@dataclass(frozen=True, slots=True)
class _ByteView:
    """A text's bytes, one character each, and which character of the text each belongs to."""

    bytes: str = field(repr=False)
    starts: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> _ByteView:
        if text.isascii():
            return cls(text, ())
        encoded = [character.encode("utf-8", "surrogateescape") for character in text]
        return cls(b"".join(encoded).decode("latin-1"), (0, *accumulate(map(len, encoded))))

    def character(self, offset: int) -> int:
        """The first character that begins at byte `offset` or later."""
        return bisect_left(self.starts, offset) if self.starts else offset
