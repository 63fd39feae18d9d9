"""One option for all that is expected in files: cases and docs."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """What runs note for the next ones is none of this machine's user's."""
    folder = TemporaryDirectory()
    os.environ["XDG_STATE_HOME"] = folder.name  # before tests.command takes the environment
    config.add_cleanup(folder.cleanup)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-cases`."""
    parser.addoption("--update-cases", action="store_true", help="write what the program does now into tests/cases and docs; read the diff")


@pytest.fixture
def update_cases(request: pytest.FixtureRequest) -> bool:
    """Whether what is expected is written, not compared."""
    wanted: bool = request.config.getoption("--update-cases")
    return wanted
