"""Shell scripts, and shell texts inside other files: which builds they run, and what they pass as a secret instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from posixpath import basename, dirname

from codemod.callers.call import Call, Move, NotUnderstoodError, Tree
from codemod.callers.shell.builds import Build, Reader
from codemod.callers.shell.edits import edits_for
from codemod.callers.shell.found import builds_of
from codemod.callers.shell.text import ShellText
from codemod.shebang import shebang
from codemod.shell import read
from codemod.text import Edit, Source, SourceMap, Span

# what a text has that speaks of builds
OF_BUILDS = re.compile(r"\bbuild|\bbud\b|\bbake\b|docker|kaniko|\bdeploy\b|container:push|earthly")
# what a script that only has functions may do besides
DECLARING = frozenset({"set", "shopt", "readonly", "declare", "export", "typeset", "test", ":", "alias"})
CARRIAGE_RETURN = re.compile(r"\r(?=\n)")


def calls_of(text: ShellText, source: Source) -> tuple[Call, ...]:
    """The builds that a shell text in a file runs."""
    return tuple(build.call for build in _builds(text, source))


def edits_of(text: ShellText, source: Source, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """What passes the secrets: edits of the file, for those of the `moves` whose build args stand in this text."""
    return edits_for(_builds(text, source), source, moves)


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The builds that a script runs."""
    return calls_of(_script(source, tree), source)


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """What passes the secrets instead of the build args."""
    return edits_of(_script(source, tree), source, moves)


def _builds(text: ShellText, source: Source) -> tuple[Build, ...]:
    """The builds of a text; one that speaks of none is not read."""
    if not OF_BUILDS.search(text.masked):
        return ()
    reader = Reader(text, source)
    if not reader.shell.understood:
        raise NotUnderstoodError(source.line(text.text.origin(0)), "its shell text cannot be read")
    return builds_of(reader)


def _script(source: Source, tree: Tree) -> ShellText:
    """A whole file; where its lines end in CRLF, the shell text's do not."""
    path = str(source.path)
    text = SourceMap.join(source.text, _without_carriage_returns(source.text))
    folder = dirname(path) or "."
    first = shebang(source.text)
    return ShellText(
        text=text,
        masked=text.text,
        kind="shell script",
        folders=tuple(dict.fromkeys((".", folder))),
        sourced=path in tree.sourced or _only_defines(text.text),
        folder=folder,
        interpreter=basename(first.words[0]).rstrip("\r") if first and first.words else "",
    )


def _only_defines(text: str) -> bool:
    """Whether a script has functions, and runs nothing itself: it is there to be sourced."""
    shell = read(text)
    bodies = [span for _, span in shell.definitions]
    ran = (command for command in shell.commands if not any(command.span in body for body in bodies))
    return bool(bodies) and all(command.name in DECLARING for command in ran)


def _without_carriage_returns(text: str) -> Iterator[Span]:
    start = 0
    for match in CARRIAGE_RETURN.finditer(text):
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, len(text))
