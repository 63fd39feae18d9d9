"""A makefile's text → its recipes, line by line, what it assigns, and what it exports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from codemod.callers.make.references import references
from codemod.callers.make.tape import Piece, joined
from codemod.text import Source, SourceMap, Span

ASSIGNMENT = re.compile(r"\s*((?:(?:export|override|private)\s+)*)([^\s:#=+?!]+)\s*(\+=|\?=|!=|:{0,3}=)[ \t]*")
DEFINE = re.compile(r"\s*((?:(?:export|override|private)\s+)*)define\s+(\S+)")
ENDEF = re.compile(r"\s*endef\b")
EXPORT = re.compile(r"\s*(un)?export(?![\w-])(.*)", re.DOTALL)
DIRECTIVE = re.compile(r"\s*(-include|sinclude|include|ifeq|ifneq|ifdef|ifndef|else|endif|undefine|vpath|-?load)(?![\w-])")
CONDITIONS = ("ifeq", "ifneq", "ifdef", "ifndef")
INCLUDES = ("include", "-include", "sinclude")
EXPORT_ALL, ONE_SHELL, PREFIX = ".EXPORT_ALL_VARIABLES", ".ONESHELL", ".RECIPEPREFIX"
BACKSLASHES = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
COMMENT = re.compile(r"(?<!\\)#")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A line of a recipe with those that a backslash joins to it: the part of each that the shell is given, prefix characters included.

    `rule` counts the rules, `target` is the first that a rule is for; `macro` is the name of the `define` that the line stands in.
    """

    parts: tuple[Span, ...]
    rule: int
    target: str
    macro: str = ""

    @property
    def span(self) -> Span:
        """From the first character to the last."""
        return Span(self.parts[0].start, self.parts[-1].end)


@dataclass(frozen=True, slots=True)
class Assignment:
    """`NAME = value`; it is `plain` where it is made whatever happens, and for all targets."""

    name: str
    operator: str
    value: SourceMap
    plain: bool


@dataclass(frozen=True, slots=True)
class Makefile:
    """What a makefile says. `exported` are the names that are surely exported (None: all), `hidden` those that may not be (None: all).

    `unclear` says that more variables may be set than those of `assignments`: by another file, or a text that make reads again;
    `includes` are the other files, as they are written.
    """

    recipes: tuple[Recipe, ...]
    assignments: tuple[Assignment, ...]
    exported: frozenset[str] | None
    hidden: frozenset[str] | None
    unclear: bool
    includes: tuple[str, ...]
    one_shell: bool


