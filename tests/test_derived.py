"""Build args made from a secret: what the shell has to build itself, and what it cannot."""

from __future__ import annotations

import pytest

from codemod.refusal import Reason

from .texts import fixed

NAME = "API_TOKEN"
REFUSED = {
    "it is made from itself": ("ARG API_TOKEN=a\nARG API_TOKEN=$API_TOKEN\nRUN b $API_TOKEN", 3, "API_TOKEN is made from itself"),
    "its name says that somebody may pass it": (
        "ARG API_TOKEN\nARG GH_TOKEN=$API_TOKEN\nRUN b $GH_TOKEN",
        3,
        "GH_TOKEN is made from API_TOKEN, but by its name somebody may pass it as well",
    ),
    "it is passed in another place": (
        "ARG API_TOKEN\nARG URL=$API_TOKEN\nRUN b $URL\nFROM c\nARG URL\nRUN d $URL",
        7,
        "URL is made from a secret in one place and passed in another",
    ),
    "a modifier that sh has not": (
        "ARG API_TOKEN\nARG URL=${API_TOKEN/a/b}\nRUN b $URL",
        3,
        "URL has ${API_TOKEN…} in a form that is not carried over to sh",
    ),
    "a pattern": ("ARG API_TOKEN\nARG URL=${API_TOKEN%a}\nRUN b $URL", 3, "URL has ${API_TOKEN…} in a form that is not carried over to sh"),
    "an operand with a backquote": (
        "ARG API_TOKEN\nARG URL=${API_TOKEN:-`a`}\nRUN b $URL",
        3,
        "URL has ${API_TOKEN…} in a form that is not carried over to sh",
    ),
    "an operand with a variable": (
        "ARG API_TOKEN\nARG URL=${A:-$API_TOKEN}\nRUN b $URL",
        3,
        "URL has ${API_TOKEN…} in a form that is not carried over to sh",
    ),
    "a positional parameter": (
        "ARG API_TOKEN\nARG URL=$1$API_TOKEN\nRUN b $URL",
        3,
        "URL has ${1…} in a form that is not carried over to sh",
    ),
    "another variable that changes": (
        "ARG A=1\nARG API_TOKEN\nARG URL=$A$API_TOKEN\nARG A=2\nRUN b $URL",
        4,
        "URL is made from A as well, which changes or is out of reach later",
    ),
    "another variable that an ENV changes": (
        "ARG A=1\nARG API_TOKEN\nARG URL=$A$API_TOKEN\nENV A=2\nRUN b $URL",
        4,
        "URL is made from A as well, which changes or is out of reach later",
    ),
    "a variable that nobody declares": (
        "ARG API_TOKEN\nARG URL=$HOME$API_TOKEN\nRUN b $URL",
        3,
        "URL is made from HOME as well, which changes or is out of reach later",
    ),
    "another variable, in a child stage": (
        "ARG A=1\nARG API_TOKEN\nARG URL=$A$API_TOKEN\nFROM x\nRUN b $URL",
        4,
        "URL is made from A as well, which changes or is out of reach later",
    ),
    "the secret gets another value later": (
        "ARG API_TOKEN\nARG URL=https://$API_TOKEN@h\nARG API_TOKEN=other\nRUN b $URL $API_TOKEN",
        3,
        "what URL is made from gets another value later",
    ),
    "a default that is made from what changes": (
        "ARG A=1\nARG API_TOKEN=x$A\nARG A=2\nRUN b $API_TOKEN",
        3,
        "the default of API_TOKEN is made from A as well, which changes or is out of reach later",
    ),
    "a default in a form that is not carried over to sh": (
        "ARG API_TOKEN=${A#x}\nRUN b $API_TOKEN",
        2,
        "API_TOKEN has ${A…} in a form that is not carried over to sh",
    ),
    "a default that the builder cannot read": (
        "ARG API_TOKEN=${A:=x}\nRUN b $API_TOKEN",
        2,
        "the value of API_TOKEN: unsupported modifier ':='",
    ),
}


