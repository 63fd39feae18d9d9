"""What the user asked for, as the steps need it; the command line and the configuration fill it in."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.refusal import Reason


@dataclass(frozen=True, slots=True)
class Settings:
    """`secret` and `not_secret` are names or globs; `ids` are (name, id) pairs; `allow` are reasons that refuse nothing."""

    secret: tuple[str, ...] = ()
    not_secret: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    allow: frozenset[Reason] = frozenset()
