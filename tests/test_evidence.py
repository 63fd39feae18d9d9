"""What speaks for a variable's being a secret and what against it, line by line, and what that adds up to."""

from __future__ import annotations

import pytest

from codemod.carriers import MARK
from codemod.dataflow import trace
from codemod.evidence import (
    CERTAIN,
    LIKELY,
    PLACES,
    USERS_WORD,
    Confidence,
    Evidence,
    comments_above,
    confidence,
    evidence_of,
    is_ignored,
)
from codemod.names import NameSays, public_prefix
from codemod.settings import Settings, words
from codemod.sinks import NAMED
from codemod.values import WEIGHTS
from codemod.vocabulary import PUBLIC_PREFIXES

from .texts import dockerfile

ISSUED = "ghp_" + "abcdefghij" * 4
PASSWORD = "curl sends it as a password"
URL = "a URL carries it as a credential"


def evidence(text: str, name: str = "T", settings: Settings | None = None) -> tuple[Evidence, ...]:
    file = dockerfile(f"FROM example.org/a\n{text}\n" if "FROM" not in text else f"{text}\n")
    return evidence_of(file, trace(file, name), settings or Settings())


def said(text: str, name: str = "T") -> list[tuple[str, int, str]]:
    return [(item.kind, item.line, item.detail) for item in evidence(text, name)]


# --- what it adds up to -------------------------------------------------------------------------------------------------

SUMS = {
    "nothing": ((), None),
    "what only speaks against it": ((-1, -3), None),
    "what weighs nothing": ((0,), None),
    "not enough": ((LIKELY - 1,), Confidence.POSSIBLE),
    "something, outweighed": ((3, -6), Confidence.POSSIBLE),
    "enough": ((LIKELY,), Confidence.LIKELY),
    "enough, with something against it": ((LIKELY + 1, -1), Confidence.LIKELY),
    "not quite certain": ((CERTAIN - 1,), Confidence.LIKELY),
    "certain": ((CERTAIN - 1, 1), Confidence.CERTAIN),
    "the user's word": ((USERS_WORD,), Confidence.CERTAIN),
    "the user's word against it": ((-USERS_WORD,), None),
}


@pytest.mark.parametrize(("weights", "expected"), SUMS.values(), ids=SUMS)
def test_weights_add_up(weights: tuple[int, ...], expected: Confidence | None) -> None:
    assert confidence(tuple(Evidence("use", 1, "", weight) for weight in weights)) is expected


def test_the_sum_counts_and_not_its_parts() -> None:
    """A name that says so is enough by itself; one that may say so is not, and with a credential's place anything is certain."""
    assert CERTAIN > NameSays.SECRET >= LIKELY > NameSays.POSSIBLY > 0
    assert NameSays.SECRET + NAMED[NameSays.SECRET] >= CERTAIN
    assert NameSays.SECRET + min(WEIGHTS.values()) < LIKELY
    assert max(PLACES.values()) < 0


# --- each kind ----------------------------------------------------------------------------------------------------------

