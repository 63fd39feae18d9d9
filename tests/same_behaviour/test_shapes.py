"""The table is worth running: each shape does something, and does it with the secret."""

from __future__ import annotations

import pytest

from .buildkit import Given, runs
from .compare import GIVEN, outcomes
from .run import TIMED_OUT, Outcome
from .sandbox import shells
from .shapes import SHAPES, Shape


def original(shape: Shape, value: str | None) -> tuple[Outcome, ...]:
    """What the file does as it was written, secrets being ARGs."""
    secrets = {} if value is None else dict.fromkeys(sorted(shape.moved - {"URL", "LOGIN"}), value)
    build = runs(shape.text, Given({**shape.args, **secrets}, {"other": "other"}))
    return outcomes(build, shells()["dash"], build)


def test_names_are_spoken_once() -> None:
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) > 60


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("shape", [pytest.param(shape, id=shape.name) for shape in SHAPES])
def test_secret_makes_a_difference(shape: Shape) -> None:
    given, missing = (original(shape, value) for value in (GIVEN, None))
    assert TIMED_OUT not in {outcome.status for outcome in given + missing}
    assert shape.inert or shape.refused or given != missing
