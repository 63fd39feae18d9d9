"""Which commands of a shell text have certainly run, and gone well, once the text itself has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from codemod.consumers import known_name
from codemod.shell import Command, Shell, read
from codemod.text import Span

# with one of these the text may end early, run other text, or mean something else by a name
LEADS_ELSEWHERE = re.compile(r"(?<![\w./-])(?:exit|exec|return|trap|eval|source|alias)\b")
GOES_ON = re.compile(r"\bset\b[^;&|\n]*\s\+(?:\w*e|o\s+errexit)")
COMMENT = re.compile(r"(?:\A|(?<=\s))#[^\n]*")
BETWEEN_WORDS = re.compile(r"\\\n|[ \t\r]")
SEPARATORS = {"&&": re.compile(r"&&\n*"), "||": re.compile(r"\|\|\n*"), "|": re.compile(r"\|&?\n*"), ";": re.compile(r"[;\n]+")}


@dataclass(frozen=True, slots=True)
class Part:
    """A command, or a whole block, which has no `words`. The first word is the tool's name, empty where only the image knows it."""

    words: tuple[str, ...] = field(repr=False)
    text: str = field(repr=False)
    is_certain: bool


class _Item(NamedTuple):
    span: Span
    command: Command | None


def parts(text: str, *, stops: bool) -> tuple[Part, ...] | None:
    """What stands side by side in `text`, or None where that cannot be followed. `stops` says that the shell was started with -e."""
    shell = read(text)
    items = sorted(_items(shell), key=lambda item: item.span)
    separators = _separators(text, items) if items else None
    if not shell.understood or shell.functions or separators is None or LEADS_ELSEWHERE.search(text):
        return None
    goes_on = GOES_ON.search(text) is not None
    found: list[Part] = []
    start = 0
    for end in (*(index + 1 for index, separator in enumerate(separators) if separator == ";"), len(items)):
        stops = stops and not goes_on
        statement = _statement(text, items[start:end], separators[start : end - 1], stops=stops, is_last=end == len(items))
        found += statement
        stops = stops or _sets_errexit(statement)
        start = end
    return tuple(found)


def starts_with_errexit(shell: Sequence[str]) -> bool:
    """Whether a shell that is started with these words stops at the first command that fails."""
    return "errexit" in shell or any(re.fullmatch(r"-\w*e\w*", word) for word in shell[1:])


def _items(shell: Shell) -> Iterator[_Item]:
    """The commands, assignments and blocks that stand in no other, each with its redirects."""
    blocks = [_Item(span, None) for span in (*shell.blocks, *(word.span for _, word in shell.assignments))]
    every = [*blocks, *(_Item(command.span, command) for command in shell.commands)]
    for item in every:
        if not any(item.span in other.span and item.span != other.span for other in every):
            redirects = item.command.redirects if item.command else ()
            yield _Item(Span(item.span.start, max((item.span.end, *(each.target.span.end for each in redirects)))), item.command)


def _separators(text: str, items: Sequence[_Item]) -> list[str] | None:
    """What stands between the items, and before and behind all of them nothing that matters."""
    edges = [0, *(offset for item in items for offset in (item.span.start, item.span.end)), len(text)]
    first, *between, last = (_bare(text[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True))
    found = [next((name for name, pattern in SEPARATORS.items() if pattern.fullmatch(gap)), "") for gap in between]
    return found if not first.strip("\n") and not last.strip(";\n") and all(found) else None


def _bare(gap: str) -> str:
    return BETWEEN_WORDS.sub("", COMMENT.sub("", gap))


def _statement(text: str, items: Sequence[_Item], operators: Sequence[str], *, stops: bool, is_last: bool) -> list[Part]:
    """The parts of one and-or list: its status is the text's where it is the last, or where it is one command under `set -e`."""
    counts = ("||" not in operators) if is_last else (stops and not operators)
    around = ("", *operators, "")
    return [
        Part(_words(item.command), item.span.of(text), counts and "|" not in around[index : index + 2]) for index, item in enumerate(items)
    ]


def _words(command: Command | None) -> tuple[str, ...]:
    return () if command is None else (known_name(command) or "", *(word.plain for word in command.words[1:]))


def _sets_errexit(statement: Sequence[Part]) -> bool:
    """Whether a statement is `set -e`, in any spelling."""
    return len(statement) == 1 and statement[0].words[:1] == ("set",) and starts_with_errexit(statement[0].words)
