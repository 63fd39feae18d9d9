"""How a change is spelled: each row is a file's lines from the ARG on, and what they become."""

from __future__ import annotations

import pytest

from codemod.refusal import Reason
from codemod.rewrite import mount_flag
from codemod.settings import Settings, Style
from codemod.steps import NewMount

from .texts import fixed

T = "API_TOKEN"
CURL = f"curl -u u:${T} h"
MOUNT = f"RUN --mount=type=secret,id={T},required=true \\\n"
READ = f'    {T}="$(cat /run/secrets/{T})" \\\n'
FILE = f"/run/secrets/{T}"
FLAG = f"--mount=type=secret,id={T},required=true"
GIVEN = f'{T}="$(cat /run/secrets/{T})" || exit 1'


def changed(text: str, settings: Settings | None = None, base: str = "FROM alpine\n") -> str:
    result = fixed(base + text, settings or Settings(allow=frozenset({Reason.RUNTIME_ENVIRONMENT})))
    assert [outcome.refusal for outcome in result.outcomes if outcome.refusal] == []
    assert result.text.startswith(base)
    return result.text.removeprefix(base)


# --- RUN ----------------------------------------------------------------------------------------------------------------

RUNS = {
    "one line": (f"RUN {CURL}\n", f"{MOUNT}{READ}    && {CURL}\n"),
    "no newline at the end": (f"RUN {CURL}", f"{MOUNT}{READ}    && {CURL}"),
    "small letters": (f"run {CURL}\n", f"{MOUNT.replace('RUN', 'run')}{READ}    && {CURL}\n"),
    "indented": (f"  RUN {CURL}\n", f"  {MOUNT}  {READ}      && {CURL}\n"),
    "the command on the next line": (f"RUN \\\n  {CURL}\n", f"RUN \\\n  {MOUNT[4:]}{READ[2:]}  && {CURL}\n"),
    "comments before the command": (f"RUN \\\n  # b\n  {CURL}\n", f"RUN \\\n  # b\n  {MOUNT[4:]}{READ[2:]}  && {CURL}\n"),
    "ands that end lines": (f"RUN echo a && \\\n    {CURL}\n", f"{MOUNT}{READ[:-2]}&& \\\n    echo a && \\\n    {CURL}\n"),
    "ands that start lines": (f"RUN echo a \\\n    && {CURL}\n", f"{MOUNT}{READ}    && echo a \\\n    && {CURL}\n"),
    "tabs": (f"RUN echo a \\\n\t&& {CURL}\n", f"{MOUNT}{READ}    && echo a \\\n\t&& {CURL}\n".replace("\\\n    ", "\\\n\t")),
    "the shallowest indentation": (
        f"RUN while true; do \\\n      {CURL}; \\\n  done\n",
        f'{MOUNT}  {T}="$(cat /run/secrets/{T})" || exit 1; \\\n  while true; do \\\n      {CURL}; \\\n  done\n',
    ),
    "lines at the margin": (f"RUN echo a \\\n&& {CURL}\n", f"{MOUNT}{READ}    && echo a \\\n&& {CURL}\n".replace("\n    ", "\n")),
    "a text in quotes that goes on at the margin": (
        f'RUN echo "a \\\nb" \\\n    && {CURL}\n',
        f'{MOUNT}{READ}    && echo "a \\\nb" \\\n    && {CURL}\n',
    ),
    "a word that goes on at the margin": (
        f"RUN echo a\\\nb \\\n    && {CURL}\n",
        f"{MOUNT}{READ}    && echo a\\\nb \\\n    && {CURL}\n",
    ),
    "a flag": (f"RUN --network=none {CURL}\n", f"RUN --network=none {MOUNT[4:]}{READ}    && {CURL}\n"),
    "a flag on a line of its own": (
        f"RUN --network=none \\\n    {CURL}\n",
        f"RUN --network=none \\\n    {MOUNT[4:]}{READ}    && {CURL}\n",
    ),
    "the end of flags": (f"RUN -- {CURL}\n", f"{MOUNT[:-2]}\\\n    -- {READ[4:]}    && {CURL}\n"),
    "a mount that is there": (f"RUN --mount=type=secret,id={T} {CURL}\n", f"RUN --mount=type=secret,id={T} \\\n{READ}    && {CURL}\n"),
    "an or": (f"RUN {CURL} || true\n", f'{MOUNT}    {T}="$(cat /run/secrets/{T})" || exit 1; \\\n    {CURL} || true\n'),
    "exported": ("RUN make $API_TOKEN\n", f"{MOUNT}{READ[:-2]}&& export {T} \\\n    && make ${T}\n"),
    "exported, as a statement": (
        f"RUN make ${T}; a\n",
        f'{MOUNT}    {T}="$(cat /run/secrets/{T})" && export {T} || exit 1; \\\n    make ${T}; a\n',
    ),
    "optional": (
        f"RUN curl -u u:${{{T}:-a}} h\n",
        (
            f'RUN --mount=type=secret,id={T} \\\n    if [ -s /run/secrets/{T} ]; then {T}="$(cat /run/secrets/{T})" || exit 1; fi; \\\n'
            f"    curl -u u:${{{T}:-a}} h\n"
        ),
    ),
}


