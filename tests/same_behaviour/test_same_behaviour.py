"""Each RUN of a rewritten Dockerfile does exactly what the original did, shape by shape."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codemod.consumers import NEVER_READ, NEVER_READ_BY_ITSELF
from codemod.fix import fix
from codemod.settings import Settings
from codemod.text import Source

from .compare import difference
from .sandbox import shells
from .shapes import SHAPES, Shape

QUIET = NEVER_READ | NEVER_READ_BY_ITSELF


def shells_for(shape: Shape) -> list[str]:
    """A file that brings its own shell is run once."""
    own = 'SHELL ["/bin/bash"' in shape.text
    return list(shells())[: 1 if own or shape.refused else None]


CASES = [pytest.param(shape, shell, id=f"{shape.name} [{shell}]") for shape in SHAPES for shell in shells_for(shape)]


def rewritten(shape: Shape) -> str:
    """The file as the tool leaves it."""
    text: str = fix(Source(PurePosixPath("Dockerfile"), shape.text), Settings(secret=shape.forced)).text
    return text


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(("shape", "shell"), CASES)
def test_rewritten_build_does_what_the_original_did(shape: Shape, shell: str) -> None:
    after = rewritten(shape)
    if shape.refused:
        assert after == shape.text, "no longer refused: say so in the table"
        return
    found = difference(shape.text, after, shape.expected(QUIET), shell)
    assert found is None, f"{found}\n\n{shape.text}\nbecame\n\n{after}"
