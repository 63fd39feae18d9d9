"""Text to Dockerfile: instructions as BuildKit's parser finds them, grouped into stages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from codemod.dockerfile.error import ParseError
from codemod.dockerfile.exec_form import ExecFormError, exec_form
from codemod.dockerfile.flags import find_flags, first_word
from codemod.dockerfile.heredocs import Opener, openers
from codemod.dockerfile.lex import LexError
from codemod.dockerfile.lines import GO_SPACE, LineReader, LogicalLine
from codemod.dockerfile.nodes import Dockerfile, Flag, Heredoc, Instruction, Line, Variable
from codemod.dockerfile.stages import stages_of
from codemod.dockerfile.words import BLANKS, WordsError, pairs
from codemod.text import Source, SourceMap, Span

MAY_BE_JSON = frozenset({"ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"})
MAY_HAVE_HEREDOCS = frozenset({"ADD", "COPY", "RUN"})
HAVE_WORDS = frozenset({"ARG", "ENV", "LABEL"})
# strings.ToLower of Go makes one character of it, str.lower two
DOTTED_I = {0x130: "i"}


def parse(source: Source, targets: frozenset[str] = frozenset()) -> Dockerfile:
    """Read a whole Dockerfile, of which builds ask for `targets`. Raises ParseError where BuildKit would not start to build it."""
    read = _read(source)
    return replace(read, targets=targets) if targets else read


@lru_cache(maxsize=2)
def _read(source: Source) -> Dockerfile:
    """A file as it is, and as it is to become: several steps read both."""
    reader = LineReader(source)
    instructions = read_instructions(reader)
    head, stages = stages_of(instructions, reader.escape)
    return Dockerfile(source, reader.escape, tuple(reader.directives), tuple(reader.lines), instructions, head, stages)


def read_instructions(reader: LineReader) -> tuple[Instruction, ...]:
    """The syntax alone, as parser.Parse has it: names need not exist. Raises ParseError."""
    found = tuple(_instructions(reader))
    if not found:
        raise ParseError("file with no instructions", max(1, len(reader.lines)))
    return found


def _instructions(reader: LineReader) -> Iterator[Instruction]:
    while line := reader.logical_line():
        try:
            instruction = _instruction(line, line.code, reader)
            wanted = _openers(instruction, line.code.text)
        except (ExecFormError, LexError, WordsError) as error:
            raise ParseError(str(error), line.lines[0].number) from None
        heredocs = tuple(_heredoc(reader, opener, line.lines[0]) for opener in wanted)
        yield _with_heredocs(instruction, heredocs, tuple(reader.lines[line.lines[0].number - 1 :]))


def _instruction(line: LogicalLine, code: SourceMap, reader: LineReader, *, inner: bool = False) -> Instruction:
    """One instruction in `code`, which is all of `line` or, as `inner`, what ONBUILD leaves of it."""
    trimmed = code.text.rstrip(GO_SPACE)
    keyword, rest = _keyword(trimmed)
    name = _name(keyword.of(trimmed))
    found = find_flags(trimmed, rest)
    words = code.slice(Span(_first_letter(trimmed, found.rest), len(trimmed)))
    return Instruction(
        name=name,
        keyword=code.span(keyword),
        span=Span(line.lines[0].span.start, line.lines[-1].span.end),
        lines=line.lines,
        joined=code,
        flags=tuple(Flag(code.span(span), text) for span, text in found.flags),
        insertion=code.origin(found.insertion),
        arguments=words,
        json=_json(name, words.text),
        variables=_variables(name, words, reader),
        # An ONBUILD in an ONBUILD is refused when the stages are made, so nobody asks what it holds.
        trigger=_instruction(line, words, reader, inner=True) if name == "ONBUILD" and words.text and not inner else None,
    )


def _keyword(code: str) -> tuple[Span, int]:
    """Where the instruction's word stands in `code`, which is trimmed at its end, and where the rest begins."""
    start = _first_letter(code, 0)
    match = BLANKS.search(code, start)
    return (Span(start, match.start()), match.end()) if match else (Span(start, len(code)), len(code))


def _name(keyword: str) -> str:
    """The keyword in capitals. U+212A is a k to BuildKit, which looks it up in small letters; U+017F is no s."""
    lowered = keyword.translate(DOTTED_I).lower()
    return lowered.upper() if lowered.isascii() else lowered


def _first_letter(text: str, start: int) -> int:
    return len(text) - len(text[start:].lstrip(GO_SPACE))


def _json(name: str, text: str) -> tuple[str, ...] | None:
    """The array of an exec form, or None for a shell form. Raises ExecFormError."""
    if name == "HEALTHCHECK":
        return exec_form(first_word(text)[1])
    return exec_form(text) if name in MAY_BE_JSON else None


def _variables(name: str, words: SourceMap, reader: LineReader) -> tuple[Variable, ...]:
    if name not in HAVE_WORDS or not words.text:
        return ()
    return tuple(
        Variable(key, value, words.span(span), reader.source.line(words.origin(span.start)))
        for key, value, span in pairs(words.text, reader.escape, name)
    )


def _openers(instruction: Instruction, line: str) -> tuple[Opener, ...]:
    inner = instruction.trigger or instruction
    if inner.name not in MAY_HAVE_HEREDOCS or inner.json is not None or "<<" not in line:
        return ()
    return openers(line)


def _heredoc(reader: LineReader, opener: Opener, first: Line) -> Heredoc:
    body, terminator = reader.heredoc_body(opener.name, chomp=opener.chomp, start=first)
    return Heredoc(opener.name, opener.file_descriptor, opener.expand, opener.chomp, body, terminator)


def _with_heredocs(instruction: Instruction, heredocs: tuple[Heredoc, ...], lines: tuple[Line, ...]) -> Instruction:
    if not heredocs:
        return instruction
    trigger = instruction.trigger and _with_heredocs(instruction.trigger, heredocs, lines)
    span = Span(instruction.span.start, lines[-1].span.end)
    return replace(instruction, heredocs=heredocs, lines=lines, span=span, trigger=trigger)