@pytest.mark.parametrize(("text", "expected"), RUNS.values(), ids=RUNS)
def test_a_run(text: str, expected: str) -> None:
    assert changed(f"ARG {T}\n{text}") == expected


DEFAULTS = {
    "empty": ("=", "''"),
    "a word": ("=hunter2", "'hunter2'"),
    "with a single quote": ('="it\'s"', "'it'\\''s'"),
    "with what a shell would expand": ("='$a `b` \\ \"c\"'", "'$a `b` \\ \"c\"'"),
    "with a variable of the stage": ('="x $A"', '"x ${A}"'),
    "with a variable and what double quotes leave special": ("='\"`$\\'$A", '"\\"\\`\\$\\\\${A}"'),
    "with a variable's default": ('="${A:-b c}"', '"${A:-b c}"'),
}


@pytest.mark.parametrize(("default", "spelled"), DEFAULTS.values(), ids=DEFAULTS)
def test_a_default_moves(default: str, spelled: str) -> None:
    expected = (
        f"ARG A=1\nRUN --mount=type=secret,id={T} \\\n"
        f'    if [ -s /run/secrets/{T} ]; then {T}="$(cat /run/secrets/{T})"; else {T}={spelled}; fi || exit 1; \\\n    {CURL}\n'
    )
    assert changed(f"ARG A=1\nARG {T}{default}\nRUN {CURL}\n") == expected


def test_two_secrets_in_the_order_of_their_args() -> None:
    text = f"ARG DB_PASSWORD\nARG {T}\nRUN a ${T} $DB_PASSWORD\n"
    assert changed(text) == (
        "RUN --mount=type=secret,id=DB_PASSWORD,required=true \\\n"
        f"    --mount=type=secret,id={T},required=true \\\n"
        '    DB_PASSWORD="$(cat /run/secrets/DB_PASSWORD)" && export DB_PASSWORD \\\n'
        f'    && {T}="$(cat /run/secrets/{T})" && export {T} \\\n'
        f"    && a ${T} $DB_PASSWORD\n"
    )


def test_one_optional_secret_makes_statements_of_all() -> None:
    assert changed(f"ARG DB_PASSWORD\nARG {T}\nRUN curl -u ${{DB_PASSWORD:-a}}:${T} h\n") == (
        "RUN --mount=type=secret,id=DB_PASSWORD \\\n"
        f"    --mount=type=secret,id={T},required=true \\\n"
        '    if [ -s /run/secrets/DB_PASSWORD ]; then DB_PASSWORD="$(cat /run/secrets/DB_PASSWORD)" || exit 1; fi; \\\n'
        f'    {T}="$(cat /run/secrets/{T})" || exit 1; \\\n'
        f"    curl -u ${{DB_PASSWORD:-a}}:${T} h\n"
    )


