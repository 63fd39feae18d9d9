"""What a shell text does, command by command: functions where they are called, texts where a shell is handed them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from posixpath import join, normpath
from typing import NamedTuple

from codemod.consumers import known_name
from codemod.shell import Branch, Command, Shell, Word, read
from codemod.text import Span
from codemod.wrappers import as_run_by, fed, prefixed, texts

# how deep functions, prefixes and shells in each other are followed
DEPTH = 4
PIPE = re.compile(r"(?<!\|)\|(?!\|)")
MOVES = frozenset({"cd", "pushd", "popd"})


@dataclass(frozen=True, slots=True)
class Level:
    """A text of its own, in which spans mean something; `offset` is where the outermost text has it, None if it is that."""

    shell: Shell = field(repr=False)
    number: int
    offset: int | None


@dataclass(frozen=True, slots=True)
class Act:
    """One command as it is run.

    `feeders` are the acts that pipe into it, `inside` are those that it starts, all by their index. `given` are the words that
    `$1`, `$2` … stand for in a function, which is `definition`; `around` is the act that starts this one.
    """

    command: Command
    level: Level
    feeders: tuple[int, ...]
    inside: tuple[int, ...] = ()
    given: tuple[Word, ...] = ()
    around: Act | None = None
    definition: Span | None = None
    at_exit: bool = False

    @property
    def tool(self) -> str | None:
        """The program, as far as the text tells."""
        return known_name(self.command)

    @property
    def words(self) -> tuple[str, ...]:
        """What stands behind the tool's name."""
        return tuple(word.plain for word in self.command.words[1:])

    @property
    def operands(self) -> tuple[str, ...]:
        """The words that are no options."""
        return tuple(word for word in self.words if not word.startswith("-"))

    @property
    def offset(self) -> int:
        """Where it stands in the outermost text."""
        return self.command.span.start if self.level.offset is None else self.level.offset

    @property
    def branches(self) -> frozenset[tuple[int, Branch]]:
        """All that decides whether it runs."""
        own = {(self.level.number, branch) for branch in self.level.shell.branches if self.is_in(branch.span)}
        return frozenset(own) | (self.around.branches if self.around else frozenset())

    @property
    def scopes(self) -> frozenset[tuple[int, Span]]:
        """The subshells that it runs in."""
        own = {(self.level.number, span) for span in self.level.shell.scopes if self.is_in(span)}
        own |= {(self.level.number, Span(0, 0))} if self.level.number else set()
        return frozenset(own) | (self.around.scopes if self.around else frozenset())

    def is_in(self, part: Span) -> bool:
        """Whether it is in a part of its text; what a function does is not where the function is written."""
        return self.command.span in part and (self.definition is None or self.definition not in part)


def acts(shell: Shell) -> tuple[Act, ...]:
    """Every act of a text, in order; those that another one starts are behind it."""
    return tuple(_Acts(shell).found)


def folders(every: tuple[Act, ...], start: str | None) -> tuple[str, ...]:
    """The folder that each act runs in: from `start`, or relative to it; one with a `?` where a `cd` does not tell."""
    moves = [(index, act) for index, act in enumerate(every) if act.tool in MOVES]
    return tuple(_folder(act, [move for move in moves if move[0] < index], start or "") for index, act in enumerate(every))


def _folder(act: Act, moves: list[tuple[int, Act]], folder: str) -> str:
    scopes, branches = (act.scopes, act.branches) if moves else (frozenset(), frozenset())
    for place, move in moves:
        if move.scopes <= scopes:
            folder = _moved(folder, move) or f"?{place}" if move.branches <= branches else f"?{place}"
    return folder


def _moved(folder: str, move: Act) -> str | None:
    if move.tool == "popd" or len(move.words) > 1 or move.words[:1] == ("-",):
        return None
    target = (*move.words, "~")[0]
    return target if target.startswith(("$", "~")) else normpath(join(folder, target))


class _Frame(NamedTuple):
    """Where the commands of a text or of a function run."""

    level: Level
    depth: int
    around: Act | None = None
    given: tuple[Word, ...] = ()
    definition: Span | None = None
    at_exit: bool = False


class _Acts:
    def __init__(self, shell: Shell) -> None:
        self.found: list[Act] = []
        self.levels = 1
        self.level = Level(shell, 0, None)
        self.definitions = dict(shell.definitions)
        commands = tuple(fed(shell))
        called = [span for name, span in shell.definitions if any(_calls(command, name) for command in commands)]
        self._add_all((command for command in commands if not any(command.span in span for span in called)), _Frame(self.level, DEPTH))

    def _add_all(self, commands: Iterable[Command], frame: _Frame) -> tuple[int, ...]:
        own: list[int] = []
        for command in commands:
            feeders = self._feeders(own, command, frame.level)
            own.append(self._add(command, feeders or (frame.around.feeders if frame.around else ()), frame))
        return tuple(own)

    def _feeders(self, own: list[int], command: Command, level: Level) -> tuple[int, ...]:
        """The acts whose output goes into a command: one pipe stands between, be it behind a whole block."""
        start = command.span.start
        before = [index for index in own[-50:] if self.found[index].command.piped and self.found[index].command.span.end <= start]
        between = ((index, level.shell.text[self.found[index].command.span.end : start]) for index in before)
        return tuple(index for index, text in between if len(PIPE.findall(text)) == 1)

    def _add(self, command: Command, feeders: tuple[int, ...], frame: _Frame) -> int:
        index = len(self.found)
        act = Act(command, frame.level, feeders, (), frame.given, frame.around, frame.definition, frame.at_exit)
        self.found.append(act)
        if frame.depth:
            self.found[index] = replace(act, inside=self._inside(act, frame))
        return index

    def _inside(self, act: Act, frame: _Frame) -> tuple[int, ...]:
        command = act.command
        inner = frame._replace(depth=frame.depth - 1, around=act)
        prefix = prefixed(command)
        if prefix is not None:
            return self._add_all([prefix], inner)
        span = self.definitions.get(command.name or "")
        if span is not None:
            body = (as_run_by(each, command) for each in fed(self.level.shell) if each.span in span)
            return self._add_all(body, inner._replace(level=self.level, given=command.words[1:], definition=span))
        if command.name == "trap" and not {"EXIT", "0"} & set(act.words[1:]):
            return ()
        inner = inner._replace(at_exit=frame.at_exit or command.name == "trap")
        return tuple(index for text in texts(command) for index in self._add_text(text, command, inner))

    def _add_text(self, text: Word, command: Command, frame: _Frame) -> tuple[int, ...]:
        outer = frame.level.offset
        level = Level(read(text.plain), self.levels, text.span.start if outer is None else outer)
        self.levels += 1
        return self._add_all((as_run_by(each, command) for each in fed(level.shell)), frame._replace(level=level))


def _calls(command: Command, name: str) -> bool:
    """Whether a command runs the function `name`: itself, in a trap, or in a text."""
    handed = (prefixed(command) or command).words[1:] if command.name == "trap" else ()
    return command.name == name or any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", word.plain) for word in handed[:1])
