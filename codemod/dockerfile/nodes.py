"""What a Dockerfile is made of, in BuildKit's words; spans count characters of the file as read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from codemod.text import Source, SourceMap, Span


class LineKind(Enum):
    """What a physical line is for BuildKit."""

    BLANK = "blank"
    COMMENT = "comment"
    DIRECTIVE = "parser directive"
    CODE = "code"
    HEREDOC = "heredoc body"
    TERMINATOR = "heredoc terminator"


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line with its newline; the lines of a file tile it."""

    number: int
    span: Span
    kind: LineKind


@dataclass(frozen=True, slots=True)
class Directive:
    """A parser directive that counts: `# name=value`."""

    line: Line
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Flag:
    """`--name=value` between the instruction's name and its arguments, as BuildKit unquotes it."""

    span: Span
    text: str = field(repr=False)

    @property
    def name(self) -> str:
        """`mount` of `--mount=type=cache`."""
        return self.text[2:].partition("=")[0]

    @property
    def value(self) -> str:
        """`type=cache` of `--mount=type=cache`."""
        return self.text.partition("=")[2]


@dataclass(frozen=True, slots=True)
class Heredoc:
    """`<<NAME`, its body and how BuildKit reads it (parser.Heredoc)."""

    name: str
    file_descriptor: int
    expand: bool
    chomp: bool
    body: Span
    terminator: Line


@dataclass(frozen=True, slots=True)
class Variable:
    """One word of an ARG, ENV or LABEL: `NAME` or `NAME=value`, still quoted as in the file.

    `span` is the whole word in the file; `value` is None where the word has no `=`.
    """

    name: str
    value: str | None = field(repr=False)
    span: Span
    line: int


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction with all its lines, heredoc bodies included.

    `joined` is what is left once continuations, comments and blank lines inside are gone;
    `arguments` is the part of it after the flags, trimmed. `insertion` is where in the file a
    further flag goes: before a bare `--`, else before the arguments.
    """

    name: str
    keyword: Span
    span: Span
    lines: tuple[Line, ...]
    joined: SourceMap
    flags: tuple[Flag, ...]
    insertion: int
    arguments: SourceMap
    json: tuple[str, ...] | None = field(repr=False)
    variables: tuple[Variable, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()
    trigger: Instruction | None = None

    @property
    def line(self) -> int:
        """Its first line, counted from 1."""
        return self.lines[0].number


@dataclass(frozen=True, slots=True)
class Mount:
    """`RUN --mount`, as far as secrets need it (instructions.Mount); `target` and `env` as BuildKit defaults them."""

    type: str
    id: str
    target: str | None
    env: str | None
    required: bool
    fields: tuple[tuple[str, str], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Stage:
    """FROM and all up to the next; `parent` is the index of the stage it is FROM, if it is one."""

    index: int
    name: str | None
    base: str = field(repr=False)
    platform: str | None = field(repr=False)
    start: Instruction
    instructions: tuple[Instruction, ...]
    parent: int | None


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A whole file: its lines tile the text, its instructions are in order, `head` is what stands before the first FROM.

    `targets` are stages, by name or number, that builds are known to ask for, besides the last.
    """

    source: Source
    escape: str
    directives: tuple[Directive, ...]
    lines: tuple[Line, ...]
    instructions: tuple[Instruction, ...]
    head: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    targets: frozenset[str] = frozenset()
