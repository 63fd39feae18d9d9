"""Task runners' files and the scripts of Windows' shells: their builds are reported, each with the text to put there.

A justfile, a Taskfile, PowerShell, cmd.exe: what their templates and variables are is only guessed here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from posixpath import dirname
from typing import NamedTuple

from codemod.callers.call import Call, Move, Passed, Tree
from codemod.callers.reported.loose_words import Dialect, Found, call, commands, passed
from codemod.callers.shell.command_line import BuildArg
from codemod.callers.suggestions import flag
from codemod.callers.unknown import rest
from codemod.text import Edit, Source

POSIX = Dialect()


class Runner(NamedTuple):
    """A kind of file: `files` fits its name; `environment` fits a value that is a variable of the environment, nothing else.

    `sets` is how it gives the variable NAME a VALUE for a command behind it; `comment` fits what is no command.
    """

    files: re.Pattern[str]
    kind: str
    environment: re.Pattern[str]
    sets: str
    comment: re.Pattern[str]
    dialect: Dialect = POSIX


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.MULTILINE)


VARIABLE = r"(?:\$\{?(?P<name>[A-Za-z_]\w*)\}?)"
PREFIX = 'NAME="VALUE" '
NUMBER_SIGN = _pattern(r"^[ \t]*#.*|[ \t]#.*")
RUNNERS = (
    Runner(_pattern(r"\.?justfile|.*\.just"), "just recipe", _pattern(VARIABLE), PREFIX, NUMBER_SIGN),
    Runner(_pattern(r"taskfile(?:\.dist)?\.ya?ml"), "task of a Taskfile", _pattern(VARIABLE), PREFIX, NUMBER_SIGN),
    Runner(
        _pattern(r".*\.psm?1"),
        "PowerShell script",
        _pattern(r"\$(?:\(\$|\{)?env:(?P<name>\w+)[)}]?"),
        '$env:NAME = "VALUE"; ',
        NUMBER_SIGN,
        Dialect("`"),
    ),
    Runner(
        _pattern(r".*\.(?:bat|cmd)"),
        "batch file",
        _pattern(r"[%!](?P<name>\w+)[%!]"),
        'set "NAME=VALUE" & ',
        _pattern(r"^[ \t]*@?(?:rem\b|::).*"),
        Dialect("^"),
    ),
)
LOOSE = "which build it goes to is not known"
OBSTACLE = "files of this kind are not changed"
TEMPLATE = re.compile(r"\{\{[^{}\"']*\}\}|\$\{?[A-Za-z_]\w*\}?")


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The builds of a file of one of the RUNNERS."""
    del tree
    runner = next(runner for runner in RUNNERS if runner.files.fullmatch(source.path.name))
    folders = tuple(dict.fromkeys((dirname(str(source.path)) or ".", ".")))
    text = runner.comment.sub(lambda match: " " * len(match[0]), source.text)
    found = commands(text, runner.dialect)
    builds = tuple(call(source, each, runner.kind, folders, _passes(source, each, runner)) for each in found)
    return (*builds, *rest(Source(source.path, text), builds, runner.kind, LOOSE))


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """Nothing: they are only reported."""
    del source, tree, moves
    return ()


def _passes(source: Source, found: Found, runner: Runner) -> tuple[Passed, ...]:
    tool = found.command.tool
    return tuple(
        passed(source, each, tool.obstacle or OBSTACLE, _suggestion(source.text[: found.span.start], found, each, runner))
        for each in found.command.build_args
    )


def _suggestion(before: str, found: Found, build_arg: BuildArg, runner: Runner) -> str:
    """What to put there: the flag alone, where the environment has the value already."""
    value = build_arg.value
    match = runner.environment.fullmatch(value) if value is not None else None
    name = match["name"] if match else build_arg.name
    if found.command.tool.suggestion:
        return found.command.suggestion(name)
    if value is None or (match and not _is_set(before, name)):
        return flag(None, name)
    shown = value if TEMPLATE.fullmatch(value) else "…"
    return f"{runner.sets.replace('NAME', name).replace('VALUE', shown)}{found.command.tool.name} {flag(None, name)} …"


def _is_set(before: str, name: str) -> bool:
    """Whether a shell may have set it, and told no other program."""
    return re.search(rf"(?<!export )(?<!--build-arg[ =])(?<![\w$-]){name}=(?!=)", before) is not None
