"""What is decided about one secret: what is refused, which words go, which builds go on without it, its id, and what is said."""

from __future__ import annotations

import pytest

from codemod.plan import RESERVED_IDS, Plan, identifier
from codemod.refusal import Reason, Refusal
from codemod.result import Status
from codemod.settings import Settings

from .texts import dockerfile, fixed, outcome, outcome_of

T = "API_TOKEN"
CURL = f"RUN curl -u u:${T} h"
ALLOWED = Settings(allow=frozenset({Reason.RUNTIME_ENVIRONMENT}))


def plan(text: str, settings: Settings | None = None) -> Plan:
    """The plan for the secret of the file."""
    found = outcome_of(text, T, settings)
    assert found.refusal is None
    assert found.plan is not None
    return found.plan


# --- refused ------------------------------------------------------------------------------------------------------------

REFUSED = {
    "no shell can have such a name": (
        "FROM a\nARG API-TOKEN\nRUN b",
        Reason.NAME_NOT_A_VARIABLE, 2, "no shell can read a variable called API-TOKEN",
    ),
    "Windows": (
        f"FROM mcr.microsoft.com/windows/servercore\nARG {T}\nRUN b",
        Reason.WINDOWS, 1, f"{T} is used in a stage of Windows",
    ),
    "a trigger": (f"FROM a\nARG {T}\nONBUILD RUN b ${T}", Reason.ONBUILD, 3, f"a trigger has {T}"),
    "FROM": (f"ARG {T}\nFROM a:${T}\nARG {T}\n{CURL}", Reason.USED_BY_INSTRUCTION, 2, f"FROM expands {T}"),
    "LABEL": (f"FROM a\nARG {T}\nLABEL b=${T}", Reason.USED_BY_INSTRUCTION, 3, f"LABEL expands {T}"),
    "a mount's option": (
        f"FROM a\nARG {T}\nRUN --mount=type=cache,target=/${T} curl -u u:${T} h",
        Reason.USED_BY_INSTRUCTION, 3, f"an option of RUN expands {T}",
    ),
    "a heredoc of COPY": (f"FROM a\nARG {T}\nCOPY <<X /b\n${T}\nX", Reason.USED_BY_INSTRUCTION, 3, f"COPY expands {T}"),
    "a value made from it, in LABEL": (f"FROM a\nARG {T}\nARG URL=x${T}\nLABEL b=$URL", Reason.USED_BY_INSTRUCTION, 4, "LABEL expands URL"),
    "a value made from it by ENV, in COPY": (
        f"FROM a\nARG {T}\nENV URL=x${T}\nCOPY $URL b\n{CURL}",
        Reason.USED_BY_INSTRUCTION, 4, "COPY expands URL",
    ),
    "a value made from it, in a trigger": (f"FROM a\nARG {T}\nARG URL=x${T}\nONBUILD RUN b $URL", Reason.ONBUILD, 4, "a trigger has URL"),
    "a value made from it, on Windows": (
        f'FROM a AS x\nARG {T}\nFROM a AS y\nSHELL ["cmd"]\nARG {T}\nRUN b',
        Reason.WINDOWS, 3, f"{T} is used in a stage of Windows",
    ),
    "no shell can have the name of what is made from it": (
        f"FROM a\nARG {T}\nENV A.B=${T}\nRUN b",
        Reason.NAME_NOT_A_VARIABLE, 3, "no shell can read a variable called A.B",
    ),
    "an ENV of the running container": (
        f"FROM a\nARG {T}\nENV B=${T}\n{CURL}",
        Reason.RUNTIME_ENVIRONMENT, 3, "ENV B is the running container's too, which may read it",
    ),
    "exec form that has a default": (
        f'FROM a\nARG {T}=b\nRUN ["sh", "-c", "b ${T}"]',
        Reason.DEFAULT_NEEDS_SHELL, 3, f"the default of {T} has to be chosen by a shell that this RUN has not",
    ),
    "a frontend that is too old": (
        f"# syntax=docker/dockerfile:1.1@sha256:0\nFROM a\nARG {T}\n{CURL}",
        Reason.FRONTEND_TOO_OLD, 1, "secret mounts need frontend 1.2, and docker/dockerfile:1.1@sha256:0 is not ours to replace",
    ),
    "a script that is no shell text": (
        f"FROM a\nARG {T}\nRUN <<X\nif b ${T}\nX",
        Reason.SHELL_NOT_UNDERSTOOD, 3, f"the command that has {T} is no sh or bash that dockerfix can read",
    ),
    "no shell text": (
        f"FROM a\nARG {T}\nRUN if b ${T}",
        Reason.SHELL_NOT_UNDERSTOOD, 3, f"the command that has {T} is no sh or bash that dockerfix can read",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "reason", "line", "detail"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused(text: str, reason: Reason, line: int, detail: str) -> None:
    found = outcome(text + "\n").refusal
    assert found == Refusal(reason, line, detail)


NOT_REFUSED = {
    "CMD reads the container's environment": f"CMD b ${T}",
    "ENTRYPOINT does": f'ENTRYPOINT ["b", "${T}"]',
    "HEALTHCHECK does": f"HEALTHCHECK CMD b ${T}",
    "a quoted heredoc of COPY": f"COPY <<'X' /b\n${T}\nX",
    "exec form without it": 'RUN ["echo", "b"]',
    "a heredoc without it": "RUN <<X\necho b\nX",
    "no shell text, without it": "RUN echo 'b",
    "a trigger without it": "ONBUILD RUN b",
    "an ENV of its name behind the last use": f"ENV {T}=",
    "a stage of Windows without it": "FROM mcr.microsoft.com/windows/nanoserver\nRUN b",
}


@pytest.mark.parametrize("text", NOT_REFUSED.values(), ids=NOT_REFUSED)
def test_it_is_not_refused(text: str) -> None:
    assert [step.run.line for step in plan(f"FROM alpine\nARG {T}\n{CURL}\n{text}\n").steps] == [3]


def test_a_literal_is_only_reported() -> None:
    found = outcome(f"FROM a\nENV {T}=hunter2\n")
    assert found.status is Status.REPORTED
    assert found.refusal == Refusal(Reason.LITERAL_CREDENTIAL, 2, f"{T} stands in the file with its value")


# --- which words go -----------------------------------------------------------------------------------------------------


def test_which_words_go() -> None:
    found = plan(f"ARG A {T}=\nFROM alpine AS x\nARG {T} B\nARG URL=x${T}\nRUN b $URL\nFROM x\nARG {T}\nRUN c ${T}\n")
    assert [(word.variable.name, word.variable.line, word.stage) for word in found.removed] == [
        (T, 1, None),
        (T, 3, 0),
        (T, 7, 1),
        ("URL", 4, 0),
    ]
    assert found.names == (T, "URL")
    assert found.order == len("ARG A ")


COPIES = {
    "under its name": (f"ENV {T}=${T} B=1\n{CURL}", [("ARG", T), ("ENV", T)]),
    "under another": (f"ENV A=1 B=${T}\nRUN curl $B", [("ARG", T), ("ENV", "B")]),
    "of a copy": (f"ENV B=${T}\nENV C=x$B\nRUN curl $C", [("ARG", T), ("ENV", "B"), ("ENV", "C")]),
    "not one that hides it": (f"{CURL}\nENV {T}=", [("ARG", T)]),
    "not one that it shows behind": (f"ENV {T}=1\nARG {T}\n{CURL}", [("ARG", T), ("ARG", T)]),
    "not what hides a copy": (f"ENV B=${T}\nRUN curl $B\nENV B=1", [("ARG", T), ("ENV", "B")]),
}


@pytest.mark.parametrize(("text", "words"), COPIES.values(), ids=COPIES)
def test_which_copies_go(text: str, words: list[tuple[str, str]]) -> None:
    found = plan(f"FROM alpine AS x\nARG {T}\n{text}\nFROM alpine\n")
    assert [(word.instruction.name, word.variable.name) for word in found.removed] == words


def test_one_secret_stays_and_the_other_goes() -> None:
    result = fixed(f"FROM alpine\nARG {T} DB_PASSWORD\nLABEL a=$DB_PASSWORD\n{CURL}\n")
    assert [plan.name for plan in result.plans] == [T]
    assert "ARG DB_PASSWORD\n" in result.text


def test_one_word_is_made_of_two_secrets_and_goes_with_both() -> None:
    result = fixed(f"FROM alpine AS x\nARG {T} DB_PASSWORD\nENV B=${T}:$DB_PASSWORD\nRUN curl $B\nFROM alpine\n")
    assert [[word.variable.name for word in plan.removed] for plan in result.plans] == [[T, "B"], ["DB_PASSWORD", "B"]]
    assert "ENV" not in result.text


def test_which_runs_change() -> None:
    text = f"FROM alpine\n{CURL}\nARG {T}\nRUN echo\n{CURL}\nFROM alpine\n{CURL}\nFROM alpine\nARG {T}\n{CURL}\n"
    assert [step.run.line for step in plan(text).steps] == [5, 10]


# --- builds without it --------------------------------------------------------------------------------------------------

MUST_BE_THERE = {
    "it is read": CURL,
    "it is asked for with an error": f"RUN b ${{{T}:?}}",
    "it is compared without a test": f"RUN expr ${T} : a",
    "only one of two reads is on a condition": f'RUN [ -n "$Z" ] && curl -u u:${T} h; curl -u u:${T} h',
    "a command that is no test decides": f"RUN a && curl -u u:${T} h",
    "another RUN has a default for another": f"{CURL}\nRUN echo ${{A:-b}}",
    "a script reads it": f"RUN <<X\n{CURL[4:]}\nX",
    "a program is told it": f'RUN ["sh", "-c", "{CURL[4:]}"]',
    "another language's program ends without it": f"RUN <<X\n#!/usr/bin/python3\nimport os; os.environ['{T}']\nX",
    "an ENV hands it on": f"ENV {T}=${T}\n{CURL}",
}
MAY_BE_MISSING = {
    "a test asks for it": f'RUN [ -z "${T}" ] || curl -u u:${T} h',
    "a bash test asks for it": f"RUN if [[ -n ${T} ]]; then curl -u u:${T} h; fi",
    "a default": f"RUN curl -u u:${{{T}:-a}} h",
    "something in its place": f"RUN curl ${{{T}:+-u u:${T}}} h",
    "one RUN of two asks": f"{CURL}\nRUN test ${T} && b",
    "another's test decides whether it is read": f'RUN [ -n "$Z" ] && curl -u u:${T} h',
    "another's test decides, further on": f'RUN test "$Z" && a && curl -u u:${T} h',
    "an if decides whether it is read": f"RUN if a; then curl -u u:${T} h; fi",
    "another's case decides whether it is read": f"RUN case $Z in a) curl -u u:${T} h;; esac",
    "a case": f"RUN case ${T} in '') ;; *) curl -u u:${T} h;; esac",
    "a script asks for it": f'RUN <<X\nif [ -n "${T}" ]; then b; fi\nX',
    "a program asks for it": f'RUN ["sh", "-c", "curl ${{{T}:-a}}"]',
    "another language's program looks it up": f"RUN <<X\n#!/usr/bin/node\nif (process.env.{T}) a()\nX",
    "what is made from it has a default": f"ARG URL=${{{T}:-a}}\nRUN curl $URL",
    "what is made from it is asked for": f'ARG URL=x${T}\nRUN [ -n "$URL" ] && curl $URL',
    "an ENV shows without it": f"ENV {T}=1\nARG {T}\n{CURL}",
    "an empty default": f"ARG {T}=\n{CURL}",
    "nothing shows who reads it": "RUN make",
}


@pytest.mark.parametrize("text", MUST_BE_THERE.values(), ids=MUST_BE_THERE)
def test_a_build_without_it_has_to_stop(text: str) -> None:
    found = plan(f"FROM alpine\nARG {T}\n{text}\n", ALLOWED)
    assert not found.optional
    assert [(mount.required, step.optional) for step in found.steps for mount in step.mounts] == [(True, False)] * len(found.steps)


@pytest.mark.parametrize("text", MAY_BE_MISSING.values(), ids=MAY_BE_MISSING)
def test_a_build_without_it_goes_on(text: str) -> None:
    found = plan(f"FROM alpine\nARG {T}\n{text}\n")
    assert found.optional
    assert [(mount.required, step.optional) for step in found.steps for mount in step.mounts] == [(False, True)] * len(found.steps)


# the lines of the RUNs that stop without it, and of those that do not
PARTLY = {
    "a RUN that nothing shows of, beside one that needs it": (f"ARG {T}\n{CURL}\nFROM alpine\nARG {T}\nRUN make", [3], [6]),
    "a program of another language beside one that needs it": (f"ARG {T}\n{CURL}\nRUN <<X\n#!/bin/node\nif (env.{T}) a()\nX", [3, 4], []),
    "another stage's program copes": (
        f"ARG {T}\n{CURL}\nFROM alpine\nARG {T}\nRUN <<X\n#!/bin/node\nif (env.{T}) a()\nX",
        [3],
        [6],
    ),
    "a child of a stage that needs it": (f"ARG {T}\n{CURL}\nFROM s\nRUN <<X\n#!/bin/node\nif (env.{T}) a()\nX", [3, 5], []),
    "a parent of a stage that needs it": (
        f"ARG {T}\nRUN <<X\n#!/bin/node\nif (env.{T}) a()\nX\nFROM s\n{CURL}",
        [8],
        [3],
    ),
}


@pytest.mark.parametrize(("text", "required", "optional"), PARTLY.values(), ids=PARTLY)
def test_which_runs_stop_without_it(text: str, required: list[int], optional: list[int]) -> None:
    found = plan(f"FROM alpine AS s\n{text}\n")
    assert [step.run.line for step in found.steps if not step.optional] == required
    assert [step.run.line for step in found.steps if step.optional] == optional
    assert not found.optional


DEFAULTS = {
    "none": (f"ARG {T}", None, False),
    "an empty one": (f"ARG {T}=", (), True),
    "a word": (f"ARG {T}=hunter2", ("hunter2",), True),
    "a placeholder": (f"ARG {T}=changeme", ("changeme",), True),
    "a credential, which is dropped": (f"ARG {T}=npm_{'a' * 36}", None, False),
    "a credential in quotes, which is dropped": (f'ARG {T}="https://u:hunter2@h"', None, False),
}


@pytest.mark.parametrize(("line", "default", "optional"), DEFAULTS.values(), ids=DEFAULTS)
def test_defaults(line: str, default: tuple[str, ...] | None, *, optional: bool) -> None:
    found = plan(f"FROM alpine\n{line}\n{CURL}\n")
    arrival = found.steps[0].arrival
    assert arrival is not None
    assert (arrival.default, found.optional) == (default, optional)


def test_what_a_global_arg_makes_has_the_global_default() -> None:
    """The RUN sees only URL, but builds it from the secret, whose default is the one that the ARG had."""
    (step,) = plan(f"ARG {T}=d\nARG URL=x${T}\nFROM alpine\nARG URL\nRUN curl $URL\n").steps
    assert step.arrival is not None
    assert (step.arrival.variable, step.arrival.default) == (T, ("d",))


# --- its id -------------------------------------------------------------------------------------------------------------

IDS = {
    "its name": ("NPM_TOKEN", (), "", "NPM_TOKEN"),
    "what the user says": ("NPM_TOKEN", (("A", "b"), ("NPM_TOKEN", "npm")), "", "npm"),
    "not what the user says of another": ("NPM_TOKEN", (("npm_token", "npm"),), "", "NPM_TOKEN"),
    "one that the builder takes": ("GIT_AUTH_TOKEN", (), "", "GIT_AUTH_TOKEN_BUILD_SECRET"),
    "one that the builder takes for a host": ("HTTP_AUTH_HEADER_h", (), "", "HTTP_AUTH_HEADER_h_BUILD_SECRET"),
    "one that the builder takes, if the user says so": ("GIT_AUTH_TOKEN", (("GIT_AUTH_TOKEN", "GIT_AUTH_TOKEN"),), "", "GIT_AUTH_TOKEN"),
    "one that the builder takes, if a RUN has it": ("GIT_AUTH_TOKEN", (), "--mount=type=secret,id=GIT_AUTH_TOKEN", "GIT_AUTH_TOKEN"),
    "one that is like it": ("MY_GIT_AUTH_TOKEN", (), "", "MY_GIT_AUTH_TOKEN"),
    "another that is like it": ("GIT_AUTH_TOKEN_2", (), "", "GIT_AUTH_TOKEN_2"),
    "one that a RUN mounts it by": ("NPM_TOKEN", (), "--mount=type=secret,id=npm-token", "npm-token"),
    "one that a mount sets it from": ("NPM_TOKEN", (), "--mount=type=secret,id=a,env=NPM_TOKEN", "a"),
    "what the user says, whatever a RUN has": ("NPM_TOKEN", (("NPM_TOKEN", "npm"),), "--mount=type=secret,id=npm-token", "npm"),
    "not the one of another build arg": ("NPM_TOKEN", (), "--mount=type=secret,id=NPMTOKEN", "NPM_TOKEN"),
}


@pytest.mark.parametrize(("name", "ids", "mount", "expected"), IDS.values(), ids=IDS)
def test_ids(name: str, ids: tuple[tuple[str, str], ...], mount: str, expected: str) -> None:
    file = dockerfile(f"FROM a\nARG {name} NPMTOKEN\nRUN {mount} b\n")
    assert identifier(file, name, Settings(ids=ids)) == expected


def test_a_reserved_id_stays_reserved_only_by_name() -> None:
    assert not RESERVED_IDS.fullmatch(identifier(dockerfile("FROM a\n"), "GIT_AUTH_TOKEN", Settings()))


def test_a_mount_that_was_there_is_said() -> None:
    assert not plan(f"FROM alpine\nARG {T}\n{CURL}\n").mounted
    assert plan(f"FROM alpine\nARG {T}\nRUN --mount=type=secret,id={T} make\n{CURL}\n").mounted
    assert plan(f"FROM alpine\nARG {T}\nRUN --mount=type=secret,id=A,env={T} curl -u u:${T} h\n").mounted


# --- what is said -------------------------------------------------------------------------------------------------------

BROAD = f"nothing shows who reads {T}"
FEW = "because a command there could; take the mount from those that need none"
WARNINGS = {
    "nothing": (f"ARG {T}\n{CURL}", []),
    "nothing of a placeholder": (f"ARG {T}=changeme\n{CURL}", []),
    "nothing of a credential, which is a finding of its own": (f"ARG {T}=npm_{'a' * 36}\n{CURL}", []),
    "nothing of what could be one": (f"ARG {T}=hunter2\n{CURL}", []),
    "a stage that reads it and has it not": (
        f"ARG {T}\n{CURL}\nFROM a\nRUN b ${T}",
        [f"line 5: {T} is empty here, before and after: no ARG of this stage declares it"],
    ),
    "a script of a stage that has it not": (
        f"ARG {T}\n{CURL}\nFROM a\nRUN <<X\nb ${T}\nX",
        [f"line 5: {T} is empty here, before and after: no ARG of this stage declares it"],
    ),
    "nothing of a stage that sets it": (f"ARG {T}\n{CURL}\nFROM a\nRUN {T}=1; b ${T}", []),
    "nothing of a stage that only looks like it": (f"ARG {T}\n{CURL}\nFROM a\nRUN echo '${T}'", []),
    "a RUN that could": (f"ARG {T}\nRUN make", [f"{BROAD}: the RUN on line 3 has it {FEW}"]),
    "RUNs that could": (f"ARG {T}\nRUN make\nRUN echo\nRUN make", [f"{BROAD}: the RUNs on lines 3, 5 have it {FEW}"]),
    "what is made from it by an ARG": (
        f"ARG {T}\nARG URL=x${T}\nRUN curl $URL",
        ["URL is now made inside the RUN: --build-arg URL=… has no effect any more"],
    ),
    "nothing of what is made from it by an ENV that no container has": (f"ARG {T}\nENV B=${T}\nRUN curl $B\nFROM a", []),
    "what a container no longer has": (
        f"ARG {T}\nENV B=${T}\nENV C=$B {T}=${T}\n{CURL}",
        [
            f"line {line}: containers no longer have {name}: one that needs it is started with docker run -e {name}"
            for line, name in ((3, "B"), (4, "C"), (4, T))
        ],
    ),
}


@pytest.mark.parametrize(("text", "warnings"), WARNINGS.values(), ids=WARNINGS)
def test_warnings(text: str, warnings: list[str]) -> None:
    assert list(plan(f"FROM alpine\n{text}\n", ALLOWED).warnings) == warnings
