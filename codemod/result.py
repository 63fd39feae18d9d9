"""What a Dockerfile came to: findings and what was decided about each."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from codemod.text import Source

if TYPE_CHECKING:  # files without a secret are dismissed before any of these is needed
    from codemod.findings import Finding
    from codemod.passing import CallOutcome
    from codemod.plan import Plan
    from codemod.refusal import Refusal
    from codemod.remains import Remain


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
    calls: tuple[CallOutcome, ...] = ()

    @property
    def is_half_done(self) -> bool:
        """Whether a Dockerfile and its calls do not go together, and somebody has to see to it."""
        from codemod.findings import Entry  # noqa: PLC0415  (most files have no outcome)
        from codemod.passing import CallStatus  # noqa: PLC0415  (…)

        asks = any(call.status is CallStatus.REPORTED for call in self.calls)
        return self.finding.entry is Entry.CALL and self.finding.acted_on and asks


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
