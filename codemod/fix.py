"""One Dockerfile from text to Result: the list of steps, each in its own module."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codemod.candidates import may_hold_a_secret
from codemod.result import Outcome, Result, Status
from codemod.settings import Phase, Settings
from codemod.surroundings import Surroundings
from codemod.text import Source, apply

if TYPE_CHECKING:
    from codemod.dockerfile.nodes import Dockerfile
    from codemod.refusal import Reason

# phases in which the Dockerfile stays as it is
CALLERS_ONLY = (Phase.CALLERS, Phase.CLEANUP)
NOTHING = Surroundings()


def fix(source: Source, settings: Settings, around: Surroundings = NOTHING) -> Result:
    """Find the secrets of a Dockerfile and move them. Raises ParseError where BuildKit would not build it, unless it has no secret."""
    patterns = [word.pattern for word in settings.words if word.is_secret]
    if not (settings.show_possible or around.has_suspects or may_hold_a_secret(source.to_bytes(), patterns)):
        return Result(source, source.text, ())  # as most files end, before anything else is loaded
    from codemod.dockerfile.parser import parse  # noqa: PLC0415

    dockerfile = parse(source, around.targets)
    result = Result(source, source.text, decide(dockerfile, settings, around), _secret_ids(dockerfile))
    if settings.phase in CALLERS_ONLY or not result.plans:
        return result
    return checked(dockerfile, result, settings, around)


def decide(dockerfile: Dockerfile, settings: Settings, around: Surroundings) -> tuple[Outcome, ...]:
    """What becomes of each secret of a Dockerfile; nothing is spelled yet."""
    from codemod.detect import find_secrets  # noqa: PLC0415

    findings = find_secrets(dockerfile, settings, around.links)
    if not findings and not around.links and not _secret_ids(dockerfile):
        return ()  # and most files end here, before half of the modules are loaded
    from codemod.decide import outcomes  # noqa: PLC0415

    return outcomes(dockerfile, findings, settings, around)


def checked(dockerfile: Dockerfile, result: Result, settings: Settings, around: Surroundings) -> Result:
    """The result with its text, read back and found right; or with refusals in place of its plans."""
    from codemod.check import failure  # noqa: PLC0415  (only where something changes)
    from codemod.dockerfile.parser import parse  # noqa: PLC0415
    from codemod.refusal import Reason  # noqa: PLC0415
    from codemod.rewrite import rewrite  # noqa: PLC0415

    while result.plans:
        after = Source(result.source.path, apply(result.source.text, rewrite(dockerfile, result.plans)))
        wrong = failure(dockerfile, after, result.plans)
        if wrong is not None:
            return _refused(result, frozenset(plan.name for plan in result.plans), Reason.CHECK_FAILED, wrong)
        again = fix(after, settings, around).plans
        if not again:
            return replace(result, text=after.text, mounted=_secret_ids(parse(after)))
        result = _without_tied(dockerfile, result, again[0].name)
    return result


def _without_tied(dockerfile: Dockerfile, result: Result, name: str) -> Result:
    """The result without the plans that would make a plan for `name` possible, which was refused: a second run has to be idle."""
    from codemod.dataflow import trace_all  # noqa: PLC0415
    from codemod.refusal import Reason  # noqa: PLC0415

    names = trace_all(dockerfile, name)
    tied = frozenset(plan.name for plan in result.plans if names.keys() & set(plan.names))
    if not tied:
        return _refused(result, frozenset(plan.name for plan in result.plans), Reason.CHECK_FAILED, "a second run would change it again")
    return _refused(result, tied, Reason.DERIVED_VALUE_TOO_COMPLEX, f"it is tied to {name}, which stays")


def _refused(result: Result, names: frozenset[str], reason: Reason, detail: str) -> Result:
    """The result with refusals in place of the plans for `names`."""
    return replace(result, outcomes=tuple(_without_plan(outcome, names, reason, detail) for outcome in result.outcomes))


def _without_plan(outcome: Outcome, names: frozenset[str], reason: Reason, detail: str) -> Outcome:
    from codemod.refusal import Refusal  # noqa: PLC0415

    if outcome.plan is None or outcome.plan.name not in names:
        return outcome
    return replace(outcome, status=Status.REFUSED, plan=None, refusal=Refusal(reason, outcome.finding.line, detail))


def _secret_ids(dockerfile: Dockerfile) -> tuple[str, ...]:
    """The ids of all secrets that the RUNs of a file mount, each once, in order."""
    from codemod.dockerfile.mounts import secret_mounts  # noqa: PLC0415

    return tuple(dict.fromkeys(mount.id for _, mount in secret_mounts(dockerfile)))