EVIDENCE = {
    "nothing": ("ARG T\nRUN make $T", []),
    "a name": ("ARG API_TOKEN\nRUN make", [("name", 2, "its name says so: token")]),
    "a name that may": ("ARG AUTH", [("name", 2, "its name may say so: auth")]),
    "a name of something else": ("ARG NODE_VERSION", [("name", 2, "its name speaks of something else: version")]),
    "a name that is only about one": ("ARG TOKEN_URL", [("name", 2, "its name says that it is none: url")]),
    "a default": (f"ARG T={ISSUED}", [("value", 2, "its default has the form of a credential")]),
    "a default in quotes": (f'ARG T="{ISSUED}"', [("value", 2, "its default has the form of a credential")]),
    "a default that speaks against it": ("ARG T=true", [("value", 2, "its default is a switch")]),
    "a default that could be anything": ("ARG T=hunter2", []),
    "a default that only a variable has": ("ARG A=1\nARG T=$A", []),
    "the first default that says anything": ("ARG T=hunter2\nARG T=12345\nARG T=true", [("value", 3, "its default is a number")]),
    "a use": ("ARG T\nRUN curl -u u:$T h", [("use", 3, PASSWORD)]),
    "all of them": (
        f"ARG API_TOKEN={ISSUED}\nRUN curl -u u:$API_TOKEN h",
        [("name", 2, "its name says so: token"), ("value", 2, "its default has the form of a credential"), ("use", 3, PASSWORD)],
    ),
    "a use on a line of its own": ("ARG T\nRUN a \\\n  # b\n  && curl -u u:$T h", [("use", 5, PASSWORD)]),
    "a use in a heredoc": ("ARG T\nRUN <<E\na\ncurl -u u:$T h\nE", [("use", 5, PASSWORD)]),
    "a use in exec form": ('ARG T\nRUN ["sh", "-c", "curl -u u:$T h"]', [("use", 3, PASSWORD)]),
    "a use of another stage": ("FROM a\nARG T\nFROM b\nRUN curl -u u:$T h", []),
    "a use before it is there": ("RUN curl -u u:$T h\nARG T", []),
    "a use in each of two stages": ("FROM a\nARG T\nFROM b\nARG T\nRUN curl -u u:$T h", [("use", 5, PASSWORD)]),
    "what the container starts": ("ARG T\nCMD curl -u u:$T h", [("use", 3, PASSWORD)]),
    "what the container starts, in exec form": ('ARG T\nENTRYPOINT ["sh", "-c", "curl -u u:$T h"]', [("use", 3, PASSWORD)]),
    "what asks the container": ("ARG T\nHEALTHCHECK CMD curl -u u:$T h", [("use", 3, PASSWORD)]),
    "what the container starts, with a variable of its own": ("ARG T\nCMD curl -u u:$W h", []),
    "a URL of ADD": ("ARG T\nADD https://$T@h/a b", [("use", 3, URL)]),
    "a URL of ADD in braces": ("ARG T\nADD https://u:${T}@h/a b", [("use", 3, URL)]),
    "a URL of LABEL": ("ARG T\nLABEL a=https://$T@h", [("use", 3, URL)]),
    "a word of LABEL": ("ARG T\nLABEL a=$T", []),
    "an image": ("ARG T\nFROM a:$T", [("use", 2, "FROM takes it for a name or a path")]),
    "a platform": ("ARG T\nFROM --platform=$T a", [("use", 2, "FROM takes it for a name or a path")]),
    "a path": ("ARG T\nCOPY $T b", [("use", 3, "COPY takes it for a name or a path")]),
    "a folder": ("ARG T\nWORKDIR /$T", [("use", 3, "WORKDIR takes it for a name or a path")]),
    "a port": ("ARG T\nEXPOSE $T", [("use", 3, "EXPOSE takes it for a name or a path")]),
    "a user": ("ARG T\nUSER $T", [("use", 3, "USER takes it for a name or a path")]),
    "another variable's path": ("ARG T\nCOPY $TT b", []),
}  # fmt: skip
FLOWS = {
    "a trigger": ("ARG T\nONBUILD RUN curl -u u:$T h", [("use", 3, PASSWORD)]),
    "a heredoc of COPY": ("ARG T\nCOPY <<E /f\n//r/:_authToken=$T\nE", [("use", 3, "npm sends it as a credential")]),
    "a quoted heredoc of COPY": ("ARG T\nCOPY <<'E' /f\n//r/:_authToken=$T\nE", []),
    "a default of its own name's": ("ARG T\nARG GH_TOKEN=x$T", []),
    "a copy by an ARG": ("ARG T\nARG GH_TOKEN=$T", [("use", 3, "it is copied into GH_TOKEN")]),
    "a copy by an ENV": ("ARG T\nENV GH_TOKEN=$T", [("use", 3, "it is copied into GH_TOKEN")]),
    "a copy by an ENV, in quotes": ('ARG T\nENV GH_TOKEN="${T}"', [("use", 3, "it is copied into GH_TOKEN")]),
    "a copy by an older ENV": ("ARG T\nENV GH_TOKEN $T", [("use", 3, "it is copied into GH_TOKEN")]),
    "a copy of a copy": ("ARG T\nENV A=$T\nENV GH_TOKEN=$A", [("use", 4, "it is copied into GH_TOKEN")]),
    "a copy under its own name": ("ARG GH_TOKEN\nENV GH_TOKEN=$GH_TOKEN", [("name", 2, "its name says so: token")]),
    "a copy under a name that says that it is none": ("ARG T\nENV APP_VERSION=$T", [("use", 3, "it is copied into APP_VERSION")]),
    "a copy that everybody gets": ("ARG T\nENV VITE_API_TOKEN=$T", [("use", 3, "VITE_API_TOKEN is public by its framework's rule")]),
    "a URL that an ENV makes": ("ARG T\nENV A=https://u:$T@h", [("use", 3, URL)]),
    "a URL that an ARG makes": ("ARG T\nARG A=https://${T}@h", [("use", 3, URL)]),
    "a URL that takes two": ("ARG T\nENV A=u:$T\nENV B=https://$A@h", [("use", 4, URL)]),
    "a use of what an ENV makes": ("ARG T\nENV A=u:$T\nRUN curl -u $A h", [("use", 4, PASSWORD)]),
    "a use of what an ARG makes": ("ARG T\nARG A=u:$T\nRUN curl -u $A h", [("use", 4, PASSWORD)]),
    "a use of what a global ARG makes": ("ARG T\nARG A=u:$T\nFROM a\nARG A\nRUN curl -u $A h", [("use", 5, PASSWORD)]),
    "a use of what carries it through the shell": ("ARG T\nENV A=u:$T\nRUN B=$A; curl -u $B h", [("use", 4, PASSWORD)]),
    "a use by the builder of what an ENV makes": ("ARG T\nENV A=u:$T\nADD https://$A@h b", [("use", 4, URL)]),
    "a path that an ENV makes": ("ARG T\nENV A=/a/$T\nWORKDIR $A", [("use", 4, "WORKDIR takes it for a name or a path")]),
    "what the container starts with what an ENV makes": ("ARG T\nENV A=u:$T\nCMD curl -u $A h", [("use", 4, PASSWORD)]),
    "a value that no lexer reads": ("ARG T\nENV A=${T:=x}\nRUN make $A", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), (EVIDENCE | FLOWS).values(), ids=EVIDENCE | FLOWS)
