"""Where a build arg enters a Dockerfile, which instructions have it, and what is derived from it.

Scopes are BuildKit's (frontend/dockerfile/dockerfile2llb/convert.go): a global ARG reaches FROM lines and bare ARGs of
stages; a stage has an ARG from its line on; `FROM stage` inherits; ARG and ENV of one name win by order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from codemod.dockerfile.lex import LexError, Reference, lex
from codemod.dockerfile.nodes import Dockerfile, Instruction, Stage, Variable
from codemod.text import SourceMap, Span

# RUN, CMD, ENTRYPOINT, HEALTHCHECK, SHELL and MAINTAINER text is never expanded by the builder
EXPANDED = frozenset({"ADD", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """One ARG word; `stage` is None before the first FROM."""

    variable: Variable
    instruction: Instruction
    stage: int | None


@dataclass(frozen=True, slots=True)
class Sight:
    """A RUN whose environment has the build arg.

    `default` is the ARG word whose value it has when none is passed; `falls_back` says that an ENV would show then.
    """

    run: Instruction
    stage: Stage
    default: Declaration | None
    falls_back: bool


@dataclass(frozen=True, slots=True)
class Expansion:
    """The builder itself puts the value in here; `what` is the instruction's name, or says more."""

    instruction: Instruction
    what: str
    stage: int | None


@dataclass(frozen=True, slots=True)
class Flow:
    """The way of one build arg through the file, in the file's order."""

    name: str
    declarations: tuple[Declaration, ...]
    sights: tuple[Sight, ...]
    expansions: tuple[Expansion, ...]
    copies: tuple[Expansion, ...]
    derived: tuple[Declaration, ...]
    triggers: tuple[Instruction, ...]
    undeclared: tuple[Instruction, ...]


class _Scope(NamedTuple):
    """What an instruction sees of the name."""

    declared: bool = False
    default: Declaration | None = None
    hidden: bool = False
    set_before: bool = False

    @property
    def visible(self) -> bool:
        return self.declared and not self.hidden


def shell_text(instruction: Instruction, text: str) -> SourceMap:
    """What a RUN hands to its shell: the command, or the body of a heredoc that is the whole command."""
    if not instruction.heredocs:
        return instruction.arguments
    bodies = [heredoc.body for heredoc in instruction.heredocs]
    if is_simple_heredoc(instruction):
        return SourceMap.join(text, bodies)
    first = instruction.arguments.span(Span(0, len(instruction.arguments.text)))
    return SourceMap.join(text, [Span(first.start, instruction.span.end)])


def is_simple_heredoc(instruction: Instruction) -> bool:
    """Whether a heredoc is the whole command, so that its body is the script (dispatchRun in dockerfile2llb)."""
    return len(instruction.heredocs) == 1 and re.fullmatch(r"\d*<<-?\s*\S+", instruction.arguments.text) is not None


def references(text: str, escape: str, *, quotes: bool = True) -> tuple[Reference, ...]:
    """The variables that the builder would expand in `text`; none where it would report an error."""
    if "$" not in text:
        return ()
    try:
        return lex(text, escape, quotes=quotes).references
    except LexError:
        return ()


def argument_names(dockerfile: Dockerfile) -> tuple[str, ...]:
    """The names of all build args, each once, in the order of their first ARG."""
    return tuple(dict.fromkeys(variable.name for _, instruction in _walk(dockerfile) for variable in _declares(instruction)))


def trace(dockerfile: Dockerfile, name: str) -> Flow:
    """Follow the build arg `name` through all scopes."""
    return _Tracer(dockerfile, name).flow()


def lineage(dockerfile: Dockerfile) -> frozenset[int]:
    """The stages whose layers the final image has: the last one and those it is FROM."""
    stage = dockerfile.stages[-1]
    found = {stage.index}
    while stage.parent is not None:
        stage = dockerfile.stages[stage.parent]
        found.add(stage.index)
    return frozenset(found)


def _walk(dockerfile: Dockerfile) -> Iterator[tuple[Stage | None, Instruction]]:
    yield from ((None, instruction) for instruction in dockerfile.head)
    for stage in dockerfile.stages:
        yield stage, stage.start
        yield from ((stage, instruction) for instruction in stage.instructions)


def _declares(instruction: Instruction) -> tuple[Variable, ...]:
    return without_comment(instruction.variables) if instruction.name == "ARG" else ()


