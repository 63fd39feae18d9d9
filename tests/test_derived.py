"""Values made from a secret by ARG and ENV: what the shell has to build itself, what it cannot, and what it need not."""

from __future__ import annotations

import pytest

from codemod.derived import flows_of
from codemod.plan import Plan
from codemod.refusal import Reason, Refusal
from codemod.result import Outcome
from codemod.settings import Settings, words

from .texts import dockerfile, fixed

NAME = "API_TOKEN"
# a last stage that has nothing of the one before in its environment
FINAL = "FROM alpine\nCOPY --from=x /a /a\n"
CHANGES = "is made from A as well, which changes or is out of reach later"
FORM = "in a form that is not carried over to sh"
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
    "a copy is a build arg as well": (
        "ARG API_TOKEN\nARG URL\nENV URL=$API_TOKEN\nRUN b $URL",
        3,
        "URL is made from API_TOKEN, and a build arg of its own as well",
    ),
    "a copy is a build arg of another stage as well": (
        "ARG API_TOKEN\nENV URL=$API_TOKEN\nRUN b $URL\nFROM c AS y\nARG URL=1\nRUN d $URL",
        6,
        "URL is made from API_TOKEN, and a build arg of its own as well",
    ),
    "a modifier that sh has not": ("ARG API_TOKEN\nARG URL=${API_TOKEN/a/b}\nRUN b $URL", 3, f"URL has ${{API_TOKEN…}} {FORM}"),
    "a modifier that sh has not, in an ENV": ("ARG API_TOKEN\nENV URL=${API_TOKEN/a/b}\nRUN b $URL", 3, f"URL has ${{API_TOKEN…}} {FORM}"),
    "a modifier that ends the build": (
        "ARG API_TOKEN\nENV API_TOKEN=${API_TOKEN:?a}\nRUN b $API_TOKEN",
        3,
        f"API_TOKEN has ${{API_TOKEN…}} {FORM}",
    ),
    "a pattern": ("ARG API_TOKEN\nARG URL=${API_TOKEN%a}\nRUN b $URL", 3, f"URL has ${{API_TOKEN…}} {FORM}"),
    "an operand with a backquote": ("ARG API_TOKEN\nARG URL=${API_TOKEN:-`a`}\nRUN b $URL", 3, f"URL has ${{API_TOKEN…}} {FORM}"),
    "an operand with a variable": ("ARG API_TOKEN\nARG URL=${A:-$API_TOKEN}\nRUN b $URL", 3, f"URL has ${{API_TOKEN…}} {FORM}"),
    "a positional parameter": ("ARG API_TOKEN\nARG URL=$1$API_TOKEN\nRUN b $URL", 3, f"URL has ${{1…}} {FORM}"),
    "another variable that changes": ("ARG A=1\nARG API_TOKEN\nARG URL=$A$API_TOKEN\nARG A=2\nRUN b $URL", 4, f"URL {CHANGES}"),
    "another variable that an ENV changes": ("ARG A=1\nARG API_TOKEN\nARG URL=$A$API_TOKEN\nENV A=2\nRUN b $URL", 4, f"URL {CHANGES}"),
    "another variable that changes, in an ENV": ("ENV A=1\nARG API_TOKEN\nENV URL=$A$API_TOKEN\nENV A=2\nRUN b $URL", 4, f"URL {CHANGES}"),
    "another variable that a child changes": (
        "ENV A=1\nARG API_TOKEN\nENV URL=$A$API_TOKEN\nFROM x AS y\nENV A=2\nRUN b $URL",
        4,
        f"URL {CHANGES}",
    ),
    "a variable that nobody declares": (
        "ARG API_TOKEN\nARG URL=$HOME$API_TOKEN\nRUN b $URL",
        3,
        f"URL {CHANGES.replace('from A', 'from HOME')}",
    ),
    "a variable that is declared later": ("ARG API_TOKEN\nARG URL=$A$API_TOKEN\nARG A\nRUN b $URL", 3, f"URL {CHANGES}"),
    "a global variable that the stage does not declare": (
        "ARG API_TOKEN\nARG URL=$G$API_TOKEN\nRUN b $URL",
        3,
        f"URL {CHANGES.replace('from A', 'from G')}",
    ),
    "the secret gets another value later": (
        "ARG API_TOKEN\nARG URL=https://$API_TOKEN@h\nARG API_TOKEN=other\nRUN b $URL $API_TOKEN",
        3,
        "what URL is made from gets another value later",
    ),
    "an ENV gives the secret another value later": (
        "ARG API_TOKEN\nENV URL=https://$API_TOKEN@h\nENV API_TOKEN=other\nRUN b $URL",
        3,
        "what URL is made from gets another value later",
    ),
    "an ENV makes more of the secret later": (
        "ARG API_TOKEN\nENV URL=https://$API_TOKEN@h\nENV API_TOKEN=x$API_TOKEN\nRUN b $URL",
        3,
        "what URL is made from gets another value later",
    ),
    "a default that is made from what changes": (
        "ARG A=1\nARG API_TOKEN=x$A\nARG A=2\nRUN b $API_TOKEN",
        3,
        f"the default of API_TOKEN {CHANGES}",
    ),
    "a default in a form that is not carried over to sh": ("ARG API_TOKEN=${A#x}\nRUN b $API_TOKEN", 2, f"API_TOKEN has ${{A…}} {FORM}"),
    "a default that the builder cannot read": (
        "ARG API_TOKEN=${A:=x}\nRUN b $API_TOKEN",
        2,
        "the value of API_TOKEN: unsupported modifier ':='",
    ),
}


