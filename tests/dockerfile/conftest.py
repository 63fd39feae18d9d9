"""A real BuildKit to ask."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable

import pytest

from ..engine.client import find_engine


@pytest.fixture(scope="session")
def ask() -> Callable[[bytes], str]:
    """What the engine says against a Dockerfile, nothing where it takes it. A desk without an engine skips, CI fails."""
    engine = find_engine()
    if engine is None:
        reason = "no Docker Engine with BuildKit answers (DOCKER_HOST, or ../shared/engine/engine)"
        if os.environ.get("REQUIRE_ENGINE") == "1":
            pytest.fail(reason)
        pytest.skip(reason)

    def answer(content: bytes) -> str:
        command = ("docker", "build", "--check", "--network=none", "-")
        done = subprocess.run(command, env=dict(engine.environment), input=content, capture_output=True, check=False)
        error = re.search(r"^ERROR: (.*)", done.stderr.decode(errors="replace"), re.MULTILINE)
        return error[1] if error else ""

    return answer
