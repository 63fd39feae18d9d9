"""What is decided about one secret: which words go, which RUNs get it and how, and what is refused."""

from __future__ import annotations

import pytest

from codemod.plan import RESERVED_IDS, NewMount, Plan, Step, identifier
from codemod.refusal import Reason, Refusal
from codemod.result import Status
from codemod.settings import Settings

from .texts import fixed, outcome

T = "API_TOKEN"
CURL = f"RUN curl -u u:${T} h"


def plan(text: str, settings: Settings | None = None) -> Plan:
    """The plan for the secret of the file."""
    (found,) = (outcome for outcome in fixed(text, settings).outcomes if outcome.finding.name == T)
    assert found.refusal is None
    assert found.plan is not None
    return found.plan


def steps(text: str) -> tuple[Step, ...]:
    return plan(f"FROM alpine\nARG {T}\n{text}\n").steps


def refusal(text: str, settings: Settings | None = None) -> Refusal:
    (found,) = (outcome for outcome in fixed(text, settings).outcomes if outcome.finding.name == T)
    assert found.refusal is not None
    assert found.status is Status.REFUSED
    return found.refusal


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
        f"FROM a\nARG {T}\nRUN --mount=type=cache,target=/${T} b",
        Reason.USED_BY_INSTRUCTION, 3, f"an option of RUN expands {T}",
    ),
    "a heredoc of COPY": (f"FROM a\nARG {T}\nCOPY <<X /b\n${T}\nX", Reason.USED_BY_INSTRUCTION, 3, f"COPY expands {T}"),
    "an ENV that copies it": (f"FROM a\nARG {T}\nENV B=${T}", Reason.NOT_SUPPORTED_YET, 3, f"ENV copies {T} into the image's environment"),
    "a value made from it, in LABEL": (f"FROM a\nARG {T}\nARG URL=x${T}\nLABEL b=$URL", Reason.USED_BY_INSTRUCTION, 4, "LABEL expands URL"),
    "exec form": (f'FROM a\nARG {T}\nRUN ["b", "${T}"]', Reason.NOT_SUPPORTED_YET, 3, f"a RUN in exec form has {T}"),
    "a heredoc": (f"FROM a\nARG {T}\nRUN <<X\nb ${T}\nX", Reason.NOT_SUPPORTED_YET, 3, f"a RUN with a heredoc has {T}"),
    "a heredoc for a command": (f"FROM a\nARG {T}\nRUN b <<X\n${T}\nX", Reason.NOT_SUPPORTED_YET, 3, f"a RUN with a heredoc has {T}"),
    "a shell that is none": (
        f'FROM a\nSHELL ["python", "-c"]\nARG {T}\nRUN b ${T}',
        Reason.SHELL_NOT_UNDERSTOOD, 4, "SHELL python is no plain sh or bash, or prints each command",
    ),
    "a shell that prints commands": (
        f'FROM a\nSHELL ["/bin/sh", "-xc"]\nARG {T}\nRUN b ${T}',
        Reason.SHELL_NOT_UNDERSTOOD, 4, "SHELL /bin/sh is no plain sh or bash, or prints each command",
    ),
    "no shell text": (
        f"FROM a\nARG {T}\nRUN if b ${T}",
        Reason.SHELL_NOT_UNDERSTOOD, 3, f"the command that has {T} is no sh or bash that dockerfix can read",
    ),
    "a mount that the user cannot read": (
        f"FROM a\nUSER b\nARG {T}\nRUN --mount=type=secret,id={T} curl -u u:${T} h",
        Reason.NOT_SUPPORTED_YET, 4, f"the mount of {T} is there, but root's alone: give it uid= or mode=0444",
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


# --- which RUNs ---------------------------------------------------------------------------------------------------------

GET_IT = {
    "none that does not name it": ("RUN echo a\nRUN ls", []),
    "none where only a look-alike is": (f"RUN echo '${T}' \\${T} ${T}X", []),
    "none that sets it first": (f"RUN {T}=1; echo ${T}", []),
    "none that has it already": (f"RUN --mount=type=secret,id={T},env={T} curl -u u:${T} h", []),
    "one that expands it": (CURL, [3]),
    "one that names it for a tool": (f"RUN printenv {T}", [3]),
    "one whose child expands it": (f"RUN sh -c 'b ${T}'", [3]),
    "one that could not be read without guessing": (f'RUN eval "b \\${T}"', [3]),
    "one that sets it for one command, which reads more": (f"RUN {T}=1 make ${T}", [3]),
    "all of them": (f"RUN echo a\n{CURL}\nRUN ls\n{CURL}", [4, 6]),
    "those of a child stage": (f"{CURL}\nFROM alpine AS x\nARG {T}\n{CURL}", [3, 6]),
}


@pytest.mark.parametrize(("text", "lines"), GET_IT.values(), ids=GET_IT)
def test_which_runs_get_it(text: str, lines: list[int]) -> None:
    assert [step.run.line for step in steps(text)] == lines


def test_which_words_go() -> None:
    found = plan(f"ARG A {T}=\nFROM alpine AS x\nARG {T} B\nARG URL=x${T}\nRUN b $URL\nFROM x\nARG {T}\nRUN c ${T}\n")
    assert [(word.variable.name, word.variable.line, word.stage) for word in found.removed] == [
        (T, 1, None),
        (T, 3, 0),
        (T, 7, 1),
        ("URL", 4, 0),
    ]
    assert found.order == len("ARG A ")


def test_one_secret_stays_and_the_other_goes() -> None:
    result = fixed(f"FROM alpine\nARG {T} DB_PASSWORD\nLABEL a=$DB_PASSWORD\n{CURL}\n")
    assert [plan.name for plan in result.plans] == [T]
    assert "ARG DB_PASSWORD\n" in result.text


# --- how ----------------------------------------------------------------------------------------------------------------

MUST_BE_THERE = {
    "it is read": CURL,
    "it is asked for with an error": f"RUN b ${{{T}:?}}",
    "it is compared without a test": f"RUN expr ${T} : a",
    "only one of two reads is on a condition": f'RUN [ -n "$Z" ] && curl -u u:${T} h; curl -u u:${T} h',
    "a command that is no test decides": f"RUN a && curl -u u:${T} h",
    "another RUN has a default for another": f"{CURL}\nRUN echo ${{A:-b}}",
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
}


@pytest.mark.parametrize("text", MUST_BE_THERE.values(), ids=MUST_BE_THERE)
def test_a_build_without_it_has_to_stop(text: str) -> None:
    found = plan(f"FROM alpine\nARG {T}\n{text}\n")
    assert not found.optional
    assert all(step.mount and step.mount.required and not step.optional for step in found.steps)


@pytest.mark.parametrize("text", MAY_BE_MISSING.values(), ids=MAY_BE_MISSING)
def test_a_build_without_it_goes_on(text: str) -> None:
    found = plan(f"FROM alpine\nARG {T}\n{text}\n")
    assert found.optional
    assert all(step.mount and not step.mount.required and step.optional for step in found.steps)


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
    assert (found.steps[0].default, found.optional) == (default, optional)


def test_an_env_that_shows_without_it() -> None:
    found = plan(f"FROM alpine\nENV {T}=\nARG {T}\n{CURL}\n")
    assert found.optional
    assert found.steps[0].default is None


EXPORTED = {
    "nobody looks": (CURL, False),
    "a tool of anyone's": (f"RUN make A=${T}", True),
    "one command of several": (f"RUN curl -u u:${T} h && make", True),
    "a child shell": (f"RUN sh -c 'curl -u u:${T} h'", True),
    "a function of the RUN's own": (f"RUN f() {{ curl -u u:${T} h; }}; f", False),
    "env": (f"RUN curl -u u:${T} h; env", True),
}


@pytest.mark.parametrize(("text", "exported"), EXPORTED.values(), ids=EXPORTED)
def test_whether_commands_can_look(text: str, *, exported: bool) -> None:
    assert [step.exported for step in steps(text)] == [exported]


MOUNTS = {
    "root": ("FROM alpine", CURL, NewMount(T, required=True, uid=None, world_readable=False)),
    "a number": ("FROM alpine\nUSER 1000", CURL, NewMount(T, required=True, uid=1000, world_readable=False)),
    "a name": ("FROM alpine\nUSER app", CURL, NewMount(T, required=True, uid=None, world_readable=True)),
    "nobody knows who": ("FROM example.org/a", CURL, NewMount(T, required=True, uid=None, world_readable=True)),
    "it is there": ("FROM alpine", f"RUN --mount=type=secret,id={T} curl -u u:${T} h", None),
    "it is there for the user": ("FROM alpine\nUSER 7", f"RUN --mount=type=secret,id={T},uid=7 curl -u u:${T} h", None),
    "it is there for all": ("FROM alpine\nUSER app", f"RUN --mount=type=secret,id={T},mode=0444 curl -u u:${T} h", None),
    "it is there as another variable only": (
        "FROM alpine", f"RUN --mount=type=secret,id={T},env=A curl -u u:${T} h", NewMount(T, required=True, uid=None, world_readable=False),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("base", "text", "mount"), MOUNTS.values(), ids=MOUNTS)
def test_mounts(base: str, text: str, mount: NewMount | None) -> None:
    (step,) = plan(f"{base}\nARG {T}\n{text}\n").steps
    assert step.mount == mount


def test_where_the_file_is() -> None:
    assert steps(CURL)[0].path == f"/run/secrets/{T}"
    assert steps(f"RUN --mount=type=secret,id={T},target=/a/b curl -u u:${T} h")[0].path == "/a/b"


def test_a_mount_that_was_there_is_said() -> None:
    assert not plan(f"FROM alpine\nARG {T}\n{CURL}\n").mounted
    assert plan(
        f"FROM alpine\nARG {T}\nRUN --mount=type=secret,id={T} make\n{CURL}\n", Settings(allow=frozenset({Reason.UNSEEN_READER}))
    ).mounted
    assert plan(f"FROM alpine\nARG {T}\nRUN --mount=type=secret,id=A,env={T} curl -u u:${T} h\n").mounted


IDS = {
    "its name": ("NPM_TOKEN", (), "NPM_TOKEN"),
    "what the user says": ("NPM_TOKEN", (("A", "b"), ("NPM_TOKEN", "npm")), "npm"),
    "not what the user says of another": ("NPM_TOKEN", (("npm_token", "npm"),), "NPM_TOKEN"),
    "one that the builder takes": ("GIT_AUTH_TOKEN", (), "GIT_AUTH_TOKEN_BUILD_SECRET"),
    "one that the builder takes for a host": ("HTTP_AUTH_HEADER_h", (), "HTTP_AUTH_HEADER_h_BUILD_SECRET"),
    "one that the builder takes, if the user says so": ("GIT_AUTH_TOKEN", (("GIT_AUTH_TOKEN", "GIT_AUTH_TOKEN"),), "GIT_AUTH_TOKEN"),
    "one that is like it": ("MY_GIT_AUTH_TOKEN", (), "MY_GIT_AUTH_TOKEN"),
    "another that is like it": ("GIT_AUTH_TOKEN_2", (), "GIT_AUTH_TOKEN_2"),
}


@pytest.mark.parametrize(("name", "ids", "expected"), IDS.values(), ids=IDS)
def test_ids(name: str, ids: tuple[tuple[str, str], ...], expected: str) -> None:
    assert identifier(name, Settings(ids=ids)) == expected


def test_a_reserved_id_stays_reserved_only_by_name() -> None:
    assert not RESERVED_IDS.fullmatch(identifier("GIT_AUTH_TOKEN", Settings()))


WARNINGS = {
    "nothing": (f"ARG {T}\n{CURL}", []),
    "nothing of a placeholder": (f"ARG {T}=changeme\n{CURL}", []),
    "a credential": (
        f"ARG {T}=npm_{'a' * 36}\n{CURL}",
        ["line 2: the default is a credential: it is dropped; revoke it, for the repository's history has it"],
    ),
    "what could be one": (f"ARG {T}=hunter2\n{CURL}", ["line 2: the default moves into the RUN; if it is a real credential, drop it"]),
    "a stage that reads it and has it not": (
        f"ARG {T}\n{CURL}\nFROM a\nRUN b ${T}",
        [f"line 5: {T} is empty here, before and after: no ARG of this stage declares it"],
    ),
    "nothing of a stage that sets it": (f"ARG {T}\n{CURL}\nFROM a\nRUN {T}=1; b ${T}", []),
    "nothing of a stage that only looks like it": (f"ARG {T}\n{CURL}\nFROM a\nRUN echo '${T}'", []),
}


@pytest.mark.parametrize(("text", "warnings"), WARNINGS.values(), ids=WARNINGS)
def test_warnings(text: str, warnings: list[str]) -> None:
    assert list(plan(f"FROM alpine\n{text}\n").warnings) == warnings
