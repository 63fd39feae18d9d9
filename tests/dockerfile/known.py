"""Where the PyPI oracle, BuildKit v0.12.5, and a current BuildKit differ, each with its reason: the only excuses there are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from codemod.dockerfile.error import ParseError
from codemod.dockerfile.lines import BOM, GO_SPACE, LineReader
from codemod.dockerfile.parser import read_instructions
from codemod.text import Edit, Source, apply

from .readings import NotComparableError, Reading, ours, theirs


@dataclass(frozen=True, slots=True)
class Difference:
    """`applies` says whether the joined line of an instruction is one that the two may read differently."""

    reason: str
    applies: Callable[[str], bool]


def _has_json_and_more(code: str) -> bool:
    return any(_goes_on_after_json(code, at.start()) for at in re.finditer(r"\[", code))


def _goes_on_after_json(code: str, start: int) -> bool:
    try:
        _, end = json.JSONDecoder().raw_decode(code, start)
    except ValueError:
        return False
    return bool(code[end:].strip(GO_SPACE))


def _cuts_a_character(code: str) -> bool:
    flags = re.search(r"\s--\S*[^\x00-\x7f]", code)
    return bool(flags) and any(re.search(rb"[\x85\xa0][\x80-\xbf]", char.encode("utf-8", "replace")) for char in code)


KNOWN = (
    Difference(
        "v0.12.5 decodes one JSON value and ignores what follows it; today an array with anything after it is shell form",
        _has_json_and_more,
    ),
    Difference(
        "`<< NAME` with blanks is a heredoc today (shell.processPossibleHeredoc), two words in v0.12.5",
        lambda code: re.search(r"<<[ \t\r]", code) is not None,
    ),
    Difference(
        "`${x#y}`, `${x%y}` and `${x/y/z}` are known today; v0.12.5 fails on them and then finds no heredoc on the line",
        lambda code: "<<" in code and re.search(r"\$\{[^}]*[#%/]", code) is not None,
    ),
    Difference(
        "today `${x-y}` makes the lexer forget the word before it (shell.wordsBuffer), so `<<A${x-y}` opens nothing",
        lambda code: "<<" in code and re.search(r"\$\{[^}]*[-+?:]", code) is not None,
    ),
    Difference(
        "an ONBUILD in an ONBUILD is refused by both in the end, but only v0.12.5's syntax errors see into it",
        lambda code: re.match(r"(?is)\s*onbuild\s+(--.*\s)?onbuild\b", code) is not None,
    ),
    Difference(
        "flags are split by bytes: where one ends within a character, our arguments begin with the next whole one",
        _cuts_a_character,
    ),
)


def unexplained(content: bytes) -> str | None:
    """What the two make of a file differently that no known difference explains, or None."""
    try:
        expected = theirs(content)
    except NotComparableError:
        return _unexplained_error(content)
    found = ours(content)
    if not _agree(found, expected):
        found = ours(_without_check(content))
    if _agree(found, expected):
        return None
    code = _differing(_without_check(content), found, expected)
    if code is not None and any(difference.applies(code) for difference in KNOWN):
        return None
    return f"{content!r}\nat {code!r}\nours   {found}\ntheirs {expected}"


def _unexplained_error(content: bytes) -> str | None:
    """They have read this file, but cannot say how: then we must read it as well."""
    found = ours(_without_check(content))
    if not isinstance(found, ParseError):
        return None
    code = _logical_line(content, found.line)
    known = any(difference.applies(code) for difference in KNOWN)
    return None if known else f"{content!r}\nours {found} at {code!r}"


def _logical_line(content: bytes, number: int) -> str:
    """What is joined to line `number`, where an instruction begins."""
    reader = _reader(content)
    tail = LineReader(Source(reader.source.path, reader.source.text[reader.source.line_span(number).start :].removeprefix(BOM)))
    tail.escape = reader.escape
    with suppress(ParseError):  # a directive: no instruction, and no excuse
        line = tail.logical_line()
        return line.code.text if line else ""
    return ""


def _reader(content: bytes) -> LineReader:
    """A reader that has read what it can."""
    reader = LineReader(Source.from_bytes(PurePosixPath("Dockerfile"), content))
    with suppress(ParseError):
        read_instructions(reader)
    return reader


def _agree(found: tuple[Reading, ...] | ParseError, expected: tuple[Reading, ...] | str) -> bool:
    if isinstance(found, ParseError) or isinstance(expected, str):
        return isinstance(found, ParseError) and isinstance(expected, str)
    return found == expected


def _without_check(content: bytes) -> bytes:
    """v0.12.5 knows no `# check=`, so that to it a comment ends the parser directives there."""
    reader = _reader(content)
    text = reader.source.text
    spans = [directive.line.span for directive in reader.directives if directive.name == "check"]
    return apply(text, (Edit(span, span.of(text).replace("=", " ")) for span in spans)).encode("utf-8", "surrogateescape")


def _differing(content: bytes, found: tuple[Reading, ...] | ParseError, expected: tuple[Reading, ...] | str) -> str | None:
    """The joined line of the first instruction that the two read differently."""
    if isinstance(found, ParseError):
        return _logical_line(content, found.line)
    if isinstance(expected, str):
        lines = content.split(b"\n")
        return next((one.code for one in found if _is_error(b"\n".join(lines[: one.last]))), None)
    return next((one.code for one, other in zip(found, expected, strict=False) if one != other), None)


def _is_error(content: bytes) -> bool:
    try:
        return isinstance(theirs(content), str)
    except NotComparableError:
        return False
