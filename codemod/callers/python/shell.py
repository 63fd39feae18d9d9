"""Texts that a Python program gives to a shell, or to who knows what: the builds among their commands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from codemod.callers.call import ID, Call, Move, NotUnderstoodError, Passed
from codemod.callers.python.builds import KIND
from codemod.callers.python.elements import newline
from codemod.callers.python.lists import READERS, TELLS
from codemod.callers.python.paths import folders
from codemod.callers.python.roads import as_value, origin
from codemod.callers.python.runs import Run, keyword
from codemod.callers.python.strings import MASKED, PythonText, python_text
from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import whole
from codemod.callers.reported.command_texts import Around, calls_in
from codemod.callers.shell.calls import calls_of, edits_of
from codemod.callers.shell.text import ShellText
from codemod.text import Edit, Source, SourceMap, Span, apply

# what gives its first argument to /bin/sh
SHELLS = frozenset(
    {
        *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell"),
        "asyncio.subprocess.create_subprocess_shell",
    }
)
WITH_SHELL = frozenset(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))
INTERPRETERS = frozenset({"sh", "bash", "dash", "ash"})
A_BUILD = re.compile(r"(?:docker|podman|buildah|nerdctl|depot|kaniko|compose)\b.*\b(?:build|bud|bake|executor)\b.*--build-arg", re.DOTALL)
# the outermost first
TEXTS: tuple[type[cst.BaseExpression], ...] = (cst.Call, cst.BinaryOperation, cst.ConcatenatedString, cst.FormattedString, cst.SimpleString)
APART = "it stands in a text that is taken apart"
TEMPLATE = "Python puts values into this text"
QUOTES = "it cannot be written in the quotes of this text"
UNSEEN = "what runs this text is not seen here"


@dataclass(frozen=True, slots=True)
class TextBuilds:
    """The builds of a text; `shell` is how a shell reads it, where it can be changed."""

    text: PythonText
    calls: tuple[Call, ...]
    shell: ShellText | None = None


def text_builds(file: PythonFile, known: Collection[Span], every: Sequence[Run]) -> Iterator[TextBuilds]:
    """The builds in the texts of a program; those at places that are `known` are told of already."""
    seen = list(known)
    for given in _all_given(file, every):
        text = python_text(file, file.value(given.text))
        if text is not None and not any(file.span(text.node) in place for place in seen):
            seen.append(file.span(text.node))
            yield _read(file, text, given)
    for node in (node for kind in TEXTS for node in file.every(kind)):
        if A_BUILD.search(file.span(node).of(file.source.text)) and not any(file.span(node) in place for place in seen):
            for build in _of_nobody(file, node):
                seen.append(file.span(node))
                yield build


def text_edits(file: PythonFile, builds: Sequence[TextBuilds], moves: Sequence[Move]) -> Iterator[Edit]:
    """The edits for those of the moves whose build args stand in a text that a shell is given."""
    for build in builds:
        places = {passed.span for call in build.calls for passed in call.passes}
        own = [move for move in moves if move.passed.span in places]
        yield from _edits(file, build.text, build.shell, own)[0] if own and build.shell is not None else ()


def _edits(file: PythonFile, text: PythonText, shell: ShellText, moves: Sequence[Move]) -> tuple[list[Edit], str]:
    """The edits of the file, and the text that a shell is given then."""
    inside = {text.place(passed.span): passed for call in calls_of(shell, _alone(file, shell)) for passed in call.passes}
    own = [replace(move, passed=inside[move.passed.span]) for move in moves]
    edits = edits_of(shell, _alone(file, shell), own)
    line_end = newline(file, file.source.line_span(1).end)
    return [part for edit in edits for part in text.edits(edit, line_end)], apply(shell.masked, edits)


def _alone(file: PythonFile, shell: ShellText) -> Source:
    """A text as if it were a file of its own."""
    return Source(file.source.path, shell.masked)


@dataclass(frozen=True, slots=True)
class _Given:
    """A text that is given to a shell; `is_apart` where it is one that Python takes apart."""

    text: cst.BaseExpression
    folder: cst.BaseExpression | None = None
    is_apart: bool = False
    shell: str = "sh"


def _all_given(file: PythonFile, every: Sequence[Run]) -> Iterator[_Given]:
    for call in file.calls:
        yield from _given(file, call)
    for run in every:
        first, *others = run.words.items or (None,)
        if first is not None and first.text.rpartition("/")[2] in INTERPRETERS:
            at = next((index for index, item in enumerate(others) if re.fullmatch(r"-[a-z]*c", item.text)), len(others))
            yield from (_Given(item.value, run.folder, shell=first.text.rpartition("/")[2]) for item in others[at + 1 : at + 2])


def _given(file: PythonFile, call: cst.Call) -> Iterator[_Given]:
    names, shell, folder = file.names(call.func), keyword(call, "shell"), keyword(call, "cwd")
    is_shell = names & SHELLS or (names & WITH_SHELL and shell is not None and not _is_false(shell.value))
    first = next((arg for arg in call.args if arg.keyword is None), None) or keyword(call, "args")
    if first is not None and not first.star and (is_shell or "shlex.split" in names):
        yield _Given(first.value, folder.value if folder is not None else None, is_apart=not is_shell)
    elif isinstance(call.func, cst.Attribute) and call.func.attr.value == "split" and not call.args:
        yield _Given(call.func.value, is_apart=True)


def _is_false(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "False"


def _read(file: PythonFile, text: PythonText, given: _Given) -> TextBuilds:
    start = folders(file, given.folder)
    if given.is_apart or not text.is_plain:
        return TextBuilds(text, tuple(_reported(file, text, Around(KIND, start, APART if given.is_apart else TEMPLATE))))
    plain = text.text.text
    shell = ShellText(SourceMap.join(plain, [Span(0, len(plain))]), plain, KIND, folders=start, interpreter=given.shell)
    try:
        calls = calls_of(shell, _alone(file, shell))
    except NotUnderstoodError as error:
        return TextBuilds(text, tuple(_reported(file, text, Around(KIND, start, error.message))))
    return TextBuilds(text, tuple(_in_the_file(file, text, shell, call) for call in calls), shell)


def _in_the_file(file: PythonFile, text: PythonText, shell: ShellText, call: Call) -> Call:
    """A call of a text as it stands in the file."""
    span = text.place(call.span)
    passes = tuple(_fitting(file, text, shell, passed) for passed in call.passes)
    return replace(call, span=span, line=file.source.line(span.start), passes=passes)


def _fitting(file: PythonFile, text: PythonText, shell: ShellText, passed: Passed) -> Passed:
    """A build arg as it stands in the file; what has to be put there may not fit into its quotes."""
    place = text.place(passed.span)
    found = replace(passed, span=place, line=file.source.line(place.start))
    if passed.obstacle or all(_fits(file, text, shell, move) for move in _possible(found)):
        return found
    return replace(found, obstacle=QUOTES, suggestion=f"--secret id={ID},env={passed.name}")


def _possible(passed: Passed) -> Iterator[Move]:
    for optional in (False, True):
        yield Move(passed, passed.name, optional)
        yield Move(passed, passed.name, optional, removes=False)
    yield Move(passed, passed.name, optional=False, adds=False)


def _fits(file: PythonFile, text: PythonText, shell: ShellText, move: Move) -> bool:
    """Whether the file's edits leave the text that was meant."""
    edits, meant = _edits(file, text, shell, [move])
    return text.changed(file.source, edits) == meant


