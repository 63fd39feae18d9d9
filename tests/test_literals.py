"""Credentials that stand in the file itself: which are found, and what is said of them."""

from __future__ import annotations

import pytest

from codemod.detect import find_secrets
from codemod.evidence import Confidence
from codemod.findings import Entry, Finding
from codemod.refusal import Reason
from codemod.result import Outcome, Status
from codemod.settings import Settings, words

from .texts import dockerfile, fixed

ISSUED = "ghp_" + "abcdefghij" * 4
MADE = "aB3dE5gH7" + "jK9mN1pQ2rS4"
CREDENTIAL = "its value has the form of a credential"
IN_ITS_DEFAULT = "its default has the form of a credential"
SAYS_SO = "its name says so: "


def found(text: str, entry: Entry, settings: Settings | None = None) -> list[Finding]:
    findings = find_secrets(dockerfile(f"FROM a\n{text}\n"), settings or Settings())
    return [finding for finding in findings if finding.entry is entry]


def said(findings: list[Finding]) -> list[tuple[str, list[str]]]:
    """What speaks for each; a credential's own form is certain, whatever else is said."""
    assert all(finding.acted_on for finding in findings)
    assert all(finding.confidence is Confidence.CERTAIN for finding in findings if "form of a credential" in str(finding.evidence))
    return [(finding.name, [item.detail for item in finding.evidence if item.weight > 0]) for finding in findings]


# --- values of ENV ------------------------------------------------------------------------------------------------------