def the_outcome(text: str) -> Outcome:
    outcomes = fixed(f"ARG G\nFROM alpine AS x\n{text}\n{FINAL}").outcomes
    return next(found for found in outcomes if found.finding.name == NAME)


@pytest.mark.parametrize(("text", "line", "detail"), REFUSED.values(), ids=REFUSED)
def test_it_is_too_complex(text: str, line: int, detail: str) -> None:
    assert the_outcome(text).refusal == Refusal(Reason.DERIVED_VALUE_TOO_COMPLEX, line + 1, detail)


# what the text of the only RUN begins with, without `cat`
BUILT = {
    "a copy": ("ARG URL=$API_TOKEN\nRUN b $URL", ["API_TOKEN", 'URL="${API_TOKEN}"']),
    "a URL": ("ARG URL=https://$API_TOKEN@h\nRUN b $URL", ["API_TOKEN", 'URL="https://${API_TOKEN}@h"']),
    "a word in quotes": ('ARG URL="a b $API_TOKEN c"\nRUN b $URL', ["API_TOKEN", 'URL="a b ${API_TOKEN} c"']),
    "what double quotes leave special": (
        "ARG URL='a\"$`\\'$API_TOKEN\nRUN b $URL",
        ["API_TOKEN", 'URL="a\\"\\$\\`\\\\${API_TOKEN}"'],
    ),
    "two, in the order they need": (
        "ARG HOST_URL=x$API_TOKEN\nARG URL=y$HOST_URL\nRUN b $URL",
        ["API_TOKEN", 'HOST_URL="x${API_TOKEN}"', 'URL="y${HOST_URL}"'],
    ),
    "two that share one": (
        "ARG A_URL=x$API_TOKEN\nARG URL=y$A_URL\nARG V_URL=z$A_URL$URL\nRUN b $V_URL",
        ["API_TOKEN", 'A_URL="x${API_TOKEN}"', 'URL="y${A_URL}"', 'V_URL="z${A_URL}${URL}"'],
    ),
    "with another variable that stays": ("ARG A=1\nARG URL=$A$API_TOKEN\nRUN b $URL", ["API_TOKEN", 'URL="${A}${API_TOKEN}"']),
    "with another variable of an ENV": ("ENV A=1\nENV URL=$A$API_TOKEN\nRUN b $URL", ["API_TOKEN", 'URL="${A}${API_TOKEN}"']),
    "with another variable and its default": (
        'ARG A\nARG URL="${A:-c d}$API_TOKEN"\nRUN b $URL',
        ["API_TOKEN", 'URL="${A:-c d}${API_TOKEN}"'],
    ),
    "with another variable, in a child stage": (
        "ARG A=1\nARG URL=$A$API_TOKEN\nFROM x AS y\nRUN b $URL",
        ["API_TOKEN", 'URL="${A}${API_TOKEN}"'],
    ),
    "with another variable that a bare ARG leaves": (
        "ARG A=1\nARG URL=$A$API_TOKEN\nARG A\nRUN b $URL",
        ["API_TOKEN", 'URL="${A}${API_TOKEN}"'],
    ),
    "not what is not used": ("ARG URL=x$API_TOKEN\nRUN b $API_TOKEN", ["API_TOKEN"]),
    "an ENV under its name": ("ENV API_TOKEN=$API_TOKEN\nRUN b $API_TOKEN", ["API_TOKEN"]),
    "an ENV under its name, in the old form": ("ENV API_TOKEN ${API_TOKEN}\nRUN b $API_TOKEN", ["API_TOKEN"]),
    "an ENV under its name, twice": ("ENV API_TOKEN=$API_TOKEN\nENV API_TOKEN=$API_TOKEN\nRUN b $API_TOKEN", ["API_TOKEN"]),
    "an ENV under its name that makes more of it": (
        "ENV API_TOKEN=x$API_TOKEN\nRUN b $API_TOKEN",
        ["API_TOKEN", 'API_TOKEN="x${API_TOKEN}"'],
    ),
    "an ENV with a credential as the default, which is dropped": (
        f"ENV API_TOKEN=${{API_TOKEN:-npm_{'a' * 36}}}\nRUN b $API_TOKEN",
        ["API_TOKEN"],
    ),
    "an ENV under another name": ("ENV A=$API_TOKEN\nRUN curl $A", ["A"]),
    "an ENV under another name, and both are read": ("ENV A=$API_TOKEN\nRUN curl $A $API_TOKEN", ["API_TOKEN", 'A="${API_TOKEN}"']),
    "an ENV under another name, and a command could look for its own": ("ENV A=$API_TOKEN\nRUN make $A", ["API_TOKEN", 'A="${API_TOKEN}"']),
    "an ENV under another name, and a tool looks for known names": ("ENV NODE_AUTH_TOKEN=$API_TOKEN\nRUN npm ci", ["NODE_AUTH_TOKEN"]),
    "an ENV under two other names": ("ENV A=$API_TOKEN B=$API_TOKEN\nRUN curl $A $B", ["A", 'B="${A}"']),
    "an ENV from an ENV": ("ENV A=$API_TOKEN\nENV B=x$A\nRUN curl $B", ["A", 'B="x${A}"']),
    "an ENV from an ENV that is used as well": ("ENV A=$API_TOKEN\nENV B=x$A\nRUN curl $B $A", ["A", 'B="x${A}"']),
    "an ENV from an ENV and the secret": (
        "ENV A=$API_TOKEN\nENV B=$A$API_TOKEN\nRUN curl $B",
        ["API_TOKEN", 'A="${API_TOKEN}"', 'B="${A}${API_TOKEN}"'],
    ),
    "an ENV from an ARG": ("ARG A=x$API_TOKEN\nENV B=y$A\nRUN curl $B", ["API_TOKEN", 'A="x${API_TOKEN}"', 'B="y${A}"']),
    "an ENV that a child inherits": ("ENV A=x$API_TOKEN\nFROM x AS y\nRUN curl $A", ["API_TOKEN", 'A="x${API_TOKEN}"']),
    "the last of two ENVs": ("ENV A=x$API_TOKEN\nENV A=y$API_TOKEN\nRUN curl $A", ["API_TOKEN", 'A="y${API_TOKEN}"']),
    "with what stays special in double quotes": (
        'ENV A="$API_TOKEN \\"b\\" \\$x"\nRUN curl "$A"',
        ["API_TOKEN", 'A="${API_TOKEN} \\"b\\" \\$x"'],
    ),
}


