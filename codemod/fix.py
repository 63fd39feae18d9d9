"""One Dockerfile from text to Result: the list of steps, each in its own module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from codemod.detect import find_secrets
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile
from codemod.dockerfile.parser import parse
from codemod.refusal import Reason, Refusal
from codemod.result import Outcome, Result, Status
from codemod.settings import Settings
from codemod.text import Source, apply

if TYPE_CHECKING:
    from codemod.context import Mention

    Mentions = Mapping[str, Sequence[Mention]]


def fix(source: Source, settings: Settings, mentions: Mentions | None = None) -> Result:
    """Find the secrets of a Dockerfile and move them. Raises ParseError where BuildKit would not build it.

    `mentions` has, for a build arg's name, the places of the build context that mention it.
    """
    dockerfile = parse(source)
    result = Result(source, source.text, decide(dockerfile, settings, mentions or {}))
    return checked(dockerfile, result, settings, mentions or {}) if result.plans else result


def decide(dockerfile: Dockerfile, settings: Settings, mentions: Mentions) -> tuple[Outcome, ...]:
    """What becomes of each secret of a Dockerfile; nothing is spelled yet."""
    findings = find_secrets(dockerfile, settings)
    if not findings and not _secret_ids(dockerfile):
        return ()  # and most files end here, before half of the modules are loaded
    from codemod.decide import outcomes  # noqa: PLC0415

    return outcomes(dockerfile, findings, settings, mentions)


def checked(dockerfile: Dockerfile, result: Result, settings: Settings, mentions: Mentions) -> Result:
    """The result with its text, read back and found right; or with refusals in place of its plans."""
    from codemod.check import failure  # noqa: PLC0415  (only where something changes)
    from codemod.rewrite import rewrite  # noqa: PLC0415

    after = Source(result.source.path, apply(result.source.text, rewrite(dockerfile, result.plans)))
    wrong = failure(dockerfile, after, result.plans)
    if wrong is None and any(outcome.plan for outcome in decide(parse(after), settings, mentions)):
        wrong = "a second run would change it again"
    if wrong is None:
        return replace(result, text=after.text, mounted=_secret_ids(parse(after)))
    return replace(result, outcomes=tuple(_failed(outcome, wrong) for outcome in result.outcomes))


def _failed(outcome: Outcome, wrong: str) -> Outcome:
    if outcome.plan is None:
        return outcome
    refusal = Refusal(Reason.CHECK_FAILED, outcome.finding.line, wrong)
    return replace(outcome, status=Status.REFUSED, plan=None, refusal=refusal)


def _secret_ids(dockerfile: Dockerfile) -> tuple[str, ...]:
    """The ids of all secrets that the RUNs of a file mount, each once, in order."""
    return tuple(dict.fromkeys(mount.id for run in dockerfile.instructions for mount in mounts(run) if mount.type == "secret"))
