"""Which commands have certainly run: the rows say it, and a real sh is asked about every short text."""

from __future__ import annotations

import itertools
import subprocess

import pytest

from codemod.certain import parts, starts_with_errexit

# each text with the commands that have certainly run once it has gone well
CERTAIN = {
    "one command": ("a", "a"),
    "an and-list": ("a && b 1 && c", "a b c"),
    "an and-list on lines": ("a \\\n  && b &&\n  # why\n  c # done\n", "a b c"),
    "the last of several": ("a; b; c && d;", "c d"),
    "all of them": ("set -e; a; b\nc", "a b c"),
    "all of them, by the long name": ("set -uo errexit\na\n", "a"),
    "a list under set -e": ("set -e; a && b; c", "c"),
    "not before set -e": ("a; set -e; b; c", "b c"),
    "set -e that ends": ("set -e; a; set +e; b; c", "c"),
    "set -e that ends by its long name": ("set -e; a; set -u +o errexit; b; c", "c"),
    "an alternative": ("a || b", ""),
    "an alternative before": ("a || b; c", "c"),
    "an alternative under set -e": ("set -e; a || b; c", "c"),
    "a pipe": ("a | b", ""),
    "a pipe in a list": ("a && b |& c && d", "a d"),
    "a test": ("[ -f x ] && a", "test a"),
    "what a block has": ("if a; then b; fi && c", "c"),
    "a loop": ("for x in 1 2; do a; done; while b; do c; done; d", "d"),
    "an assignment": ("set -e; X=1; Y=$(a); b", "b"),
    "an assignment for one command": ("X=1 a && export Y && b", "a export b"),
    "a redirect": ("a > /dev/null 2>&1 && b < f >> g; c <<< x", "c"),
    "a redirect in an and-list": ("a > /dev/null 2>&1 && b < f >> g", "a b"),
    "in a substitution": ('a "$(b)"', "a"),
    "by a path": ("/usr/sbin/a && ./a && $A", "a  "),
}
UNFOLLOWED = {
    "nothing": "# only a comment",
    "a subshell": "(a) && b",
    "a group": "{ a; b; }",
    "a group with a redirect": "{ a; b; } > f",
    "a negation": "! a",
    "in the background": "a & b",
    "in the background at its end": "a && b &",
    "a function": "f() { a; }\nf",
    "an early end": "[ -f x ] && exit 0\na",
    "another shell": "exec a",
    "a trap": "trap b EXIT; a",
    "what another text says": "eval a && b",
    "another name": "alias a=b; a",
    "a heredoc": "a <<X\nb\nX\n",
    "a heredoc before more": "a <<X && c\nb\nX\n",
    "a block with a redirect": "if a; then b; fi > f; c",
    "no shell": "a ) b",
}


@pytest.mark.parametrize(("text", "names"), CERTAIN.values(), ids=CERTAIN)
def test_what_has_certainly_run(text: str, names: str) -> None:
    found = parts(text, stops=False)
    assert found is not None
    assert " ".join(part.words[0] for part in found if part.is_certain and part.words) == names


@pytest.mark.parametrize("text", UNFOLLOWED.values(), ids=UNFOLLOWED)
def test_what_is_not_followed(text: str) -> None:
    assert parts(text, stops=True) is None


def test_the_shell_may_stop_by_itself() -> None:
    assert [part.is_certain for part in parts("a; b || c; d", stops=True) or ()] == [True, False, False, True]


def test_a_part_has_its_redirects() -> None:
    assert [part.text for part in parts("a 'b c' > d; X=1; if e; then f; fi", stops=False) or ()] == [
        "a 'b c' > d",
        "X=1",
        "if e; then f; fi",
    ]


def test_words_are_without_quotes() -> None:
    assert [part.words for part in parts("a 'b c' \"$d\" -e\\ f; g", stops=False) or ()] == [("a", "b c", "$d", "-e f"), ("g",)]


def test_no_part_shows_its_text() -> None:
    assert "canary-" not in repr(parts("a canary-x", stops=False))


ERREXIT = {
    "-e": True,
    "-ec": True,
    "-euo pipefail -c": True,
    "-o errexit -c": True,
    "-c": False,
    "-o pipefail -c": False,
    "--noediting -c": False,
}


@pytest.mark.parametrize(("options", "stops"), ERREXIT.items())
def test_errexit(options: str, *, stops: bool) -> None:
    assert starts_with_errexit(("/bin/bash", *options.split())) is stops


COMMANDS = ("a", "b", "c")
DEFINED = "".join(f'{name}() {{ echo {name} >&2; return "${name.upper()}"; }}\n' for name in COMMANDS)


@pytest.mark.parametrize("start", ["", "set -e; "])
@pytest.mark.parametrize("separators", [*itertools.product((" && ", " || ", " | ", "; "), repeat=2)], ids="".join)
def test_a_shell_agrees(separators: tuple[str, str], start: str) -> None:
    """Whatever fails: where the text goes well, each command that is called certain has run, and gone well."""
    text = start + "".join(itertools.chain(*itertools.zip_longest(COMMANDS, separators, fillvalue="")))
    found = parts(text, stops=False)
    assert found is not None
    certain = {part.words[0] for part in found if part.is_certain}
    for fails in itertools.product("01", repeat=len(COMMANDS)):
        variables = dict(zip("ABC", fails, strict=True))
        done = subprocess.run(["sh", "-c", DEFINED + text], env=variables, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            assert all(variables[name.upper()] == "0" and name in done.stderr.split() for name in certain)
