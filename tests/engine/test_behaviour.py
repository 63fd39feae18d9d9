"""After, the build does what it did before."""

from __future__ import annotations

import pytest

from .builds import Builder
from .conftest import Pair
from .recordings import differences
from .subjects import Subject

pytestmark = pytest.mark.engine


def test_tools_are_given_the_same(pair: Pair) -> None:
    """Arguments, input, the files they read and the environment of those that look at it; in every stage."""
    for before, after in zip(pair.before.images, pair.after.images, strict=True):
        assert before.recordings(), "nothing was recorded: there is nothing to compare"
        assert differences(before.recordings(), after.recordings()) == []


def test_some_tool_saw_each_secret(pair: Pair) -> None:
    """Two RUNs that both saw nothing would also be equal."""
    seen = [tool for image in pair.after.images for tool in image.recordings()]
    for secret in pair.subject.secrets():
        assert any(secret.id in tool.mounted and "sha256:" in f"{tool.words}{tool.environment}" for tool in seen)


def test_images_hold_the_same_files(pair: Pair) -> None:
    """Same paths, modes, owners and contents; a mount leaves nothing behind."""
    for before, after in zip(pair.before.images, pair.after.images, strict=True):
        assert after.files() == before.files()


def test_a_build_without_the_secrets(subject: Subject, builder: Builder) -> None:
    """A required secret stops the build; without an optional one it does what it did without the build arg."""
    required = [secret for secret in subject.secrets() if secret.required]
    for secret in required:
        done = builder.after_without(subject, secret)
        assert done.returncode != 0
        assert f"secret {secret.id}: not found" in done.stderr
    if not required:
        before, after = builder.before(subject, {}), builder.after(subject, {})
        assert differences(before.final.recordings(), after.final.recordings()) == []
        assert after.final.files() == before.final.files()
