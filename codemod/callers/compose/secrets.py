"""The secrets that a compose file declares at its top level."""

from __future__ import annotations

import re

from codemod.callers.brackets import Brackets, New, filled, insertions
from codemod.callers.compose.services import is_nothing
from codemod.callers.yaml.scalars import Style
from codemod.callers.yaml.tree import Mapping, Pair, Scalar, Sequence, Yaml, text_at
from codemod.text import Edit, Span

SECRETS = "secrets"
END = re.compile(r"^\.\.\.(?=\s|$)", re.MULTILINE)


def declared(tree: Yaml, name: str) -> Pair | None:
    """The secret of that name."""
    return tree.find(SECRETS, name)


def refusal(tree: Yaml, name: str, variable: str) -> str:
    """Why the file cannot declare the secret `name` from `variable`; empty where it can, or does."""
    secrets, found = tree.find(SECRETS), declared(tree, name)
    if found is not None:
        is_same = isinstance(found.value, Mapping) and len(found.value.pairs) == 1 and text_at(found.value, "environment") == variable
        return "" if is_same else f"the file has a secret {name} that is not taken from {variable}"
    if tree.root is None or tree.root.flow:
        return "the whole file is in brackets"
    if secrets is None or is_nothing(secrets.value):
        return ""
    if not isinstance(secrets.value, Mapping) or secrets.value.merges or secrets.value.tag or secrets.value.anchor:
        return "the file's secrets are no plain mapping"
    if secrets.value.flow and "\n" in secrets.value.span.of(tree.source.text):
        return "the file's secrets are in brackets over several lines"
    return ""


def declarations(tree: Yaml, wanted: dict[str, str]) -> tuple[Edit, ...]:
    """Declare the secrets `wanted`, each with its variable, that the file does not have."""
    missing = {name: variable for name, variable in wanted.items() if declared(tree, name) is None}
    secrets = tree.find(SECRETS)
    if not missing:
        return ()
    if secrets is None:
        return (_section(tree, missing),)
    if not isinstance(secrets.value, Mapping):
        indent = tree.indentation(secrets.span.start) + step(tree)
        return (tree.added(tree.lines(secrets.span).end, indent, _lines(tree, missing)),)
    if secrets.value.flow:
        return _in_brackets(tree, secrets.value, missing)
    return (tree.addition(secrets.value.pairs[-1], _lines(tree, missing)),)


def _in_brackets(tree: Yaml, mapping: Mapping, missing: dict[str, str]) -> tuple[Edit, ...]:
    brackets = Brackets(mapping.span, tuple(pair.span for pair in mapping.pairs))
    new = [New(f"{name}: {{environment: {variable}}}") for name, variable in missing.items()]
    text = tree.source.text
    return insertions(text, brackets, len(mapping.pairs) - 1, new) if mapping.pairs else filled(text, brackets, new)


def _lines(tree: Yaml, missing: dict[str, str]) -> str:
    return "\n".join(f"{name}:\n{step(tree)}environment: {variable}" for name, variable in missing.items())


def _section(tree: Yaml, missing: dict[str, str]) -> Edit:
    """The whole of it at the end of the file; before its last part where that would take what follows for its own."""
    written = "\n".join([f"{SECRETS}:", *(step(tree) + line for line in _lines(tree, missing).split("\n"))])
    text, pairs = tree.source.text, tree.root.pairs if tree.root else ()
    indent = tree.indentation(pairs[0].span.start)
    if _is_open(text, last := pairs[-1]):
        return tree.added(tree.lines(Span(last.span.start, last.span.start)).start, indent, written + "\n")
    end = _end(text)
    return tree.added(end, indent, written if text[:end].endswith(("\n\n", "\n\r\n")) or not _has_gaps(tree, pairs) else "\n" + written)


def _is_open(text: str, last: Pair) -> bool:
    """Whether the end of the file is that of a block text: a line more would change it."""
    node = last.value
    while isinstance(node, (Mapping, Sequence)) and not node.flow:
        parts = node.pairs if isinstance(node, Mapping) else node.items
        node = parts[-1].value
    if not isinstance(node, Scalar) or node.content.style not in (Style.LITERAL, Style.FOLDED):
        return False
    return not text.endswith("\n") or node.span.end > len(text.rstrip("\r\n"))


def _end(text: str) -> int:
    """The end of the file, or of its only document."""
    marker = END.search(text)
    return marker.start() if marker else len(text)


def _has_gaps(tree: Yaml, pairs: tuple[Pair, ...]) -> bool:
    """Whether a blank line stands between the parts of the file, as nearly everywhere."""
    text = tree.source.text
    before = [text[: tree.lines(pair.span).start].rstrip(" \t").endswith(("\n\n", "\n\r\n")) for pair in pairs[1:]]
    return not before or any(before)


def step(tree: Yaml) -> str:
    """The blanks that a level of the file is indented by."""
    for pair in tree.root.pairs if tree.root else ():
        if isinstance(pair.value, Mapping) and not pair.value.flow and pair.value.pairs:
            return " " * (tree.column(pair.value.pairs[0].span.start) - tree.column(pair.span.start))
    return "  "


def dash(tree: Yaml) -> str:
    """The blanks before the `-` of a list, seen from its key."""
    for _, node in tree.walk():
        for pair in node.pairs if isinstance(node, Mapping) and not node.flow else ():
            if isinstance(pair.value, Sequence) and not pair.value.flow and pair.value.items:
                return " " * (tree.column(pair.value.items[0].span.start) - tree.column(pair.span.start))
    return step(tree)