def test_evidence(text: str, expected: list[tuple[str, int, str]]) -> None:
    arguments = [line.split()[1].partition("=")[0] for line in text.splitlines() if line.startswith("ARG")]
    assert said(text, "T" if "T" in arguments else arguments[0]) == expected


def test_the_strongest_use_for_it_and_the_strongest_against_it_count() -> None:
    """The same thing said ten times says no more than once."""
    text = "ARG T\nRUN curl -u u:$T h\nRUN curl -u u:$T h && wget --password=$T h\nRUN mkdir $T\nWORKDIR /$T\nRUN pip install -i $T a"
    assert said(text) == [("use", 3, PASSWORD), ("use", 6, "WORKDIR takes it for a name or a path")]


@pytest.mark.parametrize("what", [what for what in PLACES if what.isupper()])
def test_a_builders_use_speaks_against_it(what: str) -> None:
    text = "ARG T\nFROM a:$T" if what == "FROM" else f"ARG T\n{what} $T{' b' if what in ('COPY', 'ADD') else ''}"
    assert [item.weight for item in evidence(text)] == [PLACES[what]]


def test_no_detail_has_the_value() -> None:
    shown = str(evidence("ARG T=zq7w-pass\nRUN echo $T > /a/zq7w-pass.key\nRUN mkdir /a/zq7w-pass/$T"))
    assert "/a/…" in shown
    assert "zq7w" not in shown
    assert MARK not in shown


# --- the user's word, the framework's rule ------------------------------------------------------------------------------


def test_the_users_word_is_all_there_is_to_say() -> None:
    text = f"ARG API_TOKEN={ISSUED}\nRUN curl -u u:$API_TOKEN h"
    (against,) = evidence(text, "API_TOKEN", Settings(words=words(not_secret=("API_*",))))
    assert against == Evidence("user", 2, "--not-secret says that it is none", -USERS_WORD)
    (for_it,) = evidence(
        "ARG VERSION=1.2\nFROM a:$VERSION", "VERSION", Settings(words=words(secret=("VERSION",), source=".dockerfix.toml"))
    )
    assert for_it == Evidence("user", 1, ".dockerfix.toml says so", USERS_WORD)


@pytest.mark.parametrize("prefix", PUBLIC_PREFIXES)
def test_frameworks_make_some_public(prefix: str) -> None:
    assert public_prefix(f"{prefix}TOKEN") == prefix
    assert public_prefix(f"{prefix.lower()}token") == prefix
    assert public_prefix(f"MY_{prefix}TOKEN") == ""


def test_the_prefix_says_nothing_of_the_rest() -> None:
    assert said("ARG NEXT_PUBLIC_API_TOKEN", "NEXT_PUBLIC_API_TOKEN") == [("name", 2, "its name says so: token")]
    assert public_prefix("PUBLIC_KEY") == ""


# --- comments -----------------------------------------------------------------------------------------------------------

