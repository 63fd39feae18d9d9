"""What BuildKit itself says about the rewritten Dockerfile, without running it."""

from __future__ import annotations

import json

import pytest

from .builds import Builder
from .subjects import Subject

pytestmark = pytest.mark.engine

RULE = "SecretsUsedInArgOrEnv"


def test_check_warns_of_no_secret(subject: Subject, builder: Builder) -> None:
    """`docker build --check` has no warning that it did not have before, and none about secrets."""
    before = _rules(builder.call(subject, subject.before, "check,format=json"))
    after = _rules(builder.call(subject, subject.after, "check,format=json"))
    assert RULE not in after
    assert after <= before


def test_outline_names_the_secrets(subject: Subject, builder: Builder) -> None:
    """`--call=outline` lists the mounts of the final image and what it is made of: exactly the planned ones."""
    outline = json.loads(builder.call(subject, subject.after, "outline,format=json"))
    found = {(secret["name"], secret.get("required", False)) for secret in outline.get("secrets", [])}
    assert found == {(secret.id, secret.required) for secret in subject.secrets()}


def _rules(answer: str) -> set[str]:
    return {warning["ruleName"] for warning in json.loads(answer).get("warnings") or []}
