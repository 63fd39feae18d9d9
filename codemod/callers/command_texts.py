"""Build commands in a text inside another file that can only be reported: what they pass, and what to put there.

A shell script is read by `shell_script`; here a command stands in a string of a language that puts its own values in, or in a
list of words, so its words are told apart simply and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from codemod.callers.build_tools import LEGACY, VARIABLE
from codemod.callers.call import Call, Passed
from codemod.callers.command_line import Argument, BuildArg, BuildCommand, build_command
from codemod.callers.credentials import credential
from codemod.callers.places import NAMES, PODMANS_NAMES, places, within
from codemod.callers.suggestions import flag, variable
from codemod.text import Source, SourceMap, Span

PIECE = re.compile(
    r"(?P<blank>[ \t\r]+|\\[ \t]*\r?\n)|(?P<end>[\n;|&]+)|(?P<comment>(?<!\S)#[^\n]*)|"
    r"'(?P<single>[^']*)'|\"(?P<double>(?:\\.|\$\((?:[^()]|\([^()]*\))*\)|[^\"\\])*)\"|"
    r"(?P<expansion>\$\{\{.*?\}\}|\$\((?:[^()]|\([^()]*\))*\)|\$\{[^}]*\}|`[^`]*`)|(?P<character>\\.|.)",
    re.DOTALL,
)
CHANGES = re.compile(r"cd|pushd")
CLASSIC = re.compile(r"DOCKER_BUILDKIT=(?:0|false)")


@dataclass(frozen=True, slots=True)
class Around:
    """What is around a command: what one calls the place, its folders, why it cannot be moved, what to put there (empty: a flag).

    `blocks` says why nothing there can be given a secret.
    """

    kind: str
    folders: tuple[str, ...] = (".",)
    obstacle: str = ""
    suggestion: str = ""
    blocks: str = ""


def commands(text: SourceMap) -> Iterator[tuple[Argument, ...]]:
    """The commands of a text, each as its words; a word's place is the file's."""
    words: list[Argument] = []
    word, start, end = "", -1, -1
    for match in (*PIECE.finditer(text.text), None):
        is_part = match is not None and not (match["blank"] or match["end"] or match["comment"])
        if match is not None and is_part:
            start = match.start() if start < 0 else start
            end = match.end()
            inside = [piece for piece in (match["single"], match["double"]) if piece is not None]
            word += inside[0] if inside else match[0]
            continue
        if start >= 0:
            words.append(Argument(word, text.span(Span(start, end))))
            word, start = "", -1
        if words and (match is None or match["end"]):
            yield tuple(words)
            words = []


def words_of(text: SourceMap) -> tuple[Argument, ...]:
    """The words of a text that is one command."""
    return next(commands(text), ())


def calls_in(text: SourceMap, source: Source, around: Around) -> Iterator[Call]:
    """The builds of a text that a shell runs."""
    folders = around.folders
    for words in commands(text):
        if CHANGES.fullmatch(words[0].text) and len(words) > 1:
            folders = tuple(filter(None, (within(folder, words[1].text) for folder in folders)))
            continue
        yield from call_of(words, source, replace(around, folders=folders))


def call_of(words: Sequence[Argument], source: Source, around: Around) -> Iterator[Call]:
    """The build that words run, whatever stands before its program."""
    for index in range(len(words)):
        command = build_command(words[index:])
        if command is not None:
            is_classic = any(CLASSIC.fullmatch(word.text) for word in words[:index])
            yield _call(command, Span(words[index].span.start, words[-1].span.end), source, around, LEGACY if is_classic else "")
            return


def given(words: Iterable[Argument], source: Source, around: Around, span: Span, program: str = "docker build") -> Iterator[Call]:
    """The build that is given `words` behind `program`, by what stands at `span`."""
    start = Span(span.start, span.start)
    command = build_command((*(Argument(word, start) for word in program.split()), *words))
    if command is not None:
        yield _call(command, span, source, around)


def _call(command: BuildCommand, span: Span, source: Source, around: Around, blocks: str = "") -> Call:
    is_buildah = command.engine.value == "buildah"
    names = PODMANS_NAMES if is_buildah else NAMES
    return Call(
        kind=around.kind,
        span=span,
        line=source.line(span.start),
        places=places(around.folders, command.file, command.context, names) if command.tool.has_places else (),
        passes=tuple(_passed(argument, command, source, around) for argument in command.build_args),
        feeds=command.feeds,
        target=command.target,
        engine=command.engine,
        blocks=blocks or command.tool.blocks or around.blocks,
    )


def _passed(argument: BuildArg, command: BuildCommand, source: Source, around: Around) -> Passed:
    tool = command.tool
    blocks = tool.blocks or around.blocks
    obstacle = "which build arg it is, is computed" if argument.dynamic else around.obstacle
    name = variable(argument.value, argument.name)
    suggestion = around.suggestion.replace(VARIABLE, name) or command.suggestion(name) or flag(argument.value, argument.name)
    return Passed(
        name=argument.name,
        span=argument.span,
        line=source.line(argument.span.start),
        value=argument.value,
        credential=credential(argument.value or ""),
        obstacle=blocks or tool.obstacle or obstacle,
        suggestion="" if blocks or argument.dynamic else suggestion,
    )
