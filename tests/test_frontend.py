"""Which frontends know secret mounts: a `# syntax=` line, and what is said against it."""

from __future__ import annotations

import pytest

from codemod.refusal import Reason

from .texts import fixed

BODY = "FROM alpine\nARG API_TOKEN\nRUN curl -u u:$API_TOKEN h\n"
FINE = {
    "none": "",
    "a comment that is no directive": "# a comment\n# syntax=example.org/mine\n",
    "the newest": "# syntax=docker/dockerfile:1\n",
    "the newest, without a tag": "# syntax=docker/dockerfile\n",
    "one that is new enough": "# syntax=docker/dockerfile:1.2\n",
    "one of a later major version": "# syntax=docker/dockerfile:2.0\n",
    "one with a patch level": "# syntax=docker/dockerfile:1.10.0\n",
    "the labs channel": "# syntax=docker/dockerfile:1-labs\n",
    "an experimental one that had them first": "# syntax=docker/dockerfile:1.0-experimental\n",
    "a tag without a number": "# syntax=docker/dockerfile:master\n",
    "with its registry": "# syntax=docker.io/docker/dockerfile:1.4\n",
    "a mirror's copy": "# syntax=registry.example.org/docker/dockerfile:1.4\n",
    "upstream": "# syntax=docker/dockerfile-upstream:master\n",
    "a digest behind a version": "# syntax=docker/dockerfile:1.4@sha256:0123\n",
    "with blanks": "#  syntax =  docker/dockerfile:1  \n",
}
OLD = {
    "an old one of another major version": ("docker/dockerfile:0.9", "docker/dockerfile:0.9 has no secret mounts: they need 1.2"),
    "too old": ("docker/dockerfile:1.1", "docker/dockerfile:1.1 has no secret mounts: they need 1.2"),
    "too old, with a patch level": ("docker/dockerfile:1.0.2", "docker/dockerfile:1.0.2 has no secret mounts: they need 1.2"),
    "too old, with a digest": (
        "docker/dockerfile:1.1@sha256:0123",
        "docker/dockerfile:1.1@sha256:0123 has no secret mounts: they need 1.2",
    ),
}
UNKNOWN = {
    "another frontend": ("example.org/mine:1", "nothing says whether example.org/mine:1 knows secret mounts"),
    "only a digest": ("docker/dockerfile@sha256:0123", "nothing says whether docker/dockerfile@sha256:0123 knows secret mounts"),
    "a name that goes on": ("docker/dockerfile2:1", "nothing says whether docker/dockerfile2:1 knows secret mounts"),
    "one with options": ("example.org/mine a=b", "nothing says whether example.org/mine knows secret mounts"),
}


def refusal(text: str) -> tuple[Reason, int, str] | None:
    (outcome,) = fixed(text).outcomes
    found = outcome.refusal
    return None if found is None else (found.reason, found.line, found.detail)


@pytest.mark.parametrize("directive", FINE.values(), ids=FINE)
def test_it_knows_secret_mounts(directive: str) -> None:
    assert refusal(directive + BODY) is None


@pytest.mark.parametrize(("image", "detail"), OLD.values(), ids=OLD)
def test_it_is_too_old(image: str, detail: str) -> None:
    assert refusal(f"# escape=`\n# syntax={image}\n{BODY}") == (Reason.FRONTEND_TOO_OLD, 2, detail)


@pytest.mark.parametrize(("image", "detail"), UNKNOWN.values(), ids=UNKNOWN)
def test_nothing_says_whether_it_knows(image: str, detail: str) -> None:
    assert refusal(f"# syntax={image}\n{BODY}") == (Reason.FRONTEND_UNKNOWN, 1, detail)


@pytest.mark.parametrize("value", [" ", "\t", "\x1c", "\u00a0", "\u2003"])
def test_a_directive_of_blanks_is_no_crash(value: str) -> None:
    fixed(f"# syntax={value}\n{BODY}")


def test_a_mount_that_is_there_says_that_it_knows() -> None:
    text = f"# syntax=docker/dockerfile:1.1\n{BODY}RUN --mount=type=secret,id=OTHER make A\n"
    assert [outcome.refusal for outcome in fixed(text).outcomes] == [None]


def test_what_needs_no_mount_needs_no_frontend() -> None:
    assert refusal("# syntax=example.org/mine\nFROM alpine\nARG API_TOKEN\nRUN echo a\n") is None
