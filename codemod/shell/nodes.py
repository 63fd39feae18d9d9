"""What a shell text is made of: commands with their words and redirects, and every place that has a variable's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from codemod.text import Span

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "su", "eval", "runuser", "setpriv", "trap"})


class Reading(Enum):
    """How a variable's name occurs in a shell text."""

    EXPANDED = "expanded by this shell"
    ASSIGNED = "set by this shell"
    CHILD = "quoted for a child shell to expand"
    NAMED = "named for a program to look up"
    LITERAL = "only looks like it: nobody expands it here"


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that has the name; `operator` is a modifier such as `:-`.

    `guards` says that a test asks for the value there, `conditional` that a test or a case decides whether it is read at all.
    """

    name: str
    reading: Reading
    span: Span
    quoted: bool = False
    operator: str = ""
    guards: bool = False
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """An argument as written, and what a command gets for it.

    `plain` has no quotes, and expansions as they are written; `names` are the variables whose values this shell puts in,
    `own` those of them that no command of a `$(…)` gets first.
    """

    span: Span
    text: str = field(repr=False)
    plain: str = field(repr=False)
    names: frozenset[str]
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Redirect:
    """`> file` and the like; `target` is the text of a `<<<`, the body of a `<<` or `<<-`.

    `descriptor` is the number before it, if one is written.
    """

    operator: str
    target: Word
    descriptor: str = ""

    @property
    def takes_output(self) -> bool:
        """Whether standard output goes to the file `target`."""
        return self.operator in (">", ">>", ">|", "&>", "&>>") and self.descriptor in ("", "1")

    @property
    def is_text(self) -> bool:
        """Whether `target` is no file's name but what the command reads, as its standard input."""
        return self.operator in ("<<", "<<-", "<<<") and self.descriptor in ("", "0")


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command, its redirects included but for the bodies of heredocs; `name` is None where only the shell will know it.

    `piped` and `captured` say where its output goes: into the next command, or into `$(…)`.
    """

    name: str | None
    span: Span
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    piped: bool
    captured: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A part that need not run, or not once; `question` is the test that decides about it, where it is one."""

    span: Span
    question: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shell:
    """A shell text, understood. `joins` says that `prefix && text` runs what `prefix; text` would.

    `blocks` are whole conditions, loops and functions, `branches` the parts of them and of lists that need not run;
    what is set in one of `scopes`, a subshell, is not set behind it. `definitions` are the functions with all of their text,
    `quotes` the quoted texts; `assignments` are the names that it sets, each with the whole `NAME=value`, `loops` those that a
    `for` sets, with the words.
    """

    text: str = field(repr=False)
    understood: bool
    joins: bool
    commands: tuple[Command, ...]
    functions: frozenset[str]
    indirect: bool
    blocks: tuple[Span, ...] = field(default=(), repr=False)
    branches: tuple[Branch, ...] = field(default=(), repr=False)
    scopes: tuple[Span, ...] = field(default=(), repr=False)
    definitions: tuple[tuple[str, Span], ...] = field(default=(), repr=False)
    quotes: tuple[Span, ...] = field(default=(), repr=False)
    loops: tuple[tuple[str, tuple[Word, ...]], ...] = field(default=(), repr=False)
    assignments: tuple[tuple[str, Word], ...] = field(default=(), repr=False)
    _found: tuple[Mention, ...] = field(default=(), repr=False)
    _unread: tuple[Span, ...] = field(default=(), repr=False)
    _straight: tuple[tuple[Span, int], ...] = field(default=(), repr=False)
    _open: tuple[Span, ...] = field(default=(), repr=False)

    def mentions(self, name: str) -> tuple[Mention, ...]:
        """Every place of the text that has `name`, comments and the delimiters of heredocs apart, in order."""
        if name not in self.text:
            return ()
        found = [mention for mention in self._found if mention.name == name]
        known = [*self._unread, *(mention.span for mention in found)]
        for match in re.finditer(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", self.text):
            span = Span(*match.span())
            if not any(span in other for other in known):
                found.append(Mention(name, self._unexpanded(span), span))
        return tuple(sorted(found, key=lambda mention: mention.span))

    def command_at(self, span: Span) -> Command | None:
        """The innermost command that holds `span`, in its words or in what it reads."""
        inner = [(len(part), command) for command in self.commands for part in _parts(command) if span in part]
        return min(inner, key=lambda found: found[0], default=(0, None))[1]

    def sets_first(self, name: str) -> bool:
        """Whether every run of the text sets `name` before anything reads it."""
        mentions = [mention for mention in self.mentions(name) if mention.reading in (Reading.ASSIGNED, Reading.EXPANDED)]
        return bool(mentions) and any(
            mentions[0].reading is Reading.ASSIGNED and mentions[0].span == bound
            for bound, end in self._straight
            if all(mention.span.start >= end for mention in mentions[1:])
        )

    def fed_by(self, command: Command) -> Iterator[Command]:
        """The commands that a pipe leads to from `command`, the next one first."""
        while command.piped:
            end = command.span.end
            later = [other for other in self.commands if other.span.start >= end and other.span > command.span]
            if not later:
                return
            command = later[0]
            yield command

    def _unexpanded(self, span: Span) -> Reading:
        before = self.text[: span.start]
        if not before.endswith(("$", "${")):
            return Reading.NAMED
        if any(span in part for part in self._open):
            return Reading.EXPANDED
        command = self.command_at(span)
        if command is None:
            return Reading.LITERAL
        is_read = any(redirect.is_text and span in redirect.target.span for redirect in command.redirects)
        own = [word for word in command.words if is_read or word.span.end <= span.start]
        fed = [word for other in self.fed_by(command) for word in other.words]
        return Reading.CHILD if any(word.plain.rpartition("/")[2] in SHELLS for word in (*own, *fed)) else Reading.LITERAL


def _parts(command: Command) -> Iterator[Span]:
    yield command.span
    yield from (redirect.target.span for redirect in command.redirects if redirect.is_text)
