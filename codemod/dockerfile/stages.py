"""Instructions grouped into stages (frontend/dockerfile/instructions/parse.go)."""

from __future__ import annotations

from dataclasses import replace

from codemod.dockerfile.lex import LexError, Reference, lex
from codemod.dockerfile.nodes import Instruction, ParseError, Stage, Variable

# frontend/dockerfile/command/command.go
INSTRUCTIONS = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
    "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})  # fmt: skip
NEED_AN_ARGUMENT = INSTRUCTIONS - {"CMD", "ENTRYPOINT", "FROM", "ONBUILD", "RUN", "SHELL"}


def stages_of(instructions: tuple[Instruction, ...], escape: str) -> tuple[tuple[Instruction, ...], tuple[Stage, ...]]:
    """What stands before the first FROM, and the stages. Raises ParseError for what no builder takes."""
    head: list[Instruction] = []
    stages: list[Stage] = []
    for instruction in instructions:
        _check(instruction, in_stage=bool(stages))
        if instruction.name == "FROM":
            stages.append(_stage(instruction, stages, head, escape))
        elif stages:
            stages[-1] = replace(stages[-1], instructions=(*stages[-1].instructions, instruction))
        else:
            head.append(instruction)
    if not stages:
        raise ParseError("no FROM: there is no build stage", instructions[-1].line)
    return tuple(head), tuple(stages)


def _check(instruction: Instruction, *, in_stage: bool) -> None:
    name = instruction.name
    if name not in INSTRUCTIONS:
        raise ParseError(f"unknown instruction: {name[:40]!r}", instruction.line)
    if not in_stage and name not in ("ARG", "FROM"):
        raise ParseError(f"{name} before the first FROM: no build stage in current context", instruction.line)
    if name in NEED_AN_ARGUMENT and not instruction.arguments.text:
        raise ParseError(f"{name} requires at least one argument", instruction.line)


def _stage(start: Instruction, before: list[Stage], head: list[Instruction], escape: str) -> Stage:
    words = start.arguments.text.split()
    if len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):
        raise ParseError("FROM requires either one or three arguments", start.line)
    base = _with_defaults(words[0], [word for instruction in head for word in instruction.variables], escape)
    parent = next((stage.index for stage in reversed(before) if stage.name == base.lower()), None)
    platform = next((flag.value for flag in start.flags if flag.name == "platform"), None)
    return Stage(len(before), words[2].lower() if len(words) == 3 else None, base, platform, start, (), parent)


def _with_defaults(base: str, arguments: list[Variable], escape: str) -> str:
    """The base image's name when no build arg is passed, as far as plain references go."""
    defaults = {variable.name: variable.value for variable in arguments if variable.value is not None}
    try:
        pieces = lex(base, escape).pieces
        return "".join(
            piece if isinstance(piece, str) else _default(piece, defaults, escape) for piece in pieces
        )
    except LexError:
        return base


def _default(reference: Reference, defaults: dict[str, str], escape: str) -> str:
    value = defaults.get(reference.name)
    if value is None:
        return reference.operand if reference.operator in ("-", ":-") else ""
    return "".join(piece for piece in lex(value, escape).pieces if isinstance(piece, str))
