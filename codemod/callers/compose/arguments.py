"""The build args that a compose file writes as a mapping or as a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.callers.yaml.scalars import Style
from codemod.callers.yaml.tree import Item, Mapping, Node, Pair, Scalar, Sequence, Yaml
from codemod.text import Span

MERGE = "<<"
NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Argument:
    """A build arg: `value` is its text, None where the environment has it; `odd` says why it is not read as others are.

    `home` is what it stands in, which an alias may stand for elsewhere.
    """

    name: str
    part: Pair | Item
    home: Mapping | Sequence
    value: str | None
    odd: str = ""

    @property
    def span(self) -> Span:
        """All that says so."""
        return self.part.span


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a build passes: `homes` are where they stand, the one that wins first, and `twice` the names that stand in several."""

    each: tuple[Argument, ...] = ()
    homes: tuple[Mapping | Sequence, ...] = ()
    twice: frozenset[str] = frozenset()


def arguments(tree: Yaml, node: Node | None) -> Arguments:
    """The build args of a node, with those that it takes from others and has none of its own for."""
    found: list[Argument] = []
    twice: set[str] = set()
    places = tuple(homes(tree, node))
    for home in places:
        names = {argument.name for argument in found}
        twice |= {argument.name for argument in _in(home) if argument.name in names}
        found += [argument for argument in _in(home) if argument.name not in names]
    return Arguments(tuple(found), places, frozenset(twice))


def _in(home: Mapping | Sequence) -> list[Argument]:
    if isinstance(home, Sequence):
        return [_of_item(home, item) for item in home.items]
    return [_of_pair(home, pair) for pair in home.pairs if pair.name != MERGE]


def homes(tree: Yaml, node: Node | None) -> Iterator[Mapping | Sequence]:
    """What a node's build args stand in, the one that wins first."""
    found = tree.resolved(node)
    if isinstance(found, (Mapping, Sequence)):
        yield found
    for other in merged(found) if isinstance(found, Mapping) else ():
        yield from homes(tree, other)


def merged(mapping: Mapping) -> Iterator[Node | None]:
    """What a mapping takes pairs from, the one that wins first."""
    merge = mapping.get(MERGE)
    if merge and isinstance(merge.value, Sequence):
        yield from (item.value for item in merge.value.items)
    elif merge:
        yield merge.value


def _of_pair(home: Mapping, pair: Pair) -> Argument:
    node = pair.value
    if node is None:
        return Argument(pair.name, pair, home, None, _odd(pair.name))
    if not isinstance(node, Scalar) or node.tag:
        return Argument(pair.name, pair, home, "", odd="the value is no plain text")
    is_nothing = node.content.style is Style.PLAIN and node.text in NULLS
    return Argument(pair.name, pair, home, None if is_nothing else node.text, _odd(pair.name))


def _of_item(home: Sequence, item: Item) -> Argument:
    if not isinstance(item.value, Scalar) or item.value.tag:
        return Argument("", item, home, "", odd="the arg is no plain text")
    name, equals, value = item.value.text.partition("=")
    return Argument(name, item, home, value if equals else None, _odd(name))


def _odd(name: str) -> str:
    if "$" in name:
        return "the arg's name is put together"
    return "" if NAME.fullmatch(name) else "the arg's name is no name of a variable"
