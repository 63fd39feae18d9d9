"""What a RUN runs: the form, the text that a program is given, the way back to the file, and the program that a shebang names."""

from __future__ import annotations

import pytest

from codemod.dockerfile.nodes import Instruction
from codemod.script import Form, Script, script_of

from .same_behaviour import buildkit
from .texts import HAS_BUILDKIT, dockerfile

SHELL = {
    "a command": ("RUN a b", "a b"),
    "a command on two lines": ("RUN a \\\n  # c\n  b", "a   b"),
    "a command behind options": ("RUN --network=none -- a b", "a b"),
    "nothing": ("RUN", ""),
    "an array that is none": ("RUN ['a', 'b']", "['a', 'b']"),
    "an array with more behind it": ('RUN ["a"] && b', '["a"] && b'),
    "a shift in quotes": ("RUN a '<<X'", "a '<<X'"),
    "a text of one line": ("RUN cat <<<X", "cat <<<X"),
    "a heredoc that a command reads": ("RUN cat <<X\na\nX", "cat <<X\na\nX"),
    "a heredoc before its command": ("RUN <<X cat\na\nX", "<<X cat\na\nX"),
    "a heredoc and a redirect": ("RUN <<X > f\na\nX", "<<X > f\na\nX"),
    "two heredocs without a command": ("RUN <<X <<Y\na\nX\nb\nY", "<<X <<Y\na\nX\nb\nY"),
    "two heredocs of one command": ("RUN a <<X 3<<Y\na\nX\nb\nY", "a <<X 3<<Y\na\nX\nb\nY"),
    "an empty heredoc of a command": ("RUN cat <<X\nX", "cat <<X\nX"),
    "a heredoc whose tabs its shell takes off": ("RUN cat <<-X\n\ta\n\tX", "cat <<-X\n\ta\nX"),
    "a heredoc with a delimiter in quotes": ("RUN cat <<'X'\n$a\nX", "cat <<'X'\n$a\nX"),
    "a heredoc with a delimiter of two words": ("RUN cat <<'X Y'\na\nX Y", "cat <<'X Y'\na\nX Y"),
    "a heredoc of a command on two lines": ("RUN cat <<X \\\n  > f\na\nX", "cat <<X   > f\na\nX"),
    "a heredoc with carriage returns": ("RUN cat <<X\r\na\r\nX\r", "cat <<X\na\r\nX"),
}
SCRIPTS = {
    "a heredoc": ("RUN <<X\na\nb\nX", "a\nb\n"),
    "a heredoc with options": ("RUN --network=none <<X\na\nX", "a\n"),
    "a heredoc with a delimiter in quotes": ("RUN <<'X'\n$a\nX", "$a\n"),
    "a heredoc with a delimiter in double quotes": ('RUN <<"X"\na\nX', "a\n"),
    "a heredoc with a delimiter of two words": ("RUN <<'X Y'\na\nX Y", "a\n"),
    "a heredoc with a number": ("RUN 3<<X\na\nX", "a\n"),
    "a heredoc with a blank": ("RUN << X\na\nX", "a\n"),
    "a heredoc on the next line": ("RUN \\\n  <<X\na\nX", "a\n"),
    "a heredoc whose tabs go": ("RUN <<-X\n\ta\n\t\t b\n\n\tX", "a\n b\n\n"),
    "a heredoc whose tabs stay": ("RUN <<X\n\ta\nX", "\ta\n"),
    "a heredoc with carriage returns": ("RUN <<X\r\na\r\nX\r", "a\r\n"),
    "an empty heredoc": ("RUN <<X\nX", ""),
    "an empty heredoc whose tabs go": ("RUN <<-X\n\tX", ""),
    "what looks like a comment and a continuation": ("RUN <<X\n# a\nb \\\n\nc\nX", "# a\nb \\\n\nc\n"),
}
EXEC = {
    "words, as a shell would have to be given them": ('RUN ["a", "b c", "it\'s"]', "'a' 'b c' 'it'\\''s'"),
    "nothing that a shell expands": ('RUN ["a", "$T"]', "'a' '$T'"),
    "what a shell is told to run": ('RUN ["sh", "-c", "a $T"]', "a $T"),
    "what a shell of a folder is told to run": ('RUN ["/bin/bash", "-exc", "a $T"]', "a $T"),
    "a shell that is told no text": ('RUN ["sh", "-e", "f"]', "'sh' '-e' 'f'"),
    "a shell with words behind the text": ('RUN ["sh", "-c", "a $1", "b", "c"]', "'sh' '-c' 'a $1' 'b' 'c'"),
    "another program that is told to run a text": ('RUN ["python", "-c", "a"]', "'python' '-c' 'a'"),
    "nothing": ("RUN []", ""),
    "an array on two lines": ('RUN ["a", \\\n  "b"]', "'a' 'b'"),
}

