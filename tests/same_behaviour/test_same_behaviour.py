"""Each RUN of a rewritten Dockerfile does exactly what the original did, shape by shape."""

from __future__ import annotations

import re

import pytest

from .compare import difference
from .rewriting import QUIET, result
from .sandbox import shells
from .shapes import SHAPES, Shape

OWN_SHELL = re.compile(r'SHELL \["(?!/bin/sh")')


def shells_for(shape: Shape) -> list[str]:
    """A file that brings its own shell is run once."""
    return list(shells())[: 1 if OWN_SHELL.search(shape.text) or shape.refused else None]


CASES = [pytest.param(shape, shell, id=f"{shape.name} [{shell}]") for shape in SHAPES for shell in shells_for(shape)]


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(("shape", "shell"), CASES)
def test_rewritten_build_does_what_the_original_did(shape: Shape, shell: str) -> None:
    after = result(shape).text
    if shape.refused:
        assert after == shape.text, "no longer refused: say so in the table"
        return
    found = difference(shape.text, after, shape.expected(QUIET), shell)
    assert found is None, f"{found}\n\n{shape.text}\nbecame\n\n{after}"
