"""How a change is spelled: each row is a file's lines from the ARG on, and what they become."""

from __future__ import annotations

import pytest

from codemod.rewrite import mount_flag
from codemod.settings import Settings
from codemod.steps import NewMount

from .texts import fixed

T = "API_TOKEN"
CURL = f"curl -u u:${T} h"
MOUNT = f"RUN --mount=type=secret,id={T},required=true \\\n"
READ = f'    {T}="$(cat /run/secrets/{T})" \\\n'


def changed(text: str, settings: Settings | None = None, base: str = "FROM alpine\n") -> str:
    result = fixed(base + text, settings)
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


OTHER_FILES = {
    "a backtick": ("# escape=`\nFROM alpine\n", f"RUN {CURL}\n", MOUNT.replace("\\", "`") + READ.replace("\\", "`") + f"    && {CURL}\n"),
    "CRLF": ("FROM alpine\r\n", f"RUN {CURL}\r\n", (MOUNT + READ + f"    && {CURL}\n").replace("\n", "\r\n")),
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
