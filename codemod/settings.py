"""What the user asked for, as the steps need it; the command line and the configuration fill it in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from codemod.refusal import Reason


class Style(Enum):
    """How a RUN gets a secret: as a file that its text reads, or as a variable that the mount sets."""

    FILE = "file"
    ENV = "env"


@dataclass(frozen=True, slots=True)
class Settings:
    """`secret` and `not_secret` are names or globs; `ids` are (name, id) pairs; `allow` are reasons that refuse nothing.

    `frontend` is the major and minor version of the Dockerfile frontend that the user's builder has, if it was said.
    """

    secret: tuple[str, ...] = ()
    not_secret: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    allow: frozenset[Reason] = frozenset()
    style: Style = Style.FILE
    frontend: tuple[int, int] | None = None
