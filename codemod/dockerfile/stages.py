"""Instructions grouped into stages (frontend/dockerfile/instructions/parse.go)."""

from __future__ import annotations

import re

from codemod.dockerfile.error import ParseError
from codemod.dockerfile.lex import LexError, Reference, lex
from codemod.dockerfile.nodes import Instruction, Stage
from codemod.dockerfile.words import BLANKS

# frontend/dockerfile/command/command.go
INSTRUCTIONS = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
    "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})  # fmt: skip
NEED_AN_ARGUMENT = INSTRUCTIONS - {"CMD", "ENTRYPOINT", "FROM", "RUN"}
NOT_IN_ONBUILD = frozenset({"FROM", "MAINTAINER", "ONBUILD"})
STAGE_NAME = re.compile(r"[a-z][a-z0-9_.-]*")


def stages_of(instructions: tuple[Instruction, ...], escape: str) -> tuple[tuple[Instruction, ...], tuple[Stage, ...]]:
    """What stands before the first FROM, and the stages. Raises ParseError for what no builder takes."""
    starts = [index for index, instruction in enumerate(instructions) if instruction.name == "FROM"]
    head = instructions[: starts[0]] if starts else instructions
    for instruction in instructions:
        _check(instruction)
    for instruction in head:
        if instruction.name != "ARG":
            message = f"{instruction.name} before the first FROM: no build stage in current context"
            raise ParseError(message, instruction.line)
    if not starts:
        raise ParseError("no FROM: there is no build stage", instructions[-1].line)
    return head, _stages(instructions, starts, _Defaults(head, escape))


def _check(instruction: Instruction) -> None:
    name = instruction.name
    if name not in INSTRUCTIONS:
        raise ParseError(f"unknown instruction{_meant(name)}", instruction.line)
    if name in NEED_AN_ARGUMENT and not instruction.arguments.text:
        raise ParseError(f"{name} requires at least one argument", instruction.line)
    if any(not variable.name for variable in instruction.variables):
        raise ParseError(f"{name} names can not be blank", instruction.line)
    if name == "SHELL" and not instruction.json:
        raise ParseError("SHELL requires the arguments to be in JSON form", instruction.line)
    if instruction.trigger and instruction.trigger.name in NOT_IN_ONBUILD:
        raise ParseError(f"{instruction.trigger.name} isn't allowed as an ONBUILD trigger", instruction.line)


def _meant(name: str) -> str:
    """The instruction that a misspelt one is close to. The word itself is not repeated: it may be half of a lost value."""
    from difflib import get_close_matches  # noqa: PLC0415  (only where something is wrong)

    close = get_close_matches(name, sorted(INSTRUCTIONS), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _stages(instructions: tuple[Instruction, ...], starts: list[int], defaults: _Defaults) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    named: dict[str, int] = {}
    for index, (start, end) in enumerate(zip(starts, (*starts[1:], len(instructions)), strict=True)):
        first = instructions[start]
        image, name = _image_and_name(first)
        base = defaults.expanded(image)
        platform = next((flag.value for flag in first.flags if flag.name == "platform"), None)
        parent = named.get(base.lower())
        stages.append(Stage(index, name, base, platform, first, instructions[start + 1 : end], parent))
        named.update({name: index} if name else {})
    return tuple(stages)


def _image_and_name(start: Instruction) -> tuple[str, str | None]:
    words = BLANKS.split(start.arguments.text)
    if words == [""] or len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):  # noqa: PLR2004
        raise ParseError("FROM requires either one or three arguments", start.line)
    name = words[2].lower() if words[1:] else None
    if name is not None and not STAGE_NAME.fullmatch(name):
        raise ParseError("invalid name for build stage: it can't start with a number or contain symbols", start.line)
    return words[0], name


class _Defaults:
    """What the global ARGs are where no build arg is passed, and what a base image is called then."""

    def __init__(self, head: tuple[Instruction, ...], escape: str) -> None:
        self.escape = escape
        self.values: dict[str, str] = {}
        for variable in (variable for instruction in head for variable in instruction.variables):
            if variable.value is not None:
                self.values[variable.name] = self.expanded(variable.value)

    def expanded(self, text: str) -> str:
        """`text` with its references replaced; as it is where that is not known, or an error to BuildKit."""
        try:
            return self._expanded(text)
        except LexError:
            return text

    def _expanded(self, text: str) -> str:
        pieces = lex(text, self.escape).pieces
        return "".join(piece if isinstance(piece, str) else self._value(piece) for piece in pieces)

    def _value(self, reference: Reference) -> str:
        value, operator = self.values.get(reference.name), reference.operator
        given = value if operator.startswith(":") else value is not None
        if operator in ("", "?", ":?"):
            return value or ""
        if operator in ("-", ":-"):
            return value or "" if given else self._expanded(reference.operand)
        if operator in ("+", ":+"):
            return self._expanded(reference.operand) if given else ""
        raise LexError("a pattern in a substitution is not followed")
