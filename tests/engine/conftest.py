"""The engine, its stand-in image, and each subject built once, before and after."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from .builds import Build, Builder
from .client import Engine, find_engine
from .standins import build_standin
from .subjects import Subject, cases, examples

# One group each: where the tests are shared out (`-n 2 --dist loadgroup`), a subject is still built by one process.
SUBJECTS = [pytest.param(subject, marks=pytest.mark.xdist_group(subject.name), id=subject.name) for subject in (*examples(), *cases())]


@dataclass(frozen=True, slots=True)
class Pair:
    """A subject built before and after, with the same canaries."""

    subject: Subject
    canaries: dict[str, str] = field(repr=False)
    before: Build
    after: Build


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The real thing. A desk without one skips; CI, which sets REQUIRE_ENGINE, must not."""
    found = find_engine()
    if found:
        return found
    reason = "no Docker Engine with BuildKit answers (DOCKER_HOST, or ../shared/engine/engine)"
    if os.environ.get("REQUIRE_ENGINE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def builder(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    """Builds from a stand-in of this run alone, so that runs side by side cannot take it from each other."""
    tag = f"dockerfix-standin:{secrets.token_hex(6)}"
    build_standin(engine, tag, tmp_path_factory.mktemp("standin"))
    yield Builder(engine, tag)
    engine.docker("image", "rm", "--force", tag, check=False)


@pytest.fixture(scope="session", params=SUBJECTS)
def subject(request: pytest.FixtureRequest) -> Subject:
    """Each example and each case that is built."""
    found: Subject = request.param
    return found


@pytest.fixture(scope="session")
def pair(subject: Subject, builder: Builder) -> Pair:
    """The two builds every leak and behaviour test of a subject looks at."""
    canaries = {secret.variable: f"canary-{secrets.token_hex(8)}" for secret in subject.secrets()}
    return Pair(subject, canaries, builder.before(subject, canaries), builder.after(subject, canaries))
