"""Text to Dockerfile: instructions as BuildKit's parser finds them, grouped into stages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from codemod.dockerfile.heredocs import Opener, openers
from codemod.dockerfile.lex import LexError
from codemod.dockerfile.lines import GO_SPACE, LineReader, LogicalLine
from codemod.dockerfile.nodes import Dockerfile, Flag, Heredoc, Instruction, Line, ParseError, Variable
from codemod.dockerfile.stages import stages_of
from codemod.dockerfile.words import BLANKS, WordsError, pairs
from codemod.text import Source, SourceMap, Span

MAY_BE_JSON = frozenset({"ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"})
MAY_HAVE_HEREDOCS = frozenset({"ADD", "COPY", "RUN"})
HAVE_WORDS = frozenset({"ARG", "ENV", "LABEL"})
# extractBuilderFlags in parser/split_command.go: quotes and escapes count, a quote may stay open
QUOTED = r"""'(?:[^'\\]|\\.?)*'?|"(?:[^"\\]|\\.?)*"?"""
FLAG = re.compile(rf"""--(?:[^\t\n\v\f\r '"\\]|\\.?|{QUOTED})*""", re.DOTALL)
FLAG_PIECE = re.compile(rf"""\\(?P<escaped>.?)|(?P<quoted>{QUOTED})|(?P<plain>.)""", re.DOTALL)
ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
FLAG_SPACE = "\t\n\v\f\r "


class JsonError(Exception):
    """An array that is JSON but not one of strings, which BuildKit turns down."""


def parse(source: Source) -> Dockerfile:
    """Read a whole Dockerfile. Raises ParseError where BuildKit would not start to build it."""
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
            instruction = _instruction(line, line.code, reader.escape)
            wanted = _openers(instruction, line.code.text)
        except (JsonError, LexError, WordsError) as error:
            raise ParseError(str(error), line.lines[0].number) from None
        heredocs = tuple(_heredoc(reader, opener, line.lines[0]) for opener in wanted)
        yield _with_heredocs(instruction, heredocs, tuple(reader.lines[line.lines[0].number - 1 :]))


def _instruction(line: LogicalLine, code: SourceMap, escape: str) -> Instruction:
    """One instruction in `code`, which is all of `line` or what ONBUILD leaves of it."""
    keyword, rest = _keyword(code.text)
    name = keyword.of(code.text).upper()
    flags, insertion, arguments = _flags(code, rest)
    words = code.slice(arguments)
    return Instruction(
        name=name,
        keyword=code.span(keyword),
        span=Span(line.lines[0].span.start, line.lines[-1].span.end),
        lines=line.lines,
        joined=code,
        flags=flags,
        insertion=code.origin(insertion),
        arguments=words,
        json=_json(name, words.text),
        variables=_variables(name, words, line, escape),
        trigger=_instruction(line, words, escape) if name == "ONBUILD" and words.text else None,
    )


def _keyword(code: str) -> tuple[Span, int]:
    start = len(code) - len(code.lstrip(GO_SPACE))
    match = BLANKS.search(code.rstrip(GO_SPACE), start)
    end = match.start() if match else len(code.rstrip(GO_SPACE))
    return Span(start, end), match.end() if match else end


def _flags(code: SourceMap, start: int) -> tuple[tuple[Flag, ...], int, Span]:
    """The flags from `start` on, where the next one would go, and what is left, trimmed: offsets in `code`."""
    text, flags, position = code.text, [], start
    insertion = None
    while insertion is None:
        position += len(text[position:]) - len(text[position:].lstrip(FLAG_SPACE))
        match = FLAG.match(text, position)
        value = _unquoted(match[0]) if match else ""
        if not match or value == "--":
            insertion = position
        else:
            flags.append(Flag(code.span(Span(*match.span())), value))
        position = match.end() if match else position
    end = max(position, len(text.rstrip(GO_SPACE)))
    position = min(end, len(text) - len(text[position:].lstrip(GO_SPACE)))
    return tuple(flags), insertion, Span(position, end)


def _unquoted(flag: str) -> str:
    return "".join(
        ESCAPED.sub(r"\1", piece["quoted"][1:].removesuffix(piece["quoted"][0]))
        if piece["quoted"]
        else piece["escaped"] or piece["plain"] or ""
        for piece in FLAG_PIECE.finditer(flag)
    )


def _json(name: str, text: str) -> tuple[str, ...] | None:
    """The array of an exec form, or None for a shell form. Raises JsonError."""
    if name == "HEALTHCHECK":
        name, text = "CMD", text[len(text.split(None, 1)[0]) :].lstrip(GO_SPACE) if text else ""
    if name not in MAY_BE_JSON or not text.startswith("["):
        return None
    import json  # noqa: PLC0415  (exec forms are rare in files that matter)

    try:
        values = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values):
        raise JsonError("when using JSON array syntax, arrays must be comprised of strings only")
    return tuple(values)


def _no_constant(name: str) -> None:
    raise ValueError(name)  # Python knows NaN and Infinity, JSON does not


def _variables(name: str, words: SourceMap, line: LogicalLine, escape: str) -> tuple[Variable, ...]:
    if name not in HAVE_WORDS or not words.text:
        return ()
    return tuple(
        Variable(key, value, words.span(span), _line_of(words.origin(span.start), line))
        for key, value, span in pairs(words.text, escape, name)
    )


def _line_of(offset: int, line: LogicalLine) -> int:
    return next(physical.number for physical in line.lines if offset < physical.span.end)


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
