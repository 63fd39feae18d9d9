"""What looks as if it passed a build arg, in files that nobody knows."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codemod.callers import unknown
from codemod.callers.call import ID, Call, Tree
from codemod.text import Source, Span


def calls(text: str, path: str = "a.conf", why: str = "") -> tuple[Call, ...]:
    return unknown.calls(Source(PurePosixPath(path), text), Tree(), why)


def passed(text: str, path: str = "a.conf") -> list[tuple[str, int, str | None]]:
    return [(passed.name, passed.line, passed.value) for call in calls(text, path) for passed in call.passes]


LINES = {
    "what make makes of a list": (
        "A = $(NAMES:%=--build-arg %)\nB = ${addprefix --build-arg ,$(N)}",
        [("$(…)", 1, None), ("$(…)", 2, None)],
    ),
    "what make makes of an argument": ("a = --build-arg $(1)=$($(1)) --build-arg TOKEN", [("TOKEN", 1, None), ("$(…)", 1, None)]),
    "a flag": ("docker build --build-arg TOKEN .", [("TOKEN", 1, None)]),
    "a flag with a value": ("--build-arg TOKEN=$TOKEN .", [("TOKEN", 1, "$TOKEN")]),
    "a flag with =": ("--build-arg=TOKEN=$TOKEN", [("TOKEN", 1, "$TOKEN")]),
    "a flag in quotes": ('--build-arg "TOKEN=a"', [("TOKEN", 1, "a")]),
    "a flag with a command": ("--build-arg TOKEN=$(cat a b) c", [("TOKEN", 1, "$(cat a b)")]),
    "a flag with an expression": ("--build-arg TOKEN=${{ secrets.X }} c", [("TOKEN", 1, "${{ secrets.X }}")]),
    "two flags": ("--build-arg A=1 --build-arg TOKEN=b", [("A", 1, "1"), ("TOKEN", 1, "b")]),
    "a list of words": ('["--build-arg", "TOKEN=a"]', [("TOKEN", 1, "a")]),
    "a list with a formatted word": ('["--build-arg", f"TOKEN={x}"]', [("TOKEN", 1, "{x")]),
    "a variable": ("BUILD_ARG_TOKEN: ((token))", [("TOKEN", 1, "((token))")]),
    "a variable of two words": ("  PLUGIN_BUILD_ARG_NPM_TOKEN=x", [("NPM_TOKEN", 1, "x")]),
    "a table in its line": ("build_args = {'TOKEN': x, \"B\": 2}", [("TOKEN", 1, "x"), ("B", 1, "2")]),
    "a list in its line": ("build_args: [TOKEN=x, B=2]", [("TOKEN", 1, "x"), ("B", 1, "2")]),
    "Groovy's map": ("buildArgs = [TOKEN: x]", [("TOKEN", 1, "x")]),
    "Kotlin's map": ('buildArgs.set(mapOf("TOKEN" to x))', [("TOKEN", 1, "x")]),
    "a call": ('buildArgs.put("TOKEN", x)', [("TOKEN", 1, "x")]),
    "Ruby's map": ("'buildargs' => { 'TOKEN' => x }", [("TOKEN", 1, "x")]),
    "a text": ("build-args: TOKEN=x", [("TOKEN", 1, "x")]),
    "lines below": ("build-args: |\n  A=1\n  TOKEN=${{ secrets.X }}\nb: c", [("A", 2, "1"), ("TOKEN", 3, "${{ secrets.X }}")]),
    "a map below": ("x:\n  buildArgs:\n    TOKEN: a\n\n    # B: c\n    C: d\n  d: e", [("TOKEN", 3, "a"), ("C", 6, "d")]),
    "items below": ("build_args:\n  - TOKEN\n  - B=c\nd: e", [("TOKEN", 2, None), ("B", 3, "c")]),
    "items below, after a key of two words": ("build_args_from_env:\n  - TOKEN\n", [("TOKEN", 2, None)]),
    "an orb's": ("extra_build_args: --build-arg=TOKEN=$TOKEN", [("TOKEN", 1, "$TOKEN")]),
    "a table in a table": ("args:\n  buildArgs:\n    build_args: a\n    TOKEN: b\n", [("TOKEN", 4, "b")]),
    "windows' line ends": ("--build-arg TOKEN=$A\r\n--build-arg B=c\r\n", [("TOKEN", 1, "$A"), ("B", 2, "c")]),
    "an item of a list of a text": ("* docker build --build-arg TOKEN=x", [("TOKEN", 1, "x")]),
}
NONE = {
    "a comment": "# --build-arg TOKEN=x",
    "a comment of C": "  // buildArgs = [TOKEN: x]",
    "a comment of SQL": "-- --build-arg TOKEN",
    "a comment of XML": "<!-- --build-arg TOKEN -->",
    "a comment of batch files": "REM docker build --build-arg TOKEN=%TOKEN%",
    "a name only": "TOKEN=x",
    "no name": "--build-arg $X",
    "a table alone": "build_args = args",
    "another word": "rebuild_arguments_of(TOKEN: x)",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), LINES.values(), ids=LINES)
def test_lines_that_pass(text: str, expected: list[tuple[str, int, str | None]]) -> None:
    assert passed(text) == expected


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_lines_that_do_not(text: str) -> None:
    assert passed(text) == []


def test_a_star_goes_on_with_a_comment_where_the_language_says_so() -> None:
    assert passed(" * --build-arg TOKEN", "A.java") == []


def test_a_call_a_line_with_its_reason() -> None:
    text = "a\n--build-arg TOKEN=${{ secrets.X }} --build-arg B\n--build-arg C\n"
    first, second = calls(text, why="is not TOML")
    assert (first.kind, first.line, first.places, first.span.of(text)) == (
        unknown.KIND, 2, (), "--build-arg TOKEN=${{ secrets.X }} --build-arg B",
    )  # fmt: skip
    assert first.passes[0].credential == "${{ secrets.X }}"
    assert first.passes[0].obstacle == "is not TOML"
    assert first.passes[0].suggestion == f"--secret id={ID},env=TOKEN"
    assert second.passes[0].name == "C"
    assert calls("--build-arg C")[0].passes[0].obstacle == unknown.WHY


def test_what_is_known_is_left_out() -> None:
    text = "--build-arg A\n--build-arg B\n"
    known = Call("x", Span(0, 13), 1)
    (found,) = unknown.rest(Source(PurePosixPath("a"), text), (known,), "y", "z")
    assert (found.kind, found.passes[0].name) == ("y", "B")