def prelude(text: str) -> list[str]:
    """The assignments of the only RUN's prelude; of those that read the file only the name."""
    result = fixed(f"FROM alpine AS x\nARG {NAME}\n{text}\n{FINAL}")
    assert [outcome.refusal for outcome in result.outcomes if outcome.refusal] == []
    assert f"ARG {NAME}" not in result.text
    assert "required=true" in result.text
    parts = [
        line.strip(" \\").removeprefix("&& ").partition(" && export")[0] for line in result.text.splitlines() if line.startswith("    ")
    ]
    return [part.partition('="$(cat')[0] for part in parts if "=" in part]


@pytest.mark.parametrize(("text", "assignments"), BUILT.values(), ids=BUILT)
def test_what_the_shell_builds(text: str, assignments: list[str]) -> None:
    assert prelude(text) == assignments


def the_plan(text: str) -> Plan:
    (found,) = (plan for plan in fixed(f"FROM alpine AS x\nARG {NAME}\n{text}\n{FINAL}").plans if plan.name == NAME)
    return found


COPES = {
    "a default": ("ARG URL=x${API_TOKEN:-d}\nRUN b $URL", True),
    "what stands in its place": ("ARG URL=x${API_TOKEN:+d}\nRUN b $URL", True),
    "none": ("ARG URL=x${API_TOKEN}\nRUN b $URL", False),
    "another's": ("ARG A=1\nARG URL=${A:-2}$API_TOKEN\nRUN b $URL", False),
    "a default of an ENV": ("ENV URL=x${API_TOKEN:-d}\nRUN b $URL", True),
    "a default of an ENV of its name": ("ENV API_TOKEN=${API_TOKEN:-d}\nRUN b $API_TOKEN", True),
    "an ENV of its name without one": ("ENV API_TOKEN=$API_TOKEN\nRUN b $API_TOKEN", False),
    "a credential as the default of an ENV": (f"ENV API_TOKEN=${{API_TOKEN:-npm_{'a' * 36}}}\nRUN b $API_TOKEN", False),
}


