"""Values made from a secret: by ARG defaults and by ENV, which the shell of a RUN has to build itself from now on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import starmap

from codemod import values
from codemod.dataflow import Declaration, Flow, Sight, ancestry, plain_value, trace_all
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
    """A variable that is made from the secret, as the shell has to build it."""

    name: str
    value: Value = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a RUN comes by the secret and by what is made from it.

    `variable` takes what the mount holds, `default` is its value without one; where there is none either, it is empty if
    `set_anyway`, else unset. `made` follows, in the order in which one needs the other.
    """

    variable: str
    default: Value | None = field(repr=False)
    set_anyway: bool
    made: tuple[Assignment, ...]


def flows_of(dockerfile: Dockerfile, flow: Flow) -> dict[str, Flow]:
    """The flow of a build arg, then those of all that is made from it. Raises Refused where the shell could not make it."""
    flows = trace_all(dockerfile, flow.name)
    made = [word for each in flows.values() for word in each.derived]
    for word in made:
        _check_made(word, flow.name)
    copies = {word.variable.name for word in made if word.is_copy}
    arguments = {word.variable.name for word in made if not word.is_copy}
    for name in copies - arguments - {flow.name}:
        passed = next((word for word in flows[name].declarations if not word.is_copy), None)
        if passed:
            raise _too_complex(passed.variable.line, f"{name} is made from {flow.name}, and a build arg of its own as well")
    return flows


def _check_made(word: Declaration, secret: str) -> None:
    name, line = word.variable.name, word.variable.line
    if word.is_copy:
        return
    if name == secret:
        raise _too_complex(line, f"{name} is made from itself")
    if judge(name) is NameSays.SECRET:
        raise _too_complex(line, f"{name} is made from {secret}, but by its name somebody may pass it as well")


