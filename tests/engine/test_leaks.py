"""Before, the image gives its secrets away; after, no part of it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from .builds import Builder
from .conftest import Pair
from .subjects import Subject

pytestmark = pytest.mark.engine


def test_before_shows_each_canary(pair: Pair) -> None:
    """Proof that the test can see: the value is in the history and the provenance of the image people get."""
    for name, canary in pair.canaries.items():
        places = pair.before.final.places(canary)
        assert {"history", "provenance"} <= set(places), f"{name} is only in {places}"


def test_the_search_sees_into_layers(builder: Builder, tmp_path: Path) -> None:
    """A file that a later layer removes, and a name: both are still there for who unpacks the image."""
    written = "FROM alpine\nRUN --mount=type=secret,id=T cp /run/secrets/T /kept\nRUN rm /kept\n"
    named = 'FROM alpine\nRUN --mount=type=secret,id=T touch "/$(cat /run/secrets/T)"\n'
    for dockerfile in (written, named):
        subject = Subject("hidden", tmp_path, Path(), "", dockerfile, "docker build --secret id=T -f Dockerfile .")
        places = builder.after(subject, {"T": "canary-hidden"}).final.places("canary-hidden")
        assert [place.partition(":")[0] for place in places] == ["blob sha256"]


def test_after_shows_no_canary(pair: Pair) -> None:
    """Neither history, config, layers nor provenance, of no stage that could be tagged."""
    for name, canary in pair.canaries.items():
        places = [image.places(canary) for image in pair.after.images]
        assert not any(places), f"{name} is still in {places}"


def test_after_logs_no_canary(pair: Pair) -> None:
    """BuildKit prints steps with their ARGs filled in; a mounted secret stays out of the log."""
    for name, canary in pair.canaries.items():
        assert canary not in pair.after.log, f"{name} is in the build log"


def test_provenance_is_there_to_be_searched(pair: Pair) -> None:
    """`mode=max`, or the search above looked at nothing."""
    provenance = pair.after.final.provenance()
    given = str(provenance)
    assert "llbDefinition" in given
    assert all(secret.id in given for secret in pair.subject.secrets())