@dataclass(slots=True)
class _Reader:
    """What has been read so far."""

    text: str
    recipes: list[Recipe] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    exported: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    exports_all: bool = False
    hides_all: bool = False
    unclear: bool = False
    includes: list[str] = field(default_factory=list)
    one_shell: bool = False
    prefix: str = "\t"
    conditions: int = 0
    rule: int = 0
    target: str = ""
    in_rule: bool = False
    macros: list[str] = field(default_factory=list)

    def line(self, spans: tuple[Span, ...]) -> None:
        """Read one line, with those that are joined to it."""
        if self.macros:
            self._in_macro(spans)
        elif self.in_rule and self.text.startswith(self.prefix, spans[0].start) and len(spans[0]):
            self.recipes.append(Recipe(tuple(self._unprefixed(spans)), self.rule, self.target))
        else:
            self._statement(spans)

    def _unprefixed(self, spans: Iterable[Span]) -> Iterator[Span]:
        for span in spans:
            yield Span(span.start + self.text.startswith(self.prefix, span.start, span.end), span.end)

    def _in_macro(self, spans: tuple[Span, ...]) -> None:
        first = spans[0].of(self.text)
        if ENDEF.match(first):
            self.macros.pop()
        elif match := DEFINE.match(first):
            self.macros.append(match[2])
        else:
            self.recipes.append(Recipe(tuple(self._unprefixed(spans)), self.rule, "", self.macros[0]))

    def _statement(self, spans: tuple[Span, ...]) -> None:
        line = _line(self.text, spans)
        statement = _uncommented(line)
        mask = masked(statement.text)
        if not mask.strip():
            return
        define, assignment, export = DEFINE.match(mask), ASSIGNMENT.match(mask), EXPORT.match(mask)
        if define:
            self._define(define)
        elif assignment:
            self._assign(statement, assignment, plain=not self.conditions)
        elif export:
            self._export(statement.text[export.start(2) :].split(), hides=bool(export[1]))
        elif directive := DIRECTIVE.match(mask):
            self._directive(directive[1], mask[directive.end() :])
            return
        elif ":" in mask:
            self._rule(line, statement, mask, spans)
            return
        else:
            self.unclear = True  # `$(eval …)`, `$(call …)`: it may be anything
        self.in_rule = False

    def _define(self, match: re.Match[str]) -> None:
        self.macros.append(match[2])
        self.assignments.append(Assignment(match[2], "define", joined(())[0], plain=False))
        self.exported |= {match[2]} if "export" in match[1].split() else set()

    def _directive(self, word: str, rest: str) -> None:
        self.conditions += (word in CONDITIONS) - (word == "endif")
        self.unclear |= word in (*INCLUDES, "load", "-load")
        self.includes += rest.split() if word in INCLUDES else []
        self.hidden |= set(rest.split()) if word == "undefine" else set()
        self.in_rule &= word in (*CONDITIONS, "else", "endif")

    def _assign(self, statement: SourceMap, match: re.Match[str], *, plain: bool) -> None:
        name = statement.text[match.start(2) : match.end(2)]
        value = statement.slice(Span(match.end(), max(match.end(), len(statement.text.rstrip()))))
        self.unclear |= masked(name) != name
        self.assignments.append(Assignment(name, match[3], value, plain))
        if name == PREFIX:
            self.prefix = value.text.strip()[:1] or "\t"
        self.exported |= {name} if plain and "export" in match[1].split() else set()

    def _export(self, names: list[str], *, hides: bool) -> None:
        if hides:
            self.hidden |= set(names)
            self.hides_all |= not names or any(masked(name) != name for name in names)
        elif not self.conditions:
            self.exported |= set(names)
            self.exports_all |= not names

    def _rule(self, line: SourceMap, statement: SourceMap, mask: str, spans: tuple[Span, ...]) -> None:
        targets, colon = mask.split(":", maxsplit=1)[0].split(), mask.index(":") + 1
        assignment = ASSIGNMENT.match(mask, colon)
        if assignment:
            self._assign(statement, assignment, plain=False)
            return
        self.exports_all |= EXPORT_ALL in targets and not self.conditions
        self.one_shell |= ONE_SHELL in targets
        self.rule, self.in_rule = self.rule + 1, True
        self.target = targets[0] if targets else ""
        semicolon = mask.find(";", colon)
        if semicolon >= 0:
            start = line.origin(semicolon) + 1
            parts = [Span(max(start, span.start), span.end) for span in spans if span.end >= start]
            self.recipes.append(Recipe(tuple(self._unprefixed(parts)), self.rule, self.target))


def read(marked: Source) -> Makefile:
    """The parts of a makefile, from its marked text."""
    reader = _Reader(marked.text)
    for spans in _lines(marked.text):
        reader.line(spans)
    evaluates = re.search(r"[({]eval\b", marked.text) is not None
    exported = None if reader.exports_all else frozenset(reader.exported)
    hidden = None if reader.hides_all else frozenset(reader.hidden)
    recipes, assignments = tuple(reader.recipes), tuple(reader.assignments)
    return Makefile(recipes, assignments, exported, hidden, reader.unclear or evaluates, tuple(reader.includes), reader.one_shell)


def masked(text: str) -> str:
    """The text with underscores in place of what make puts in."""
    for reference in references(text):
        text = text[: reference.span.start] + "_" * len(reference.span) + text[reference.span.end :]
    return text


def _lines(text: str) -> Iterator[tuple[Span, ...]]:
    """The lines, joined where they end in a backslash; each without its newline."""
    spans: list[Span] = []
    for match in re.compile(r"([^\n]*?)(?:\r?\n|\Z)").finditer(text, len(text) - len(text.removeprefix("\ufeff"))):
        spans.append(Span(*match.span(1)))
        if not BACKSLASHES.search(match[1]):
            yield tuple(spans)
            spans = []


def _line(text: str, spans: tuple[Span, ...]) -> SourceMap:
    """A line as make reads it outside of recipes: a backslash with the newline and the blanks around it is one blank."""
    parts: list[Piece] = []
    for index, span in enumerate(spans):
        start = span.start if not index else span.end - len(span.of(text).lstrip())
        end = span.end if index == len(spans) - 1 else span.start + len(span.of(text)[:-1].rstrip())
        parts += [Piece(" ", start - 1)] if index else []
        parts += [Piece(text[start:end], start)] if start < end else []
    return joined(parts)[0]


def _uncommented(line: SourceMap) -> SourceMap:
    comment = COMMENT.search(masked(line.text))
    return line.slice(Span(0, comment.start())) if comment else line
