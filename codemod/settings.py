"""What the user asked for, as the steps need it; the command line and the configuration fill it in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from codemod.refusal import Reason

# the minor version that stands for "the newest": `--frontend 1`
NEWEST = 9_999


class Style(Enum):
    """How a RUN gets a secret: from a file below /run/secrets, or as a variable (`env=`, from Dockerfile frontend 1.10 on)."""

    FILE = "file"
    ENV = "env"


class Phase(Enum):
    """One step of a migration: the callers pass both, then the Dockerfile takes the secret, then the build args go."""

    CALLERS = "callers"
    DOCKERFILE = "dockerfile"
    CLEANUP = "cleanup"


@dataclass(frozen=True, slots=True)
class UsersWord:
    """What the user said of the names that `pattern`, a name or a glob, fits; `source` is where: an option, or a file's name."""

    pattern: str
    is_secret: bool
    source: str

    def __str__(self) -> str:
        """The word as evidence."""
        return f"{self.source} says {'so' if self.is_secret else 'that it is none'}"


def words(secret: Iterable[str] = (), not_secret: Iterable[str] = (), source: str | None = None) -> tuple[UsersWord, ...]:
    """What one place says, the word that counts before others first: a name before a glob, then a secret before none.

    The place is the command line unless it is named.
    """
    said = [UsersWord(pattern, is_secret=True, source=source or "--secret") for pattern in secret]
    said += [UsersWord(pattern, is_secret=False, source=source or "--not-secret") for pattern in not_secret]
    return tuple(sorted(said, key=lambda word: any(wild in word.pattern for wild in "*?[")))


@dataclass(frozen=True, slots=True)
class Settings:
    """`words` are in order, and the first that fits a name counts; `ids` are (name, id) pairs; `allow` are reasons that refuse nothing.

    `frontend` is the version of the Dockerfile frontend that builds, None where nobody has said it; `phase` the step of a migration
    that is asked for, None where all is done at once.
    """

    words: tuple[UsersWord, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    allow: frozenset[Reason] = frozenset()
    style: Style = Style.FILE
    show_possible: bool = False
    frontend: tuple[int, int] | None = None
    phase: Phase | None = None

    def word_on(self, name: str) -> UsersWord | None:
        """What the user said of a name, if anything."""
        return next((word for word in self.words if fnmatchcase(name, word.pattern)), None)
