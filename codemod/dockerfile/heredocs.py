"""Which words of a line start a heredoc (heredocsFromLine in frontend/dockerfile/parser/parser.go)."""

from __future__ import annotations

import re
from typing import NamedTuple

from codemod.dockerfile.lex import LexError, Mode, lex_as

# `$((1 << 2))` and `# <<EOF` match as well: BuildKit does not ask the shell.
HEREDOC = re.compile(r"([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)\Z")
# The heredoc lexer keeps to the backslash whatever the escape directive says.
ESCAPE = "\\"
LINE = Mode(raw=True, raw_escapes=True, skip_unset=True)
NAME = Mode(skip_unset=True)
QUOTED_NAME = Mode(raw=True, skip_unset=True)
# strconv.ParseUint's answer for more than it can hold
HIGHEST_DESCRIPTOR = 2**64 - 1


class Opener(NamedTuple):
    """`3<<-"NAME"`: what a line says of a heredoc whose body comes below."""

    name: str
    file_descriptor: int
    expand: bool
    chomp: bool


def openers(line: str) -> tuple[Opener, ...]:
    """The heredocs that `line`, a joined instruction, asks for. Raises LexError where BuildKit gives up on a word."""
    try:
        words = lex_as(line, ESCAPE, LINE).words
    except LexError:
        return ()  # BuildKit ignores this error and finds none
    found = (_opener(word) for word in words)
    return tuple(opener for opener in found if opener)


def _opener(word: str) -> Opener | None:
    match = HEREDOC.match(word)
    if not match or not match[3]:
        return None
    names = lex_as(match[3], ESCAPE, NAME).words
    if len(names) != 1:
        return None
    raw = lex_as(match[3], ESCAPE, QUOTED_NAME).words[0]
    return Opener(names[0], _descriptor(match[1]), _quotes(names[0]) == _quotes(raw), match[2] == "-")


def _descriptor(digits: str) -> int:
    digits = digits.lstrip("0")
    return min(int(digits or "0"), HIGHEST_DESCRIPTOR) if len(digits) <= len(str(HIGHEST_DESCRIPTOR)) else HIGHEST_DESCRIPTOR


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')
