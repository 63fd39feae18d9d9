"""A finding: a secret, where it enters the file, and what gives it away."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from codemod.dataflow import Flow
from codemod.evidence import Confidence, Evidence


class Entry(Enum):
    """How a secret comes into the file."""

    ARG = "ARG"
    DEFAULT = "default of an ARG"
    ENV = "ENV"
    MOUNT = "secret mount"
    CALL = "build arg or secret of a call"


@dataclass(frozen=True, slots=True)
class Finding:
    """A name that holds a secret. `flow` is None for all but build args; `public` and `ignored` ones are only reported.

    `literal` is the credential that stands in the file, without its quotes and, where that differs, with them. One is `shipped` whose value
    is in the history or the environment of a final image.
    """

    name: str
    entry: Entry
    line: int
    confidence: Confidence
    evidence: tuple[Evidence, ...]
    flow: Flow | None = None
    public: bool = False
    ignored: bool = False
    shipped: bool = False
    literal: tuple[str, ...] = field(default=(), repr=False)

    @property
    def acted_on(self) -> bool:
        """Whether it is to be moved, or said that somebody has to."""
        return not (self.public or self.ignored or self.confidence is Confidence.POSSIBLE)
