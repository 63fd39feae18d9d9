"""Where a build arg enters a Dockerfile, which instructions have it, and what is derived from it.

Scopes are BuildKit's (frontend/dockerfile/dockerfile2llb/convert.go): a global ARG reaches FROM lines and bare ARGs of
stages; a stage has an ARG from its line on; `FROM stage` inherits; ARG and ENV of one name win by order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from codemod.dockerfile.lex import LexError, Reference, lex
from codemod.dockerfile.nodes import Dockerfile, Instruction, Stage, Variable
from codemod.script import script_of

# RUN, CMD, ENTRYPOINT, HEALTHCHECK, SHELL and MAINTAINER text is never expanded by the builder
EXPANDED = frozenset({"ADD", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"})


# what the builder takes as it is
PLAIN = re.compile(r"[A-Za-z0-9_./:@+=,-]*")


@dataclass(frozen=True, slots=True)
class Declaration:
    """One word of an ARG, or of an ENV that is made from one; `stage` is None before the first FROM."""

    variable: Variable
    instruction: Instruction
    stage: int | None

    @property
    def is_copy(self) -> bool:
        """Whether it puts the value into the image's environment."""
        return self.instruction.name == "ENV"


@dataclass(frozen=True, slots=True)
class Sight:
    """A RUN whose environment has the build arg, or what is made from it.

    `default` is the ARG word whose value it has when none is passed; `falls_back` says that an ENV would show then.
    `copy` is the word of an ENV that gave the value last.
    """

    run: Instruction
    stage: Stage
    default: Declaration | None
    falls_back: bool
    copy: Declaration | None = None


@dataclass(frozen=True, slots=True)
class Expansion:
    """The builder itself puts the value in here; `what` is the instruction's name, or says more."""

    instruction: Instruction
    what: str
    stage: int | None


@dataclass(frozen=True, slots=True)
class Flow:
    """The way of one name through the file, in the file's order; `derived` are the words of ARG and ENV that are made from it."""

    name: str
    declarations: tuple[Declaration, ...]
    sights: tuple[Sight, ...]
    expansions: tuple[Expansion, ...]
    derived: tuple[Declaration, ...]
    triggers: tuple[Instruction, ...]
    undeclared: tuple[Instruction, ...]


class _Scope(NamedTuple):
    """What an instruction sees of the name."""

    declared: bool = False
    default: Declaration | None = None
    hidden: bool = False
    set_before: bool = False
    copy: Declaration | None = None

    @property
    def visible(self) -> bool:
        return self.declared and not self.hidden


def references(text: str, escape: str, *, quotes: bool = True) -> tuple[Reference, ...]:
    """The variables that the builder would expand in `text`; none where it would report an error."""
    if "$" not in text:
        return ()
    try:
        return lex(text, escape, quotes=quotes).references
    except LexError:
        return ()


def plain_value(variable: Variable, escape: str) -> str | None:
    """A value without its quotes, or None where there is none or a variable is in it."""
    if variable.value is None or PLAIN.fullmatch(variable.value):
        return variable.value
    try:
        pieces = lex(variable.value, escape).pieces
    except LexError:
        return variable.value
    literals = [piece for piece in pieces if isinstance(piece, str)]
    return "".join(literals) if len(literals) == len(pieces) else None


def argument_names(dockerfile: Dockerfile) -> tuple[str, ...]:
    """The names of all build args, each once, in the order of their first ARG."""
    return tuple(dict.fromkeys(variable.name for _, instruction in _walk(dockerfile) for variable in _declares(instruction)))


def trace(dockerfile: Dockerfile, name: str, made: Collection[Variable] = ()) -> Flow:
    """Follow the build arg `name` through all scopes, and through the words of ENV that are in `made`."""
    return _Tracer(dockerfile, name, made).flow()


