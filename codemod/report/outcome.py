"""What is said of one secret: what became of it, on what evidence, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemod.evidence import Confidence
from codemod.findings import Entry, Finding
from codemod.passing import IN_DOCUMENTS, CallStatus
from codemod.result import Outcome, Status

if TYPE_CHECKING:  # a run without a change needs no plan
    from codemod.plan import Plan

# places that have the name and are no caller's; JSON has all of them
MOST_MENTIONS = 3
CALLERS_FIRST = "is to become a build secret: its callers come first"
DECIDED = {Status.REFUSED: "is a secret, and stays where it is", Status.IGNORED: "is ignored, as a comment asks"}
REPORTED = {
    Entry.ARG: "is no build secret",
    Entry.DEFAULT: "has a credential for its default",
    Entry.ENV: "is a credential in the file",
    Entry.MOUNT: "is a build secret, but a copy of it stays",
}


def said_of(outcome: Outcome, path: str, *, written: bool, callers_first: bool = False) -> Iterator[str]:
    """The lines about one secret of the Dockerfile at `path`; with `callers_first`, that file stays as it is for now."""
    finding, plan, refusal = outcome.finding, outcome.plan, outcome.refusal
    yield f"{path}:{finding.line}: {finding.name} {verdict(outcome, written=written, callers_first=callers_first)}"
    for evidence in finding.evidence if finding.entry is not Entry.CALL else ():
        against = " (against)" if evidence.weight < 0 else ""
        yield f"    {finding.confidence.value}: line {evidence.line}: {evidence.detail}{against}"
    if plan and plan.steps and not callers_first:
        lines = ", ".join(str(step.run.line) for step in plan.steps)
        yield f"    mounted for the RUN on line {lines}" if len(plan.steps) == 1 else f"    mounted for the RUNs on lines {lines}"
        yield from (f"    line {step.run.line}: {step.why}" for step in plan.steps if step.why)
    yield from said_of_calls(outcome, written=written)
    if refusal:
        yield f"    {refusal.reason.value}: line {refusal.line}: {refusal.detail}"
        yield f"    {refusal.hint}"
    for remain in outcome.remains:
        yield f"    {path}:{remain.line}: {remain.reason}: {remain.detail}"
    for warning in outcome.warnings:
        yield f"    note: {warning}"


def said_of_calls(outcome: Outcome, *, written: bool) -> Iterator[str]:
    """Who passes it, and every other place that has the name."""
    verb = "passes the secret now" if written else "is made to pass the secret"
    said = {CallStatus.REPORTED: "has to be changed by hand", CallStatus.BLOCKING: "cannot pass a secret"}
    others = [call.place for call in outcome.calls if call.status is CallStatus.IRRELEVANT and not call.why and call.kind != IN_DOCUMENTS]
    for call in outcome.calls:
        if call.status is not CallStatus.IRRELEVANT or call.why:
            done = (call.why or verb,) if call.status is CallStatus.REWRITTEN else filter(None, (said.get(call.status), call.why))
            yield f"    {call.place}: {': '.join(done)}"
            yield from (f"        {line}" for line in (call.suggestion or "").splitlines())
            yield from (f"        note: {note}" for note in call.notes)
    if others:
        more = f" and {len(others) - MOST_MENTIONS} more" if len(others) > MOST_MENTIONS else ""
        yield f"    its name also stands in {', '.join(others[:MOST_MENTIONS])}{more}"


def verdict(outcome: Outcome, *, written: bool, callers_first: bool = False) -> str:
    """What became of the secret, as what is said of its name."""
    if outcome.plan and callers_first:
        return CALLERS_FIRST
    if outcome.plan:
        return _planned(outcome.plan, written=written)
    return DECIDED.get(outcome.status) or _reported(outcome.finding)


def _reported(finding: Finding) -> str:
    if finding.entry is Entry.CALL:
        return finding.evidence[0].detail
    if finding.confidence is Confidence.POSSIBLE:
        return "may be a secret, and stays as it is: --secret or --not-secret says which"
    if finding.entry is Entry.DEFAULT and finding.evidence[0].kind != "value":
        return "has a default that may be a credential"
    if finding.entry is Entry.ARG and not finding.public:
        return "is still a build arg"
    return REPORTED[finding.entry]


def _planned(plan: Plan, *, written: bool) -> str:
    if not plan.steps:
        why = "is mounted as a secret already" if plan.mounted else "is read by no RUN"
        return f"{why}: its ARG {'is gone' if written else 'goes'}"
    verb, optional = "is now" if written else "becomes", " that a build may go without" if plan.optional else ""
    return f"{verb} the build secret {plan.id}{optional}"
