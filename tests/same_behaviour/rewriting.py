"""The tool, asked about a shape."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from codemod.consumers import NEVER_READ, NEVER_READ_BY_ITSELF
from codemod.context import Mention
from codemod.fix import fix
from codemod.refusal import Reason
from codemod.result import Result
from codemod.settings import Settings, words
from codemod.surroundings import Surroundings
from codemod.text import Source

from .shapes import Shape

QUIET = NEVER_READ | NEVER_READ_BY_ITSELF


def result(shape: Shape) -> Result:
    """What the file came to."""
    return fix(
        Source(PurePosixPath("Dockerfile"), shape.text),
        settings(shape),
        Surroundings({name: tuple(map(_mention, places)) for name, places in shape.mentions.items()}),
    )


def _mention(place: str) -> Mention:
    path, _, line = place.partition(":")
    return Mention(path, int(line), demands=False)


def settings(shape: Shape) -> Settings:
    """What the user asked for."""
    asked: dict[str, Any] = {"style": shape.style} if shape.style != "file" else {}
    return Settings(words=words(shape.forced), allow=frozenset(map(Reason, shape.allow)), **asked)