def _reported(file: PythonFile, text: PythonText, around: Around) -> Iterator[Call]:
    for call in calls_in(text.text, file.source, around):
        yield replace(call, passes=tuple(_with_value(file, text, passed) for passed in call.passes))


def _with_value(file: PythonFile, text: PythonText, passed: Passed) -> Passed:
    """A build arg with what Python puts in for its value."""
    inside = [node for node in text.expressions if file.span(node) in passed.span]
    if not inside or MASKED.fullmatch(passed.value or "") is None:
        return passed
    found = whole(file, inside[-1])
    variable = found.variable.name if found.variable is not None else passed.name
    return replace(passed, value=as_value(found), credential=origin(file, found), suggestion=f"--secret id={ID},env={variable}")


def _of_nobody(file: PythonFile, node: cst.BaseExpression) -> Iterator[TextBuilds]:
    """The builds of a text of which nobody knows who runs it, if anyone does."""
    text = python_text(file, node)
    if text is None or not A_BUILD.search(text.text.text):
        return
    is_told = isinstance(file.parent(node), cst.Expr) or _is_told(file, node)
    calls = _reported(file, text, Around(KIND, folders(file, None), UNSEEN))
    yield TextBuilds(text, tuple(replace(call, documentation=is_told) for call in calls))


def _is_told(file: PythonFile, node: cst.CSTNode) -> bool:
    """Whether a text is only shown to people."""
    parent = file.parent(node)
    call = file.parent(parent) if isinstance(parent, cst.Arg) else None
    if not isinstance(parent, cst.Arg) or not isinstance(call, cst.Call):
        return False
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    is_help = parent.keyword is not None and parent.keyword.value in {"help", "description", "epilog", "usage"}
    return is_help or bool(file.names(call.func) & READERS) or method in TELLS
