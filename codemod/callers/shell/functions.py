"""The functions of a shell text: which one a place stands in, and what becomes of their arguments."""

from __future__ import annotations

import re

from codemod.callers.shell.started import prints
from codemod.shell import Command, Shell
from codemod.text import Span

DECLARING = frozenset({"local", "declare", "typeset", "readonly", "unset", "shift"})


def function_around(shell: Shell, at: Span) -> tuple[str, Span] | None:
    """The function that a place stands in."""
    return next(((name, span) for name, span in reversed(shell.definitions) if at in span), None)


def arguments_reach_builds_only(shell: Shell, builds: frozenset[Span], at: Span) -> bool:
    """Whether the arguments of the function around `at`, or of the script, are given to nothing but the commands at `builds`."""
    body = function_around(shell, at)
    for command in shell.commands:
        has = any(re.search(r"\$\{?[@*]", word.text) for word in command.words)
        if has and function_around(shell, command.span) == body and command.span not in builds and not only_speaks(command):
            return False
    return True


def only_speaks(command: Command) -> bool:
    """Whether what a command is told becomes no more than a text, or a variable of the shell."""
    return (prints(command.name or "") and command.name != "export") or command.name in DECLARING