def test_values_made_from_it_come_behind_it() -> None:
    assert changed(f"ARG {T}\nARG URL=https://${T}@h\nRUN curl $URL\n") == (
        f'{MOUNT}{READ}    && URL="https://${{{T}}}@h" \\\n    && curl $URL\n'
    )


VARIABLE = f"--mount=type=secret,id={T},env={T},required=true"
ENV_STYLE = Settings(style=Style.ENV, allow=frozenset({Reason.RUNTIME_ENVIRONMENT}))
FORMS = {
    "a script": (f"RUN <<X\n{CURL}\nX\n", f"RUN {FLAG} <<X\n{GIVEN}\n{CURL}\nX\n"),
    "a script that the file ends with": (f"RUN <<X\n{CURL}\nX", f"RUN {FLAG} <<X\n{GIVEN}\n{CURL}\nX"),
    "a script in small letters": (f"run <<X\n{CURL}\nX\n", f"run {FLAG} <<X\n{GIVEN}\n{CURL}\nX\n"),
    "a script behind a flag": (f"RUN --network=none <<X\n{CURL}\nX\n", f"RUN --network=none {FLAG} <<X\n{GIVEN}\n{CURL}\nX\n"),
    "a script behind the end of flags": (f"RUN -- <<X\n{CURL}\nX\n", f"RUN {FLAG} -- <<X\n{GIVEN}\n{CURL}\nX\n"),
    "a script on the next line": (f"RUN \\\n  # c\n  <<X\n{CURL}\nX\n", f"RUN \\\n  # c\n  {FLAG} <<X\n{GIVEN}\n{CURL}\nX\n"),
    "a script whose blanks stay": (f"RUN <<X\n  {CURL}\nX\n", f"RUN {FLAG} <<X\n{GIVEN}\n  {CURL}\nX\n"),
    "a script whose tabs go": (f"RUN <<-X\n\t\t{CURL}\n\tX\n", f"RUN {FLAG} <<-X\n\t\t{GIVEN}\n\t\t{CURL}\n\tX\n"),
    "a script that begins with a blank line": (f"RUN <<-X\n\n\t{CURL}\nX\n", f"RUN {FLAG} <<-X\n{GIVEN}\n\n\t{CURL}\nX\n"),
    "a script that begins with a comment": (f"RUN <<X\n# c\n{CURL}\nX\n", f"RUN {FLAG} <<X\n{GIVEN}\n# c\n{CURL}\nX\n"),
    "a script that names its shell": (
        f"RUN <<X\n#!/bin/bash -e\n{CURL}\nX\n",
        f"RUN {FLAG} <<X\n#!/bin/bash -e\n{GIVEN}\n{CURL}\nX\n",
    ),
    "a script that names its shell behind tabs, which is a comment": (
        f"RUN <<-X\n\t#!/bin/bash\n\t{CURL}\n\tX\n",
        f"RUN {FLAG} <<-X\n\t{GIVEN}\n\t#!/bin/bash\n\t{CURL}\n\tX\n",
    ),
    "a script that names another language": (
        f"RUN <<X\n#!/bin/python3\nimport os; os.environ['{T}']\nX\n",
        f"RUN {VARIABLE} <<X\n#!/bin/python3\nimport os; os.environ['{T}']\nX\n",
    ),
    "a script with an optional secret": (
        f"RUN <<X\ncurl ${{{T}:-a}}\nX\n",
        f'RUN --mount=type=secret,id={T} <<X\nif [ -s {FILE} ]; then {T}="$(cat {FILE})" || exit 1; fi\ncurl ${{{T}:-a}}\nX\n',
    ),
    "a script with a mount that is there": (
        f"RUN --mount=type=secret,id={T} <<X\n{CURL}\nX\n",
        f"RUN --mount=type=secret,id={T} <<X\n{GIVEN}\n{CURL}\nX\n",
    ),
    "a command that is fed": (f"RUN cat <<X > f\n${T}\nX\n", f"{MOUNT}{READ}    && cat <<X > f\n${T}\nX\n"),
    "a command that is fed, behind another": (
        f"RUN set -e; cat <<X > f\n${T}\nX\n",
        f"{MOUNT}    {GIVEN}; \\\n    set -e; cat <<X > f\n${T}\nX\n",
    ),
    "a shell that is fed": (
        f"RUN sh <<'X'\n{CURL}\nX\n",
        f"{MOUNT}{READ[:-2]}&& export {T} \\\n    && sh <<'X'\n{CURL}\nX\n",
    ),
    "exec form": (f'RUN ["sh", "-c", "{CURL}"]\n', f'RUN {VARIABLE} \\\n    ["sh", "-c", "{CURL}"]\n'),
    "exec form behind blanks": (f'RUN   [ "sh", "-c", "{CURL}" ]\n', f'RUN   {VARIABLE} \\\n    [ "sh", "-c", "{CURL}" ]\n'),
    "exec form behind a flag": (
        f'RUN --network=none ["sh", "-c", "{CURL}"]\n',
        f'RUN --network=none {VARIABLE} \\\n    ["sh", "-c", "{CURL}"]\n',
    ),
    "exec form behind the end of flags": (f'RUN -- ["printenv", "{T}"]\n', f'RUN {VARIABLE} \\\n    -- ["printenv", "{T}"]\n'),
    "exec form on two lines": (
        f'RUN ["printenv", \\\n  "{T}"]\n',
        f'RUN {VARIABLE} \\\n  ["printenv", \\\n  "{T}"]\n',
    ),
    "exec form on the next line": (f'RUN \\\n  # c\n  ["printenv", "{T}"]\n', f'RUN \\\n  # c\n  {VARIABLE} \\\n  ["printenv", "{T}"]\n'),
}


