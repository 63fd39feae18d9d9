"""Scripts in package.json, composer.json and deno.json: which builds they run, and what they pass as a secret instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from posixpath import dirname
from typing import TYPE_CHECKING, Any

from codemod.callers.call import ID, Call, Move, NotUnderstoodError, Passed, Tree
from codemod.callers.shell_script import calls_of, edits_of
from codemod.callers.shell_text import Quotes, ShellText
from codemod.callers.tape import Piece, joined
from codemod.text import Edit, Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node

# the objects of a file whose values are commands, each a text, a list of them, or an object that has it
OBJECTS = frozenset({"scripts", "tasks"})
KIND = "package script"
ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# a script that has one of these runs in no cmd.exe, so that `NAME=value` before a command is nothing new there
POSIX = re.compile(r"\$[A-Za-z_{(]|`|\bexport\s|(?:^|&&|;)\s*\w+=\S*\s+\w")
WINDOWS_VARIABLE = re.compile(r"%\w+%")
# Programs that set variables and start what stands behind them; cross-env takes more of them in the same form, …
SETTER = re.compile(r"(?:npx\s+)?cross-env(?:-shell)?\s+(?P<names>(?:\w+=(?:\"[^\"]*\"|'[^']*'|[^\s\"'])*\s+)*)")
# … the others have them from a file or a vault
LOADER = re.compile(r"(?:npx\s+)?(?:dotenv|dotenvx|env-cmd|doppler|infisical|chamber|aws-vault|op)\s(?:[^&|;]*?\s)?--\s+")
VARIABLE = re.compile(r"\$\{?(\w+)")
WINDOWS = "%…% is a variable to Windows' shell and a text to any other"
SET_TWICE = "the shell that reads the line has another value than the command is given in front of it"


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The builds that the scripts of a file run."""
    del tree  # nothing sources a script of package.json
    return tuple(script.call(call) for script in _scripts(source) for call in calls_of(script.text, source))


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """What passes the secrets instead of the build args."""
    del tree
    found: list[Edit] = []
    for script in _scripts(source):
        own = [script.own(move) for move in moves if move.passed.span in script.span]
        found += [Edit(script.grown(edit.span), edit.new) for edit in edits_of(script.text, source, own)] if own else []
    return tuple(found)


def mistake(before: Source, after: Source, moves: Sequence[Move]) -> str | None:
    """What differs, in the files as Python loads them, other than the build args that are moved."""
    old, new = _loaded(before), _loaded(after)
    if old.keys() != new.keys():
        return "its keys"
    scripts = tuple(_scripts(before))
    for path, text in old.items():
        own = [(script, move) for script in scripts if script.path == path for move in moves if move.passed.span in script.span]
        if not own and new[path] != text:
            return f"the value of {'.'.join(path)}"
        if own and _without(new[path], own, before, is_new=True) != _without(text, own, before, is_new=False):
            return f"more than the build args of {'.'.join(path)}"
    return None


@dataclass(frozen=True, slots=True)
class _Script:
    """A command: `path` are the keys that lead to it, `span` is what stands between its quotes."""

    path: tuple[str, ...]
    span: Span
    text: ShellText
    escapes: dict[int, int] = field(repr=False)

    def call(self, call: Call) -> Call:
        """A call as it stands in the file."""
        return replace(call, span=self.grown(call.span), passes=tuple(self._passed(passed, call) for passed in call.passes))

    def _passed(self, passed: Passed, call: Call) -> Passed:
        found = replace(passed, span=self.grown(passed.span))
        value = passed.value or ""
        if WINDOWS_VARIABLE.search(value):
            return replace(found, obstacle=WINDOWS, suggestion=f"--secret id={ID},env={value.strip('%')}")
        before = self.text.text.text[: self.text.text.text.find("build")]
        del call, before
        return replace(found, obstacle=SET_TWICE) if not passed.obstacle and self._sets(value) else found

    def _sets(self, value: str) -> bool:
        names = {name for match in SETTER.finditer(self.written) for name in re.findall(r"(\w+)=", match["names"])}
        return bool(names & set(VARIABLE.findall(value)))
