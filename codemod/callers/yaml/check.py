"""What YAML says, by a parser that is not ours: the check of what is rewritten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from codemod.callers.call import NotUnderstoodError
from codemod.callers.yaml.tree import Alias, Mapping, Node, Scalar, Sequence, Step, parse
from codemod.text import Source

if TYPE_CHECKING:
    import yaml

Path: TypeAlias = "tuple[Step, ...]"
SURROGATE = re.compile("[\ud800-\udfff]")


class Missing:
    """Stands for what one of two files does not have."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = Missing()
Difference: TypeAlias = "tuple[Path, Any, Any]"


def loaded(text: str) -> list[Any] | None:
    """Each document's data, every scalar a str, as PyYAML has it; tags say nothing. None where it cannot read the text."""
    import yaml  # noqa: PLC0415  (only where YAML is changed)

    readable = SURROGATE.sub("\ufffd", text.removeprefix("\ufeff"))
    try:
        return list(yaml.load_all(readable, _loader()))
    except (yaml.YAMLError, ValueError, TypeError):
        return None


def _loader() -> type[yaml.BaseLoader]:
    import yaml  # noqa: PLC0415  (…)

    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def differences(before: Any, after: Any, path: Path = ()) -> list[Difference]:  # noqa: ANN401  (what is in a file has no type)
    """Where two loads differ: the keys and numbers that lead there, and what each has, MISSING where it has nothing.

    Mappings are compared key by key, sequences of one length item by item, those of two lengths as a whole.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        keys = dict.fromkeys((*before, *after))
        return [found for key in keys for found in differences(before.get(key, MISSING), after.get(key, MISSING), (*path, key))]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [found for number, pair in enumerate(zip(before, after, strict=True)) for found in differences(*pair, (*path, number))]
    return [] if before == after else [(path, before, after)]


def data(node: Node | None) -> Any:  # noqa: ANN401  (…)
    """What our own tree says, in the form of `loaded`; an alias is a text with its `*`."""
    match node:
        case Scalar():
            return node.text
        case Alias():
            return f"*{node.name}"
        case Sequence():
            return [data(item.value) for item in node.items]
        case Mapping():
            return {pair.name: data(pair.value) for pair in node.pairs}
        case _:
            return ""


def read(source: Source) -> list[Any]:
    """Each document's data, by PyYAML where it can, which has an older YAML than most files; else by our own tree."""
    found = loaded(source.text)
    return found if found is not None else [data(document) for document in parse(source).documents]


def both(before: Source, after: Source) -> tuple[list[Any], list[Any]] | None:
    """Two versions of a file, read by the same parser: PyYAML, if it can read the first. None where the second cannot be read."""
    old = loaded(before.text)
    if old is not None:
        new = loaded(after.text)
        return None if new is None else (old, new)
    try:
        return read(before), [data(document) for document in parse(after).documents]
    except NotUnderstoodError:
        return None
