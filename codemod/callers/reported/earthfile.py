"""Earthfiles: `FROM DOCKERFILE` and what passes build args to it. It can be given no secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname

from codemod.callers.call import ID, Call, Tree
from codemod.callers.reported.command_texts import Around, calls_in, given, words_of
from codemod.callers.shell.build_tools import VARIABLE
from codemod.text import Source, SourceMap, Span

KIND = "FROM DOCKERFILE of an Earthfile"
BLOCKS = "FROM DOCKERFILE of an Earthfile can pass no secret: write its steps into the Earthfile, with RUN --secret"
COMMAND, WHY = "command of an Earthfile", "RUN has a secret only through a --secret of its own"
SUGGESTION = f"RUN --secret {VARIABLE} … --secret id={ID},env={VARIABLE}"
# to the end of the last continued line
LINE = re.compile(r"^[ \t]*(?:FROM[ \t]+(DOCKERFILE)|RUN)\b((?:\\[ \t]*\r?\n|[^\n])*)", re.MULTILINE)


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The builds of an Earthfile: `BUILD` and others pass build args as well, but to targets of Earthfiles."""
    folder = dirname(source.path.as_posix()) or "."
    return tuple(call for match in LINE.finditer(source.text) for call in _calls(match, source, folder))


def _calls(match: re.Match[str], source: Source, folder: str) -> Iterator[Call]:
    text = SourceMap.join(source.text, [Span(*match.span(2))])
    if match[1]:
        yield from given(words_of(text), source, Around(KIND, (folder,), blocks=BLOCKS), Span(*match.span()))
    else:
        yield from calls_in(text, source, Around(COMMAND, (folder,), WHY, SUGGESTION))
