"""Parts of a shell text that are shell texts themselves: what `sh -c` is given, a shell's heredoc, the text of a variable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from codemod import wrappers
from codemod.callers.shell.started import BY_NAME, Passing
from codemod.callers.shell.text import ShellText
from codemod.shell import Command, Redirect, Word
from codemod.text import SourceMap, Span

SINGLE = re.compile(r"'[^']*'")
DOUBLE = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
ESCAPE = re.compile(r'\\(?=["\\$`])')
EXPANSION_IN_IT = re.compile(r"\\\$")
# the delimiter of a heredoc that its shell leaves as it is
QUOTED_DELIMITER = re.compile(r"""<<-?\s*['"\\]""")
TEXT = re.compile(r"\s")


class Part(NamedTuple):
    """A text inside another: `pieces` are its characters' places; this shell puts its variables in where it `expands` it.

    `mixed` says that another shell does so as well, later.
    """

    pieces: tuple[Span, ...]
    expands: bool
    mixed: bool


@dataclass(frozen=True, slots=True)
class Inner:
    """A text that `command` gives to a shell: `same` is this one; `elsewhere` is the program that starts it with another environment."""

    part: Part
    command: Command
    same: bool
    elsewhere: str


def inner_texts(command: Command, masked: str) -> Iterator[Inner]:
    """The texts that a command gives to a shell, here or in another place."""
    elsewhere = ""
    link: Command | None = command
    while link is not None:
        name = (link.name or "").rpartition("/")[2]
        passing = BY_NAME.get(name)
        elsewhere = name if passing in (Passing.SUDO, Passing.ELSEWHERE) else elsewhere
        given = [*wrappers.texts(link), *(_sent(link) if elsewhere == name and elsewhere else ())]
        for word in dict.fromkeys(given):
            part = part_of(word.span, masked) if word in link.words else _body(word.span, link, masked)
            if part is not None:
                yield Inner(part, command, name in wrappers.EVALUATORS, elsewhere)
        link = wrappers.prefixed(link)


def _sent(command: Command) -> Iterator[Word]:
    """What is text among the words of a command that runs it in another place."""
    yield from (word for word in command.words[1:] if TEXT.search(word.plain))
    yield from (redirect.target for redirect in command.redirects if redirect.is_text and redirect.operator != "<<<")


def part_of(span: Span, masked: str) -> Part | None:
    """The text in the quotes of a word, or the word itself; None where it is quoted in several ways."""
    raw = span.of(masked)
    inside = Span(span.start + 1, span.end - 1)
    if SINGLE.fullmatch(raw):
        return Part((inside,), expands=False, mixed=False)
    if DOUBLE.fullmatch(raw):
        return Part(tuple(_without_escapes(inside, masked)), expands=True, mixed=EXPANSION_IN_IT.search(raw) is not None)
    return Part((span,), expands=True, mixed="\\" in raw) if not re.search(r"['\"]", raw) else None


def _body(span: Span, command: Command, masked: str) -> Part:
    raw = span.of(masked)
    expands = QUOTED_DELIMITER.search(command.span.of(masked)) is None
    return Part((span,), expands=expands, mixed=expands and EXPANSION_IN_IT.search(raw) is not None)


def _without_escapes(span: Span, masked: str) -> Iterator[Span]:
    start = span.start
    at = start
    while at < span.end:
        if ESCAPE.match(masked, at):
            yield Span(start, at)
            start = at + 1
            at += 1
        at += 1
    yield Span(start, span.end)


def text_of(part: Part, text: ShellText) -> ShellText:
    """A part of a shell text, as one of its own."""
    joined, starts, origins = "", list[int](), list[int]()
    for piece in part.pieces:
        found = text.text.slice(piece) if len(piece) else SourceMap("", (), ())
        starts += [len(joined) + start for start in found.starts]
        origins += found.origins
        joined += found.text
    at = (0,), (text.text.origin(part.pieces[0].start),)
    mapped = SourceMap(joined, *((tuple(starts), tuple(origins)) if starts else at))
    return replace(text, text=mapped, masked="".join(piece.of(text.masked) for piece in part.pieces))


def redirected(command: Command) -> Redirect | None:
    """What a command reads from a file."""
    return next((redirect for redirect in command.redirects if redirect.operator == "<" and redirect.descriptor in ("", "0")), None)