@pytest.mark.parametrize(("text", "optional"), COPES.values(), ids=COPES)
def test_a_value_that_copes_without_the_secret(text: str, *, optional: bool) -> None:
    assert the_plan(text).optional is optional


# the secret's default, and whether the variable is set all the same where there is none
MISSING = {
    "nothing": ("RUN b ${API_TOKEN:-}", None, False),
    "an ENV sets it, empty": ("ENV API_TOKEN=$API_TOKEN\nRUN b ${API_TOKEN:-}", None, True),
    "an ENV has a default": ("ENV API_TOKEN=${API_TOKEN:-d\\ e}\nRUN b $API_TOKEN", ("d e",), True),
    "an ENV has a default, and the ARG one as well": ("ARG API_TOKEN=f\nENV API_TOKEN=${API_TOKEN:-d}\nRUN b $API_TOKEN", ("f",), True),
    "an ENV has a default, and the ARG an empty one": ("ARG API_TOKEN=\nENV API_TOKEN=${API_TOKEN:-d}\nRUN b $API_TOKEN", ("d",), True),
    "a credential, which is dropped": (f"ARG API_TOKEN=npm_{'a' * 36}\nRUN b $API_TOKEN", None, False),
    "an ENV before it shows": ("ENV API_TOKEN=e\nARG API_TOKEN\nRUN b ${API_TOKEN:-}", None, False),
    "an ENV before it shows through an ENV": ("ENV API_TOKEN=e\nARG API_TOKEN\nENV API_TOKEN=$API_TOKEN\nRUN b $API_TOKEN", None, False),
}


@pytest.mark.parametrize(("text", "default", "set_anyway"), MISSING.values(), ids=MISSING)
def test_what_it_is_where_nothing_is_passed(text: str, default: tuple[str, ...] | None, *, set_anyway: bool) -> None:
    (step,) = the_plan(text).steps
    assert step.arrival is not None
    assert (step.arrival.variable, step.arrival.default, step.arrival.set_anyway) == (NAME, default, set_anyway)


def test_a_stage_inherits_what_is_made() -> None:
    result = fixed("FROM alpine AS x\nARG API_TOKEN\nARG URL=x$API_TOKEN\nFROM x\nRUN b $URL\n")
    assert 'URL="x${API_TOKEN}"' in result.text
    assert "ARG" not in result.text


def test_a_word_about_what_callers_lose() -> None:
    (outcome,) = fixed("FROM alpine\nARG API_TOKEN\nARG URL=x$API_TOKEN\nRUN b $URL\n").outcomes
    assert outcome.warnings == ("URL is now made inside the RUN: --build-arg URL=… has no effect any more",)


def test_the_flows_begin_with_the_secrets() -> None:
    file = dockerfile("FROM a\nARG T\nENV A=$T\nARG B=x$A\n")
    (outcome,) = fixed(file.source.text, Settings(words=words(secret=("T",)))).outcomes
    assert outcome.finding.flow is not None
    assert list(flows_of(file, outcome.finding.flow)) == ["T", "A", "B"]