@pytest.mark.parametrize(("text", "expected"), FORMS.values(), ids=FORMS)
def test_forms_of_run(text: str, expected: str) -> None:
    assert changed(f"ARG {T}\n{text}") == expected


VARIABLES = {
    "shell form": (f"ARG {T}\nRUN {CURL}\n", f"RUN {VARIABLE} \\\n    {CURL}\n"),
    "shell form behind the end of flags": (f"ARG {T}\nRUN -- {CURL}\n", f"RUN {VARIABLE} \\\n    -- {CURL}\n"),
    "a script": (f"ARG {T}\nRUN <<X\n{CURL}\nX\n", f"RUN {VARIABLE} <<X\n{CURL}\nX\n"),
    "a default": (
        f"ARG {T}=d\nRUN {CURL}\n",
        f'RUN --mount=type=secret,id={T},env={T} \\\n    {T}="${{{T}:-d}}" \\\n    && {CURL}\n',
    ),
    "a default, in a script": (
        f"ARG {T}=d\nRUN <<X\n{CURL}\nX\n",
        f'RUN --mount=type=secret,id={T},env={T} <<X\n{T}="${{{T}:-d}}"\n{CURL}\nX\n',
    ),
    "a default behind the end of flags": (
        f"ARG {T}=d\nRUN -- {CURL}\n",
        f'RUN --mount=type=secret,id={T},env={T} \\\n    -- {T}="${{{T}:-d}}" \\\n    && {CURL}\n',
    ),
    "what is made from it": (
        f"ARG {T}\nARG URL=x${T}\nRUN curl $URL; echo a\n",
        f'RUN {VARIABLE} \\\n    URL="x${{{T}}}" || exit 1; \\\n    curl $URL; echo a\n',
    ),
    "two names": (
        f"ARG {T}\nENV A=${T}\nRUN curl $A ${T}\n",
        f"RUN {VARIABLE} \\\n    {VARIABLE.replace(f'env={T}', 'env=A')} \\\n    curl $A ${T}\n",
    ),
}


