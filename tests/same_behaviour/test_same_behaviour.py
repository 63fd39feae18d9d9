"""Each RUN of a rewritten Dockerfile does exactly what the original did, shape by shape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from codemod.consumers import NEVER_READ, NEVER_READ_BY_ITSELF
from codemod.fix import fix
from codemod.settings import Settings
from codemod.text import Source

from .buildkit import Given, runs
from .compare import difference
from .sandbox import shells
from .shapes import SHAPES, Shape

QUIET = NEVER_READ | NEVER_READ_BY_ITSELF


def under_each_shell() -> Iterator[object]:
    """A file that brings its own shell is run once."""
    for shape in SHAPES:
        own = all(run.argv[0] != "/bin/sh" for run in runs(shape.text, Given()))
        for shell in list(shells())[: 1 if own or shape.refused else None]:
            yield pytest.param(shape, shell, id=f"{shape.name} [{shell}]")


def rewritten(shape: Shape) -> str:
    """The file as the tool leaves it."""
    text: str = fix(Source(PurePosixPath("Dockerfile"), shape.text), Settings(secret=shape.forced)).text
    return text


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(("shape", "shell"), under_each_shell())
def test_rewritten_build_does_what_the_original_did(shape: Shape, shell: str) -> None:
    after = rewritten(shape)
    if shape.refused:
        assert after == shape.text, "no longer refused: say so in the table"
        return
    found = difference(shape.text, after, shape.expected(QUIET), shell)
    assert found is None, f"{found}\n\n{shape.text}\nbecame\n\n{after}"