def without_comment(words: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """The words of an ARG up to a `#`: BuildKit declares what follows too, but nobody means it to."""
    end = next((index for index, word in enumerate(words) if word.name.startswith("#")), len(words))
    return words[:end]


class _Tracer:
    """One pass over the file; `scope` is what the instruction at hand sees."""

    def __init__(self, dockerfile: Dockerfile, name: str) -> None:
        self.dockerfile, self.name, self.escape = dockerfile, name, dockerfile.escape
        self.scope = self.outside = _Scope()
        self.ends: list[_Scope] = []
        self.declarations: list[Declaration] = []
        self.sights: list[Sight] = []
        self.expansions: list[Expansion] = []
        self.copies: list[Expansion] = []
        self.derived: list[Declaration] = []
        self.triggers: list[Instruction] = []
        self.undeclared: list[Instruction] = []

    def flow(self) -> Flow:
        for stage, instruction in _walk(self.dockerfile):
            if instruction.name == "FROM" and stage is not None:
                self._from(instruction, stage)
            elif instruction.name == "ARG":
                self._arg(instruction, stage)
            elif stage is not None:
                self._visit(instruction, stage)
        return Flow(
            name=self.name,
            declarations=tuple(self.declarations),
            sights=tuple(self.sights),
            expansions=tuple(self.expansions),
            copies=tuple(self.copies),
            derived=tuple(self.derived),
            triggers=tuple(self.triggers),
            undeclared=tuple(self.undeclared),
        )

    def _from(self, instruction: Instruction, stage: Stage) -> None:
        if stage.index == 0:
            self.outside = self.scope
        else:
            self.ends.append(self.scope)
        texts = (instruction.arguments.text, *(flag.value for flag in instruction.flags))
        if self.outside.declared and any(self._refers(text) for text in texts):
            self.expansions.append(Expansion(instruction, "FROM", None))
        self.scope = _Scope() if stage.parent is None else self.ends[stage.parent]

    def _arg(self, instruction: Instruction, stage: Stage | None) -> None:
        index = None if stage is None else stage.index
        for variable in instruction.variables:
            declaration = Declaration(variable, instruction, index)
            if variable.value is not None and self.scope.visible and self._refers(variable.value):
                self.derived.append(declaration)
            if variable.name == self.name:
                self.declarations.append(declaration)
                self.scope = self.scope._replace(declared=True, default=self._default(declaration), hidden=False)

    def _default(self, declaration: Declaration) -> Declaration | None:
        if declaration.variable.value is not None:
            return declaration
        # a bare ARG takes the global default again, whatever the stage said before (dispatchArg; seen in a build)
        return self.outside.default or self.scope.default

    def _visit(self, instruction: Instruction, stage: Stage) -> None:
        if instruction.name == "RUN":
            self._run(instruction, stage)
        elif instruction.name == "ENV":
            self._env(instruction, stage)
        elif instruction.name == "ONBUILD" and instruction.trigger and self._names(instruction.trigger):
            self.triggers.append(instruction)
        elif instruction.name in EXPANDED and self.scope.visible and self._expands(instruction):
            self.expansions.append(Expansion(instruction, instruction.name, stage.index))

    def _run(self, instruction: Instruction, stage: Stage) -> None:
        if not self.scope.visible:
            if not self.scope.set_before and self._names(instruction):
                self.undeclared.append(instruction)
            return
        if any(self._refers(flag.value) for flag in instruction.flags):
            self.expansions.append(Expansion(instruction, "an option of RUN", stage.index))
        self.sights.append(Sight(instruction, stage, self.scope.default, self.scope.set_before))

    def _env(self, instruction: Instruction, stage: Stage) -> None:
        copied = self.scope.visible and any(self._refers(variable.value or "") for variable in instruction.variables)
        if copied:
            self.copies.append(Expansion(instruction, "ENV", stage.index))
        if any(variable.name == self.name for variable in instruction.variables):
            self.scope = self.scope._replace(hidden=not copied, set_before=True, default=None)

    def _expands(self, instruction: Instruction) -> bool:
        if self._refers(instruction.arguments.text) or any(self._refers(flag.value) for flag in instruction.flags):
            return True
        bodies = (heredoc.body.of(self.dockerfile.source.text) for heredoc in instruction.heredocs if heredoc.expand)
        return any(self.name == reference.name for body in bodies for reference in references(body, "\\", quotes=False))

    def _refers(self, text: str) -> bool:
        return any(reference.name == self.name for reference in references(text, self.escape))

    def _names(self, instruction: Instruction) -> bool:
        pattern = rf"\$\{{?{re.escape(self.name)}\b"
        if instruction.name == "ARG":
            return any(variable.name == self.name for variable in instruction.variables)
        return re.search(pattern, shell_text(instruction, self.dockerfile.source.text).text) is not None
