"""Steps that build with docker's action, or one that has its inputs: lines of `build-args` become lines of `secrets`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from codemod.callers.call import ID, Call, Move, Passed, Place
from codemod.callers.ci.workflow_evidence import SHOWN, evidence, notes, shown
from codemod.callers.ci.workflow_inputs import Entry, entries, entry_span, names_of, new_input, remark, with_more, without
from codemod.callers.ci.workflow_steps import Step
from codemod.callers.credentials import credential
from codemod.callers.places import places
from codemod.callers.yaml.scalars import Style
from codemod.callers.yaml.tree import Mapping, Pair, Scalar, Yaml, text_at
from codemod.text import Edit, Span

# forks of docker's action that have all of its inputs
BUILD_ACTIONS = frozenset({"docker/build-push-action", "depot/build-push-action", "useblacksmith/build-push-action"})
FEEDING = ("secrets", "secret-files", "secret-envs")
MAY_BE_EMPTY = re.compile(r"\|\|\s*''\s*\}\}")
# how a person would type an entry; only the environment has what GitHub puts in for a template
TYPED = {
    "build-args": ("--build-arg", "{name}"),
    "secrets": ("--secret", "id={name}"),
    "secret-files": ("--secret", "id={name},src={value}"),
    "secret-envs": ("--secret", "id={name},env={value}"),
}
OLD = re.compile(r"v?1(?:\.|$)")
NAMED = re.compile(r"(?<![\w$.{-])(?P<name>[A-Za-z_]\w*)=(?P<template>\$\{\{.*?\}\})?")
DEFAULT_CONTEXT = re.compile(r"\{\{\s*defaultContext\s*\}\}(?::(?P<folder>.*))?")
OWN_REPOSITORY = re.compile(r"https://\S*?\$\{\{\s*github\.repository\s*\}\}(?:\.git)?(?:#[^:]*(?::(?P<folder>.*))?)?")


def build_call(tree: Yaml, step: Step, inputs: Mapping) -> Call:
    """The build of a step."""
    span = step.mapping.span
    found = tuple(dict.fromkeys(step.place_in_tree(place) for place in _places(step, inputs)))
    return Call(
        kind=step.kind,
        span=span,
        line=tree.source.line(span.start),
        places=found,
        passes=tuple(_passes(tree, step, inputs)),
        feeds=names_of(inputs, *FEEDING),
        target=step.path(text_at(inputs, "target")),
        command=_command(step, inputs, found),
    )


def _places(step: Step, inputs: Mapping) -> tuple[Place, ...]:
    """The context is the repository where it is not said, as git has it; the file is seen from the workspace otherwise."""
    context, file = (step.path(text_at(inputs, name)) for name in ("context", "file"))
    own = OWN_REPOSITORY.fullmatch(text_at(inputs, "context") or "") or (DEFAULT_CONTEXT.fullmatch(context) if context else None)
    if context is not None and own is None:
        return places((".",), file, context)
    folder = (own["folder"] if own else None) or "."
    return places((folder,), file, None) + (places((".",), file, folder) if file and folder != "." else ())


def _command(step: Step, inputs: Mapping, found: tuple[Place, ...]) -> str:
    """What one would type, with values from the environment."""
    if len(found) != 1 or found[0].context is None:
        return ""
    target = step.path(text_at(inputs, "target"))
    words = [*_typed(inputs), *(["--target", target] if target else []), "-f", found[0].dockerfile, found[0].context]
    return shlex.join(["docker", "buildx", "build", *words])


def _typed(inputs: Mapping) -> Iterator[str]:
    for name, (flag, word) in TYPED.items():
        pair = inputs.get(name)
        for entry in entries(pair.value) if pair is not None and isinstance(pair.value, Scalar) else ():
            yield from (flag, word.format(name=entry.name, value=entry.value)) if entry.is_plain else ()


def _passes(tree: Yaml, step: Step, inputs: Mapping) -> Iterator[Passed]:
    pair = inputs.get("build-args") or inputs.get("build_args")
    scalar = tree.resolved(pair.value) if pair is not None else None
    if pair is None or not isinstance(scalar, Scalar):
        return
    obstacle = obstacle_of_all(tree, step, inputs, pair)
    if scalar.content.style is Style.FOLDED or pair.name == "build_args":
        yield from named_in(tree, step, scalar, NAMED, obstacle)
        return
    for entry in entries(scalar):
        if entry.is_plain:
            yield _passed(tree, step, scalar, entry, obstacle)
        else:
            yield from _unknown(tree, step, scalar, entry, obstacle)


def obstacle_of_all(tree: Yaml, step: Step, inputs: Mapping, pair: Pair) -> str:
    """What keeps the entries of an input, and the `secrets` beside it, from being changed."""
    beside = [each for each in (pair, inputs.get("secrets")) if each is not None]
    is_old = pair.name == "build_args" or (step.action == "docker/build-push-action" and OLD.match(step.version(tree)))
    reasons = (
        (is_old, f"version 1 of {step.action} cannot pass secrets: use a later one"),
        (any(tree.shared(each.span) for each in beside) or inputs.merges, "YAML anchors share it with other places"),
        (len({each.name for each in inputs.pairs}) < len(inputs.pairs), "one of its inputs is there twice"),
        (inputs.flow, "its inputs are written in {…}"),
        *((True, reason) for each in beside if (reason := _no_list(each))),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _no_list(pair: Pair) -> str:
    """Why an input is no list of lines."""
    if isinstance(pair.value, Scalar) and pair.value.content.style is Style.FOLDED:
        return f"{pair.name} is folded into one line: it needs `|` instead of `>`"
    return "" if pair.value is None or isinstance(pair.value, Scalar) else f"{pair.name} is a list of YAML, not of lines"


def _passed(tree: Yaml, step: Step, scalar: Scalar, entry: Entry, obstacle: str) -> Passed:
    span = entry_span(scalar, entry)
    obstacle = obstacle or _obstacle(step, entry)
    return Passed(
        name=entry.name,
        span=span,
        line=tree.source.line(span.start),
        value=entry.value,
        credential=evidence(step, entry.name, entry.value),
        obstacle=obstacle,
        suggestion=f"secrets: {ID}={shown(entry.value, entry.name)}" if obstacle else "",
        notes=notes(step, entry.name, entry.value),
        conditional=bool(notes(step, entry.name, entry.value)) or MAY_BE_EMPTY.search(entry.value or "") is not None,
    )


def _obstacle(step: Step, entry: Entry) -> str:
    if entry.value is None and entry.name not in step.values:
        return f"only the runner knows its value: secret-envs: {entry.name}={entry.name} passes it"
    return "its value is empty, and an empty secret is not passed" if entry.value == "" else ""


def _unknown(tree: Yaml, step: Step, scalar: Scalar, entry: Entry, obstacle: str) -> Iterator[Passed]:
    """An entry whose name is only known when it runs; what looks like a name in it is one."""
    why = obstacle or "which build args these are is only known when it runs"
    part = Span(entry.offset, entry.offset + len(entry.text))
    found = list(named_in(tree, step, scalar, NAMED, why, part))
    template = SHOWN.search(entry.text)
    span, line = entry_span(scalar, entry), tree.source.line(entry_span(scalar, entry).start)
    yield from found or [
        Passed(
            template[0] if template else "?",
            span,
            line,
            credential=credential(entry.text),
            obstacle=why,
            suggestion=f"secrets: {ID}=…",
        )
    ]


def named_in(tree: Yaml, step: Step, scalar: Scalar, names: re.Pattern[str], obstacle: str, part: Span | None = None) -> Iterator[Passed]:
    """What is passed, found by its looks; `names` has the groups `name` and `template`."""
    for match in names.finditer(scalar.text, *([part.start, part.end] if part else [])):
        span = scalar.content.span(Span(*match.span("name")))
        value = match["template"] or "…"
        yield Passed(
            name=match["name"],
            span=span,
            line=tree.source.line(span.start),
            value=value,
            credential=evidence(step, match["name"], value),
            obstacle=obstacle,
            suggestion=f"secrets: {ID}={shown(value, match['name'])}",
        )


def build_edits(tree: Yaml, step: Step, inputs: Mapping, moves: Sequence[Move]) -> Iterator[Edit]:
    """The edits for those of the moves whose build args stand in the inputs of a step."""
    pair = inputs.get("build-args")
    if pair is None or not isinstance(pair.value, Scalar):
        return
    scalar = pair.value
    by_span = {entry_span(scalar, entry): entry for entry in entries(scalar)}
    own = [(move, by_span[move.passed.span]) for move in moves if move.passed.span in by_span]
    fed = names_of(inputs, *FEEDING)
    moved = [(move, entry) for move, entry in own if move.adds and move.id not in fed]
    added = [(entry, move.id) for move, entry in moved]
    removed = [entry for move, entry in own if move.removes]
    secrets = inputs.get("secrets")
    is_emptied = bool(removed) and len(removed) == len(by_span)
    if is_emptied and secrets is None and len(added) == len(removed) and pair.key is not None:
        yield Edit(pair.key.span, "secrets")
        yield from (edit for entry, identifier in added for edit in _renamed(scalar, entry, identifier))
        return
    new = [(remark(scalar, entry) if move.removes else "") + _secret(entry, move.id) for move, entry in moved]
    if new:
        yield from with_more(tree, secrets, new) if secrets is not None else (new_input(tree, pair, "secrets", new),)
    if is_emptied:
        yield without_input(tree, step, inputs, pair, leaves=bool(new))
    elif removed:
        yield from without(scalar, removed)


def without_input(tree: Yaml, step: Step, inputs: Mapping, pair: Pair, *, leaves: bool) -> Edit:
    """Take an input away, and `with:` where it is the only one and nothing is put there."""
    given = step.mapping.get("with")
    if given is not None and len(inputs.pairs) == 1 and not leaves:
        return tree.removal(given, step.mapping.pairs)
    return tree.removal(pair, inputs.pairs)


def _secret(entry: Entry, identifier: str) -> str:
    """An entry of `build-args` as one of `secrets`."""
    return f"{identifier}=${{{{ env.{entry.name} }}}}" if entry.value is None else entry.renamed(identifier)


def _renamed(scalar: Scalar, entry: Entry, identifier: str) -> Iterator[Edit]:
    """What becomes different of an entry that stays where it is."""
    new = _secret(entry, identifier)
    if new != entry.text:
        yield Edit(entry_span(scalar, entry), scalar.content.spelled(new))
