"""Documents: the build commands that they tell people to type. They are reported, with what to tell them instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from posixpath import dirname

from codemod.callers.call import Call, Move, Passed, Tree
from codemod.callers.reported.loose_words import Dialect, Found, call, commands, passed
from codemod.callers.shell.command_line import BuildArg
from codemod.callers.suggestions import VARIABLE, expression, flag
from codemod.text import Edit, Source

KIND = "documentation"
# a ` ends what Markdown, RST and AsciiDoc show as code in a line
DIALECT = Dialect(ends="`")
OBSTACLE = "it is documentation"
# values that are none themselves
PLACEHOLDER = re.compile(r"<[^<>]+>|\$\(\s*(?:cat\s|<)[^()]*\)")


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The build commands of a document that pass something."""
    del tree
    folders = tuple(dict.fromkeys((dirname(str(source.path)) or ".", ".")))
    found = (each for each in commands(source.text, DIALECT) if each.command.build_args or each.command.feeds)
    return tuple(call(source, each, KIND, folders, _passes(source, each), documentation=True) for each in found)


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """Nothing: what is written for people is theirs to word."""
    del source, tree, moves
    return ()


def _passes(source: Source, found: Found) -> tuple[Passed, ...]:
    return tuple(passed(source, each, OBSTACLE, _suggestion(each, found)) for each in found.command.build_args if not each.dynamic)


def _suggestion(build_arg: BuildArg, found: Found) -> str:
    name, value = build_arg.name, build_arg.value
    if found.command.tool.suggestion:
        return found.command.suggestion(name)
    if value is None or VARIABLE.fullmatch(value):
        return flag(value, name)
    shown = value if PLACEHOLDER.fullmatch(value) else expression(value)
    return f'{name}="{shown}" {found.command.tool.name} {flag(None, name)} …'