class Deriver:
    """What one RUN has to build: `flows` begins with the secret's, `sight` is how the RUN would see that."""

    def __init__(self, dockerfile: Dockerfile, flows: Mapping[str, Flow], sight: Sight) -> None:
        self.dockerfile, self.flows, self.sight = dockerfile, flows, sight
        self.secret = next(iter(flows))
        self.own = next((found for found in flows[self.secret].sights if found.run is sight.run), None)

    def arrival(self, used: Sequence[str], *, alone: bool) -> Arrival:
        """How the RUN comes by the names `used`; `alone` says that nobody looks for the secret's own name. Raises Refused."""
        made = self._made(used)
        copies = [name for name, value in made.items() if value == (Reference(self.secret, "", "", nested=False),)]
        needed = {piece.name for name, value in made.items() if name not in copies for piece in references(value)}
        direct = self.secret in used or self.secret in needed or not copies or not alone
        variable = self.secret if direct else copies[0]
        source = Reference(variable, "", "", nested=False)
        left = {name: (source,) if name in copies else value for name, value in made.items() if name != variable or name not in copies}
        copied = self.sight.copy is not None if variable == self.secret else True
        return Arrival(variable, self.default(), copied and not self.sight.falls_back, tuple(starmap(Assignment, left.items())))

    def default(self) -> Value | None:
        """What the secret is where none is passed; a credential is none to keep. Raises Refused."""
        default = self._argument_default()
        chosen = self._plain(self.own.copy) if self.own and self.own.copy else None
        if default or chosen is None or not chosen.operand or values.judge(chosen.operand) is ValueSays.CREDENTIAL:
            return default
        return (chosen.operand,)

    def _argument_default(self) -> Value | None:
        word = self.sight.default
        if word is None or word.variable.value is None:
            return None
        if values.judge(plain_value(word.variable, self.dockerfile.escape)) is ValueSays.CREDENTIAL:
            return None
        value = self._value(word, self.secret)
        self._check_foreign(word, references(value), f"the default of {self.secret}")
        return value

    def _made(self, used: Sequence[str]) -> dict[str, Value]:
        """The values of the names `used`, each behind those that it is made from."""
        made: dict[str, Value] = {self.secret: self._made_value(self.secret)} if self._is_remade() else {}
        for name in self.flows:
            if name in used and name != self.secret:
                self._make(name, made)
        return made

    def _make(self, name: str, made: dict[str, Value]) -> None:
        value = self._made_value(name)
        for piece in references(value):
            if piece.name in self.flows and piece.name not in (self.secret, name, *made):
                self._make(piece.name, made)
        made[name] = value

    def _is_remade(self) -> bool:
        """Whether an ENV of the secret's own name makes something else of it than a default would."""
        return self.own is not None and self.own.copy is not None and self._plain(self.own.copy) is None

    def _plain(self, word: Declaration) -> Reference | None:
        """What an ENV has that is the secret as it is, or a default where it is missing."""
        pieces = self._value(word, word.variable.name)
        piece = pieces[0] if len(pieces) == 1 else None
        return piece if isinstance(piece, Reference) and piece.name == self.secret and piece.operator in ("", ":-") else None

    def _made_value(self, name: str) -> Value:
        sight = next(sight for sight in self.flows[name].sights if sight.run is self.sight.run)
        word = sight.copy or sight.default
        if word is None or word.variable.value is None:
            raise _too_complex(self.sight.run.line, f"{name} is made from a secret in one place and passed in another")
        value = self._value(word, name)
        self._check_foreign(word, [reference for reference in references(value) if reference.name not in self.flows], name)
        if not self._same_later(word, references(value)):
            raise _too_complex(word.variable.line, f"what {name} is made from gets another value later")
        return value

    def _value(self, word: Declaration, name: str) -> Value:
        try:
            lexed = lex(word.variable.value or "", self.dockerfile.escape)
        except LexError as error:
            raise _too_complex(word.variable.line, f"the value of {name}: {error}") from None
        wrong = [reference for reference in lexed.references if not _is_shared(reference)]
        if wrong:
            raise _too_complex(word.variable.line, f"{name} has ${{{wrong[0].name}…}} in a form that is not carried over to sh")
        return lexed.pieces

    def _check_foreign(self, word: Declaration, foreign: Sequence[Reference], what: str) -> None:
        """Refuse a value with other variables in it, unless the RUN reads in them what the ARG or ENV did."""
        known = all(self._is_declared(word, reference.name) for reference in foreign)
        if foreign and not (known and self._same_later(word, foreign)):
            detail = f"{what} is made from {foreign[0].name} as well, which changes or is out of reach later"
            raise _too_complex(word.variable.line, detail)

    def _is_declared(self, word: Declaration, name: str) -> bool:
        """Whether the stage gives the variable, or one that it is FROM: the shell knows more than the builder, HOME for one."""
        return any(
            variable.name == name and variable.span.start < word.variable.span.start
            for instruction in self._settings()
            for variable in instruction.variables
        )

    def _same_later(self, word: Declaration, wanted: Sequence[Reference]) -> bool:
        """Whether nothing gives a variable in `wanted` another value between its word and the RUN."""
        names = {reference.name for reference in wanted}
        copied = {made.variable for flow in self.flows.values() for made in flow.derived if made.is_copy and self._plain(made)}
        return not any(
            variable.name in names and variable.value is not None and variable not in copied
            for instruction in self._settings()
            for variable in instruction.variables
            if variable.span.start > word.variable.span.start
        )

    def _settings(self) -> Iterator[Instruction]:
        """Every ARG and ENV that the RUN has behind it, those of the stages that its own is FROM included."""
        for stage in ancestry(self.dockerfile, self.sight.stage):
            for instruction in stage.instructions:
                if instruction.name in ("ARG", "ENV") and instruction.span.start < self.sight.run.span.start:
                    yield instruction


def references(value: Value) -> list[Reference]:
    """The variables in a value."""
    return [piece for piece in value if isinstance(piece, Reference)]


def _is_shared(reference: Reference) -> bool:
    """Whether sh expands it as the builder does, written between double quotes."""
    plain = not NOT_IN_AN_OPERAND & set(reference.operand)
    return not reference.nested and reference.operator in SHARED_OPERATORS and plain and reference.name.isidentifier()


def _too_complex(line: int, detail: str) -> Refused:
    return Refused(Reason.DERIVED_VALUE_TOO_COMPLEX, line, detail)
