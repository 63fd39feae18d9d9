"""Build commands in a text inside another file that can only be reported: what they pass, and what to put there.

A shell script is read by `shell_script`; here a command stands in a string of a language that puts its own values in, or in a
list of words, so its words are told apart simply and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from codemod.callers.call import Call, Passed
from codemod.callers.credentials import credential
from codemod.callers.places import NAMES, PODMANS_NAMES, places, within
from codemod.callers.reported.strings import closings_of
from codemod.callers.shell.build_tools import LEGACY, PROGRAMS, VARIABLE
from codemod.callers.shell.command_line import Argument, BuildArg, BuildCommand, build_command
from codemod.callers.suggestions import flag, variable
from codemod.text import Source, SourceMap, Span

BETWEEN = re.compile(r"(?:[ \t\r]|\\[ \t]*\r?\n)+|(?<!\S)#[^\n]*")
END = re.compile(r"[\n;|&]+")
PLAIN = re.compile(r"[^\s\"'`$\\;|&]+|\\.|.", re.DOTALL)
OPENINGS = {"$(": "()", "${": "{}"}
PROGRAM = re.compile(rf"(?:^|/)(?:{'|'.join(map(re.escape, sorted(PROGRAMS)))}|executor)(?:\.exe)?$")
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
    scanner = _Scanner(text.text)
    words: list[Argument] = []
    while scanner.position < len(text.text):
        if between := BETWEEN.match(text.text, scanner.position):
            scanner.position = between.end()
        elif end := END.match(text.text, scanner.position):
            scanner.position = end.end()
            if words:
                yield tuple(words)
            words = []
        else:
            start = scanner.position
            words.append(Argument(scanner.word(), text.span(Span(start, scanner.position))))
    if words:
        yield tuple(words)


class _Scanner:
    """Reads words of a text; what opens and is never closed is a character like others."""

    def __init__(self, text: str) -> None:
        self.text, self.position = text, 0
        self.closings = {**closings_of(text, "()"), **closings_of(text, "{}")}

    def word(self) -> str:
        """The word that begins here, without its quotes."""
        pieces: list[str] = []
        while self.position < len(self.text) and not (END.match(self.text, self.position) or BETWEEN.match(self.text, self.position)):
            pieces.append(self.piece())
        return "".join(pieces)

    def piece(self) -> str:
        """What is in quotes, an expansion, or characters that mean nothing."""
        start = self.position
        character = self.text[start]
        if character in "\"'":
            end = self.closing_quote(character)
            if end >= 0:
                self.position = end + 1
                return self.text[start + 1 : end]
        end = self.expansion(start)
        if end < 0:
            plain = PLAIN.match(self.text, start)
            end = plain.end() if plain else start + 1
        self.position = end
        return self.text[start:end]

    def expansion(self, start: int) -> int:
        """Behind a `$(…)`, `${…}` or `…`; -1 where there is none."""
        if self.text[start] == "`":
            return self.text.find("`", start + 1) + 1 or -1
        pair = OPENINGS.get(self.text[start : start + 2])
        end = self.closings.get(start + 1, len(self.text)) if pair else len(self.text)
        return end + 1 if end < len(self.text) else -1

    def closing_quote(self, quote: str) -> int:
        """Where a quote is closed; -1 where it is not."""
        position = self.position + 1
        while quote == '"' and position < len(self.text) and self.text[position] != '"':
            behind = self.expansion(position)
            position = behind if behind >= 0 else position + (2 if self.text[position] == "\\" else 1)
        return self.text.find(quote, position)


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
    for index, word in enumerate(words):
        command = build_command(words[index:]) if PROGRAM.search(word.text) else None
        if command is not None:
            is_classic = any(CLASSIC.fullmatch(word.text) for word in words[:index])
            yield _call(command, Span(word.span.start, words[-1].span.end), source, around, LEGACY if is_classic else "")
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
