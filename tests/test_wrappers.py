"""What commands start: every command of a text, with those that they start behind them."""

from __future__ import annotations

import pytest

from codemod.shell import read
from codemod.wrappers import PREFIXES, started

STARTS_NOTHING = {
    "a command": "a b",
    "a tool with the options of another": "a -exec",
    "sudo alone": "sudo -i",
    "sudo with an option that takes a word": "sudo -u a",
    "sh with a file": "sh a.sh",
    "sh without a command": "sh -c",
    "a word that looks like a shell": "echo sh -c 'a'",
    "sh with a file, and a heredoc": "sh a.sh <<E\na\nE",
    "sh with a file behind options, and a heredoc": "bash -o pipefail -e a.sh <<E\na\nE",
    "cat with a heredoc": "cat <<E\na\nE",
    "a heredoc that is no input": "sh 3<<E\na\nE",
    "eval with a heredoc": "eval <<E\na\nE",
}
STARTS = {
    "sudo": ("sudo a b", ["a b"]),
    "sudo with options": ("sudo -E -u c a b", ["a b"]),
    "sudo with variables": ("sudo A=1 a b", ["a b"]),
    "sudo by its path": ("/usr/bin/sudo a b", ["a b"]),
    "env": ("env -u A B=1 a b", ["a b"]),
    "timeout, with its time": ("timeout -k 1 10 a b", ["a b"]),
    "gosu, with its user": ("gosu u a b", ["a b"]),
    "exec": ("exec a b", ["a b"]),
    "time": ("time a b", ["a b"]),
    "xargs": ("xargs -n 1 a b", ["a b"]),
    "find": ("find . -name c -exec a b +", ["a b +"]),
    "one in another": ("sudo timeout 10 a b", ["timeout 10 a b", "a b"]),
    "sh -c": ("sh -c 'a b'", ["a b"]),
    "sh -c with other options": ("bash -exc 'a b'", ["a b"]),
    "a list in sh -c": ("sh -c 'a b && c'", ["a b", "c"]),
    "sh -c behind sudo": ("sudo sh -c 'a b'", ["sh -c a b", "a b"]),
    "su": ("su u -c 'a b'", ["a b"]),
    "su with the long option": ("su u --command 'a b'", ["a b"]),
    "eval": ("eval 'a b'", ["a b"]),
    "a trap": ("trap 'a b' EXIT", ["a b"]),
    "sh with a heredoc": ("sh <<E\na b\nc\nE", ["a b", "c"]),
    "sh with a heredoc, and options": ("bash -eu -o pipefail - <<-'E'\n\ta b\n\tE", ["a b"]),
    "sh with a heredoc, and its own words": ("sh -s c d <<E\na b\nE", ["a b"]),
    "sh with a here-string": ("sh <<< 'a b'", ["a b"]),
    "sh with the last of two heredocs": ("sh <<E <<F\na\nE\nb\nF", ["b"]),
    "sh -c with a heredoc": ("sh -c 'a b' <<E\nc\nE", ["a b"]),
    "su with a heredoc": ("su - u <<E\na b\nE", ["a b"]),
    "su -c with a heredoc": ("su u -c 'a b' <<E\nc\nE", ["a b"]),
    "sudo with a heredoc for sh": ("sudo -u u sh <<E\na b\nE", ["sh", "a b"]),
    "cat into sh": ("cat <<E | sh\na b\nE", ["sh", "a b"]),
    "cat into sudo sh": ("cat <<E | sudo sh\na b\nE", ["sudo sh", "sh", "a b"]),
    "no deeper than anyone writes": ("sudo sudo sudo sudo a", ["sudo sudo sudo a", "sudo sudo a", "sudo a"]),
}


def inner(text: str) -> list[str]:
    """All but the first."""
    return [" ".join(word.plain for word in command.words) for command in started(read(text))[1:]]


@pytest.mark.parametrize("text", STARTS_NOTHING.values(), ids=STARTS_NOTHING)
def test_it_starts_nothing(text: str) -> None:
    assert inner(text) == []


@pytest.mark.parametrize(("text", "expected"), STARTS.values(), ids=STARTS)
def test_what_it_starts(text: str, expected: list[str]) -> None:
    assert inner(text) == expected


@pytest.mark.parametrize("tool", PREFIXES)
def test_every_prefix_starts_what_stands_behind_it(tool: str) -> None:
    assert inner(f"{tool} {'u ' * PREFIXES[tool][1]}a b")[-1:] == ["a b"]


def test_which_prefixes_have_a_word_before_the_command() -> None:
    assert {tool for tool, (_, positional) in PREFIXES.items() if positional} == {"timeout", "gosu", "su-exec", "chroot"}


def test_names_places_and_output() -> None:
    text = "sudo sh -c 'a $X' > f | c"
    outer, shell, command, last = started(read(text))
    assert (outer.name, shell.name, command.name, last.name) == ("sudo", "sh", "a", "c")
    assert command.words[1].names == {"X"}
    assert command.words[1].span.of(text) == "'a $X'"
    assert [redirect.target.plain for redirect in command.redirects] == ["f"]
    assert (command.piped, command.captured, last.piped) == (True, False, False)


def test_what_a_heredoc_starts_stands_where_the_heredoc_does() -> None:
    text = "sh <<E > f\na $X > g\nb <<F\n$X\nF\nE\n"
    shell, first, second = started(read(text))
    assert [redirect.operator for redirect in shell.redirects] == ["<<", ">"]
    assert first.span.of(text) == first.words[1].span.of(text) == "a $X > g\nb <<F\n$X\nF\n"
    assert [redirect.target.plain for redirect in first.redirects] == ["g"]
    assert [redirect.target.plain for redirect in second.redirects] == ["$X\n", "f"]
    assert second.redirects[0].target.span == first.span


def test_what_a_heredoc_starts_writes_where_its_shell_does() -> None:
    _, command = started(read("sh <<E > f\na\nE"))
    assert [redirect.target.plain for redirect in command.redirects] == ["f"]


def test_its_own_redirect_is_before_the_outer_one() -> None:
    *_, command = started(read("sh -c 'a > g' > f"))
    assert [redirect.target.plain for redirect in command.redirects] == ["g"]


def test_what_is_captured_is_captured_inside() -> None:
    assert [command.captured for command in started(read("A=$(sh -c 'b')"))] == [True, True]


def test_order() -> None:
    assert [command.name for command in started(read("sudo a; b"))] == ["sudo", "a", "b"]
