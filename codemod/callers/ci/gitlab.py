"""GitLab CI: the shell of each job, `before_script` and `script` in one, with what extends, anchors and references bring along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.callers.ci.embedded import Script, joined, masked
from codemod.callers.ci.pipeline_variables import Builder, assigned_names, builder
from codemod.callers.shell.text import ShellText
from codemod.callers.yaml.tree import Alias, Mapping, Node, Pair, Scalar, Sequence, Yaml, pair_at, text_at

KIND = "job of GitLab CI"
NO_JOBS = frozenset(
    {"stages", "variables", "include", "workflow", "image", "services", "before_script", "after_script", "cache", "spec", "types"}
)
INPUT = re.compile(r"\$\[\[.*?\]\]")
SCRIPTS = ("before_script", "script", "after_script")
DEEP = 12


@dataclass(frozen=True, slots=True)
class _Lines:
    """The texts of a script; not all are `known` where another file has some."""

    pieces: tuple[Scalar, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class _Job:
    """A job and all that it takes something from, the nearest first, `default:` and the root last.

    Not all of that is `known` where another file has some; what `is_base` others may take something from.
    """

    chain: tuple[Mapping, ...]
    known: bool = True
    is_base: bool = False

    def find(self, *path: str) -> Pair | None:
        """What the nearest of them says."""
        return next((pair for mapping in self.chain if (pair := pair_at(mapping, *path)) is not None), None)


def scripts(tree: Yaml) -> Iterator[Script]:
    """The shell texts of a pipeline."""
    root = tree.root
    if root is None:
        return
    for pair in root.pairs:
        if isinstance(pair.value, Mapping) and pair.name not in NO_JOBS:
            yield from _of_job(tree, root, pair.value, is_base=pair.name.startswith(".") or tree.is_part_of_shared(pair.value.span))
        elif pair.name.startswith(".") and isinstance(pair.value, Scalar | Sequence):
            yield from _script(tree, _Job((root,), is_base=True), _lines(tree, pair.value))
    if any(pair_at(root, name) is not None for name in SCRIPTS):
        yield from _of_job(tree, root, root, is_base=True)


def _of_job(tree: Yaml, root: Mapping, mapping: Mapping, *, is_base: bool) -> Iterator[Script]:
    chain, known = _chain(tree, root, mapping)
    default = pair_at(root, "default")
    around = [default.value] if default is not None and isinstance(default.value, Mapping) else []
    job = _Job((*chain, *(each for each in (*around, root) if each is not mapping)), known, is_base)
    before, script, after = (_lines(tree, pair.value if (pair := job.find(name)) else None) for name in SCRIPTS)
    yield from _script(tree, job, _Lines((*before.pieces, *script.pieces), before.known and script.known))
    yield from _script(tree, job, after)


def _chain(tree: Yaml, root: Mapping, mapping: Mapping, depth: int = 0) -> tuple[list[Mapping], bool]:
    """A job, what it merges and what it extends, the nearest first; and whether all of that is in this file."""
    found, known = [mapping], depth < DEEP
    for base in _bases(tree, root, mapping):
        if base is None:
            known = False
        elif known:
            more, also = _chain(tree, root, base, depth + 1)
            found += more
            known = also
    return found, known


def _bases(tree: Yaml, root: Mapping, mapping: Mapping) -> Iterator[Mapping | None]:
    """What a job merges, and what it extends, the last one first; None for what is not in this file."""
    merged, extended = mapping.get("<<"), mapping.get("extends")
    for node in _each(merged.value if merged else None):
        base = tree.resolved(node)
        yield base if isinstance(base, Mapping) else None
    for node in reversed(list(_each(extended.value if extended else None))):
        pair = root.get(node.text) if isinstance(node, Scalar) else None
        yield pair.value if pair is not None and isinstance(pair.value, Mapping) else None


def _each(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Sequence):
        yield from (item.value for item in node.items if item.value is not None)
    elif node is not None:
        yield node


def _lines(tree: Yaml, node: Node | None, depth: int = 0) -> _Lines:
    """The texts of a script, with those that aliases and references stand for."""
    if depth > DEEP:
        return _Lines(known=False)
    if isinstance(node, Alias):
        return _lines(tree, tree.resolved(node), depth + 1)
    if isinstance(node, Scalar):
        return _Lines((node,))
    if not isinstance(node, Sequence):
        return _Lines(known=node is None)
    if node.tag == "reference":
        found = pair_at(tree.root, *(each.text for each in _each(node) if isinstance(each, Scalar)))
        return _lines(tree, found.value, depth + 1) if found is not None else _Lines(known=False)
    parts = [_lines(tree, each, depth + 1) for each in _each(node)]
    return _Lines(tuple(piece for part in parts for piece in part.pieces), all(part.known for part in parts))


def _script(tree: Yaml, job: _Job, lines: _Lines) -> Iterator[Script]:
    pieces = lines.pieces
    if not pieces:
        return
    text = joined(pieces)
    values = _values(job)
    yield Script(
        text=ShellText(
            text=text,
            masked=masked(text.text, INPUT),
            kind=KIND,
            exported=frozenset(values),
            assigned=assigned_names(tree, pieces) if job.is_base else frozenset(),
            sourced=not (lines.known and job.known),
            templates_in_prefixes=True,
        ),
        pieces=pieces,
        values=values,
        credentials=_credentials(job),
        builder=_builder(job, values, text.text),
    )


def _values(job: _Job) -> dict[str, str]:
    """The variables that the file sets, each with its value."""
    found: dict[str, str] = {}
    for mapping in reversed(job.chain):
        pair = mapping.get("variables")
        for each in pair.value.pairs if pair is not None and isinstance(pair.value, Mapping) else ():
            found[each.name] = each.value.text if isinstance(each.value, Scalar) else text_at(each.value, "value") or ""
    return found


def _credentials(job: _Job) -> dict[str, str]:
    """The variables that hold what a vault has, and the tokens that the job asks for."""
    found = {}
    for key in ("secrets", "id_tokens"):
        pair = job.find(key)
        for each in pair.value.pairs if pair is not None and isinstance(pair.value, Mapping) else ():
            found[each.name] = f"{key}: {each.name}"
    return found


def _builder(job: _Job, values: dict[str, str], text: str) -> Builder:
    """What the job's image says of the docker that builds."""
    image = job.find("image")
    services = job.find("services")
    names = [_name(node) for node in _each(services.value if services else None)]
    return builder(_name(image.value if image else None), names, values, text)


def _name(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else text_at(node, "name") or ""
