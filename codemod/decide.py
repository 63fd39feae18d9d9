"""Findings to outcomes: what is planned, refused, ignored or only reported, and what stays behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from codemod import values
from codemod.dockerfile.nodes import Dockerfile
from codemod.evidence import Confidence
from codemod.findings import Entry, Finding
from codemod.pairing import unpaired
from codemod.passing import CallOutcome, CallStatus, call_outcomes
from codemod.plan import Plan, make_plan
from codemod.refusal import Reason, Refusal
from codemod.remains import of_argument, of_mounts
from codemod.result import Outcome, Status
from codemod.settings import Phase, Settings
from codemod.surroundings import Surroundings
from codemod.values import ValueSays

STAYS = "goes on passing the build arg"


def outcomes(dockerfile: Dockerfile, findings: Sequence[Finding], settings: Settings, around: Surroundings) -> tuple[Outcome, ...]:
    """What becomes of each of `findings`, and of secret mounts that were there before and leave something behind."""
    decided: list[Outcome] = []
    for finding in findings:
        if finding.entry is Entry.DEFAULT:
            argument = next((outcome for outcome in decided if outcome.finding.name == finding.name), None)
            decided.append(_of_default(finding, is_moved=argument is not None and argument.plan is not None))
        else:
            decided.append(_outcome(dockerfile, finding, settings, around))
    planned = frozenset(outcome.plan.id for outcome in decided if outcome.plan)
    known = planned | {finding.name for finding in findings}
    return (*decided, *_of_mounts(dockerfile, planned), *unpaired(dockerfile, around.links, known, settings.phase))


def _outcome(dockerfile: Dockerfile, finding: Finding, settings: Settings, around: Surroundings) -> Outcome:
    if finding.ignored:
        return Outcome(finding, Status.IGNORED)
    if finding.confidence is Confidence.POSSIBLE:
        return Outcome(finding, Status.REPORTED)
    if finding.public:
        warning = f"{finding.name} is public by its framework's rule: what it holds is shipped to everyone"
        return Outcome(finding, Status.REPORTED, warnings=(warning,))
    plan = make_plan(dockerfile, finding, settings, around)
    remains, warnings = of_argument(dockerfile, finding)
    identifier = plan.id if isinstance(plan, Plan) else finding.name
    found = call_outcomes(around.links, (finding.name, identifier), settings.phase) if finding.entry is Entry.ARG else ()
    calls = tuple(dict.fromkeys(found))
    if isinstance(plan, Refusal):
        status = Status.REPORTED if finding.entry is Entry.ENV else Status.REFUSED
        calls = tuple(map(_staying, calls))
        return Outcome(finding, status, refusal=plan, remains=remains, warnings=warnings, calls=calls)
    if settings.phase is Phase.CLEANUP:
        return Outcome(finding, Status.REPORTED, remains=remains, warnings=("--phase dockerfile comes first",), calls=calls)
    return Outcome(finding, Status.REWRITTEN, plan=plan, remains=remains, warnings=(*plan.warnings, *warnings), calls=calls)


def _staying(call: CallOutcome) -> CallOutcome:
    """What is said of a call that could be moved, where the secret stays."""
    moves = call.status in (CallStatus.REWRITTEN, CallStatus.IRRELEVANT)
    return replace(call, status=CallStatus.IRRELEVANT, why=STAYS) if moves else call


def _of_default(finding: Finding, *, is_moved: bool) -> Outcome:
    """What becomes of a credential in an ARG: it goes, or moves, with the ARG."""
    if finding.ignored:
        return Outcome(finding, Status.IGNORED)
    if not is_moved:
        refusal = Refusal(Reason.LITERAL_CREDENTIAL, finding.line, f"{finding.name} stands in the file with its value")
        return Outcome(finding, Status.REPORTED, refusal=refusal)
    warning = "revoke it: the repository's history has it, and so have the images built so far"
    if values.judge(finding.literal[0]) is not ValueSays.CREDENTIAL:
        warning = "it moves into the RUN, so that builds without the secret go on; if it is a real credential, drop it and revoke it"
    return Outcome(finding, Status.REPORTED, warnings=(warning,))


def _of_mounts(dockerfile: Dockerfile, planned: frozenset[str]) -> Iterator[Outcome]:
    for finding, remains in of_mounts(dockerfile, planned):
        yield Outcome(finding, Status.REPORTED, remains=remains)
