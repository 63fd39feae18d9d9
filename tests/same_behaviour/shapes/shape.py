"""One row of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..pair import Expected


@dataclass(frozen=True)
class Shape:
    """A Dockerfile, and what its rewrite must look like from outside."""

    name: str
    text: str
    # The names that must be gone.
    moved: frozenset[str] = frozenset({"MY_SECRET"})
    # Whether a build without the secret must go on; None where either is right.
    optional: bool | None = False
    # Names that are no secrets by themselves, or whose default speaks against it.
    forced: tuple[str, ...] = ()
    # Names whose default is a credential.
    without_default: frozenset[str] = frozenset()
    # A visible use elsewhere frees RUNs that only might read it from their mount (rule 12).
    narrowed: bool = False
    # What the user asked for: `--style`, and the reasons of `--allow`.
    style: str = "file"
    allow: tuple[str, ...] = ()
    # Files of the build context that mention a name, as path:line.
    mentions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # The ids that are not the name itself.
    ids: Mapping[str, str] = field(default_factory=dict)
    # Build args that are no secrets.
    args: Mapping[str, str] = field(default_factory=dict)
    # Commands that do read it here, whatever the tables say.
    reads: frozenset[str] = frozenset()
    # Nothing is rewritten, for now or for good.
    refused: bool = False
    # It does the same with and without the secret, and must go on doing so.
    inert: bool = False

    def expected(self, never_read: frozenset[str]) -> Expected:
        """What the comparison is told."""
        return Expected(
            moved=self.moved,
            optional=self.optional,
            without_default=self.without_default,
            narrowed=self.narrowed,
            never_read=never_read - self.reads,
            ids=self.ids,
            args=self.args,
        )


def run(name: str, command: str, *, optional: bool | None = False, inert: bool = False) -> Shape:
    """The plainest file around one command."""
    return Shape(name, f"FROM alpine\nARG MY_SECRET\nRUN {command}\n", optional=optional, inert=inert)


def bash(name: str, command: str, *, options: str = '"-c"', optional: bool | None = False) -> Shape:
    """The same under bash."""
    text = f'FROM debian\nSHELL ["/bin/bash", {options}]\nARG MY_SECRET\nRUN {command}\n'
    return Shape(name, text, optional=optional)