@pytest.mark.parametrize(("text", "line", "detail"), REFUSED.values(), ids=REFUSED)
def test_it_is_too_complex(text: str, line: int, detail: str) -> None:
    (outcome,) = (outcome for outcome in fixed(f"FROM alpine AS x\n{text}\n").outcomes if outcome.finding.name == NAME)
    assert outcome.refusal is not None
    assert (outcome.refusal.reason, outcome.refusal.line, outcome.refusal.detail) == (Reason.DERIVED_VALUE_TOO_COMPLEX, line, detail)


BUILT = {
    "a copy": ("ARG URL=$API_TOKEN\nRUN b $URL", ['URL="${API_TOKEN}"']),
    "a URL": ("ARG URL=https://$API_TOKEN@h\nRUN b $URL", ['URL="https://${API_TOKEN}@h"']),
    "a word in quotes": ('ARG URL="a b $API_TOKEN c"\nRUN b $URL', ['URL="a b ${API_TOKEN} c"']),
    "what double quotes leave special": ("ARG URL='a\"$`\\'$API_TOKEN\nRUN b $URL", ['URL="a\\"\\$\\`\\\\${API_TOKEN}"']),
    "two, in the order they need": (
        "ARG HOST_URL=x$API_TOKEN\nARG URL=y$HOST_URL\nRUN b $URL",
        ['HOST_URL="x${API_TOKEN}"', 'URL="y${HOST_URL}"'],
    ),
    "two that share one": (
        "ARG A_URL=x$API_TOKEN\nARG URL=y$A_URL\nARG V_URL=z$A_URL$URL\nRUN b $V_URL",
        ['A_URL="x${API_TOKEN}"', 'URL="y${A_URL}"', 'V_URL="z${A_URL}${URL}"'],
    ),
    "with another variable that stays": ("ARG A=1\nARG URL=$A$API_TOKEN\nRUN b $URL", ['URL="${A}${API_TOKEN}"']),
    "not what is not used": ("ARG URL=x$API_TOKEN\nRUN b $API_TOKEN", []),
}


@pytest.mark.parametrize(("text", "assignments"), BUILT.values(), ids=BUILT)
def test_what_the_shell_builds(text: str, assignments: list[str]) -> None:
    result = fixed(f"FROM alpine\nARG API_TOKEN\n{text}\n")
    (outcome,) = result.outcomes
    assert outcome.refusal is None
    assert [line.strip(" \\&") for line in result.text.splitlines() if "_URL=" in line or " URL=" in line] == [
        line + " && export " + line.partition("=")[0] for line in assignments
    ]
    assert "ARG URL" not in result.text


COPES = {
    "a default": ("ARG URL=x${API_TOKEN:-d}\nRUN b $URL", True),
    "what stands in its place": ("ARG URL=x${API_TOKEN:+d}\nRUN b $URL", True),
    "none": ("ARG URL=x${API_TOKEN}\nRUN b $URL", False),
    "another's": ("ARG A=1\nARG URL=${A:-2}$API_TOKEN\nRUN b $URL", False),
}


@pytest.mark.parametrize(("text", "optional"), COPES.values(), ids=COPES)
def test_a_value_that_copes_without_the_secret(text: str, *, optional: bool) -> None:
    (plan,) = fixed(f"FROM alpine\nARG API_TOKEN\n{text}\n").plans
    assert plan.optional is optional


def test_a_stage_inherits_what_is_made() -> None:
    result = fixed("FROM alpine AS x\nARG API_TOKEN\nARG URL=x$API_TOKEN\nFROM x\nRUN b $URL\n")
    assert 'URL="x${API_TOKEN}"' in result.text
    assert "ARG" not in result.text


def test_a_word_about_what_callers_lose() -> None:
    (outcome,) = fixed("FROM alpine\nARG API_TOKEN\nARG URL=x$API_TOKEN\nRUN b $URL\n").outcomes
    assert outcome.warnings == ("URL is now made inside the RUN: --build-arg URL=… has no effect any more",)
