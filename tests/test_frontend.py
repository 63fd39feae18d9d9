"""Which frontends know what is written: a `# syntax=` that does, one that is raised, and what is said against the others."""

from __future__ import annotations

import pytest

from codemod.frontend import MOUNTS, MOUNTS_WITH_ENV, Version, raised
from codemod.refusal import Reason, Refused
from codemod.settings import NEWEST, Settings, Style

from .texts import dockerfile, fixed

BODY = "FROM alpine\nARG API_TOKEN\nRUN curl -u u:$API_TOKEN h\n"

STAYS: dict[str, tuple[str, tuple[Version, ...]]] = {
    "none": ("", (MOUNTS, MOUNTS_WITH_ENV)),
    "a comment that is no directive": ("# a comment\n# syntax=example.org/mine\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "another directive": ("# escape=\\\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "the newest": ("# syntax=docker/dockerfile:1\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "the newest, without a tag": ("# syntax=docker/dockerfile\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "the newest, under another name": ("# syntax=docker/dockerfile:latest\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "one that is new enough for both": ("# syntax=docker/dockerfile:1.10\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "one that is new enough for files": ("# syntax=docker/dockerfile:1.2\n", (MOUNTS,)),
    "one of a later major version": ("# syntax=docker/dockerfile:2.0\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "one with a patch level": ("# syntax=docker/dockerfile:1.10.0\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "the labs channel": ("# syntax=docker/dockerfile:1-labs\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "one of the labs channel": ("# syntax=docker/dockerfile:1.12-labs\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "an experimental one that had files first": ("# syntax=docker/dockerfile:1.0-experimental\n", (MOUNTS,)),
    "an experimental one with a number": ("# syntax=docker/dockerfile:1.1.2-experimental\n", (MOUNTS,)),
    "a tag without a number": ("# syntax=docker/dockerfile:master\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "with its registry": ("# syntax=docker.io/docker/dockerfile:1.4\n", (MOUNTS,)),
    "a mirror's copy": ("# syntax=registry.example.org:5000/docker/dockerfile:1.4\n", (MOUNTS,)),
    "upstream": ("# syntax=docker/dockerfile-upstream:master\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "a digest behind a version": ("# syntax=docker/dockerfile:1.4@sha256:0123\n", (MOUNTS,)),
    "a digest behind a new version": ("# syntax=docker/dockerfile:1.11@sha256:0123\n", (MOUNTS, MOUNTS_WITH_ENV)),
    "with blanks": ("#  syntax =  docker/dockerfile:1  \n", (MOUNTS, MOUNTS_WITH_ENV)),
}
RAISED = {
    "too old for files": ("docker/dockerfile:1.1", MOUNTS, "docker/dockerfile:1"),
    "too old for files, with a patch level": ("docker/dockerfile:1.0.2", MOUNTS, "docker/dockerfile:1"),
    "of another major version": ("docker/dockerfile:0.9", MOUNTS, "docker/dockerfile:1"),
    "too old for variables": ("docker/dockerfile:1.4", MOUNTS_WITH_ENV, "docker/dockerfile:1"),
    "too old for variables by one": ("docker/dockerfile:1.9", MOUNTS_WITH_ENV, "docker/dockerfile:1"),
    "experimental, which had no variables": ("docker/dockerfile:1.1-experimental", MOUNTS_WITH_ENV, "docker/dockerfile:1"),
    "of the labs channel": ("docker/dockerfile:1.7-labs", MOUNTS_WITH_ENV, "docker/dockerfile:1-labs"),
    "of the labs channel, with a number": ("docker/dockerfile:1.7.1-labs1", MOUNTS_WITH_ENV, "docker/dockerfile:1-labs"),
    "with its registry": ("docker.io/docker/dockerfile:1.4", MOUNTS_WITH_ENV, "docker.io/docker/dockerfile:1"),
    "with options behind it": ("docker/dockerfile:1.4 a=b", MOUNTS_WITH_ENV, "docker/dockerfile:1 a=b"),
}
NOT_OURS = {
    "a digest": ("docker/dockerfile:1.1@sha256:0123", MOUNTS, "secret mounts need frontend 1.2"),
    "a digest, for variables": ("docker/dockerfile:1.9@sha256:0123", MOUNTS_WITH_ENV, "secret mounts with env= need frontend 1.10"),
    "a mirror": ("m.example.org/docker/dockerfile:1.1", MOUNTS, "secret mounts need frontend 1.2"),
    "upstream": ("docker/dockerfile-upstream:1.4", MOUNTS_WITH_ENV, "secret mounts with env= need frontend 1.10"),
}
UNKNOWN = {
    "another frontend": ("example.org/mine:1", "example.org/mine:1"),
    "only a digest": ("docker/dockerfile@sha256:0123", "docker/dockerfile@sha256:0123"),
    "a name that goes on": ("docker/dockerfile2:1", "docker/dockerfile2:1"),
    "a name that begins before": ("mydocker/dockerfile:1", "mydocker/dockerfile:1"),
    "one with options": ("example.org/mine a=b", "example.org/mine"),
    "no image at all": ("@", "@"),
}


def refusal(directive: str, needed: Version, body: str = BODY, given: Version | None = None) -> tuple[Reason, int, str]:
    with pytest.raises(Refused) as caught:
        raised(dockerfile(directive + body), needed, given)
    return caught.value.refusal.reason, caught.value.refusal.line, caught.value.refusal.detail


@pytest.mark.parametrize(
    ("directive", "needed"),
    [(directive, needed) for directive, every in STAYS.values() for needed in every],
    ids=[f"{name}: {needed}" for name, (_, every) in STAYS.items() for needed in every],
)
def test_it_knows_what_is_written(directive: str, needed: Version) -> None:
    assert raised(dockerfile(directive + BODY), needed, None) is None


@pytest.mark.parametrize(("image", "needed", "value"), RAISED.values(), ids=RAISED)
def test_it_is_raised(image: str, needed: Version, value: str) -> None:
    assert raised(dockerfile(f"# escape=`\n# syntax={image}\n{BODY}"), needed, None) == value


@pytest.mark.parametrize(("image", "needed", "what"), NOT_OURS.values(), ids=NOT_OURS)
def test_what_is_too_old_and_not_ours_to_raise(image: str, needed: Version, what: str) -> None:
    detail = f"{what}, and {image} is not ours to replace"
    assert refusal(f"# escape=`\n# syntax={image}\n", needed) == (Reason.FRONTEND_TOO_OLD, 2, detail)


@pytest.mark.parametrize(("image", "named"), UNKNOWN.values(), ids=UNKNOWN)
def test_nothing_says_whether_it_knows(image: str, named: str) -> None:
    detail = f"nothing says whether {named} is new enough: secret mounts need frontend 1.2"
    assert refusal(f"# syntax={image}\n", MOUNTS) == (Reason.FRONTEND_UNKNOWN, 1, detail)


@pytest.mark.parametrize("value", [" ", "\t", "\x1c", "\u00a0", "\u2003"])
@pytest.mark.parametrize("style", Style)
def test_a_directive_of_blanks_is_no_crash(value: str, style: Style) -> None:
    fixed(f"# syntax={value}\n{BODY}", Settings(style=style))


# --- what the file itself says of its frontend ----------------------------------------------------------------------------

MINE = "# syntax=example.org/mine\n"
WITH_A_FILE = f"{BODY}RUN --mount=type=secret,id=OTHER make A\n"
WITH_A_VARIABLE = f"{BODY}RUN --mount=type=secret,id=OTHER,env=A make A\n"


def test_a_mount_that_is_there_says_that_an_unknown_one_knows_it() -> None:
    assert raised(dockerfile(MINE + WITH_A_FILE), MOUNTS, None) is None
    assert raised(dockerfile(MINE + WITH_A_VARIABLE), MOUNTS, None) is None
    assert raised(dockerfile(MINE + WITH_A_VARIABLE), MOUNTS_WITH_ENV, None) is None
    assert refusal(MINE, MOUNTS_WITH_ENV, WITH_A_FILE)[0] is Reason.FRONTEND_UNKNOWN


def test_a_mount_of_another_kind_says_nothing() -> None:
    assert refusal(MINE, MOUNTS, f"{BODY}RUN --mount=type=cache,target=/a make A\n")[0] is Reason.FRONTEND_UNKNOWN


# --- what the user says of the builder ------------------------------------------------------------------------------------

TOO_OLD = {
    "for files": ((1, 1), MOUNTS, "secret mounts need frontend 1.2, and the builder's is 1.1"),
    "for variables": ((1, 9), MOUNTS_WITH_ENV, "secret mounts with env= need frontend 1.10, and the builder's is 1.9"),
    "of another major version": ((0, 12), MOUNTS, "secret mounts need frontend 1.2, and the builder's is 0.12"),
}


@pytest.mark.parametrize(("given", "needed", "detail"), TOO_OLD.values(), ids=TOO_OLD)
def test_the_builders_is_too_old(given: Version, needed: Version, detail: str) -> None:
    assert refusal("ARG A\n", needed, given=given) == (Reason.FRONTEND_TOO_OLD, 2, detail)


@pytest.mark.parametrize("given", [(1, 10), (1, NEWEST), (2, 0)])
@pytest.mark.parametrize("needed", [MOUNTS, MOUNTS_WITH_ENV])
def test_the_builders_is_new_enough(given: Version, needed: Version) -> None:
    assert raised(dockerfile(BODY), needed, given) is None


def test_the_builders_does_not_count_where_the_file_asks_for_one() -> None:
    """The image of the directive builds, whatever the builder has of its own."""
    assert raised(dockerfile(f"# syntax=docker/dockerfile:1\n{BODY}"), MOUNTS_WITH_ENV, (1, 1)) is None
    assert raised(dockerfile(f"# syntax=docker/dockerfile:1.4\n{BODY}"), MOUNTS_WITH_ENV, (1, 12)) == "docker/dockerfile:1"


# --- the whole way --------------------------------------------------------------------------------------------------------


def test_only_the_value_of_the_directive_changes() -> None:
    for newline in ("\n", "\r\n"):
        text = f"\ufeff#syntax =  docker/dockerfile:1.1 \n# escape=\\\n{BODY}".replace("\n", newline)
        assert fixed(text).text.startswith(f"\ufeff#syntax =  docker/dockerfile:1 {newline}# escape=\\{newline}FROM")


def test_the_more_demanding_of_two_secrets_raises_it() -> None:
    text = '# syntax=docker/dockerfile:1.4\nFROM alpine\nARG A_TOKEN B_TOKEN\nRUN curl -u u:$A_TOKEN h\nRUN ["gh", "$B_TOKEN"]\n'
    result = fixed(text)
    assert [plan.frontend for plan in result.plans] == [None, "docker/dockerfile:1"]
    assert result.text.startswith("# syntax=docker/dockerfile:1\nFROM alpine\nRUN --mount")


def test_what_needs_no_mount_needs_no_frontend() -> None:
    result = fixed(f"{MINE}FROM alpine\nARG API_TOKEN\nRUN echo a\n")
    assert [outcome.refusal for outcome in result.outcomes] == [None]
    assert "ARG" not in result.text


def test_a_mount_that_is_there_needs_no_other_frontend() -> None:
    result = fixed("# syntax=docker/dockerfile:1.1\nFROM alpine\nARG A_TOKEN\nRUN --mount=type=secret,id=A_TOKEN curl -u u:$A_TOKEN h\n")
    assert [plan.frontend for plan in result.plans] == [None]
