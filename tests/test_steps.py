"""What is done to one RUN: the mounts that it gets, what its text begins with, and where neither keeps what it did."""

from __future__ import annotations

import pytest

from codemod.refusal import Reason, Refusal
from codemod.settings import Settings, Style
from codemod.steps import NewMount, Step

from .texts import outcome_of

T = "API_TOKEN"
CURL = f"RUN curl -u u:${T} h"
ALLOWED = frozenset({Reason.RUNTIME_ENVIRONMENT})
ENV = Settings(style=Style.ENV, allow=ALLOWED)
FILE = Settings(allow=ALLOWED)


def step(text: str, settings: Settings = FILE) -> Step:
    """What is done to the last RUN."""
    found = outcome_of(text, T, settings)
    assert found.refusal is None
    assert found.plan is not None
    return found.plan.steps[-1]


def refusal(text: str, settings: Settings = FILE) -> Refusal:
    found = outcome_of(text, T, settings)
    assert found.refusal is not None
    return found.refusal


# --- a file or a variable -------------------------------------------------------------------------------------------------

BY_FILE = {
    "shell form": CURL,
    "a script": f"RUN <<X\n{CURL[4:]}\nX",
    "a script of a named shell": f"RUN <<X\n#!/bin/bash -eu\n{CURL[4:]}\nX",
    "a script of a shell that env looks for": f"RUN <<X\n#!/usr/bin/env -S bash -e\n{CURL[4:]}\nX",
    "a script that traces itself later": f"RUN <<X\nset -x\n{CURL[4:]}\nX",
    "a command that is fed": f"RUN bash -x <<'X'\n{CURL[4:]}\nX",
    "another shell": f'SHELL ["/bin/bash", "-euo", "pipefail", "-c"]\n{CURL}',
}
BY_VARIABLE = {
    "exec form": f'RUN ["printenv", "{T}"]',
    "exec form of a shell": f'RUN ["sh", "-c", "{CURL[4:]}"]',
    "a shell that prints what it runs": f'SHELL ["/bin/sh", "-exc"]\n{CURL}',
    "a script of a shell that prints what it runs": f"RUN <<X\n#!/bin/sh -x\n{CURL[4:]}\nX",
    "a script for a shell that prints what it runs": f'SHELL ["/bin/sh", "-xc"]\nRUN <<X\n{CURL[4:]}\nX',
    "a shell that takes no text": f'SHELL ["/bin/bash"]\n{CURL}',
    "another language's SHELL": f'SHELL ["python3", "-c"]\nRUN import os; os.environ["{T}"]',
    "a script of another language": f"RUN <<X\n#!/usr/bin/env python3\nimport os; os.environ['{T}']\nX",
}


@pytest.mark.parametrize("text", BY_FILE.values(), ids=BY_FILE)
def test_a_file(text: str) -> None:
    found = step(f"FROM alpine\nARG {T}\n{text}\n")
    assert (found.style, found.path, found.mounts) == (Style.FILE, f"/run/secrets/{T}", (NewMount(T, required=True),))
    assert found.arrival is not None


@pytest.mark.parametrize("text", [*BY_VARIABLE.values(), *BY_FILE.values()], ids=[*BY_VARIABLE, *BY_FILE])
def test_a_variable(text: str) -> None:
    """Where no prelude can stand, and everywhere if the user says so."""
    found = step(f"FROM alpine\nARG {T}\n{text}\n", FILE if text in BY_VARIABLE.values() else ENV)
    assert (found.style, found.path, found.mounts) == (Style.ENV, "", (NewMount(T, required=True, env=T),))
    assert found.arrival is None


def test_what_no_shell_can_read_gets_a_variable_if_the_user_says_so() -> None:
    text = f"FROM alpine\nARG {T}\nRUN if b ${T}\n"
    assert refusal(text).reason is Reason.SHELL_NOT_UNDERSTOOD
    assert step(text, ENV).mounts == (NewMount(T, required=True, env=T),)


# --- mounts that are written ----------------------------------------------------------------------------------------------

