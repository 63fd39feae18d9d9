"""What these tests need: BuildKit's parser and a namespace, or a reason."""

from __future__ import annotations

import importlib.util
import os

import pytest

from .sandbox import unavailable


@pytest.fixture(scope="session")
def parser() -> None:
    """BuildKit's own parser, which is built for linux on x86-64 only."""
    if not importlib.util.find_spec("dockerfile"):
        _give_up("the package `dockerfile` is not there")


@pytest.fixture(scope="session")
def sandbox(parser: None) -> None:  # noqa: ARG001 - what runs was read first
    """A place to run RUNs in."""
    if reason := unavailable():
        _give_up(f"RUNs cannot be run here: {reason}")


def _give_up(reason: str) -> None:
    """A skip at a desk, a failure where all was promised."""
    if os.environ.get("REQUIRE_ENGINE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
