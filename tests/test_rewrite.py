"""How a change is spelled: each row is a file's lines from the ARG on, and what they become."""

from __future__ import annotations

import pytest

from codemod.derived import Value
from codemod.dockerfile.lex import lex
from codemod.plan import NewMount
from codemod.rewrite import _quoted, mount_flag
from codemod.settings import Settings

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


# --- ARG ----------------------------------------------------------------------------------------------------------------

ARGS = {
    "it is all": (f"ARG {T}\n", ""),
    "it is all, without a newline": (f"ARG {T}", ""),
    "with a default": (f"ARG {T}=npm_{'a' * 36}\n", ""),
    "with blanks": (f"  arg\t {T}  \n", ""),
    "with a comment": (f"ARG {T} # the token\n", ""),
    "over several lines": (f"ARG \\\n  # the token\n  {T}\n", ""),
    "twice on a line": (f"ARG {T} {T}=\n", ""),
    "first of two": (f"ARG {T} A=1\n", "ARG A=1\n"),
    "last of two": (f"ARG A=1 {T}\n", "ARG A=1\n"),
    "between two": (f"ARG A=1  {T}= B\n", "ARG A=1 B\n"),
    "first and last of three": (f"ARG {T}= A {T}\n", "ARG A\n"),
    "between two and a comment": (f"ARG A {T} # b\n", "ARG A # b\n"),
    "on a line of its own, between": (f"ARG A \\\n    {T} \\\n    B\n", "ARG A \\\n    B\n"),
    "on a line of its own, at the end": (f"ARG A \\\n    {T}\n", "ARG A\n"),
    "on a line of its own, at the start": (f"ARG {T} \\\n    A\n", "ARG A\n"),
    "on a line of its own, with its comment": (f"ARG A \\\n  # the token\n    {T} \\\n    B\n", "ARG A \\\n    B\n"),
    "beside a word in quotes": (f"ARG A='x y' {T}=\"a b\"\n", "ARG A='x y'\n"),
    "behind a flag": (f"ARG --a {T} A\n", "ARG --a A\n"),
}


@pytest.mark.parametrize(("text", "expected"), ARGS.values(), ids=ARGS)
def test_words_of_an_arg(text: str, expected: str) -> None:
    assert changed(text) == expected


LINES = {
    "nothing around it": (f"USER 1\nARG {T}\nUSER 2\n", "USER 1\nUSER 2\n"),
    "an ARG that is only a comment": (f"ARG # what CI passes\nARG {T}\nUSER 1\n", "ARG # what CI passes\nUSER 1\n"),
    "its comment": (f"USER 1\n# the API token\nARG {T}\nUSER 2\n", "USER 1\nUSER 2\n"),
    "another comment": (f"USER 1\n# who runs it\nARG {T}\nUSER 2\n", "USER 1\n# who runs it\nUSER 2\n"),
    "a blank line before": (f"USER 1\n\nARG {T}\nUSER 2\n", "USER 1\n\nUSER 2\n"),
    "a blank line behind": (f"USER 1\nARG {T}\n\nUSER 2\n", "USER 1\n\nUSER 2\n"),
    "blank lines that meet": (f"USER 1\n\nARG {T}\n\nUSER 2\n", "USER 1\n\nUSER 2\n"),
    "blank lines of blanks that meet": (f"USER 1\n  \nARG {T}\n\t\nUSER 2\n", "USER 1\n  \nUSER 2\n"),
    "several blank lines behind": (f"USER 1\n\nARG {T}\n\n\nUSER 2\n", "USER 1\n\n\nUSER 2\n"),
    "two that go": (f"USER 1\n\nARG {T}\nARG DB_PASSWORD\n\nUSER 2\n", "USER 1\n\nUSER 2\n"),
    "two that go, with a line between": (f"USER 1\nARG {T}\n\nARG DB_PASSWORD\nUSER 2\n", "USER 1\n\nUSER 2\n"),
    "the last line": (f"USER 1\nARG {T}", "USER 1\n"),
    "the last line behind a blank one": (f"USER 1\n\nARG {T}\n", "USER 1\n\n"),
}


@pytest.mark.parametrize(("text", "expected"), LINES.values(), ids=LINES)
def test_lines_around_an_arg(text: str, expected: str) -> None:
    assert changed(text) == expected


def test_a_file_does_not_begin_with_blank_lines() -> None:
    assert changed(f"ARG {T}\n\n\nFROM a\nUSER 1\n", base="") == "FROM a\nUSER 1\n"
    assert changed(f"# syntax=docker/dockerfile:1\nARG {T}\n\nFROM a\n", base="") == "# syntax=docker/dockerfile:1\n\nFROM a\n"


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


@pytest.mark.parametrize(
    ("mount", "expected"),
    [
        (NewMount("a", required=False, uid=None, world_readable=False), "--mount=type=secret,id=a"),
        (NewMount("a", required=True, uid=None, world_readable=False), "--mount=type=secret,id=a,required=true"),
        (NewMount("a", required=False, uid=7, world_readable=False), "--mount=type=secret,id=a,uid=7"),
        (NewMount("a", required=True, uid=None, world_readable=True), "--mount=type=secret,id=a,required=true,mode=0444"),
    ],
)
def test_mount_flags(mount: NewMount, expected: str) -> None:
    assert mount_flag(mount) == expected


def test_nothing_planned_changes_nothing() -> None:
    assert changed("RUN a\n# b\n") == "RUN a\n# b\n"


@pytest.mark.parametrize(("word", "spelled"), [("a", "'a'"), ("$A", '"${A}"'), ("'a'$A", '"a${A}"')])
def test_values_in_quotes(word: str, spelled: str) -> None:
    value: Value = lex(word, "\\").pieces
    assert _quoted(value) == spelled
