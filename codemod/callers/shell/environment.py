"""The proof that a command of a shell text finds a variable in its environment, with the value that the shell has for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from codemod.shell import Command, Mention, Reading, Shell
from codemod.text import Span

# the shell sets them, and exports none
SHELLS_OWN = frozenset(
    """
    BASH BASHOPTS BASHPID BASH_ARGC BASH_ARGV BASH_COMMAND BASH_LINENO BASH_SOURCE BASH_SUBSHELL BASH_VERSINFO BASH_VERSION COLUMNS
    COMP_WORDS DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS HISTCMD HOSTNAME HOSTTYPE IFS LINENO LINES MACHTYPE MAPFILE
    OPTARG OPTERR OPTIND OSTYPE PIPESTATUS PPID PS1 PS2 PS3 PS4 RANDOM REPLY SECONDS SHELLOPTS SRANDOM UID _
    """.split()  # noqa: SIM905  (a table of words)
)
# commands that set, or take away, the variables that they are told, without exporting them
BINDERS = frozenset(
    """
    read mapfile readarray getopts printf local declare typeset unset readonly let wait trap test
    if then elif else while until for do case select function { ! coproc
    """.split()  # noqa: SIM905  (a table of words; those of the second line are no commands, but the grammar may take them for one)
)
HIDING = frozenset({"unset", "local"})
DECLARING = frozenset({"declare", "typeset", "local", "readonly"})
# what they set may have a name that only the shell knows
NAMING = frozenset({*DECLARING, "read", "mapfile", "readarray", "getopts", "unset", "export", "printf"})
SOURCING = frozenset({".", "source", "eval"})
# what `eval` runs exports all that it sets, or is one command that sets nothing
EXPORTING_TEXT = re.compile(
    r"(?:\$\(|`)\s*(?:ssh-agent|minikube\b.*docker-env|docker-machine\s+env)\b|eval\s+[\"']?(?:docker|podman|buildah|nerdctl)\s"
)
# behind a command: it runs in a process of its own
IN_BACKGROUND = re.compile(r"[ \t]*&(?![&>])")
OPENS_A_STATEMENT = re.compile(r"(?:\A|[\n;{(!]|\b(?:then|do|else)\s)\s*\Z")
ARITHMETIC = re.compile(r"\(\((?P<text>.*?)\)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Environment:
    """What is known of the variables of a shell text: `exported`, `assigned` and `sourced` are those of its ShellText."""

    shell: Shell = field(repr=False)
    exported: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    sourced: bool = False

    def has(self, variable: str, at: Span) -> bool:
        """Whether a command at `at` surely finds `variable` in its environment as the shell has it, wherever it has a value.

        Either it is exported on every way that leads there, or nothing but the environment can have given it its value: a variable
        that the shell found there is exported, whatever else becomes of it.
        """
        if variable in SHELLS_OWN or self._is_hidden(variable):
            return False
        if variable in self.exported or self._is_exported(variable, at):
            return True
        if self.sourced or variable in self.assigned:
            return False
        sets = (*self._settings(variable), *self._unread())
        return all(any(place in part for part in self._exporting_parts()) for place in sets)

    def changes_behind(self, variable: str, at: Span) -> bool:
        """Whether something behind `at` may set the variable."""
        return any(place.start > at.start for place in (*self._settings(variable), *self._unread()))

    def _is_hidden(self, variable: str) -> bool:
        """Whether something takes it away, or out of the environment."""
        for command in self.shell.commands:
            names = {word.plain.partition("=")[0] for word in command.words}
            options = {word.plain for word in command.words if re.match(r"[-+]", word.plain)}
            unexports = (command.name == "export" and "-n" in options) or (command.name in DECLARING and "+x" in options)
            if variable in names and (command.name in HIDING or unexports):
                return True
        return False

    def _is_exported(self, variable: str, at: Span) -> bool:
        return any(
            variable in _exports(command) and self._leads_to(command, at) for command in self.shell.commands if command.span.end <= at.start
        ) and not any(place.start > at.start or self._is_between(place, variable, at) for place in self._unread())

    def _is_between(self, place: Span, variable: str, at: Span) -> bool:
        """Whether a text that nobody can read here runs after the last export."""
        exports = [command.span.end for command in self.shell.commands if variable in _exports(command) and command.span.end <= at.start]
        return place.start > max(exports)

    def _leads_to(self, command: Command, at: Span) -> bool:
        """Whether what runs at `at` has `command` behind it, in the same shell."""
        shell, text = self.shell, self.shell.text
        parts = (*(branch.span for branch in shell.branches), *shell.scopes, *(body for _, body in shell.definitions))
        if any(command.span in part and at not in part for part in parts) or IN_BACKGROUND.match(text, command.span.end):
            return False
        before = text[: command.span.start].replace("\\\n", "  ")
        return OPENS_A_STATEMENT.search(before) is not None or (
            before.rstrip().endswith("&&") and self._is_one_list(command.span.end, at.start)
        )

    def _is_one_list(self, start: int, end: int) -> bool:
        """Whether nothing but `&&` joins the commands between two places."""
        between = self.shell.text[start:end].replace("\\\n", "  ")
        for command in self.shell.commands:
            if start <= command.span.start and command.span.end <= end:
                between = between.replace(command.span.of(self.shell.text).replace("\\\n", "  "), "", 1)
        return re.fullmatch(r"(?:\s|&&)*", between) is not None and "\n" not in between

    def _settings(self, variable: str) -> Iterator[Span]:
        """The places that may set the variable without exporting it."""
        yield from (mention.span for mention in self.shell.mentions(variable) if self._sets(mention))
        yield from (word.span for name, word in self.shell.assignments if name == variable and word.text.startswith(f"{name}+="))
        for match in ARITHMETIC.finditer(self.shell.text):
            if re.search(rf"\b{variable}\b\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)|\b{variable}(?:\+\+|--)|(?:\+\+|--){variable}\b", match["text"]):
                yield Span(*match.span())

    def _sets(self, mention: Mention) -> bool:
        if mention.reading is Reading.EXPANDED:
            return mention.operator in ("=", ":=")
        command = self.shell.command_at(mention.span)
        if mention.reading is Reading.ASSIGNED:
            return command is None or mention.name not in _exports(command)
        return command is not None and command.name in BINDERS and not (command.name == "test" or mention.name in _exports(command))

    def _unread(self) -> Iterator[Span]:
        """The commands that run what nobody can read here."""
        for command in self.shell.commands:
            if _sets_an_unknown(command) or (command.name in SOURCING and not EXPORTING_TEXT.search(command.span.of(self.shell.text))):
                yield command.span

    def _exporting_parts(self) -> Iterator[Span]:
        """What stands between `set -a` and the next `set +a`, with no block in it."""
        start: int | None = None
        for command in self.shell.commands:
            switch = _exports_all(command)
            if switch and start is None and self._leads_to(command, Span(len(self.shell.text) + 1, len(self.shell.text) + 1)):
                start = command.span.end
            elif switch is False and start is not None:
                yield Span(start, command.span.start)
                start = None
        if start is not None:
            yield Span(start, len(self.shell.text))


def _sets_an_unknown(command: Command) -> bool:
    """Whether it sets, or takes away, a variable whose name only the shell knows; what it exports it may."""
    words = [word.plain for word in command.words]
    keeps = (command.name == "export" and "-n" not in words) or (command.name == "printf" and "-v" not in words)
    return command.name in NAMING and not keeps and any("$" in word.partition("=")[0] for word in words)


def _exports(command: Command) -> frozenset[str]:
    """The variables that `export` or `declare -x` names."""
    options = "".join(word.plain for word in command.words if word.plain.startswith("-"))
    if (command.name == "export" and "n" not in options) or (command.name in ("declare", "typeset") and "x" in options):
        return frozenset(word.plain.partition("=")[0].removesuffix("+") for word in command.words)
    return frozenset()


def _exports_all(command: Command) -> bool | None:
    """Whether `set` switches that on or off; None where it does neither."""
    words = [*takewhile(lambda word: word != "--", (word.plain for word in command.words[1:]))]
    if command.name != "set":
        return None
    for sign, on in (("-", True), ("+", False)):
        if any(re.fullmatch(rf"\{sign}[b-zA-Z]*a[a-zA-Z]*", word) for word in words) or words[:2] == [f"{sign}o", "allexport"]:
            return on
    return None
