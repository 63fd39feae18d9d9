"""Which build args and ENV values are findings."""

from __future__ import annotations

from collections.abc import Sequence

from codemod import literals
from codemod.callers.links import Link
from codemod.dataflow import Flow, argument_names, lineage, trace
from codemod.dockerfile.nodes import Dockerfile, Variable
from codemod.evidence import USERS_WORD, Confidence, confidence, evidence_of, is_ignored
from codemod.findings import Entry, Finding
from codemod.literals import spellings
from codemod.names import public_prefix
from codemod.settings import Settings


def find_secrets(dockerfile: Dockerfile, settings: Settings, links: Sequence[Link] = ()) -> tuple[Finding, ...]:
    """Every finding of the file: build args with their defaults, then ENV values; the possible ones where `settings` ask for them.

    `links` are the calls that build it.
    """
    flows = [trace(dockerfile, name) for name in argument_names(dockerfile)]
    found = [finding for flow in flows if (finding := _argument(dockerfile, flow, settings, links))]
    derived = {
        word.variable
        for finding in found
        if finding.acted_on and finding.flow
        for word in finding.flow.derived
        if word.variable.name != finding.name
    }
    kept = [finding for finding in found if not _is_derived(finding, derived)]
    with_defaults = [each for finding in kept for each in (finding, *literals.of_default(dockerfile, finding))]
    every = (*with_defaults, *literals.of_env(dockerfile, settings))
    return tuple(finding for finding in every if settings.show_possible or finding.confidence is not Confidence.POSSIBLE)


def _is_derived(finding: Finding, derived: set[Variable]) -> bool:
    """A build arg that is made from a secret goes with that secret's plan."""
    words = [word.variable for word in finding.flow.declarations] if finding.flow else []
    return any(word in derived for word in words)


def _argument(dockerfile: Dockerfile, flow: Flow, settings: Settings, links: Sequence[Link]) -> Finding | None:
    evidence = evidence_of(dockerfile, flow, settings, links)
    sure = confidence(evidence)
    if sure is None:
        return None
    line = flow.declarations[0].variable.line
    public = bool(public_prefix(flow.name)) and evidence[0].weight < USERS_WORD
    ignored = is_ignored(dockerfile, flow.name, tuple(word.instruction for word in flow.declarations))
    literal = tuple(text for word in flow.declarations for text in spellings(word.variable, dockerfile.escape))
    shipped = not lineage(dockerfile).isdisjoint(word.stage for word in (*flow.declarations, *flow.derived))
    return Finding(flow.name, Entry.ARG, line, sure, evidence, flow, public=public, ignored=ignored, shipped=shipped, literal=literal)
