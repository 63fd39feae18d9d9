"""How many files hypothesis makes, and a real BuildKit to ask."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

STARTER = Path(__file__).resolve().parents[3] / "shared" / "engine" / "engine"

# some thousands in CI, the same for everyone; as many as DOCKERFIX_EXAMPLES says, and others each time, at a desk
settings.register_profile(
    "dockerfile",
    max_examples=int(os.environ.get("DOCKERFIX_EXAMPLES", "1000")),
    derandomize="DOCKERFIX_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
settings.load_profile("dockerfile")


@pytest.fixture(scope="session")
def ask() -> Callable[[bytes], str]:
    """What the engine says against a Dockerfile, nothing where it takes it. A desk without an engine skips, CI fails."""
    environment = _environment()
    if subprocess.run(("docker", "buildx", "version"), env=environment, capture_output=True, check=False).returncode:
        return _without_engine()
    if subprocess.run(("docker", "version"), env=environment, capture_output=True, check=False).returncode:
        return _without_engine()

    def answer(content: bytes) -> str:
        command = ("docker", "build", "--check", "--network=none", "-")
        done = subprocess.run(command, env=environment, input=content, capture_output=True, check=False)
        error = re.search(r"^ERROR: (.*)", done.stderr.decode(errors="replace"), re.MULTILINE)
        return error[1] if error else ""

    return answer


def _without_engine() -> Callable[[bytes], str]:
    reason = "no Docker Engine with BuildKit answers (DOCKER_HOST, or ../shared/engine/engine)"
    if os.environ.get("REQUIRE_ENGINE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _environment() -> dict[str, str]:
    if os.environ.get("DOCKER_HOST") or not STARTER.exists():
        return dict(os.environ)
    subprocess.run((STARTER, "up"), capture_output=True, check=False)
    exports = subprocess.run((STARTER, "env"), capture_output=True, text=True, check=False).stdout
    words = (word for line in exports.splitlines() for word in shlex.split(line)[1:])
    return {**os.environ, **dict(word.split("=", 1) for word in words)}
