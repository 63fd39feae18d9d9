"""A compose file as its tree, where another reader of YAML finds the same in it."""

from __future__ import annotations

from typing import Any

from codemod.callers.call import NotUnderstoodError
from codemod.callers.yaml.check import differences, loaded
from codemod.callers.yaml.tree import Alias, Mapping, Node, Scalar, Sequence, Yaml, parse
from codemod.text import Source

MERGE = "<<"


def understood(source: Source) -> Yaml:
    """The tree. Raises NotUnderstoodError where it is no YAML, or none that compose takes."""
    tree = parse(source)
    for _, node in tree.walk():
        _check(tree, node)
    found = loaded(source.text)
    if found is None or differences([_data(tree, document) for document in tree.documents], found):
        raise NotUnderstoodError(1, "is no YAML that all readers read alike")
    return tree


def _check(tree: Yaml, node: Node) -> None:
    """No alias of what it stands in, or of nothing; no key twice."""
    if isinstance(node, Alias):
        target = tree.resolved(node)
        if target is None or node.span in target.span:
            raise NotUnderstoodError(tree.source.line(node.span.start), "has an alias that stands for nothing, or for what it is in")
    elif isinstance(node, Mapping):
        seen: set[str] = set()
        for pair in node.pairs:
            if pair.name in seen or not isinstance(pair.key, Scalar):
                raise NotUnderstoodError(tree.source.line(pair.span.start), "has a key twice, or one that is no text")
            seen.add(pair.name)


def _data(tree: Yaml, node: Node | None) -> Any:  # noqa: ANN401  (what is in a file has no type)
    """What the tree says, with aliases as what they stand for."""
    match tree.resolved(node):
        case Scalar() as scalar:
            return scalar.text
        case Sequence(items=items):
            return [_data(tree, item.value) for item in items]
        case Mapping(pairs=pairs):
            return {pair.name: _data(tree, pair.value) for pair in pairs}
        case _:
            return ""
