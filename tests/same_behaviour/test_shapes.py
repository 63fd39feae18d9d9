"""The table is worth running: each shape does something, and does it with the secret."""

from __future__ import annotations

import pytest

from codemod.consumers import NEVER_READ

from .buildkit import Given, runs
from .by_hand import env_mounts
from .compare import GIVEN, difference, outcomes
from .run import TIMED_OUT, Outcome
from .sandbox import shells
from .shapes import SHAPES, Shape, exec_form, heredocs, stages, users
from .shapes import shells as other_shells

FORMS = (*heredocs.SHAPES, *exec_form.SHAPES, *other_shells.SHAPES, *users.SHAPES, *stages.SHAPES)


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


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("shape", [pytest.param(shape, id=shape.name) for shape in FORMS if not shape.refused])
def test_plainest_rewrite_is_the_same(shape: Shape) -> None:
    after = env_mounts(shape)
    assert after is None or difference(shape.text, after, shape.expected(NEVER_READ)) is None
