"""Steps that build with docker/bake-action: a build arg that `set:` gives a target becomes a secret from the step's environment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from codemod.callers.call import ID, Call, Move, Passed
from codemod.callers.ci.step_environment import TEMPLATE, additions, planned_for, takes_variables, templates
from codemod.callers.ci.workflow_actions import obstacle_of_all, without_input
from codemod.callers.ci.workflow_evidence import evidence, shown
from codemod.callers.ci.workflow_inputs import Entry, entries, entry_span, with_more, without
from codemod.callers.ci.workflow_steps import Step
from codemod.callers.yaml.tree import Mapping, Pair, Scalar, Yaml
from codemod.text import Edit

BAKE_ACTIONS = frozenset({"docker/bake-action", "depot/bake-action"})
SETS = re.compile(r"(?P<target>[^=\s]*?)\.args\.(?P<name>[A-Za-z_]\w*)(?:=(?P<value>.*))?", re.DOTALL)
FEEDS = re.compile(r"\.secrets\+?=(?:[^,\n]*,)?\"?id=([^,\"\s]+)")


@dataclass(frozen=True, slots=True)
class _Setting:
    """A build arg of a target; `variable` has its value, None where none can have it, and `template` is what that is to be given."""

    entry: Entry
    target: str
    name: str
    value: str | None
    variable: str | None
    template: str = ""


_Moves: TypeAlias = "list[tuple[Move, _Setting]]"


def bake_call(tree: Yaml, step: Step, inputs: Mapping) -> Call:
    """The build of a step; where its Dockerfiles are, the bake file knows."""
    pair = inputs.get("set")
    scalar = tree.resolved(pair.value) if pair is not None else None
    passes: tuple[Passed, ...] = ()
    feeds: tuple[str, ...] = ()
    if pair is not None and isinstance(scalar, Scalar):
        obstacle = obstacle_of_all(tree, step, inputs, pair)
        passes = tuple(_passed(tree, step, scalar, setting, obstacle) for setting in _settings(tree, step, scalar))
        feeds = tuple(FEEDS.findall(scalar.text))
    return Call(step.kind, step.mapping.span, tree.source.line(step.mapping.span.start), passes=passes, feeds=feeds)


def _settings(tree: Yaml, step: Step, scalar: Scalar) -> list[_Setting]:
    found = [(entry, match) for entry in entries(scalar) if (match := SETS.fullmatch(entry.body))]
    new = [(match["name"], match["value"]) for _, match in found if TEMPLATE.fullmatch(match["value"] or "")]
    to_give = planned_for(new, "", step.values) if takes_variables(tree, step.mapping) else {}
    return [_setting(step, entry, match, to_give) for entry, match in found]


def _setting(step: Step, entry: Entry, match: re.Match[str], to_give: dict[str, str]) -> _Setting:
    name, value = match["name"], match["value"]
    if value is None:
        return _Setting(entry, match["target"], name, value, name if name in step.values else None)
    if value in to_give:
        return _Setting(entry, match["target"], name, value, to_give[value], value)
    known = templates(value, step.values) if TEMPLATE.fullmatch(value) else {}
    return _Setting(entry, match["target"], name, value, known.get(value))


def _passed(tree: Yaml, step: Step, scalar: Scalar, setting: _Setting, obstacle: str) -> Passed:
    span = entry_span(scalar, setting.entry)
    obstacle = obstacle or ("" if setting.variable else "no variable of the step has its value")
    name, value = setting.name, setting.value
    there = f"{setting.target}.secrets+=id={ID},env={name}, and under env: of the step {name}: {shown(value, name)}"
    return Passed(
        name=name,
        span=span,
        line=tree.source.line(span.start),
        value=value,
        credential=evidence(step, name, value),
        obstacle=obstacle,
        suggestion=there if obstacle else "",
        notes=("`secrets+=` needs a buildx that knows `+=` there",),
    )


def bake_edits(tree: Yaml, step: Step, inputs: Mapping, moves: Sequence[Move]) -> Iterator[Edit]:
    """The edits for those of the moves whose build args stand in `set:`."""
    pair = inputs.get("set")
    if pair is None or not isinstance(pair.value, Scalar):
        return
    scalar, fed = pair.value, set(FEEDS.findall(pair.value.text))
    by_span = {entry_span(scalar, setting.entry): setting for setting in _settings(tree, step, scalar)}
    own = [(move, by_span[move.passed.span]) for move in moves if move.passed.span in by_span]
    added = [(move, setting) for move, setting in own if move.adds and move.id not in fed]
    yield from _list_edits(tree, step, inputs, pair, own, added)
    variables = {setting.variable: setting.template for _, setting in added if setting.variable and setting.template}
    yield from additions(tree, step.mapping, "with", variables)


def _list_edits(tree: Yaml, step: Step, inputs: Mapping, pair: Pair, own: _Moves, added: _Moves) -> Iterator[Edit]:
    """One that goes makes place for what comes for it."""
    assert isinstance(pair.value, Scalar), "it has settings"  # noqa: S101  (our own bug)
    scalar = pair.value
    new = {setting.entry: f"{setting.target}.secrets+=id={move.id},env={setting.variable}" for move, setting in added}
    gone = [setting.entry for move, setting in own if move.removes and setting.entry not in new]
    for move, setting in own:
        if move.removes and setting.entry in new:
            yield Edit(entry_span(scalar, setting.entry), scalar.content.spelled(new.pop(setting.entry)))
    if new:
        yield from with_more(tree, pair, list(new.values()))
    if gone and len(gone) == len(entries(scalar)):
        yield without_input(tree, step, inputs, pair, leaves=False)
    elif gone:
        yield from without(scalar, gone)