# the parser on PyPI is of v0.12.5, and the model knows no delimiter of two words
NOT_MODELLED = {'RUN ["a"] && b', "RUN << X\na\nX", "RUN <<'X Y'\na\nX Y", "RUN"}


def run(line: str) -> tuple[Instruction, str]:
    file = dockerfile(f"FROM a\n{line}\n")
    (found,) = file.stages[0].instructions
    return found, file.source.text


def script(line: str) -> Script:
    return script_of(*run(line))


@pytest.mark.parametrize(
    ("form", "line", "text"),
    [(form, *row) for form, rows in ((Form.SHELL, SHELL), (Form.SCRIPT, SCRIPTS), (Form.EXEC, EXEC)) for row in rows.values()],
    ids=[
        f"{form.name.lower()}: {name}" for form, rows in ((Form.SHELL, SHELL), (Form.SCRIPT, SCRIPTS), (Form.EXEC, EXEC)) for name in rows
    ],
)
def test_what_runs(form: Form, line: str, text: str) -> None:
    found = script(line)
    assert (found.form, found.text.text) == (form, text)
    assert found.shell.text == text


@pytest.mark.skipif(not HAS_BUILDKIT, reason="BuildKit's parser is not on PyPI for this machine")
@pytest.mark.parametrize("line", [line for line, _ in (*SHELL.values(), *SCRIPTS.values()) if line not in NOT_MODELLED])
def test_buildkit_gives_the_shell_the_same(line: str) -> None:
    (found,) = buildkit.runs(f"FROM a\n{line}\n", buildkit.Given())
    assert found.argv[-1] == script(line).text.text


@pytest.mark.parametrize("line", [line for line, _ in (*SHELL.values(), *SCRIPTS.values())])
def test_each_character_has_its_place_in_the_file(line: str) -> None:
    found, text = run(line)
    mapped = script_of(found, text).text
    assert [text[mapped.origin(offset)] for offset in range(len(mapped.text))] == list(mapped.text)


@pytest.mark.parametrize("line", [line for line, text in EXEC.values() if text])
def test_an_exec_form_stands_where_its_array_does(line: str) -> None:
    found, text = run(line)
    mapped = script_of(found, text).text
    assert {mapped.origin(offset) for offset in range(len(mapped.text))} == {text.index("[")}


SHEBANGS = {
    "none": ("RUN <<X\na\nX", None),
    "a comment": ("RUN <<X\n# !a\nX", None),
    "a program": ("RUN <<X\n#!/bin/a\nb\nX", ("/bin/a",)),
    "a program with arguments": ("RUN <<X\n#!/bin/a -b c\nX", ("/bin/a", "-b", "c")),
    "a program that env looks for": ("RUN <<X\n#!/usr/bin/env a\nX", ("a",)),
    "a program behind tabs that go: BuildKit looks before they do": ("RUN <<-X\n\t#!/bin/a\n\tX", None),
    "a program at the margin, where tabs go": ("RUN <<-X\n#!/bin/a\n\tb\n\tX", ("/bin/a",)),
    "none of a heredoc that a command reads": ("RUN cat <<X\n#!/bin/a\nX", None),
    "none of a command": ("RUN '#!/bin/a'", None),
}


@pytest.mark.parametrize(("line", "words"), SHEBANGS.values(), ids=SHEBANGS)
def test_the_program_that_a_script_names(line: str, words: tuple[str, ...] | None) -> None:
    found = script(line)
    assert (found.shebang and found.shebang.words) == words
    assert found.text.text[: found.start].count("\n") == (words is not None)
    assert found.text.text[found.start :].startswith("#!") is (words is None and line.startswith("RUN <<-X\n\t#!"))
