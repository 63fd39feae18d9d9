"""Whatever a RUN may look like: it does the same after the rewrite, or it is refused and stays."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .compare import VALUES, difference
from .generated_runs import FORMS, shapes
from .rewriting import QUIET, result
from .sandbox import shells

# the two that differ most; the table has them all
STATES = {label: VALUES[label] for label in ("given", "not passed")}
EXAMPLES = 75


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_generated_run_does_what_it_did(form: str, data: st.DataObject) -> None:
    shape = data.draw(shapes(form))
    rewritten = result(shape)
    assert rewritten.changed == bool(rewritten.plans)
    if not rewritten.plans:
        return
    found = difference(shape.text, rewritten.text, shape.expected(QUIET), data.draw(st.sampled_from(sorted(shells()))), STATES)
    assert found is None, f"{found}\n\n{shape.text}\nbecame\n\n{rewritten.text}"
