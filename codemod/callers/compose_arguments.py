"""The build args that a compose file writes as a mapping or as a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.callers.yaml_scalars import Style
from codemod.callers.yaml_tree import Item, Mapping, Node, Pair, Scalar, Sequence, Yaml
from codemod.text import Span

MERGE = "<<"
NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Argument:
    """A build arg: `value` is its text, None where the environment has it; `odd` says why it is not read as others are."""

    name: str
    part: Pair | Item
    value: str | None
    odd: str = ""

    @property
    def span(self) -> Span:
        """All that says so."""
        return self.part.span


def arguments(tree: Yaml, node: Node | None) -> Iterator[Argument]:
    """The build args of a node, with those that it takes from others."""
    found = tree.resolved(node)
    if isinstance(found, Sequence):
        yield from map(_of_item, found.items)
    elif isinstance(found, Mapping):
        yield from (_of_pair(pair) for pair in found.pairs if pair.name != MERGE)
        for other in merged(found):
            yield from arguments(tree, other)


def merged(mapping: Mapping) -> Iterator[Node | None]:
    """What a mapping takes pairs from, the one that wins first."""
    merge = mapping.get(MERGE)
    if merge and isinstance(merge.value, Sequence):
        yield from (item.value for item in merge.value.items)
    elif merge:
        yield merge.value


def _of_pair(pair: Pair) -> Argument:
    node = pair.value
    if node is None:
        return Argument(pair.name, pair, None, _odd(pair.name))
    if not isinstance(node, Scalar) or node.tag:
        return Argument(pair.name, pair, "", odd="the value is no plain text")
    is_nothing = node.content.style is Style.PLAIN and node.text in NULLS
    return Argument(pair.name, pair, None if is_nothing else node.text, _odd(pair.name))


def _of_item(item: Item) -> Argument:
    if not isinstance(item.value, Scalar) or item.value.tag:
        return Argument("", item, "", odd="the arg is no plain text")
    name, equals, value = item.value.text.partition("=")
    return Argument(name, item, value if equals else None, _odd(name))


def _odd(name: str) -> str:
    if "$" in name:
        return "the arg's name is put together"
    return "" if NAME.fullmatch(name) else "the arg's name is no name of a variable"
