"""GitHub Actions: workflows and composite actions, whose steps build with an action or with a script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codemod.callers import unknown
from codemod.callers.call import Call, Move, Tree
from codemod.callers.ci.planned_changes import Planned
from codemod.callers.ci.workflow_actions import BUILD_ACTIONS, build_call, build_edits
from codemod.callers.ci.workflow_bake import BAKE_ACTIONS, bake_call, bake_edits
from codemod.callers.ci.workflow_foreign import foreign_call
from codemod.callers.ci.workflow_scripts import run_calls, run_edits
from codemod.callers.ci.workflow_steps import Step, jobs_that_call, steps
from codemod.callers.yaml.tree import Yaml, parse, text_at
from codemod.text import Edit, Source

KIND = "line of a workflow"
WHY = "it is nothing that a workflow's reader knows"


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The builds of a workflow or of an action, with all that passes a build arg. Raises NotUnderstoodError."""
    root = parse(source)
    found = (*(call for step in steps(root) for call in _step_calls(root, step)), *_job_calls(root))
    return tuple(sorted((*found, *unknown.rest(source, found, KIND, WHY)), key=lambda call: call.span))


def _step_calls(tree: Yaml, step: Step) -> Iterator[Call]:
    inputs = step.inputs_given
    if step.action in BUILD_ACTIONS and inputs is not None:
        yield build_call(tree, step, inputs)
    elif step.action in BAKE_ACTIONS and inputs is not None:
        yield bake_call(tree, step, inputs)
    elif step.action and inputs is not None:
        found = foreign_call(tree, step, step.action, inputs)
        yield from [found] if found is not None else []
    else:
        yield from run_calls(tree, step)


def _job_calls(tree: Yaml) -> Iterator[Call]:
    """The jobs that give a workflow build args."""
    for job, uses in jobs_that_call(tree):
        step = Step(job, "job of a workflow", {}, {})
        inputs = step.inputs_given
        found = foreign_call(tree, step, text_at(job, uses.name) or "", inputs) if inputs is not None else None
        yield from [found] if found is not None else []


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:  # noqa: ARG001  (…)
    """What passes the secrets instead of the build args."""
    root = parse(source)
    return tuple(edit for step in steps(root) for edit in _step_edits(root, step, moves))


def _step_edits(tree: Yaml, step: Step, moves: Sequence[Move]) -> Iterator[Edit]:
    inputs = step.inputs_given
    if step.action in BUILD_ACTIONS and inputs is not None:
        yield from build_edits(tree, step, inputs, moves)
    elif step.action in BAKE_ACTIONS and inputs is not None:
        yield from bake_edits(tree, step, inputs, moves)
    else:
        yield from run_edits(tree, step, moves)


def mistake(before: Source, after: Source, moves: Sequence[Move]) -> str | None:
    """What differs between two versions, as another parser loads them, other than by the moves."""
    return Planned(before, moves).mistake(after)
