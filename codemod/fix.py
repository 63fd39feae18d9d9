"""One Dockerfile from text to Result: the list of steps, each in its own module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from codemod.check import failure
from codemod.detect import Entry, Finding, find_secrets
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile
from codemod.dockerfile.parser import parse
from codemod.plan import Plan, make_plan
from codemod.refusal import Reason, Refusal
from codemod.remains import Remain, of_argument, of_mounts
from codemod.rewrite import rewrite
from codemod.settings import Settings
from codemod.text import Source, apply


class Status(Enum):
    """What became of a finding."""

    REWRITTEN = "rewritten"
    REFUSED = "refused"
    REPORTED = "reported"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finding and what was decided about it."""

    finding: Finding
    status: Status
    plan: Plan | None = None
    refusal: Refusal | None = None
    remains: tuple[Remain, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """All that one Dockerfile came to.

    `text` is the file as it should be, unchanged where nothing could be done; `mounted` are the ids of all secrets it mounts.
    """

    source: Source
    text: str = field(repr=False)
    outcomes: tuple[Outcome, ...]
    mounted: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.text != self.source.text

    @property
    def plans(self) -> tuple[Plan, ...]:
        """What the change is made of, in the order of the file."""
        plans = [outcome.plan for outcome in self.outcomes if outcome.plan]
        return tuple(sorted(plans, key=lambda plan: plan.order))


def fix(source: Source, settings: Settings, mentions: Mapping[str, Sequence[str]] | None = None) -> Result:
    """Find the secrets of a Dockerfile and move them. Raises ParseError where BuildKit would not build it.

    `mentions` has, for a build arg's name, the files of the build context that mention it, as `path:line`.
    """
    dockerfile = parse(source)
    findings = find_secrets(dockerfile, settings)
    outcomes = tuple(_outcome(dockerfile, finding, settings, (mentions or {}).get(finding.name, ())) for finding in findings)
    result = Result(source, source.text, (*outcomes, *_of_mounts(dockerfile, outcomes)))
    return checked(dockerfile, result, settings, mentions) if result.plans else result


def checked(dockerfile: Dockerfile, result: Result, settings: Settings, mentions: Mapping[str, Sequence[str]] | None) -> Result:
    """The result with its text, read back and found right; or with refusals in place of its plans."""
    text = apply(result.source.text, rewrite(dockerfile, result.plans))
    after = Source(result.source.path, text)
    wrong = failure(dockerfile, after, result.plans)
    if wrong is None and fix_again(after, settings, mentions):
        wrong = "a second run would change it again"
    if wrong is None:
        return replace(result, text=text, mounted=_secret_ids(parse(after)))
    return replace(result, outcomes=tuple(_failed(outcome, wrong) for outcome in result.outcomes))


def fix_again(after: Source, settings: Settings, mentions: Mapping[str, Sequence[str]] | None) -> bool:
    """Whether a second run would plan anything."""
    dockerfile = parse(after)
    findings = find_secrets(dockerfile, settings)
    return any(_outcome(dockerfile, finding, settings, (mentions or {}).get(finding.name, ())).plan for finding in findings)


def _secret_ids(dockerfile: Dockerfile) -> tuple[str, ...]:
    """The ids of all secrets that the RUNs of a file mount, each once, in order."""
    return tuple(dict.fromkeys(mount.id for run in dockerfile.instructions for mount in mounts(run) if mount.type == "secret"))


def _outcome(dockerfile: Dockerfile, finding: Finding, settings: Settings, mentioned: Sequence[str]) -> Outcome:
    if finding.ignored:
        return Outcome(finding, Status.IGNORED)
    if finding.public:
        warning = f"{finding.name} is public by its framework's rule: what it holds is shipped to everyone"
        return Outcome(finding, Status.REPORTED, warnings=(warning,))
    decided = make_plan(dockerfile, finding, settings, mentioned)
    if finding.entry is Entry.ENV:
        return Outcome(finding, Status.REPORTED, refusal=decided if isinstance(decided, Refusal) else None)
    remains, warnings = of_argument(dockerfile, finding)
    if isinstance(decided, Refusal):
        return Outcome(finding, Status.REFUSED, refusal=decided, remains=remains, warnings=warnings)
    return Outcome(finding, Status.REWRITTEN, plan=decided, remains=remains, warnings=(*decided.warnings, *warnings))


def _of_mounts(dockerfile: Dockerfile, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    planned = frozenset(outcome.plan.id for outcome in outcomes if outcome.plan)
    return tuple(Outcome(finding, Status.REPORTED, remains=remains) for finding, remains in of_mounts(dockerfile, planned))


def _failed(outcome: Outcome, wrong: str) -> Outcome:
    if outcome.plan is None:
        return outcome
    refusal = Refusal(Reason.CHECK_FAILED, outcome.finding.line, wrong)
    return replace(outcome, status=Status.REFUSED, plan=None, refusal=refusal)
