"""Where heredocs and here-strings are in a shell text: each as its operator and its body."""

from __future__ import annotations

import pytest

from codemod.shell import read, reader
from codemod.shell.heredocs import Found, find, find_in_body

NONE_IS_IN = {
    "no text": "",
    "single quotes": "'<<E'",
    "double quotes": '"<<E \\" <<E"',
    "ANSI-C quotes": r"a $'\'<<E'",
    "quotes in quotes": """"$(a "b" '"')" '<<E' """,
    "quotes in an operand": "${A:-'}'<<E}",
    "quotes that are none in an operand in quotes": """"${A:-'<<E}" '<<E' """,
    "an operand": "${A:-<<E} ${#A} ${A#<<E}",
    "what is escaped": r"a \<\<E \<<E",
    "a comment": "a # <<E",
    "a comment at the start": "# <<E",
    "a comment on a line that goes on": "a \\\n# <<E",
    "arithmetic": "$((1<<2)) $(( (1 << 2) ))",
    "backticks without one": "`a '`'",
    "ANSI-C quotes without an end": "a $'<<E",
}
ONE_IS_IN = {
    "a command": ("a <<E\nb\nE\n", ["<<E b\n"]),
    "a comment that is none": ("a#<<E\nb\nE", ["<<E b\n"]),
    "a comment that is none on a line that goes on": ("a\\\n#<<E\nb\nE", ["<<E b\n"]),
    "a line with quotes on two": ("a <<E 'b\nc' \"d\ne\" \\\nf\ng\nE", ["<<E g\n"]),
    "a subshell": ("(a <<E)\nb\nE", ["<<E b\n"]),
    "a subshell on two lines": ("a <<E | (\nb\nE\nc)", ["<<E b\n"]),
    "subshells that are no arithmetic": ("((a <<E\nb\nE\n) )", ["<<E b\n"]),
    "substitutions that are no arithmetic": ("$((a <<E\nb\nE\n) )", ["<<E b\n"]),
    "a process substitution": ("a <(b <<E\nc\nE\n)", ["<<E c\n"]),
    "a command substitution in quotes": ('"a$(b <<E\n"\nE\n)" \'<<F\'', ['<<E "\n']),
    "a case in a substitution": ("$(case a in b) c <<E\nd)\nE\n;; esac; e) <<F\ng\nF", ["<<E d)\n", "<<F g\n"]),
    "a substitution that only looks like a case": ("$(echo case e) <<F\ng\nF", ["<<F g\n"]),
    "backticks": ("`a <<E\nb\nE\n` <<F\nc\nF", ["<<E b\n", "<<F c\n"]),
    "backticks that end first": ("`a # <<E\nb` <<F\nc\nF", ["<<F c\n"]),
    "behind quotes in an operand": ('${A:-"\'"$(b)`c`} <<E\nd\nE', ["<<E d\n"]),
    "behind a dollar": ("a $ <<E\nb\nE", ["<<E b\n"]),
    "with blanks": ("a << \\\n E\nb\nE", ["<< \\\n E b\n"]),
    "with quotes": ("a <<'b c'\"d\"\\e-\nf\nb cde-", ["<<'b c'\"d\"\\e- f\n"]),
    "with tabs": ("a <<-E\n\tb\n\t\tE\nc", ["<<-E \tb\n"]),
    "with what is nearly its end": ("a <<E\nE \n E\n\tE\nEE\nE\nE", ["<<E E \n E\n\tE\nEE\n"]),
    "with lines that go on": ("a <<E\nb\\\nE\nc\\\\\nE\nE", ["<<E b\\\nE\nc\\\\\n"]),
    "with lines that do not, for it is quoted": ("a <<'E'\nb\\\nE\nE", ["<<'E' b\\\n"]),
    "with a carriage return": ("a <<E\r\nb\r\nE\r\n", ["<<E\r b\r\n"]),
    "without an end, and a line that goes on": ("a <<E\nb\\", ["<<E b\\"]),
    "without a line": ("a <<E", ["<<E "]),
    "without a line, behind what is escaped": ("a <<E \\", ["<<E "]),
    "two on a line": ("a <<E 3<<F\nb\nE\nc\nF\n", ["<<E b\n", "<<F c\n"]),
}
STRINGS = {"a word": ("a <<<b", [2]), "two": ("a <<< b <<<c; <<E\nE", [2, 8]), "a quoted word": ("a <<<'<<E'", [2])}
UNSURE = {
    "a delimiter that is none": "a <<",
    "a delimiter that is none, in a list": "a << ; b",
    "a delimiter on two lines": "a <<'b\nc'\n",
    "a substitution as the delimiter": "a <<$(b)\n$(b)",
    "backticks as the delimiter": "a <<`b`\n`b`",
    "a delimiter with open quotes": "a <<E'b\nE",
    "a body behind the substitution": "$(a <<E)\nb\nE",
    "no end in a substitution": "$(a <<E\nb)",
    "a substitution on two lines before the body": "a <<E $(b\n)\nc\nE",
    "backticks on two lines before the body": "a <<E `b <<F\nF\n`\nc\nE",
    "escapes in backticks": "`a <<E\n\\$b\nE\n`",
    "subshells without an end": "((a <<E\nE",
    "what is arithmetic to bash": "((1 << 2))",
}


def spelled(text: str) -> list[str]:
    return [f"{heredoc.operator.of(text)} {heredoc.body.of(text)}" for heredoc in find(text).heredocs]


@pytest.mark.parametrize("text", NONE_IS_IN.values(), ids=NONE_IS_IN)
def test_none_is_in(text: str) -> None:
    found = find(text)
    assert (found.heredocs, found.strings, found.content) == ((), (), text)


@pytest.mark.parametrize(("text", "expected"), ONE_IS_IN.values(), ids=ONE_IS_IN)
def test_where_they_are(text: str, expected: list[str]) -> None:
    assert spelled(text) == expected
    assert find(text).sure


@pytest.mark.parametrize(("text", "places"), STRINGS.values(), ids=STRINGS)
def test_here_strings(text: str, places: list[int]) -> None:
    assert list(find(text).strings) == places


@pytest.mark.parametrize("text", UNSURE.values(), ids=UNSURE)
def test_where_shells_differ(text: str) -> None:
    assert not find(text).sure


@pytest.mark.parametrize("text", [text for text, _ in ONE_IS_IN.values()])
def test_what_is_left_has_none(text: str) -> None:
    content = find(text).content
    assert len(content) == len(text)
    assert find(content).heredocs == ()


def test_what_is_left() -> None:
    assert find("a <<E b <<<c\nd\nE\ne").content == "a < x b <  c\n    e"


def test_a_body_has_no_quotes() -> None:
    found = find_in_body('"a" \' $(b "c" <<E\n"d"\nE\n) \\` ${F:-"g"} `h "i"`')
    assert found.content == '.a. \' $(b "c" < x\n      ) .. ${F:-.g.} `h "i"`'
    assert [heredoc.body for heredoc in found.heredocs] == [found.heredocs[0].body]


def test_a_heredoc_that_only_the_grammar_sees_is_not_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """The grammar is given texts without heredocs, for it misreads some: one that is left is not to be trusted."""
    text = "cat <<E\na\nE\n"
    assert read(text).understood
    read.cache_clear()
    monkeypatch.setattr(reader, "find", lambda text: Found((), (), text, sure=True))
    assert not read(text).understood
    read.cache_clear()
