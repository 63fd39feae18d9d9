"""Actions and reusable workflows that nobody knows here, and are given build args: those can only be reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from codemod.callers.call import ID, Call, Engine, Passed
from codemod.callers.ci.workflow_actions import NAMED, named_in
from codemod.callers.ci.workflow_steps import Step
from codemod.callers.places import places
from codemod.callers.yaml.tree import Mapping, Node, Pair, Scalar, Sequence, Yaml, text_at

KANIKO = "Google's kaniko ignores secret mounts: build with docker/build-push-action, or with osscontainertools/kaniko 1.26.3 or later"
INPUT = re.compile(r"(?:\w+[-_])*build[-_]?args?|buildargs|docker[-_]args", re.IGNORECASE)
OPTION = re.compile(r"--build-arg[= ]+[\"']?(?P<name>[A-Za-z_]\w*)(?:=[\"']?(?P<template>\$\{\{.*?\}\})?)?")
BUILDAH = f"extra-args: --secret id={ID},env=VARIABLE, with that variable under env: of the step"


def foreign_call(tree: Yaml, step: Step, uses: str, inputs: Mapping) -> Call | None:
    """What `uses` is given; None where none of it is a build arg. `step` may be a job that calls a workflow."""
    found = tuple(passed for pair in inputs.pairs for passed in _passes(tree, step, uses, pair))
    if not found:
        return None
    span = step.mapping.span
    file, context = text_at(inputs, "file") or text_at(inputs, "dockerfile"), text_at(inputs, "context")
    return Call(
        kind=step.kind,
        span=span,
        line=tree.source.line(span.start),
        places=places((".",), step.path(file), step.path(context)) if file or context else (),
        passes=found,
        engine=Engine.BUILDAH if "buildah" in uses else Engine.BUILDKIT,
        blocks=KANIKO if "kaniko" in uses else "",
    )


def _passes(tree: Yaml, step: Step, uses: str, pair: Pair) -> Iterator[Passed]:
    obstacle = f"what {uses} does with its input {pair.name} is not known here"
    suggestion = BUILDAH if "buildah" in uses else ""
    for scalar in _scalars(tree.resolved(pair.value)):
        names = NAMED if INPUT.fullmatch(pair.name) and "--build-arg" not in scalar.text else OPTION
        for passed in named_in(tree, step, scalar, names, obstacle):
            given = passed.suggestion.removeprefix("secrets: ")
            yield replace(passed, suggestion=suggestion or f"{given}, in an input of {uses} for secrets, if it has one")
        if INPUT.fullmatch(pair.name) and scalar.text.strip().startswith("${{") and "=" not in scalar.text:
            yield _whole(tree, scalar, obstacle)


def _whole(tree: Yaml, scalar: Scalar, obstacle: str) -> Passed:
    """An input that is one template: its names are only known when it runs."""
    name = scalar.text.strip()
    return Passed(name, scalar.span, tree.source.line(scalar.span.start), obstacle=obstacle, suggestion=f"{ID}=…")


def _scalars(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        yield from (item.value for item in node.items if isinstance(item.value, Scalar))
