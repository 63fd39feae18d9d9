"""What is known from around a Dockerfile: who names its build args in the context, who builds it, what others decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # files without a secret are dismissed before any of these is needed
    from codemod.callers.links import Link
    from codemod.context import Mention
    from codemod.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`mentions` has, for a build arg's name, the places of the build context that mention it; `links` are the calls that build the file.

    `refusals` has, for a secret's name, why it stays whatever the file itself says: a call of it has another Dockerfile, which keeps it.
    """

    mentions: Mapping[str, Sequence[Mention]] = field(default_factory=dict)
    links: Sequence[Link] = ()
    refusals: Mapping[str, Refusal] = field(default_factory=dict)

    @property
    def has_suspects(self) -> bool:
        """Whether a call passes what may be a secret, whatever the file itself says."""
        if not self.links:
            return False
        from codemod.callers.suspects import is_suspect  # noqa: PLC0415  (only where there are calls)

        return any(is_suspect(passed) for link in self.links for passed in link.call.passes)

    @property
    def targets(self) -> frozenset[str]:
        """The stages that calls ask for."""
        return frozenset(link.call.target for link in self.links if link.call.target)
