"""Values made from a secret: ARG defaults that the shell of a RUN has to build itself from now on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from codemod import values
from codemod.dataflow import Declaration, Flow, Sight, trace
from codemod.detect import plain_value
from codemod.dockerfile.lex import LexError, Reference, lex
from codemod.dockerfile.nodes import Dockerfile, Instruction
from codemod.names import NameSays, judge
from codemod.refusal import Reason, Refused
from codemod.values import ValueSays

Value = tuple[str | Reference, ...]
# modifiers that sh and the builder take alike (POSIX shell, 2.6.2; frontend/dockerfile/shell/lex.go)
SHARED_OPERATORS = frozenset({"", ":-", "-", ":+", "+"})
NOT_IN_AN_OPERAND = frozenset("}\"'$`\\")


@dataclass(frozen=True, slots=True)
class Assignment:
    """A derived build arg, as the shell has to build it."""

    name: str
    value: Value = field(repr=False)


def derived_flows(dockerfile: Dockerfile, flow: Flow) -> dict[str, Flow]:
    """The build args that are made from the one of `flow`, and those made from them. Raises Refused."""
    found: dict[str, Flow] = {}
    waiting = list(flow.derived)
    while waiting:
        word = waiting.pop(0).variable
        if word.name == flow.name:
            raise _too_complex(word.line, f"{word.name} is made from itself")
        if judge(word.name) is NameSays.SECRET:
            raise _too_complex(word.line, f"{word.name} is made from {flow.name}, but by its name somebody may pass it as well")
        if word.name not in found:
            found[word.name] = trace(dockerfile, word.name)
            waiting += found[word.name].derived
    return found


def assignments(dockerfile: Dockerfile, flows: Mapping[str, Flow], used: Sequence[str], run: Instruction) -> tuple[Assignment, ...]:
    """The derived values that `run` needs, those that others are made from first. `flows` begins with the secret's. Raises Refused."""
    secret = next(iter(flows))
    wanted = [name for name in flows if name != secret and name in used]
    needed: dict[str, Assignment] = {}
    while wanted:
        name = wanted.pop(0)
        assignment = _assignment(dockerfile, flows, name, run)
        needed = {name: assignment, **{key: value for key, value in needed.items() if key != name}}
        wanted += [piece.name for piece in references(assignment.value) if piece.name in flows and piece.name != secret]
    return tuple(needed.values())


def default_value(dockerfile: Dockerfile, name: str, sight: Sight) -> Value | None:
    """The default that a RUN has had without the secret; a credential is none to keep. Raises Refused."""
    word = sight.default
    if word is None or word.variable.value is None:
        return None
    if values.judge(plain_value(word.variable, dockerfile.escape)) is ValueSays.CREDENTIAL:
        return None
    value = _value(dockerfile, word, name)
    _check_foreign(word, references(value), sight, f"the default of {name}")
    return value


def references(value: Value) -> list[Reference]:
    """The variables in a value."""
    return [piece for piece in value if isinstance(piece, Reference)]


def _assignment(dockerfile: Dockerfile, flows: Mapping[str, Flow], name: str, run: Instruction) -> Assignment:
    sight = next(sight for sight in flows[name].sights if sight.run is run)
    word = sight.default
    if word is None or word.variable.value is None:
        raise _too_complex(run.line, f"{name} is made from a secret in one place and passed in another")
    value = _value(dockerfile, word, name)
    _check_foreign(word, [reference for reference in references(value) if reference.name not in flows], sight, name)
    if not _same_later(word, references(value), sight):
        raise _too_complex(word.variable.line, f"what {name} is made from gets another value later")
    return Assignment(name, value)


def _value(dockerfile: Dockerfile, word: Declaration, name: str) -> Value:
    try:
        lexed = lex(word.variable.value or "", dockerfile.escape)
    except LexError as error:
        raise _too_complex(word.variable.line, f"the value of {name}: {error}") from None
    wrong = [reference for reference in lexed.references if not _is_shared(reference)]
    if wrong:
        raise _too_complex(word.variable.line, f"{name} has ${{{wrong[0].name}…}} in a form that is not carried over to sh")
    return lexed.pieces


def _is_shared(reference: Reference) -> bool:
    """Whether sh expands it as the builder does, written between double quotes."""
    plain = not NOT_IN_AN_OPERAND & set(reference.operand)
    return not reference.nested and reference.operator in SHARED_OPERATORS and plain and reference.name.isidentifier()


def _check_foreign(word: Declaration, foreign: Sequence[Reference], sight: Sight, what: str) -> None:
    """Refuse a value with other variables in it, unless a RUN reads in them what the ARG did."""
    known = word.stage == sight.stage.index and all(_is_declared(word, reference.name, sight) for reference in foreign)
    if foreign and not (known and _same_later(word, foreign, sight)):
        raise _too_complex(word.variable.line, f"{what} is made from {foreign[0].name} as well, which changes or is out of reach later")


def _is_declared(word: Declaration, name: str, sight: Sight) -> bool:
    """Whether the stage gives the variable: the shell knows more than the builder, HOME for one."""
    return any(
        variable.name == name and variable.span.start < word.variable.span.start
        for instruction in sight.stage.instructions
        if instruction.name in ("ARG", "ENV")
        for variable in instruction.variables
    )


def _same_later(word: Declaration, wanted: Sequence[Reference], sight: Sight) -> bool:
    """Whether nothing of its stage gives a variable in `wanted` another value between the ARG and the RUN."""
    between = {
        variable.name
        for instruction in sight.stage.instructions
        if instruction.name in ("ARG", "ENV") and instruction.span.start < sight.run.span.start
        for variable in instruction.variables
        if variable.span.start > word.variable.span.start and variable.value is not None
    }
    return not any(reference.name in between for reference in wanted)


def _too_complex(line: int, detail: str) -> Refused:
    return Refused(Reason.DERIVED_VALUE_TOO_COMPLEX, line, detail)
