"""What all of these tests need: a namespace, or a reason."""

from __future__ import annotations

import os

import pytest

from .sandbox import unavailable


@pytest.fixture(scope="session")
def sandbox() -> None:
    """Skips at a desk that cannot run RUNs, fails where that was promised (`REQUIRE_ENGINE=1`)."""
    reason = unavailable()
    if not reason:
        return
    if os.environ.get("REQUIRE_ENGINE") == "1":
        pytest.fail(f"RUNs cannot be run here: {reason}")
    pytest.skip(f"RUNs cannot be run here: {reason}")
