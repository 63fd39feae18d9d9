"""Pipelines of CI systems other than GitHub's: shells inside YAML, and steps that take build args."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from codemod.callers import unknown
from codemod.callers.call import Call, Move, Tree
from codemod.callers.ci import circleci, gitlab, other_pipelines, pipeline_files
from codemod.callers.ci.embedded import Script, script_calls, script_edits
from codemod.callers.ci.pipeline_steps import SHAPES, step_calls
from codemod.callers.ci.planned_changes import Planned
from codemod.callers.reported import descriptions
from codemod.callers.reported.shapes import calls_of
from codemod.callers.yaml.tree import Yaml, parse
from codemod.text import Edit, Source, Span

KIND = "line of a pipeline"
WHY = "it is nothing that a pipeline's reader knows"


class System(NamedTuple):
    """A CI system: the paths of its files, and the scripts that they have."""

    files: str
    scripts: Callable[[Yaml], Iterator[Script]]


SYSTEMS = (
    System(pipeline_files.GITLAB, gitlab.scripts),
    System(pipeline_files.CIRCLECI, circleci.scripts),
    System(pipeline_files.CODEBUILD, other_pipelines.codebuild),
    System(pipeline_files.BITBUCKET, other_pipelines.bitbucket),
    System(pipeline_files.TRAVIS, other_pipelines.travis),
)


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The builds of a pipeline, with all that passes a build arg. Raises NotUnderstoodError."""
    root = parse(source)
    found = {call.span: call for script in _scripts(root) for call in script_calls(script, source)}
    described = [*calls_of((*SHAPES, *circleci.SHAPES), root, source), *step_calls(root, source)]
    found |= {call.span: call for call in described if call.passes or call.feeds or call.blocks}
    if not found and re.fullmatch(pipeline_files.CONCOURSE, source.path.as_posix(), re.IGNORECASE):
        return descriptions.calls(source, tree)
    return tuple(sorted((*found.values(), *unknown.rest(source, found.values(), KIND, WHY)), key=lambda call: call.span))


def _scripts(tree: Yaml) -> Iterator[Script]:
    """The scripts of a file; a text that several have is that of the first, with the variables that all of them have."""
    path = tree.source.path.as_posix()
    found = [script for system in SYSTEMS if re.fullmatch(system.files, path, re.IGNORECASE) for script in system.scripts(tree)]
    seen: set[Span] = set()
    for script in found:
        own = tuple(piece for piece in script.pieces if piece.span not in seen)
        spans = {piece.span for piece in own}
        others = [other for other in found if other is not script and spans & {piece.span for piece in other.pieces}]
        seen |= spans
        exported = script.text.exported.intersection(*(other.text.exported for other in others))
        sourced = any(each.text.sourced for each in (script, *others))
        if own:
            yield replace(script, pieces=own, text=replace(script.text, exported=exported, sourced=sourced))


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """What passes the secrets instead of the build args."""
    root = parse(source)
    return tuple(edit for script in _scripts(root) for edit in script_edits(script, source, moves))


def mistake(before: Source, after: Source, moves: Sequence[Move]) -> str | None:
    """What differs between two versions, as another parser loads them, other than by the moves."""
    return Planned(before, moves).mistake(after)
