"""What goes of ARG and ENV: each row is a file's lines, and what they become once the secret and its copies are gone."""

from __future__ import annotations

import pytest

from codemod.dockerfile.nodes import Dockerfile, Variable
from codemod.refusal import Reason
from codemod.removals import keeps_a_word, removals
from codemod.settings import Settings
from codemod.text import apply

from .texts import dockerfile, fixed

T = "API_TOKEN"
ALLOWED = Settings(allow=frozenset({Reason.RUNTIME_ENVIRONMENT}))


def changed(text: str, base: str = "FROM alpine\n") -> str:
    result = fixed(base + text, ALLOWED)
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


# --- ENV ----------------------------------------------------------------------------------------------------------------

ENVS = {
    "it is all": (f"ENV A=${T}\n", ""),
    "it is all, in the old form": (f"ENV A x ${T} y\n", ""),
    "it is all, with blanks": (f"  env\t A=${T}  \n", ""),
    "it is all, in two words": (f"ENV A=${T} B=x${T}\n", ""),
    "over several lines": (f"ENV \\\n  # the token\n  A=${T}\n", ""),
    "first of two": (f"ENV A=${T} B=1\n", "ENV B=1\n"),
    "last of two": (f"ENV B=1 A=${T}\n", "ENV B=1\n"),
    "between two": (f"ENV B=1  A=${T} C=2\n", "ENV B=1 C=2\n"),
    "first and last of three": (f"ENV A=${T} B=1 C=${T}\n", "ENV B=1\n"),
    "with quotes and blanks": (f'ENV A="x ${T} y" B=1\n', "ENV B=1\n"),
    "with an escaped blank": (f"ENV A=x\\ ${T} B=1\n", "ENV B=1\n"),
    "on a line of its own, between": (f"ENV B=1 \\\n    A=${T} \\\n    C=2\n", "ENV B=1 \\\n    C=2\n"),
    "on a line of its own, at the end": (f"ENV B=1 \\\n    A=${T}\n", "ENV B=1\n"),
    "on a line of its own, at the start": (f"ENV A=${T} \\\n    B=1\n", "ENV B=1\n"),
    "at the start, with a comment behind it": (f"ENV A=${T} \\\n    # b\n    B=1\n", "ENV \\\n    # b\n    B=1\n"),
    "on a line of its own, with its comment": (f"ENV B=1 \\\n  # the token\n    A=${T} \\\n    C=2\n", "ENV B=1 \\\n    C=2\n"),
    "over two lines in quotes": (f'ENV A="x\\\n ${T}" B=1\n', "ENV B=1\n"),
    "a `#` is part of a value, and no comment": (f"ENV B=# A=${T}\n", "ENV B=#\n"),
    "one that hides it stays": (f"ENV A=${T}\nENV A=1\n", "ENV A=1\n"),
    "one before it stays": (f"ENV A=1\nENV A=${T}\n", "ENV A=1\n"),
    "one that only has its name stays": (f"ENV {T}=\n", f"ENV {T}=\n"),
}


@pytest.mark.parametrize(("text", "expected"), ENVS.values(), ids=ENVS)
def test_words_of_an_env(text: str, expected: str) -> None:
    assert changed(f"ARG {T}\n{text}") == expected


AROUND_ENV = {
    "the comment of both": (f"# the API token\nARG {T}\nENV {T}=${T}\n\nUSER 1\n", "\nUSER 1\n"),
    "a comment between": (f"ARG {T}\n# the API token\nENV {T}=${T}\nUSER 1\n", "USER 1\n"),
    "a comment of more": (f"ARG {T}\n# set the tools up\nENV {T}=${T}\nUSER 1\n", "# set the tools up\nUSER 1\n"),
    "blank lines that meet": (f"USER 1\n\nARG {T}\nENV {T}=${T}\n\nUSER 2\n", "USER 1\n\nUSER 2\n"),
    "blank lines between": (f"USER 1\nARG {T}\n\nENV {T}=${T}\nUSER 2\n", "USER 1\n\nUSER 2\n"),
    "carriage returns": (f"ARG {T}\r\nENV A=${T} \\\r\n    B=1\r\n", "ENV B=1\r\n"),
}


@pytest.mark.parametrize(("text", "expected"), AROUND_ENV.values(), ids=AROUND_ENV)
def test_lines_around_an_env(text: str, expected: str) -> None:
    assert changed(text) == expected


# --- the function itself --------------------------------------------------------------------------------------------------

KEEPS = {
    "all": ("ARG A B", "AB", False),
    "none": ("ARG A B", "", True),
    "one of two": ("ARG A B", "A", True),
    "all but a comment": ("ARG A # B", "A", False),
    "what is only a comment": ("ARG # A", "", True),
    "all of an ENV": ("ENV A=1 B=2", "AB", False),
    "one of an ENV": ("ENV A=1 B=2", "B", True),
    "all of an ENV but what looks like a comment": ("ENV A=1 #B=2", "A", True),
    "an instruction without words": ("RUN a", "", True),
}


def words(file: Dockerfile, names: str) -> set[Variable]:
    return {word for instruction in file.instructions for word in instruction.variables if word.name in tuple(names)}


@pytest.mark.parametrize(("line", "names", "keeps"), KEEPS.values(), ids=KEEPS)
def test_whether_an_instruction_says_something_without_them(line: str, names: str, *, keeps: bool) -> None:
    file = dockerfile(f"FROM a\n{line}\n")
    assert keeps_a_word(file.stages[0].instructions[0], words(file, names)) is keeps


def test_words_of_several_instructions_go_together() -> None:
    file = dockerfile("ARG A B\nFROM a\nARG A\nENV B=1 C=2\nENV A=1\n")
    assert apply(file.source.text, removals(file, words(file, "AB"))) == "FROM a\nENV C=2\n"


def test_nothing_that_goes_changes_nothing() -> None:
    assert list(removals(dockerfile("ARG A B\nFROM a\nENV B=1 C=2\n"), ())) == []
