"""Findings to outcomes: what is planned, refused, ignored or only reported, and what stays behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codemod.detect import Entry, Finding
from codemod.dockerfile.nodes import Dockerfile
from codemod.plan import make_plan
from codemod.refusal import Refusal
from codemod.remains import of_argument, of_mounts
from codemod.result import Outcome, Status
from codemod.settings import Settings
from codemod.uses import Mentions


def outcomes(dockerfile: Dockerfile, findings: Sequence[Finding], settings: Settings, mentions: Mentions) -> tuple[Outcome, ...]:
    """What becomes of each of `findings`, and of secret mounts that were there before and leave something behind."""
    decided = tuple(_outcome(dockerfile, finding, settings, mentions) for finding in findings)
    planned = frozenset(outcome.plan.id for outcome in decided if outcome.plan)
    return (*decided, *_of_mounts(dockerfile, planned))


def _outcome(dockerfile: Dockerfile, finding: Finding, settings: Settings, mentions: Mentions) -> Outcome:
    if finding.ignored:
        return Outcome(finding, Status.IGNORED)
    if finding.public:
        warning = f"{finding.name} is public by its framework's rule: what it holds is shipped to everyone"
        return Outcome(finding, Status.REPORTED, warnings=(warning,))
    plan = make_plan(dockerfile, finding, settings, mentions)
    remains, warnings = of_argument(dockerfile, finding)
    if isinstance(plan, Refusal):
        status = Status.REPORTED if finding.entry is Entry.ENV else Status.REFUSED
        return Outcome(finding, status, refusal=plan, remains=remains, warnings=warnings)
    return Outcome(finding, Status.REWRITTEN, plan=plan, remains=remains, warnings=(*plan.warnings, *warnings))


def _of_mounts(dockerfile: Dockerfile, planned: frozenset[str]) -> Iterator[Outcome]:
    for finding, remains in of_mounts(dockerfile, planned):
        yield Outcome(finding, Status.REPORTED, remains=remains)
