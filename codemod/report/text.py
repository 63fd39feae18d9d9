"""What is said to a person: findings with their evidence, what was done, what remains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from codemod.evidence import Confidence
from codemod.findings import Entry
from codemod.report.commands import build_command
from codemod.result import Outcome, Result, Status

if TYPE_CHECKING:  # a run without a change needs no plan
    from codemod.plan import Plan

ROTATE = "The values are in the history of every image built so far, in provenance and in build logs: rotate these secrets."

REPORTED = {
    Entry.ARG: "is no build secret",
    Entry.DEFAULT: "has a credential for its default",
    Entry.ENV: "is a credential in the file",
    Entry.MOUNT: "is a build secret, but a copy of it stays",
}
CACHE = "A changed secret alone no longer reruns a cached step: use --no-cache-filter where it must."


def describe(result: Result, path: str, *, written: bool) -> Iterator[str]:
    """The lines about one Dockerfile; none where there is nothing to say."""
    for outcome in result.outcomes:
        yield from _outcome(outcome, path, written=written)
    if result.plans:
        yield ""
        yield f"Build it with (the context is the Dockerfile's own folder):\n    {build_command(path, result).text}"


def closing(results: Sequence[Result]) -> Iterator[str]:
    """What holds for all secrets that were moved, said once."""
    if any(result.plans for result in results):
        yield ROTATE
        yield CACHE


def _outcome(outcome: Outcome, path: str, *, written: bool) -> Iterator[str]:
    finding, plan, refusal = outcome.finding, outcome.plan, outcome.refusal
    yield f"{path}:{finding.line}: {finding.name} {_verdict(outcome, written=written)}"
    for evidence in finding.evidence:
        against = " (against)" if evidence.weight < 0 else ""
        yield f"    {finding.confidence.value}: line {evidence.line}: {evidence.detail}{against}"
    if plan and plan.steps:
        lines = ", ".join(str(step.run.line) for step in plan.steps)
        yield f"    mounted for the RUN on line {lines}" if len(plan.steps) == 1 else f"    mounted for the RUNs on lines {lines}"
        yield from (f"    line {step.run.line}: {step.why}" for step in plan.steps if step.why)
    if refusal:
        yield f"    {refusal.reason.value}: line {refusal.line}: {refusal.detail}"
        yield f"    {refusal.hint}"
    for remain in outcome.remains:
        yield f"    {path}:{remain.line}: {remain.reason}: {remain.detail}"
    for warning in outcome.warnings:
        yield f"    note: {warning}"


def _verdict(outcome: Outcome, *, written: bool) -> str:
    if outcome.plan:
        return _planned(outcome.plan, written=written)
    if outcome.status is Status.REFUSED:
        return "is a secret, and stays where it is"
    if outcome.status is Status.IGNORED:
        return "is ignored, as a comment asks"
    if outcome.finding.confidence is Confidence.POSSIBLE:
        return "may be a secret, and stays as it is: --secret or --not-secret says which"
    if outcome.finding.entry is Entry.DEFAULT and outcome.finding.evidence[0].kind != "value":
        return "has a default that may be a credential"
    return REPORTED[outcome.finding.entry]


def _planned(plan: Plan, *, written: bool) -> str:
    if not plan.steps:
        why = "is mounted as a secret already" if plan.mounted else "is read by no RUN"
        return f"{why}: its ARG {'is gone' if written else 'goes'}"
    verb, optional = "is now" if written else "becomes", " that a build may go without" if plan.optional else ""
    return f"{verb} the build secret {plan.id}{optional}"


def summary(results: Sequence[Result], errors: int, *, written: bool) -> str:
    """One line of counts."""
    outcomes = [outcome for result in results for outcome in result.outcomes]
    count = {status: sum(outcome.status is status for outcome in outcomes) for status in Status}
    remains = sum(len(outcome.remains) for outcome in outcomes)
    parts = [
        f"{len(results)} Dockerfile{'s' * (len(results) != 1)}",
        f"{count[Status.REWRITTEN]} {'rewritten' if written else 'to rewrite'}",
        f"{count[Status.REFUSED]} refused",
        f"{count[Status.REPORTED]} reported",
        f"{remains} left over",
    ]
    return ", ".join(parts) + (f", {errors} error{'s' * (errors != 1)}" if errors else "")