@pytest.mark.parametrize(("text", "expected"), VARIABLES.values(), ids=VARIABLES)
def test_variables_if_the_user_says_so(text: str, expected: str) -> None:
    assert changed(text, ENV_STYLE) == expected


AMENDED = {
    "a number": ("USER 7", f"--mount=type=secret,id={T}", ",uid=7"),
    "a name": ("USER app", f"--mount=type=secret,id={T}", ",mode=0444"),
    "in single quotes": ("USER 7", f"--mount='type=secret,id={T}'", ",uid=7'"),
    "in double quotes": ("USER 7", f'--mount="type=secret,id={T}"', ',uid=7"'),
    "before another": ("USER 7", f"--mount=type=secret,id={T} --network=none", ",uid=7 --network=none"),
    "before the end of flags": ("USER 7", f"--mount=type=secret,id={T} --", ",uid=7 --"),
}


@pytest.mark.parametrize(("user", "flags", "ending"), AMENDED.values(), ids=AMENDED)
def test_a_mount_that_the_user_could_not_read(user: str, flags: str, ending: str) -> None:
    start = flags[: flags.index(T) + len(T)]
    assert changed(f"ARG {T}\n{user}\nRUN {flags} {CURL}\n") == f"{user}\nRUN {start}{ending} \\\n{READ}    && {CURL}\n"


def test_a_mount_of_a_script_that_the_user_could_not_read() -> None:
    text = f"USER 7\nRUN --mount=type=secret,id={T} <<X\n{CURL}\nX\n"
    assert changed(f"ARG {T}\n{text}") == f"USER 7\nRUN --mount=type=secret,id={T},uid=7 <<X\n{GIVEN}\n{CURL}\nX\n"


SCRIPTS_OF_TWO = (
    f"RUN --mount=type=secret,id=DB_PASSWORD,required=true \\\n    {FLAG} <<X\n"
    f'DB_PASSWORD="$(cat /run/secrets/DB_PASSWORD)" || exit 1\n{GIVEN}\ncurl -u $DB_PASSWORD:${T}\nX\n'
)


def test_two_secrets_of_a_script() -> None:
    assert changed(f"ARG DB_PASSWORD {T}\nRUN <<X\ncurl -u $DB_PASSWORD:${T}\nX\n") == SCRIPTS_OF_TWO


def test_one_secret_that_is_mounted_and_one_that_is_not() -> None:
    assert changed(f"ARG DB_PASSWORD {T}\nUSER 7\nRUN --mount=type=secret,id={T} curl -u $DB_PASSWORD:${T}\n") == (
        f"USER 7\nRUN --mount=type=secret,id={T},uid=7 --mount=type=secret,id=DB_PASSWORD,required=true,uid=7 \\\n"
        f'    DB_PASSWORD="$(cat /run/secrets/DB_PASSWORD)" \\\n    && {READ[4:]}    && curl -u $DB_PASSWORD:${T}\n'
    )


def test_the_mount_stands_before_the_end_of_flags_and_the_prelude_behind_it() -> None:
    expected = f"RUN --network=none {FLAG} \\\n    -- \\\n{READ}    && {CURL}\n"
    assert changed(f"ARG {T}\nRUN --network=none -- {CURL}\n") == expected


