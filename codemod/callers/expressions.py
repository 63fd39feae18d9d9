"""What a bake file says, in HCL or in JSON: expressions with their places, and the targets made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice, product
from typing import TYPE_CHECKING

from codemod.callers.brackets import Brackets
from codemod.callers.call import NotUnderstoodError
from codemod.text import Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node


MOST = 100  # texts that a matrix makes are places to look at, and one of many is as good as another


class Form(Enum):
    """What an expression is, as far as it can be told without evaluating it."""

    TEXT = "a text, a number or a variable, or several of them put together"
    LIST = "[…]"
    OBJECT = "{…}"
    NULL = "null"
    OTHER = "an expression"


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that a text takes in."""

    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`key = value`; `fixed` says that the key is what it looks like, and not the value of an expression."""

    key: str
    span: Span
    value: Expression
    fixed: bool = True


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression: `pieces` of a text, the `items` of a list, the `entries` of an object; `inside` is all that another has in it."""

    span: Span
    form: Form
    pieces: tuple[str | Variable, ...] = field(default=(), repr=False)
    items: tuple[Expression, ...] = ()
    entries: tuple[Entry, ...] = ()
    inside: tuple[Expression, ...] = ()
    brackets: Brackets | None = None

    @property
    def literal(self) -> str | None:
        """The text, where nothing is taken in; None where it is something else."""
        if self.form is not Form.TEXT or any(isinstance(piece, Variable) for piece in self.pieces):
            return None
        return "".join(piece for piece in self.pieces if isinstance(piece, str))

    @property
    def variable(self) -> str | None:
        """The variable, where the value is just its own."""
        only = self.pieces[0] if len(self.pieces) == 1 else None
        return only.name if isinstance(only, Variable) else None

    def get(self, key: str) -> Expression | None:
        """The value of an object's key."""
        return next((entry.value for entry in self.entries if entry.key == key and entry.fixed), None)

    def objects(self) -> Iterator[Expression]:
        """The objects in it: itself, or what the functions around them are given."""
        if self.form is Form.OBJECT:
            yield self
        for expression in self.inside:
            yield from expression.objects()

    def texts(self, values: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """What the text may be where variables have these values; nothing where that is not known."""
        if self.form is not Form.TEXT:
            return ()
        choices = [values.get(piece.name, ()) if isinstance(piece, Variable) else (piece,) for piece in self.pieces]
        return tuple("".join(chosen) for chosen in islice(product(*choices), MOST))


NOTHING = Expression(Span(0, 0), Form.NULL)


@dataclass(frozen=True, slots=True)
class Target:
    """A target: `body` has its attributes as items, `attributes` are what they say, by name."""

    name: str
    span: Span
    body: Brackets
    attributes: Mapping[str, Entry]

    def get(self, name: str) -> Expression | None:
        """What an attribute is."""
        entry = self.attributes.get(name)
        return entry.value if entry else None

    def number(self, name: str) -> int:
        """Which of the body's items an attribute is."""
        return self.body.items.index(self.attributes[name].span)


@dataclass(frozen=True, slots=True)
class Declared:
    """A `variable` block: its default, None where it has none, and its type, if it says one."""

    default: Expression | None
    type: str


@dataclass(frozen=True, slots=True)
class BakeFile:
    """The targets of a bake file, the variables it declares, and those that it sets itself."""

    targets: tuple[Target, ...]
    variables: Mapping[str, Declared]
    settings: Mapping[str, Expression]


def by_name(source: Source, entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by their keys. Raises NotUnderstoodError where one is there twice."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.key in found:
            raise NotUnderstoodError(source.line(entry.span.start), "has a key twice")
        found[entry.key] = entry
    return found


def first_error(node: Node) -> int:
    """Where a grammar does not know on."""
    inner = next((child for child in node.children if child.has_error or child.is_missing), None)
    return node.start_byte if inner is None or node.is_error else first_error(inner)
