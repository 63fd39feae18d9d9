"""Each RUN of a rewritten Dockerfile does exactly what the original did, shape by shape."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

import pytest

from codemod.consumers import NEVER_READ, NEVER_READ_BY_ITSELF
from codemod.fix import fix
from codemod.refusal import Reason
from codemod.settings import Settings
from codemod.text import Source

from .compare import difference
from .sandbox import shells
from .shapes import SHAPES, Shape

QUIET = NEVER_READ | NEVER_READ_BY_ITSELF
OWN_SHELL = re.compile(r'SHELL \["(?!/bin/sh")')


def shells_for(shape: Shape) -> list[str]:
    """A file that brings its own shell is run once."""
    return list(shells())[: 1 if OWN_SHELL.search(shape.text) or shape.refused else None]


CASES = [pytest.param(shape, shell, id=f"{shape.name} [{shell}]") for shape in SHAPES for shell in shells_for(shape)]


def rewritten(shape: Shape) -> str:
    """The file as the tool leaves it."""
    return fix(Source(PurePosixPath("Dockerfile"), shape.text), settings(shape), shape.mentions).text


def settings(shape: Shape) -> Settings:
    """What the user asked for."""
    asked: dict[str, Any] = {"style": shape.style} if shape.style != "file" else {}
    return Settings(secret=shape.forced, allow=frozenset(map(Reason, shape.allow)), **asked)


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(("shape", "shell"), CASES)
def test_rewritten_build_does_what_the_original_did(shape: Shape, shell: str) -> None:
    after = rewritten(shape)
    if shape.refused:
        assert after == shape.text, "no longer refused: say so in the table"
        return
    found = difference(shape.text, after, shape.expected(QUIET), shell)
    assert found is None, f"{found}\n\n{shape.text}\nbecame\n\n{after}"