ENV = {
    "no secret": ("ENV A=1 B=hunter2", []),
    "a secret's name without a value": ("ENV API_TOKEN=", []),
    "a secret's name with a placeholder": ("ENV API_TOKEN=changeme", []),
    "a secret's name with a variable": ("ENV API_TOKEN=$A", []),
    "a secret's name with a path": ("ENV API_TOKEN=/run/secrets/a", []),
    "a secret's name with a switch": ("ENV API_TOKEN=true", []),
    "a secret's name with a value": ("ENV API_TOKEN=hunter2", [("API_TOKEN", [f"{SAYS_SO}token"])]),
    "a secret's name with a word": ("ENV API_TOKEN=hunter", [("API_TOKEN", [f"{SAYS_SO}token"])]),
    "a secret's name with a number": ("ENV DB_PASSWORD=123456", [("DB_PASSWORD", [f"{SAYS_SO}password"])]),
    "a secret's name with what looks random": (f"ENV API_TOKEN={MADE}", [
        ("API_TOKEN", [f"{SAYS_SO}token", "its value looks random"]),
    ]),
    "another name with what looks random": (f"ENV A={MADE}", []),
    "in the old form": ("ENV API_TOKEN hunter2", [("API_TOKEN", [f"{SAYS_SO}token"])]),
    "in quotes": ('ENV API_TOKEN="hunter2"', [("API_TOKEN", [f"{SAYS_SO}token"])]),
    "a name that is none, with a value": ("ENV TOKEN_URL=hunter2", []),
    "a framework's": (f"ENV VITE_API_TOKEN={ISSUED}", []),
    "a credential of any name": (f"ENV A={ISSUED}", [("A", [CREDENTIAL])]),
    "a credential, whatever else is said": (f"ENV CACHE_KEY={ISSUED}\nWORKDIR /$CACHE_KEY", [("CACHE_KEY", [CREDENTIAL])]),
    "a URL's password": ("ENV A=https://u:hunter2@h", [("A", [CREDENTIAL])]),
    "a use": ("ENV A=hunter2\nRUN curl -u u:$A h", [("A", ["curl sends it as a password"])]),
    "a use of what is made from it": ("ENV A=hunter2\nENV B=u:$A\nRUN curl -u $B h", [("A", ["curl sends it as a password"])]),
    "two of three": (f'ENV A="{ISSUED}" B=1 DB_PASSWORD=\'hunter2\'', [
        ("A", [CREDENTIAL]),
        ("DB_PASSWORD", [f"{SAYS_SO}password"]),
    ]),
    "in the second stage": (f"FROM b\nENV A={ISSUED}", [("A", [CREDENTIAL])]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENV.values(), ids=ENV)
def test_values_of_env(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert said(found(text, Entry.ENV)) == expected


def test_the_place_of_an_env() -> None:
    (finding,) = found(f"ENV A=1 \\\n    B={ISSUED}", Entry.ENV)
    assert (finding.line, finding.flow, finding.ignored, finding.public) == (3, None, False, False)


def test_an_env_is_ignored_by_a_comment() -> None:
    (finding,) = found(f"ENV A=1\n# dockerfix: ignore=API_*\nENV API_TOKEN={ISSUED}", Entry.ENV)
    assert finding.ignored


def test_the_users_word_on_an_env() -> None:
    text = "ENV API_TOKEN=hunter2\nENV GREETING=hello"
    by_user = Settings(words=words(not_secret=("API_TOKEN",), secret=("GREET*",)))
    assert said(found(text, Entry.ENV, by_user)) == [("GREETING", ["--secret says so"])]


# --- defaults of ARG ----------------------------------------------------------------------------------------------------

ARG = {
    "none": ("ARG API_TOKEN", []),
    "an empty one": ("ARG API_TOKEN=", []),
    "a placeholder": ("ARG API_TOKEN=changeme", []),
    "a number": ("ARG API_TOKEN=123456", []),
    "a path": ("ARG API_TOKEN=/run/a\nRUN curl -u u:$API_TOKEN h", []),
    "a variable": ("ARG API_TOKEN=$A", []),
    "what could be anything": ("ARG API_TOKEN=hunter2", [("API_TOKEN", [f"{SAYS_SO}token"])]),
    "what could be anything, of what a use gives away": ("ARG A=hunter2\nRUN curl -u u:$A h", [
        ("A", ["curl sends it as a password"]),
    ]),
    "what could be anything, of what is none": ("ARG A=hunter2", []),
    "what could be anything, of what is only possible": ("ARG AUTH=hunter2", []),
    "a credential": (f"ARG API_TOKEN={ISSUED}", [("API_TOKEN", [IN_ITS_DEFAULT])]),
    "a credential in quotes": (f"ARG API_TOKEN='{ISSUED}'", [("API_TOKEN", [IN_ITS_DEFAULT])]),
    "a credential of any name": (f"ARG A={ISSUED}", [("A", [IN_ITS_DEFAULT])]),
    "a framework's": (f"ARG VITE_API_TOKEN={ISSUED}", []),
    "each of two": (f"ARG API_TOKEN={ISSUED}\nARG API_TOKEN=hunter2", [
        ("API_TOKEN", [IN_ITS_DEFAULT]), ("API_TOKEN", [IN_ITS_DEFAULT]),
    ]),
    "an ENV of its name": ("ARG API_TOKEN\nENV API_TOKEN=$API_TOKEN", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ARG.values(), ids=ARG)
def test_defaults_of_arg(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert said(found(text, Entry.DEFAULT)) == expected


def test_the_place_of_a_default_is_its_own() -> None:
    (finding,) = found(f"ARG API_TOKEN\nARG API_TOKEN={ISSUED}", Entry.DEFAULT)
    assert (finding.line, finding.flow) == (3, None)


SPELLED = {
    "bare": ("hunter2", ("hunter2",)),
    "in double quotes": ('"hunter2 a"', ("hunter2 a", '"hunter2 a"')),
    "in single quotes": ("'hunter2'", ("hunter2", "'hunter2'")),
    "with a backslash": ("hunter\\ 2", ("hunter 2", "hunter\\ 2")),
}


@pytest.mark.parametrize("instruction", ["ARG", "ENV"])
@pytest.mark.parametrize(("value", "literal"), SPELLED.values(), ids=SPELLED)
def test_a_finding_has_its_literal_as_it_is_and_as_it_is_written(instruction: str, value: str, literal: tuple[str, ...]) -> None:
    """For whoever has to keep it out of sight; its repr has neither."""
    (finding,) = found(f"{instruction} API_TOKEN={value}", Entry.DEFAULT if instruction == "ARG" else Entry.ENV)
    assert finding.literal == literal
    assert "hunter" not in repr(finding)


# --- what becomes of them -----------------------------------------------------------------------------------------------

USE = "RUN curl -u u:$API_TOKEN h"
REVOKE = "revoke it: the repository's history has it, and so have the images built so far"
MOVES = "it moves into the RUN, so that builds without the secret go on; if it is a real credential, drop it and revoke it"


def default_of(text: str) -> Outcome:
    (outcome,) = (outcome for outcome in fixed(f"FROM alpine\n{text}\n").outcomes if outcome.finding.entry is Entry.DEFAULT)
    return outcome


def test_a_credential_goes_with_its_arg() -> None:
    text = f"ARG API_TOKEN={ISSUED}\n{USE}"
    outcome = default_of(text)
    assert (outcome.status, outcome.refusal, outcome.warnings) == (Status.REPORTED, None, (REVOKE,))
    assert ISSUED not in fixed(f"FROM alpine\n{text}\n").text


def test_what_could_be_anything_moves_with_its_arg() -> None:
    text = f"ARG API_TOKEN=hunter2\n{USE}"
    outcome = default_of(text)
    assert (outcome.status, outcome.refusal, outcome.warnings) == (Status.REPORTED, None, (MOVES,))
    assert "hunter2" in fixed(f"FROM alpine\n{text}\n").text


@pytest.mark.parametrize("default", [ISSUED, "hunter2"])
def test_what_stays_with_its_arg_is_refused_as_well(default: str) -> None:
    outcome = default_of(f"ARG API_TOKEN={default}\nLABEL a=$API_TOKEN\n{USE}")
    assert outcome.status is Status.REPORTED
    assert outcome.refusal is not None
    assert (outcome.refusal.reason, outcome.refusal.line) == (Reason.LITERAL_CREDENTIAL, 2)


def test_an_ignored_args_default_is_ignored_too() -> None:
    outcome = default_of(f"ENV A=1\n# dockerfix: ignore=API_TOKEN\nARG API_TOKEN={ISSUED}\n{USE}")
    assert (outcome.status, outcome.refusal, outcome.warnings) == (Status.IGNORED, None, ())


def test_an_args_default_that_is_a_credential_is_reported_whatever_the_arg_is() -> None:
    """A tag is no secret, but this one stands in the file."""
    text = f"ARG T={ISSUED}\nFROM a:$T\n"
    (outcome,) = fixed(text).outcomes
    assert (outcome.finding.entry, outcome.status, outcome.finding.confidence) == (Entry.DEFAULT, Status.REPORTED, Confidence.CERTAIN)
    assert outcome.refusal is not None


def test_an_env_is_only_reported() -> None:
    (outcome,) = fixed(f"FROM alpine\nENV API_TOKEN={ISSUED}\n").outcomes
    assert outcome.status is Status.REPORTED
    assert outcome.refusal is not None
    assert outcome.refusal.reason is Reason.LITERAL_CREDENTIAL
