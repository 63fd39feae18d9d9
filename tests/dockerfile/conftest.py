"""How many files hypothesis makes: some thousands in CI, as many as DOCKERFIX_EXAMPLES says at a desk."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "dockerfile",
    max_examples=int(os.environ.get("DOCKERFIX_EXAMPLES", "1000")),
    derandomize="DOCKERFIX_EXAMPLES" not in os.environ,  # the same files for everyone, unless more are asked for
    deadline=None,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
settings.load_profile("dockerfile")
