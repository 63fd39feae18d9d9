"""Build commands in a text that no POSIX shell reads as it stands: prose with placeholders, a task runner's file, PowerShell, cmd.exe.

They are found by their programs, and only reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.callers.call import Call, Engine, Passed, Place
from codemod.callers.credentials import credential
from codemod.callers.places import PODMANS_NAMES, within
from codemod.callers.places import places as all_places
from codemod.callers.shell.build_tools import PROGRAMS
from codemod.callers.shell.command_line import Argument, BuildArg, BuildCommand, build_command
from codemod.text import Source, Span

PROGRAM = re.compile(
    rf"(?<![\w./$])(?<!\w[@-])(?<!--)(?:{'|'.join(map(re.escape, sorted(PROGRAMS, key=len, reverse=True)))})(?:\.exe)?(?=[ \t])"
)
# what belongs to a word though it has blanks: quotes, expansions, placeholders
GROUPS = (
    r"\"(?:[^\"\\`\n]|[\\`].)*\"",
    r"'[^'\n]*'",
    r"\$\{\{.*?\}\}",
    r"\{\{.*?\}\}",
    r"\$\{[^}\n]*\}",
    r"\$\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)",
    r"<[^<>\n]+>",
)
PLAIN = r"[^\s\"';|&<>]"
CHANGE = re.compile(r"(?:^|[\n;&(`])[ \t>$#@-]*(?:cd|pushd|(?:Set|Push)-Location)[ \t]+(?:/d[ \t]+)?[\"']?([^\s;&|)\"'`]+)", re.IGNORECASE)
BLOCK = re.compile(r"\n[ \t>]*(?:\n|(?:```|~~~|----))")
BLANKS = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of file writes commands: the character that joins lines; those that end a command, other than `;`, `|` and `&`."""

    joins: str = "\\"
    ends: str = ""

    @property
    def word(self) -> re.Pattern[str]:
        """A word, with its quotes."""
        group = "|".join(GROUPS)
        ends = f"(?![{re.escape(self.ends)}])" if self.ends else ""
        return re.compile(rf"(?:{ends}(?!{self.join}[ \t]*\r?\n)(?:{group}|{PLAIN}))+", re.DOTALL)

    @property
    def join(self) -> str:
        """A line that goes on in the next one, as a pattern."""
        return re.escape(self.joins)

    @property
    def gap(self) -> re.Pattern[str]:
        """What stands between words."""
        return re.compile(rf"(?:[ \t]|{self.join}[ \t]*\r?\n)+")


@dataclass(frozen=True, slots=True)
class Found:
    """A build command: its place, its words, and what they say."""

    span: Span
    words: tuple[Argument, ...]
    command: BuildCommand


def commands(text: str, dialect: Dialect) -> Iterator[Found]:
    """Every build command of a text."""
    word, gap, end = dialect.word, dialect.gap, 0
    for match in PROGRAM.finditer(text):
        if match.start() < end:
            continue
        words = tuple(_words(text, match.start(), word, gap))
        command = build_command(words)
        if command is not None:
            end = words[-1].span.end
            yield Found(Span(match.start(), end), words, command)


def call(
    source: Source, found: Found, kind: str, folders: tuple[str, ...], passes: tuple[Passed, ...], *, documentation: bool = False
) -> Call:
    """The call that a build command is."""
    command = found.command
    return Call(
        kind=kind,
        span=found.span,
        line=source.line(found.span.start),
        places=_places(source.text, found, folders),
        passes=passes,
        feeds=command.feeds,
        target=command.target,
        engine=command.engine,
        blocks=command.tool.blocks,
        documentation=documentation,
    )


def passed(source: Source, build_arg: BuildArg, obstacle: str, suggestion: str) -> Passed:
    """A build arg that stays where it is."""
    value = build_arg.value
    return Passed(
        name=build_arg.name,
        span=build_arg.span,
        line=source.line(build_arg.span.start),
        value=value,
        credential=credential(value or ""),
        obstacle=obstacle,
        suggestion=suggestion,
    )


def _words(text: str, start: int, word: re.Pattern[str], gap: re.Pattern[str]) -> Iterator[Argument]:
    match = word.match(text, start)
    while match:
        yield Argument(_plain(match[0]), Span(*match.span()))
        between = gap.match(text, match.end())
        match = word.match(text, between.end()) if between else None


def _plain(word: str) -> str:
    """A word without the quotes around it, or around a part of it."""
    return re.sub(r"\"((?:[^\"\\`]|[\\`].)*)\"|'([^']*)'", lambda match: match[1] if match[1] is not None else match[2], word)


def _places(text: str, found: Found, folders: tuple[str, ...]) -> tuple[Place, ...]:
    command = found.command
    if not command.tool.has_places:
        return ()
    names = PODMANS_NAMES if command.engine is Engine.BUILDAH else ("Dockerfile",)
    seen = [_folder(text, found.span.start, folder) for folder in folders]
    known = [folder for folder in seen if folder is not None]
    return all_places(known, _slashes(command.file), _slashes(command.context), names)


def _slashes(path: str | None) -> str | None:
    return path.replace("\\", "/") if path is not None else None


def _folder(text: str, offset: int, folder: str) -> str | None:
    """Where a command runs: in the folder that the lines above it, in its own block, change to."""
    above = [match.end() for match in BLOCK.finditer(text, 0, offset)]
    known: str | None = folder
    for match in CHANGE.finditer(text, above[-1] - 1 if above else 0, offset):
        known = within(known, match[1]) if known is not None else None
    return known