SILENT = "a comment keeps {} silent about it, which says nothing of it"
PRAGMAS = {
    "hadolint": ("# hadolint ignore=DL3064\nARG API_TOKEN", [(2, "hadolint")]),
    "hadolint, of several rules": ("# hadolint ignore=DL3008,DL3064\nARG API_TOKEN", [(2, "hadolint")]),
    "hadolint, of all the file": ("# hadolint global ignore=DL3064\nARG API_TOKEN", [(2, "hadolint")]),
    "hadolint, of another rule": ("# hadolint ignore=DL3008\nARG API_TOKEN", []),
    "hadolint, at its second ARG": ("ARG API_TOKEN\n# hadolint ignore=DL3064\nARG API_TOKEN", [(3, "hadolint")]),
    "hadolint, at another ARG": ("# hadolint ignore=DL3064\nARG A\nARG API_TOKEN", []),
    "BuildKit's check": ("# check=skip=SecretsUsedInArgOrEnv\nFROM a\nARG API_TOKEN", [(1, "BuildKit's check")]),
    "BuildKit's check, of all rules": ("# check=skip=all;error=true\nFROM a\nARG API_TOKEN", [(1, "BuildKit's check")]),
    "BuildKit's check, of several rules": (
        "# check=skip=JSONArgsRecommended,SecretsUsedInArgOrEnv\nFROM a\nARG API_TOKEN",
        [(1, "BuildKit's check")],
    ),
    "BuildKit's check, of another rule": ("# check=skip=JSONArgsRecommended\nFROM a\nARG API_TOKEN", []),
    "BuildKit's check, only to stop at others": ("# check=error=true\nFROM a\nARG API_TOKEN", []),
    "BuildKit's check, above the ARG": ("FROM a\n# check=skip=SecretsUsedInArgOrEnv\nARG API_TOKEN", [(2, "BuildKit's check")]),
    "BuildKit's check, above a global ARG": ("# check=skip=all\nARG API_TOKEN\nFROM a", [(1, "BuildKit's check")]),
    "both": ("# check=skip=all\nFROM a\n# hadolint ignore=DL3064\nARG API_TOKEN", [(1, "BuildKit's check"), (3, "hadolint")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PRAGMAS.values(), ids=PRAGMAS)
def test_linters_that_are_to_be_silent_are_mentioned(text: str, expected: list[tuple[int, str]]) -> None:
    found = [item for item in evidence(text, "API_TOKEN") if item.kind == "pragma"]
    assert [(item.line, item.detail) for item in found] == [(line, SILENT.format(linter)) for line, linter in expected]
    assert {item.weight for item in found} <= {0}


def test_silence_alone_is_no_evidence() -> None:
    assert evidence("# hadolint ignore=DL3064\nARG T\nRUN make") == ()


IGNORED = {
    "directly above": ("# dockerfix: ignore=API_TOKEN it is a test's\nARG API_TOKEN", True),
    "above other comments": ("# dockerfix: ignore=API_TOKEN\n# a comment\nARG API_TOKEN", True),
    "one of several": ("# dockerfix: ignore=A,API_TOKEN\nARG API_TOKEN", True),
    "a glob": ("# dockerfix:ignore=API_*\nARG API_TOKEN", True),
    "at its second ARG": ("ARG API_TOKEN\n# dockerfix: ignore=API_TOKEN\nARG API_TOKEN", True),
    "another one": ("# dockerfix: ignore=A\nARG API_TOKEN", False),
    "with a blank line between": ("# dockerfix: ignore=API_TOKEN\n\nARG API_TOKEN", False),
    "below": ("ARG API_TOKEN\n# dockerfix: ignore=API_TOKEN", False),
    "at another ARG": ("# dockerfix: ignore=API_TOKEN\nARG A\nARG API_TOKEN", False),
}


@pytest.mark.parametrize(("text", "ignored"), IGNORED.values(), ids=IGNORED)
def test_ignored_by_a_comment(text: str, *, ignored: bool) -> None:
    file = dockerfile(f"FROM a\nENV A=1\n{text}\nRUN make\n")
    declarations = tuple(word.instruction for word in trace(file, "API_TOKEN").declarations)
    assert is_ignored(file, "API_TOKEN", declarations) is ignored


def test_the_comments_above() -> None:
    file = dockerfile("FROM a\n# 1\n\n# 2\n  # 3\nRUN b\n")
    assert comments_above(file, file.stages[0].instructions[0]) == ("# 2\n", "  # 3\n")
    assert comments_above(file, file.stages[0].start) == ()