MOUNTS = {
    "root": ("FROM alpine", CURL, (NewMount(T, required=True),)),
    "root, by its number": ("FROM example.org/a\nUSER 0", CURL, (NewMount(T, required=True),)),
    "a number": ("FROM alpine\nUSER 1000", CURL, (NewMount(T, required=True, uid=1000),)),
    "a number, in a script": ("FROM alpine\nUSER 1000", f"RUN <<X\n{CURL[4:]}\nX", (NewMount(T, required=True, uid=1000),)),
    "a name": ("FROM alpine\nUSER app", CURL, (NewMount(T, required=True, world_readable=True),)),
    "nobody knows who": ("FROM example.org/a", CURL, (NewMount(T, required=True, world_readable=True),)),
    "whoever, for a variable": ("FROM alpine\nUSER app", f'RUN ["printenv", "{T}"]', (NewMount(T, required=True, env=T),)),
    "a build that goes on without it": ("FROM alpine\nUSER 7", f"RUN curl ${{{T}:-a}}", (NewMount(T, required=False, uid=7),)),
    "it is there": ("FROM alpine", f"RUN --mount=type=secret,id={T} curl -u u:${T} h", ()),
    "it is there for the user": ("FROM alpine\nUSER 7", f"RUN --mount=type=secret,id={T},uid=7 curl -u u:${T} h", ()),
    "it is there for all": ("FROM alpine\nUSER app", f"RUN --mount=type=secret,id={T},mode=0444 curl -u u:${T} h", ()),
    "it is there as another variable only": (
        "FROM alpine",
        f"RUN --mount=type=secret,id={T},env=A curl -u u:${T} h",
        (NewMount(T, required=True),),
    ),
    "it is there as another variable and as a file": (
        "FROM alpine",
        f"RUN --mount=type=secret,id={T},env=A,target=/a curl -u u:${T} h",
        (),
    ),
    "it is there as a file, and has to be a variable": (
        "FROM alpine",
        f'RUN --mount=type=secret,id={T} ["printenv", "{T}"]',
        (NewMount(T, required=True, env=T),),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("base", "text", "mounts"), MOUNTS.values(), ids=MOUNTS)
def test_mounts(base: str, text: str, mounts: tuple[NewMount, ...]) -> None:
    found = step(f"{base}\nARG {T}\n{text}\n")
    assert (found.mounts, found.amended) == (mounts, None)


AMENDED = {
    "a name": ("USER app", f"--mount=type=secret,id={T}", NewMount(T, required=True, world_readable=True)),
    "a number": ("USER 7", f"--mount=type=secret,id={T}", NewMount(T, required=True, uid=7)),
    "another number": ("USER 7", f"--mount=type=secret,id={T},uid=8", NewMount(T, required=True, uid=7)),
    "a name, where a number may read it": (
        "USER app",
        f"--mount=type=secret,id={T},uid=8",
        NewMount(T, required=True, world_readable=True),
    ),
    "a file of another place": ("USER 7", f"--mount=type=secret,id={T},target=/a", NewMount(T, required=True, uid=7)),
}


@pytest.mark.parametrize(("user", "mount", "options"), AMENDED.values(), ids=AMENDED)
def test_a_mount_that_the_user_could_not_read(user: str, mount: str, options: NewMount) -> None:
    found = step(f"FROM alpine\nARG {T}\n{user}\nRUN {mount} curl -u u:${T} h\n")
    assert found.mounts == ()
    assert found.amended is not None
    assert (found.amended[0].id, found.amended[1]) == (T, options)


def test_where_the_file_is() -> None:
    assert step(f"FROM alpine\nARG {T}\nRUN --mount=type=secret,id={T},target=/a/b curl -u u:${T} h\n").path == "/a/b"
    assert step(f"FROM alpine\nARG {T}\n{CURL}\n", Settings(ids=((T, "a/b.c"),))).path == "/run/secrets/b.c"


# --- several names --------------------------------------------------------------------------------------------------------

VARIABLES: dict[str, tuple[str, list[str], list[str]]] = {
    "its own": (f'RUN ["printenv", "{T}"]', [T], []),
    "an ENV's": (f'ENV A=${T}\nRUN ["sh", "-c", "curl $A"]', ["A"], []),
    "both": (f'ENV A=${T}\nRUN ["sh", "-c", "curl $A ${T}"]', [T, "A"], []),
    "two of ENV": (f'ENV A=${T} B=${T}\nRUN ["sh", "-c", "curl $A $B"]', ["A", "B"], []),
    "a value that a shell makes": (f"ENV A=x${T}\nRUN curl $A", [T], ["A"]),
    "a value that a shell makes of another": (f"ENV A=${T} B=${T}\nENV C=$A-$B\nRUN curl $C", ["A", "B"], ["C"]),
}


@pytest.mark.parametrize(("text", "mounted", "made"), VARIABLES.values(), ids=VARIABLES)
def test_each_name_has_its_mount(text: str, mounted: list[str], made: list[str]) -> None:
    found = step(f"FROM alpine AS x\nARG {T}\n{text}\nFROM alpine\n", ENV)
    assert [mount.env for mount in found.mounts] == mounted
    assert [assignment.name for assignment in (found.arrival.made if found.arrival else ())] == made


# --- what the text begins with --------------------------------------------------------------------------------------------

EXPORTED = {
    "nobody looks": (CURL, False),
    "a tool of anyone's": (f"RUN make A=${T}", True),
    "one command of several": (f"RUN curl -u u:${T} h && make", True),
    "a child shell": (f"RUN sh -c 'curl -u u:${T} h'", True),
    "a function of the RUN's own": (f"RUN f() {{ curl -u u:${T} h; }}; f", False),
    "env": (f"RUN curl -u u:${T} h; env", True),
    "a tool in a script": (f"RUN <<X\n{CURL[4:]}\nmake\nX", True),
    "nobody in a script": (f"RUN <<X\n{CURL[4:]}\nX", False),
    "a shell that is fed": (f"RUN sh <<'X'\n{CURL[4:]}\nX", True),
    "a tool that looks for what is made from it": (f"ENV PGPASSWORD=${T}\nRUN curl $PGPASSWORD && psql", True),
}


@pytest.mark.parametrize(("text", "exported"), EXPORTED.values(), ids=EXPORTED)
def test_whether_commands_can_look(text: str, *, exported: bool) -> None:
    assert step(f"FROM alpine AS x\nARG {T}\n{text}\nFROM alpine\n").exported is exported


# a value made from a secret that a build may go without, where the shell ends at what is not set
UNSET = {
    "no such shell": (None, "RUN", ""),
    "-u": ('["/bin/sh", "-uc"]', "RUN", "-"),
    "-u alone": ('["/bin/sh", "-u", "-c"]', "RUN", "-"),
    "nounset": ('["/bin/bash", "-o", "nounset", "-c"]', "RUN", "-"),
    "not what only looks like it": ('["/usr/bin/bash", "--noprofile", "-ec"]', "RUN", ""),
    "a script of such a shell": (None, "RUN <<X\n#!/bin/sh -u\n", "-"),
}


@pytest.mark.parametrize(("shell", "form", "operator"), UNSET.values(), ids=UNSET)
def test_a_missing_one_does_not_end_the_shell(shell: str | None, form: str, operator: str) -> None:
    text = f'[ -z "${{{T}:-}}" ] || curl "$URL"'
    text = f"{form}{text}\nX" if "<<" in form else f"RUN {text}"
    found = step(f"FROM alpine\n{f'SHELL {shell}' if shell else 'USER root'}\nARG {T}\nARG URL=x${T}\n{text}\n")
    assert found.arrival is not None
    ((name, value),) = ((made.name, made.value) for made in found.arrival.made)
    assert (name, [getattr(piece, "operator", piece) for piece in value]) == ("URL", ["x", operator])


def test_what_has_to_be_there_ends_the_shell_where_it_is_not() -> None:
    found = step(f'FROM alpine\nSHELL ["/bin/sh", "-uc"]\nARG {T}\nARG URL=x${T}\nRUN curl "$URL"\n')
    assert found.arrival is not None
    assert [getattr(piece, "operator", piece) for piece in found.arrival.made[0].value] == ["x", ""]


# --- where a variable does not keep what it did -----------------------------------------------------------------------------

PYTHON = "RUN <<X\n#!/usr/bin/env python3\n{}\nX"
SH = 'RUN ["sh", "-c", "{}"]'
ALWAYS_SET = f"this RUN asks whether {T} is set, and an env= mount always sets it"
NEEDS_A_SHELL: dict[str, tuple[str, Settings, str]] = {
    "a default, in an exec form": (
        f"ARG {T}=d\n{SH.format(f'curl ${T}')}", FILE, f"the default of {T} has to be chosen by a shell that this RUN has not",
    ),
    "a default, in a script of another language": (
        f"ARG {T}=d\n{PYTHON.format(f'os.getenv({T!r})')}", FILE, f"the default of {T} has to be chosen by a shell that this RUN has not",
    ),
    "a default, for a shell that prints what it runs": (
        f'SHELL ["/bin/sh", "-xc"]\nARG {T}=d\n{CURL}', FILE, f"the default of {T} has to be chosen by a shell that this RUN has not",
    ),
    "a value made from it, in an exec form": (
        f"ARG {T}\nARG URL=x${T}\n{SH.format('curl $URL')}", FILE, "URL has to be made by a shell that this RUN has not",
    ),
    "a value made from it by ENV, in an exec form": (
        f"ARG {T}\nENV URL=x${T}\n{SH.format('curl $URL')}", ENV, "URL has to be made by a shell that this RUN has not",
    ),
    "an ENV that shows without it": (
        f"ENV {T}=1\nARG {T}\n{CURL}", ENV, f"an ENV gives {T} where it is not passed, and an env= mount hides it",
    ),
    "an ENV that shows without it, in an exec form": (
        f"ENV {T}=1\nARG {T}\n{SH.format(f'curl ${T}')}", FILE, f"an ENV gives {T} where it is not passed, and an env= mount hides it",
    ),
    "a default for what is not set": (f"ARG {T}\nRUN curl ${{{T}-d}}", ENV, ALWAYS_SET),
    "something in the place of what is set": (f"ARG {T}\nRUN curl ${{{T}+d}}", ENV, ALWAYS_SET),
    "a value for what is not set": (f"ARG {T}\nRUN curl ${{{T}=d}}", ENV, ALWAYS_SET),
    "an end for what is not set": (f"ARG {T}\nRUN [ -n ${T} ]; curl ${{{T}?}}", ENV, ALWAYS_SET),
    "Python's `in`": (f"ARG {T}\n{PYTHON.format(f'if {T!r} in os.environ: a()')}", FILE, ALWAYS_SET),
    "Python's `not in`": (f"ARG {T}\n{PYTHON.format(f'if {T!r} not in os.environ: a()')}", FILE, ALWAYS_SET),
    "Python's `is None`": (f"ARG {T}\n{PYTHON.format(f'os.getenv({T!r}) is None')}", FILE, ALWAYS_SET),
    "Python's `is not None`": (f"ARG {T}\n{PYTHON.format(f'os.getenv({T!r}) is not None')}", FILE, ALWAYS_SET),
    "JavaScript's undefined": (f"ARG {T}\nRUN <<X\n#!/bin/node\nif (process.env.{T} === undefined) a()\nX", FILE, ALWAYS_SET),
    "Ruby's key?": (f"ARG {T}\nRUN <<X\n#!/bin/ruby\nputs 1 if ENV.key?('{T}') or '{T}'.key?\nX", FILE, ALWAYS_SET),
    "Perl's exists": (f"ARG {T}\nRUN <<X\n#!/bin/perl\nexists $ENV{{{T}}}\nX", FILE, ALWAYS_SET),
    "Perl's defined": (f"ARG {T}\nRUN <<X\n#!/bin/perl\ndefined $ENV{{{T}}}\nX", FILE, ALWAYS_SET),
}  # fmt: skip


@pytest.mark.parametrize(("text", "settings", "detail"), NEEDS_A_SHELL.values(), ids=NEEDS_A_SHELL)
def test_it_needs_a_shell(text: str, settings: Settings, detail: str) -> None:
    line = next(number for number, row in enumerate(text.splitlines(), 2) if row.startswith("RUN"))
    assert refusal(f"FROM alpine\n{text}\n", settings) == Refusal(Reason.DEFAULT_NEEDS_SHELL, line, detail)


KEEPS = {
    "an empty default, which is what a missing secret gives": (f"ARG {T}=\n{SH.format(f'curl ${T}')}", FILE),
    "an empty default, of who asks whether it is set": (f"ARG {T}=\nRUN curl ${{{T}-d}}", ENV),
    "a default that is dropped": (f"ARG {T}=npm_{'a' * 36}\n{SH.format(f'curl ${T}')}", FILE),
    "a default for what is empty": (f"ARG {T}\nRUN curl ${{{T}:-d}}", ENV),
    "an ENV that always sets it": (f"ARG {T}\nENV {T}=${T}\nRUN curl ${{{T}-d}}", ENV),
    "who only gets it": (f"ARG {T}\n{PYTHON.format(f'os.environ.get({T!r})')}", FILE),
    "who asks for another": (f"ARG {T}\n{PYTHON.format(f'os.environ.get({T!r}); A in os.environ')}", FILE),
    "who must have it in any case": (f"ARG {T}\nRUN curl ${T}; curl ${{{T}?}}", ENV),
    "a default, in a shell": (f"ARG {T}=d\n{CURL}", ENV),
}


@pytest.mark.parametrize(("text", "settings"), KEEPS.values(), ids=KEEPS)
def test_a_variable_keeps_what_it_did(text: str, settings: Settings) -> None:
    assert [mount.env for mount in step(f"FROM alpine\n{text}\n", settings).mounts] == [T]


def test_who_reads_it_is_kept_for_the_report() -> None:
    text = f'FROM alpine\nARG {T}\nRUN [ -n "${T}" ] && \\\n  curl ${T}\n'
    found = step(text)
    assert [found.script.text.origin(mention.span.start) for mention in found.mentions] == [text.index("$"), text.rindex("$")]


def test_no_value_is_shown() -> None:
    assert "hunter2" not in repr(step(f"FROM alpine\nARG {T}=hunter2\nARG URL=https://hunter2:${T}@h\nRUN curl $URL\n"))