OTHER_FILES = {
    "a backtick": ("# escape=`\nFROM alpine\n", f"RUN {CURL}\n", MOUNT.replace("\\", "`") + READ.replace("\\", "`") + f"    && {CURL}\n"),
    "CRLF": ("FROM alpine\r\n", f"RUN {CURL}\r\n", (MOUNT + READ + f"    && {CURL}\n").replace("\n", "\r\n")),
    "CRLF, and a script": (
        "FROM alpine\r\n",
        f"RUN <<X\r\n{CURL} #\r\nX\r\n",
        f"RUN {FLAG} <<X\r\n{GIVEN} #\r\n{CURL} #\r\nX\r\n",
    ),
    "CRLF, and a script that names its shell": (
        "FROM alpine\r\n",
        f"RUN <<X\r\n#!/bin/sh\r\n{CURL} #\r\nX\r\n",
        # the kernel looks for a program whose name ends in a carriage return: that is nobody's shell
        f"RUN {FLAG.replace(',required', f',env={T},required')} <<X\r\n#!/bin/sh\r\n{CURL} #\r\nX\r\n",
    ),
    "CRLF, and exec form": (
        "FROM alpine\r\n",
        f'RUN ["printenv", "{T}"]\r\n',
        f'RUN {VARIABLE} \\\r\n    ["printenv", "{T}"]\r\n',
    ),
    "a backtick, and a script": ("# escape=`\nFROM alpine\n", f"RUN <<X\n{CURL}\nX\n", f"RUN {FLAG} <<X\n{GIVEN}\n{CURL}\nX\n"),
    "CRLF, and no newline at the end": ("FROM alpine\r\n", f"RUN {CURL}", (MOUNT + READ).replace("\n", "\r\n") + f"    && {CURL}"),
    "mixed newlines, by the RUN's": ("FROM alpine\r\n", f"RUN a \\\n  && {CURL}\n", None),
    "a BOM": ("\ufeffFROM alpine\n", f"RUN {CURL}\n", f"{MOUNT}{READ}    && {CURL}\n"),
    "a number as the user": ("FROM alpine\nUSER 7\n", f"RUN {CURL}\n", f"{MOUNT}{READ}    && {CURL}\n".replace("true", "true,uid=7")),
    "nobody knows who": ("FROM example.org/a\n", f"RUN {CURL}\n", f"{MOUNT}{READ}    && {CURL}\n".replace("true", "true,mode=0444")),
}


@pytest.mark.parametrize(("base", "text", "expected"), OTHER_FILES.values(), ids=OTHER_FILES)
def test_other_files(base: str, text: str, expected: str | None) -> None:
    found = changed(f"ARG {T}\n{text}", base=base)
    if expected is None:
        assert "\r" not in found
    else:
        assert found == expected


def test_another_id() -> None:
    found = changed(f"ARG {T}\nRUN {CURL}\n", Settings(ids=((T, "a.b-c"),)))
    assert found == f"{MOUNT}{READ}    && {CURL}\n".replace(f"id={T}", "id=a.b-c").replace(f"secrets/{T}", "secrets/a.b-c")


def test_a_path_that_needs_quotes() -> None:
    found = changed(f"ARG {T}\nRUN --mount='type=secret,id={T},target=/a b' {CURL}\n")
    assert f"{T}=\"$(cat '/a b')\"" in found


FLAGS = {
    "a file": (NewMount("a", required=False), "--mount=type=secret,id=a"),
    "a file that has to be there": (NewMount("a", required=True), "--mount=type=secret,id=a,required=true"),
    "a file for a number": (NewMount("a", required=False, uid=7), "--mount=type=secret,id=a,uid=7"),
    "a file for anybody": (NewMount("a", required=True, world_readable=True), "--mount=type=secret,id=a,required=true,mode=0444"),
    "a variable": (NewMount("a", required=False, env="B"), "--mount=type=secret,id=a,env=B"),
    "a variable that has to be there": (NewMount("a", required=True, env="B"), "--mount=type=secret,id=a,env=B,required=true"),
}


@pytest.mark.parametrize(("mount", "expected"), FLAGS.values(), ids=FLAGS)
def test_mount_flags(mount: NewMount, expected: str) -> None:
    assert mount_flag(mount) == expected


def test_nothing_planned_changes_nothing() -> None:
    assert changed("RUN a\n# b\n") == "RUN a\n# b\n"


def test_a_frontend_that_is_raised() -> None:
    base = "# escape=\\\n# syntax = docker/dockerfile:1.1\n"
    expected = base.replace("1.1", "1") + f"FROM alpine\n{MOUNT}{READ}    && {CURL}\n"
    assert changed(f"{base}FROM alpine\nARG {T}\nRUN {CURL}\n", base="") == expected