def trace_all(dockerfile: Dockerfile, name: str, start: Collection[Variable] = ()) -> dict[str, Flow]:
    """The flow of a build arg, and behind it those of every name that an ARG or an ENV makes from it.

    `start` has words of ENV that have the value as well.
    """
    flows = {name: trace(dockerfile, name, start)}
    while True:
        made = {word: word.name for word in start}
        made |= {word.variable: word.variable.name for flow in flows.values() for word in flow.derived}
        if not made:
            return flows  # as of most names
        found = {each: trace(dockerfile, each, made) for each in dict.fromkeys((name, *made.values()))}
        if found == flows:
            return flows
        flows = found


def ancestry(dockerfile: Dockerfile, stage: Stage) -> Iterator[Stage]:
    """A stage and those that it is FROM, itself first."""
    yield stage
    while stage.parent is not None:
        stage = dockerfile.stages[stage.parent]
        yield stage


def lineage(dockerfile: Dockerfile) -> frozenset[int]:
    """The stages whose layers a final image has: the last one, those that builds ask for, and all that these are FROM."""
    asked = {target.lower() for target in dockerfile.targets}
    final = [stage for stage in dockerfile.stages if asked & {stage.name, str(stage.index)}]
    return frozenset(stage.index for last in (*final, dockerfile.stages[-1]) for stage in ancestry(dockerfile, last))


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

    def __init__(self, dockerfile: Dockerfile, name: str, made: Collection[Variable]) -> None:
        self.dockerfile, self.name, self.escape, self.made = dockerfile, name, dockerfile.escape, made
        self.scope = self.outside = _Scope()
        self.ends: list[_Scope] = []
        self.declarations: list[Declaration] = []
        self.sights: list[Sight] = []
        self.expansions: list[Expansion] = []
        self.derived: list[Declaration] = []
        self.triggers: list[Instruction] = []
        self.undeclared: list[Instruction] = []

    def flow(self) -> Flow:
        for instruction in self.dockerfile.head:
            self._arg(instruction, None)
        for stage in self.dockerfile.stages:
            self._from(stage.start, stage)
            for instruction in stage.instructions:
                if instruction.name == "ARG":
                    self._arg(instruction, stage)
                else:
                    self._visit(instruction, stage)
        return Flow(
            name=self.name,
            declarations=tuple(self.declarations),
            sights=tuple(self.sights),
            expansions=tuple(self.expansions),
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
                copy = None if variable.value is not None else self.scope.copy  # a bare one leaves what an ENV says
                self.scope = self.scope._replace(declared=True, default=self._default(declaration), hidden=False, copy=copy)

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
        self.sights.append(Sight(instruction, stage, self.scope.default, self.scope.set_before, self.scope.copy))

    def _env(self, instruction: Instruction, stage: Stage) -> None:
        visible = self.scope.visible  # all words of an instruction have the values from before it
        for variable in instruction.variables:
            word = Declaration(variable, instruction, stage.index)
            made = visible and self._refers(variable.value or "")
            if made:
                self.derived.append(word)
            if variable.name == self.name:
                self._set(word, made=made or variable in self.made)

    def _set(self, word: Declaration, *, made: bool) -> None:
        """What an ENV of the name itself does: it hands the value on, or hides it."""
        if made:
            self.declarations.append(word)
            self.scope = self.scope._replace(declared=True, hidden=False, copy=word)
        else:
            self.scope = self.scope._replace(hidden=True, set_before=True, default=None, copy=None)

    def _expands(self, instruction: Instruction) -> bool:
        if self._refers(instruction.arguments.text) or any(self._refers(flag.value) for flag in instruction.flags):
            return True
        bodies = (heredoc.body.of(self.dockerfile.source.text) for heredoc in instruction.heredocs if heredoc.expand)
        having = (body for body in bodies if self.name in body)
        return any(self.name == reference.name for body in having for reference in references(body, "\\", quotes=False))

    def _refers(self, text: str) -> bool:
        return self.name in text and any(reference.name == self.name for reference in references(text, self.escape))

    def _names(self, instruction: Instruction) -> bool:
        pattern = rf"\$\{{?{re.escape(self.name)}\b"
        if instruction.name == "ARG":
            return any(variable.name == self.name for variable in instruction.variables)
        return re.search(pattern, script_of(instruction, self.dockerfile.source.text).text.text) is not None
