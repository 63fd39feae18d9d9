"""What the user asked for, as the steps need it; the command line and the configuration fill it in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from codemod.refusal import Reason

# the minor version that stands for "the newest": `--frontend 1`
NEWEST = 9_999


class Style(Enum):
    """How a RUN gets a secret: from a file below /run/secrets, or as a variable (`env=`, from Dockerfile frontend 1.10 on)."""

    FILE = "file"
    ENV = "env"


@dataclass(frozen=True, slots=True)
class Settings:
    """`secret` and `not_secret` are names or globs; `ids` are (name, id) pairs; `allow` are reasons that refuse nothing.

    `frontend` is the version of the Dockerfile frontend that builds, None where nobody has said it.
    """

    secret: tuple[str, ...] = ()
    not_secret: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    allow: frozenset[Reason] = frozenset()
    style: Style = Style.FILE
    show_possible: bool = False
    frontend: tuple[int, int] | None = None
