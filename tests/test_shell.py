"""What a RUN's shell text does with a variable called X, spelled row by row and compared with real shells."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from codemod.consumers import curious
from codemod.shell import Reading, read
from codemod.text import Span

from .shell_texts import SHELLS, heredocs, is_valid, lines, ran, scripts, texts

AS_MANY = settings(
    max_examples=int(os.environ.get("DOCKERFIX_EXAMPLES", "150")),
    derandomize="DOCKERFIX_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much),
)
FEWER = settings(AS_MANY, max_examples=AS_MANY.max_examples // 3)  # scripts are long, and shells slow

NOBODY_READS_IT = {
    "nothing": ("", []),
    "another name": ("echo $Y", []),
    "positional parameters": ("echo $1 $@ ${1} $# $?", []),
    "a longer name": ("echo $XY ${X_} $X1 YX", []),
    "a comment": ("# $X", []),
    "a comment behind a command": ("echo a # $X", []),
    "a hash inside a word is no comment": ("echo a#$X", ["expanded $X"]),
    "in single quotes": ("echo '$X'", ["literal X"]),
    "in single quotes, with braces": ("echo '${X}'", ["literal X"]),
    "with its dollar escaped": (r"echo \$X", ["literal X"]),
    "with its dollar escaped in double quotes": (r'echo "\$X"', ["literal X"]),
    "in single quotes beside double ones": ("""echo "a"'$X'"b" """, ["literal X"]),
    "in single quotes in a command substitution": ("""echo "$(echo '$X')" """, ["literal X"]),
    "in single quotes in an operand": ("echo ${Y:-'$X'}", ["literal X"]),
    "in ANSI-C quotes": (r"echo $'a$X'", ["literal X"]),
    "for awk, whose dollar is another": ("awk '{print $X}'", ["literal X"]),
    "for perl, whose dollar is another": ("""perl -e 'print "$X"'""", ["literal X"]),
}

SOMEBODY_READS_IT = {
    "out of quotes": ("echo $X", ["expanded $X"]),
    "in braces": ("echo ${X}", ["expanded ${X}"]),
    "in double quotes": ('echo "a $X"', ["expanded $X quoted"]),
    "in single quotes in double quotes": ("""echo "'$X'" """, ["expanded $X quoted"]),
    "between single quotes": ("""echo '"'"$X"'"' """, ["expanded $X quoted"]),
    "after an escaped backslash": (r"echo \\$X", ["expanded $X"]),
    "twice in a word": ("echo $X$X", ["expanded $X", "expanded $X"]),
    "in a command substitution": ('echo "$(echo $X)"', ["expanded $X"]),
    "in a command substitution's quotes": ('echo $(echo "$X")', ["expanded $X quoted"]),
    "in backticks": ("echo `echo $X`", ["expanded $X"]),
    "in a process substitution": ("cat <(echo $X)", ["expanded $X"]),
    "in a here-string": ('cat <<< "$X"', ["expanded $X quoted"]),
    "in single quotes that double ones make plain": ("""echo "${Y:-'$X'}" """, ["expanded X"]),
    "in backticks, which take a backslash off": (r"echo `echo \$X`", ["expanded X"]),
    "an element of it": ("echo ${X[0]} ${X[@]}", ["expanded ${X[0]}", "expanded ${X[@]}"]),
    "as a file to read": ("cat < $X", ["expanded $X"]),
    "as a file to write": ("echo a > $X", ["expanded $X"]),
    "as a command": ("$X a", ["expanded $X"]),
    "in the value of a variable": ("Y=$X", ["expanded $X"]),
    "in the value of a variable for one command": ("Y=$X make", ["expanded $X"]),
    "in another's operand": ("echo ${Y:-$X}", ["expanded $X"]),
    "in arithmetic, with a dollar": ("echo $(($X))", ["expanded $X"]),
    "in arithmetic, without one": ("echo $((X + 1))", ["expanded X"]),
    "in arithmetic, in an operation": ("echo $((2 * (X + 1)))", ["expanded X"]),
    "in a loop's words": ("for y in $X; do echo $y; done", ["expanded $X"]),
    "in a function": ("f() { echo $X; }; f", ["expanded $X"]),
    "in a subshell": ("(echo $X)", ["expanded $X"]),
    "beside letters of another script": ("\u00e9 $X \u00fc \U0001f600$X", ["expanded $X", "expanded $X"]),
    "beside bytes that are no text": ("echo \udcff$X\udc80", ["expanded $X"]),
}

HOW = {
    "with a default": ("echo ${X:-d}", ["expanded ${X:-d} :- guards"]),
    "with a default, unless it is empty": ("echo ${X-d}", ["expanded ${X-d} - guards"]),
    "for what stands in its place": ("echo ${X:+y}", ["expanded ${X:+y} :+ guards"]),
    "for what stands in its place, unless it is empty": ("echo ${X+y}", ["expanded ${X+y} + guards"]),
    "with a default that stays": ("echo ${X:=d}", ["expanded ${X:=d} := guards"]),
    "with a default that stays, unless it is empty": ("echo ${X=d}", ["expanded ${X=d} = guards"]),
    "with an error where it is missing": ("echo ${X:?e}", ["expanded ${X:?e} :?"]),
    "with an error where it is not set": ("echo ${X?e}", ["expanded ${X?e} ?"]),
    "its length": ("echo ${#X}", ["expanded ${#X} #"]),
    "without a prefix": ("echo ${X#p}", ["expanded ${X#p} #"]),
    "without the longest suffix": ("echo ${X%%p}", ["expanded ${X%%p} %%"]),
    "with a part replaced": ("echo ${X/a/b}", ["expanded ${X/a/b} /"]),
    "a part of it": ("echo ${X:1:2}", ["expanded ${X:1:2} :"]),
    "in capitals": ("echo ${X^^}", ["expanded ${X^^} ^^"]),
    "what it names": ("echo ${!X}", ["expanded ${!X}"]),
    "asked for by [": ('[ -n "$X" ] && a', ["expanded $X quoted guards"]),
    "asked for by [[": ("[[ -z $X ]] && a", ["expanded $X guards"]),
    "asked for by test": ("test $X", ["expanded $X guards"]),
    "asked for by case": ("case $X in a) b $X;; esac", ["expanded $X guards", "expanded $X decided"]),
    "where a test decides": ('[ "$Y" ] && a "$X"', ["expanded $X quoted decided"]),
    "where a test decides against it": ('[ "$Y" ] || a "$X"', ["expanded $X quoted decided"]),
    "where a test of an and-list decides": ("a && test b && c $X", ["expanded $X decided"]),
    "where an if decides": (
        "if a $X; then b $X; else c $X; fi; d $X",
        ["expanded $X", "expanded $X decided", "expanded $X decided", "expanded $X"],
    ),
    "where a case decides": ("case $Y in a) b $X;; esac", ["expanded $X decided"]),
    "where a command decides": ("a && b $X", ["expanded $X"]),
}

IN_HEREDOCS = {
    "its value": ("cat <<E\n$X\nE", ["expanded $X quoted"]),
    "in single quotes, which are letters": ("cat <<E\n'$X'\nE", ["expanded $X quoted"]),
    "in double quotes, which are letters": ('cat <<E\n"$X"\nE', ["expanded $X quoted"]),
    "between letters of another script": ("cat <<E\n\u00e9$X\u00e9\nE\n$X", ["expanded $X quoted", "expanded $X"]),
    "with a default": ("cat <<E\n${X:-d}\nE", ["expanded ${X:-d} :- quoted guards"]),
    "in an operand with quotes": ("cat <<E\n${Y:-'$X' \"$X\"}\nE", ["expanded X", "expanded $X quoted"]),
    "behind a command substitution": ('echo "$(a) $X" "$Y  ${X}"', ["expanded $X quoted", "expanded ${X} quoted"]),
    "in a command substitution": ("cat <<E\n$(a \"$X\" '$X')\nE", ["expanded $X quoted", "literal X"]),
    "in backticks": ("cat <<E\n`a $X`\nE", ["expanded $X"]),
    "in arithmetic": ("cat <<E\n$((X + 1))\nE", ["expanded X quoted"]),
    "in a body in a body": ("cat <<E\n$(cat <<F\n'$X'\nF\n)\nE", ["expanded $X quoted"]),
    "in a body that has an end of its own in a body": ("cat <<E\n$(cat <<'F'\n$X\nF\n) $X\nE", ["literal X", "expanded $X quoted"]),
    "in what the shell cannot read": ("cat <<E\n${X $X\nE", ["expanded X", "expanded X"]),
    "with its dollar escaped": ("cat <<E\n\\$X\nE", ["literal X"]),
    "with its dollar escaped, for a shell": ("sh <<E\n\\$X\nE", ["child X"]),
    "behind an escaped backslash": ("cat <<E\n\\\\$X\nE", ["expanded $X quoted"]),
    "behind a dollar and a blank": ("cat <<E\n$ X\nE", ["named X"]),
    "behind a quoted delimiter": ("cat <<'E'\n$X\nE", ["literal X"]),
    "behind a delimiter with a backslash": ("cat <<\\E\n$X\nE", ["literal X"]),
    "behind a delimiter that is quoted in part": ('cat <<E"F"\n$X\nEF', ["literal X"]),
    "for a shell": ("bash <<'E'\na $X\nE", ["child X"]),
    "for a shell behind sudo": ("sudo bash -s a <<-'E'\n\ta $X\n\tE", ["child X"]),
    "for a shell behind a pipe": ("cat <<'E' | sh\na $X\nE", ["child X"]),
    "for a shell behind a pipe and a block": ("{ a; cat; } <<'E' | b | sh\na $X\nE", ["child X"]),
    "for a shell behind echo": ("echo 'a $X' | sh", ["child X"]),
    "for no shell behind a pipe": ("cat <<'E' | b\na $X\nE\nsh", ["literal X"]),
    "for a shell that is another's": ("cat <<'E' > f; sh f\na $X\nE", ["literal X"]),
    "for a program that looks it up": ("python3 - <<E\nos.environ['X']\nE", ["named X"]),
    "as a delimiter": ("cat <<X\na\nX\necho $X", ["expanded $X"]),
    "as a delimiter in a body": ("cat <<E\n$(cat <<X\na\nX\n)\nE\necho $X", ["expanded $X"]),
    "as the first of two": ("cat <<A <<'B'\n$X\nA\n$X\nB\n", ["expanded $X quoted", "literal X"]),
    "where a test decides": ("if a; then cat <<E\n$X\nE\nfi", ["expanded $X quoted decided"]),
}

OTHERS_READ_IT = {
    "sh -c": ("sh -c 'a $X'", ["child X"]),
    "sh -c with an escaped dollar": (r'sh -c "a \$X"', ["child X"]),
    "a shell with its path": ("/bin/bash -c 'a $X'", ["child X"]),
    "a shell behind sudo": ("sudo -u x bash -c 'a $X'", ["child X"]),
    "su": (r'su -c "a \$X" u', ["child X"]),
    "eval": ("eval 'a $X'", ["child X"]),
    "a trap": ("trap 'a $X' EXIT", ["child X"]),
    "a shell that find starts": (r"find . -exec sh -c 'a $X' \;", ["child X"]),
    "a shell's here-string": ("bash <<< 'a $X'", ["child X"]),
    "printenv": ("printenv X", ["named X"]),
    "export": ("export X", ["named X"]),
    "test -v": ("test -v X", ["named X"]),
    "a program that looks it up": ("python -c 'import os; os.environ[\"X\"]'", ["named X"]),
    "an option": ("docker build --secret id=X", ["named X"]),
    "an element of it that is set": ("X[0]=1", ["named X"]),
    "a word of a loop": ("for y in X; do a; done", ["named X"]),
    "part of a path": ("cat /run/secrets/X", ["named X"]),
}

SET_HERE = {
    "an assignment": ("X=1", ["assigned X"]),
    "an assignment for one command": ("X=1 a", ["assigned X"]),
    "an exported assignment": ("export X=1", ["assigned X"]),
    "a local one": ("local X=1", ["assigned X"]),
    "one that is made from it": ("X=a$X", ["assigned X", "expanded $X"]),
    "a loop": ("for X in a; do b; done", ["assigned X"]),
    "read": ("read -r X", ["assigned X"]),
    "read behind a file": ("read < f X", ["assigned X"]),
    "read from a heredoc": ("read X <<E\na\nE", ["assigned X"]),
    "unset": ("unset X", ["assigned X"]),
    "getopts": ("getopts ab X", ["assigned X"]),
}


def said(text: str, name: str = "X") -> list[str]:
    """Each mention in words: how, as it is written, and what else is known."""
    return [
        " ".join(
            filter(
                None,
                (
                    mention.reading.name.lower(),
                    mention.span.of(text),
                    mention.operator,
                    "quoted" * mention.quoted,
                    "decided" * mention.conditional,
                    "guards" * mention.guards,
                ),
            )
        )
        for mention in read(text).mentions(name)
    ]


TABLES = {
    "": NOBODY_READS_IT,
    "read ": SOMEBODY_READS_IT,
    "how ": HOW,
    "in a heredoc ": IN_HEREDOCS,
    "by others ": OTHERS_READ_IT,
    "set ": SET_HERE,
}
ALL_READINGS = {prefix + row: said for prefix, table in TABLES.items() for row, said in table.items()}


@pytest.mark.parametrize(("text", "expected"), ALL_READINGS.values(), ids=ALL_READINGS)
def test_mentions(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_every_reading_is_in_the_tables() -> None:
    words = {reading.split()[0] for _, expected in ALL_READINGS.values() for reading in expected}
    assert words == {reading.name.lower() for reading in Reading}


def test_a_name_is_text_and_no_pattern() -> None:
    assert said("echo $X $XX ${X.X}", name="X.") == []
    assert read("echo X.Y").mentions("X.Y")[0].span == Span(5, 8)


# --- commands ---------------------------------------------------------------------------------------------------------

COMMANDS = {
    "nothing": ("", []),
    "a comment": ("# a", []),
    "a redirect alone": ("> f", [":: >f"]),
    "redirects alone": ("> f 2>&1", [":: >f >&1"]),
    "a heredoc alone": ("<<E | a\nb\nE", [":: <<b\n piped", "a:"]),
    "one command": ("a b", ["a: b"]),
    "its quotes are gone": ("""a "b c" 'd'e \\f""", ["a: b c de f"]),
    "what double quotes leave escaped": (r'a "\"\$\`\\\n"', [r'a: "$`\\n']),
    "a name in quotes": ('"a" b', ["a: b"]),
    "a name that only the shell knows": ("$A b", ["?: b"]),
    "a name that a command gives": ("`a` b", ["?: b", "a: captured"]),
    "assignments before it are not its name": ("A=1 b c", ["b: c"]),
    "[ is test": ("[ -n a ]", ["test: -n a"]),
    "[[ is test": ("[[ -n a ]]", ["test: -n a"]),
    "export is a command": ("export A B", ["export: A B"]),
    "unset is a command": ("unset A", ["unset: A"]),
    "an and-list": ("a && b || c; d & e", ["a:", "b:", "c:", "d:", "e:"]),
    "a pipeline": ("a | b |& c", ["a: piped", "b: piped", "c:"]),
    "a block before a pipe": ("(a; b) | c", ["a: piped", "b: piped", "c:"]),
    "a block with a redirect before a pipe": ("{ a; b; } 2>&1 | c", ["a: >&1 piped", "b: >&1 piped", "c:"]),
    "a loop before a pipe": ("while a; do b; done | c", ["a: piped", "b: piped", "c:"]),
    "a bar in a case is no pipe": ("a; case b in c|d) e;; esac", ["a:", "e:"]),
    "a bar in arithmetic is no pipe": ("a; b $((1|2))", ["a:", "b: $((1|2))"]),
    "a command substitution": ("a $(b c)", ["a: $(b c)", "b: c captured"]),
    "backticks": ("a=`b`", ["b: captured"]),
    "a pipe in a command substitution": ("a=$(b | c)", ["b: piped captured", "c: captured"]),
    "a function's commands": ("f() { a; }; f", ["a:", "f:"]),
    "output to a file": ("a > f", ["a: >f"]),
    "output behind a file": ("a >> f 2>&1", ["a: >>f >&1"]),
    "a redirect before the command": ("> f a", ["a: >f"]),
    "a redirect of no command is not the last one's": ("a; > f", ["a:", ":: >f"]),
    "input": ("a < f", ["a: <f"]),
    "output that is closed": ("a >&-", ["a:"]),
    "input that is closed": ("a <&-; b", ["a:", "b:"]),
    "a here-string": ('a <<< "b c"', ["a: <<<b c"]),
    "words behind a redirect are its command's": ("a > f b 2>&1 c | d", ["a: b c >f >&1 piped", "d:"]),
    "words behind a redirect of a list": ("a && b > f c", ["a:", "b: c >f"]),
    "a here-string behind a redirect": ("a > f <<< b c", ["a: c >f <<<b"]),
    "a block's here-string": ("{ a; b; } <<< c", ["a: <<<c", "b: <<<c"]),
    "a heredoc": ("a <<E > f\nb\nE", ["a: <<b\n >f"]),
    "a heredoc without tabs": ("a <<-E\n\t\tb\n\tE", ["a: <<-b\n"]),
    "a quoted heredoc without tabs": ("a <<-'E'\n\t\tb\\\n\tc\n\tE", ["a: <<-b\\\nc\n"]),
    "a line that continues keeps its tabs": ("a <<-E\n\tb\\\n\tc\n\tE", ["a: <<-b\tc\n"]),
    "a heredoc's escapes": ('a <<E\n\\$b \\` \\\\ \\c \\"\nE', ['a: <<$b ` \\ \\c \\"\n']),
    "a heredoc that goes on with a line": ("a <<E\n\\\nE\nE", ["a: <<", "E:"]),
    "a heredoc with a descriptor": ("a 3<<E\nb\nE", ["a: <<b\n"]),
    "an empty heredoc": ("a <<E\nE", ["a: <<"]),
    "a heredoc that ends with the text": ("a <<E\nb", ["a: <<b"]),
    "a heredoc with an empty delimiter": ("a <<''\nb\n\nc", ["a: <<b\n", "c:"]),
    "words behind a heredoc": ("a <<E b\nc\nE\nd", ["a: b <<c\n", "d:"]),
    "a heredoc before the command": ("<<E a b\nc\nE", ["a: b <<c\n"]),
    "a heredoc of no command": ("<<E\na\nE\nb", [":: <<a\n", "b:"]),
    "a block's heredoc": ("while a; do b; done <<E\nc\nE", ["a: <<c\n", "b: <<c\n"]),
    "two heredocs": ("a <<E && b <<F; c\nd\nE\ne\nF\ng", ["a: <<d\n", "b: <<e\n", "c:", "g:"]),
    "a heredoc's commands": ('a <<E\n$(b "c") `d`\nE', ['a: <<$(b "c") `d`\n', "b: c captured", "d: captured"]),
    "a heredoc in a command substitution": ("a $(b <<E\nc\nE\n) d", ["a: $(b <<E\nc\nE\n) d", "b: <<c\n captured"]),
    "a redirect belongs to the last of a list": ("a && b > f", ["a:", "b: >f"]),
    "a block's redirect is all its commands'": ("{ a; b; } > f", ["a: >f", "b: >f"]),
    "a loop's redirect is all its commands'": ("for x in 1; do a; done > f", ["a: >f"]),
    "two lines": ("a b\nc > f\n> g\nd", ["a: b", "c: >f", ":: >g", "d:"]),
    "two lines behind a text of two": ('a|"b\nc"|d\n e>f', ["a: piped", "b\nc: piped", "d:", "e: >f"]),
    "a line that goes on": ("a \\\n b && # c\nd |\n\n e", ["a: b", "d: piped", "e:"]),
    "a carriage return is a letter": ("a\r\nb c\r\n", ["a\r:", "b: c\r"]),
    "letters of another script": ("\u00e9 '\u00fc' > \u00f6", ["\u00e9: \u00fc >\u00f6"]),
}


def is_name(word: str, name: str | None) -> bool:
    """Whether a word is the command's own, or a variable that only this command has."""
    return word == name or (name is None and word[:1] in "$`") or re.match(r"[A-Z]=", word) is not None


def spoken(text: str) -> list[str]:
    """Each command in words: its name, what it is given, its redirects, and where its output goes."""
    return [
        " ".join(
            (
                f"{command.name or '?'}:",
                *(word.plain for word in command.words if not is_name(word.plain, command.name)),
                *(redirect.operator + redirect.target.plain for redirect in command.redirects),
                *(["piped"] if command.piped else []),
                *(["captured"] if command.captured else []),
            )
        )
        for command in read(text).commands
    ]


@pytest.mark.parametrize(("text", "expected"), COMMANDS.values(), ids=COMMANDS)
def test_commands(text: str, expected: list[str]) -> None:
    assert spoken(text) == expected


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("a", ""),
        ("'$X'", ""),
        ("${#X}", ""),
        ("${#X[@]}", ""),
        ("${X:+y}", ""),
        ("${X+y}", ""),
        ("${X#y}", "X"),
        ("${X##y}", "X"),
        ("$X", "X"),
        ('"a${X:-$Y}"', "XY"),
        ("$(a $X)", "X"),
        ("${X:+$Y}", "Y"),
    ],
)
def test_whose_values_a_word_has(word: str, names: str) -> None:
    assert read(f"a {word}").commands[0].words[1].names == frozenset(names)


def test_commands_of_a_heredoc_stand_where_they_are_written() -> None:
    text = "a <<E\n\u00e9 $(b <<F\n$X\nF\n)\nE\nc"
    assert [command.span.of(text) for command in read(text).commands] == ["a <<E", "b <<F", "c"]
    assert [redirect.target.span.of(text) for command in read(text).commands for redirect in command.redirects] == [
        "\u00e9 $(b <<F\n$X\nF\n)\n",
        "$X\n",
    ]


@pytest.mark.parametrize(("body", "names"), [("a", ""), ("$X ${Y:-$Z}", "XYZ"), ("${#X} \\$Y '$Z'", "Z"), ("$(a $X)", "X")])
def test_whose_values_a_heredoc_has(body: str, names: str) -> None:
    assert read(f"a <<E\n{body}\nE").commands[0].redirects[0].target.names == frozenset(names)
    assert read(f"a <<'E'\n{body}\nE").commands[0].redirects[0].target.names == frozenset()


def test_a_place_in_a_heredoc_is_its_commands() -> None:
    text = "a && b <<E | c\n$X $(d $Y)\nE\n"
    shell = read(text)
    assert [command.name for name in "XY" if (command := shell.command_at(shell.mentions(name)[0].span))] == ["b", "d"]


def test_a_place_behind_a_redirect_is_its_commands() -> None:
    text = "a > f $X; b"
    command = read(text).command_at(read(text).mentions("X")[0].span)
    assert command is not None
    assert command.span.of(text) == "a > f $X"


def test_a_place_is_in_the_innermost_command() -> None:
    text = "a \u00e9 $(b $X) && c"
    shell = read(text)
    found = shell.command_at(shell.mentions("X")[0].span)
    assert found is not None
    assert (found.name, found.span.of(text)) == ("b", "b $X")
    assert shell.command_at(Span(len(text) - 3, len(text) - 2)) is None


def test_functions_and_what_is_only_known_when_it_runs() -> None:
    assert read("f() { a; }; function g { b; }").functions == {"f", "g"}
    assert not read("echo $A").indirect
    assert read("echo ${!A}").indirect
    assert read('eval "$A"').indirect
    assert read("echo ${!A}; b").indirect


BRANCHES = {
    "nothing": ("a && b; c", []),
    "an if": ("if a; then b; fi", ["a? b; fi"]),
    "each part of an if": ("if a; then b; elif c; then d; else e; fi", ["a? b;", "elif c; then d;", "else e;"]),
    "a case": ("case a in b) c;; *) d;; esac", ["b) c;;", "*) d;;"]),
    "a loop": ("for x in a; do b; done", ["do b; done"]),
    "a while loop": ("while a; do b; done", ["do b; done"]),
    "a function": ("f() { a; }", ["f() { a; }"]),
    "an or-list": ("a || b && c || d", ["b", "d"]),
    "what a test decides": ("a && [ b ] && c && d > f && e || g; h", ["[ b ]? c && d > f && e", "g"]),
    "what a test decides behind a comment": ("[ a ] && # b\nc", ["[ a ]? c"]),
    "a test that decides nothing": ("[ a ]; b && [ c ]", []),
    "one in another": ("if a; then [ b ] && c; fi", ["a? [ b ] && c; fi", "[ b ]? c"]),
    "one in a heredoc": ("a <<E\n\u00e9 $(b || c)\nE", ["c"]),
}


@pytest.mark.parametrize(("text", "expected"), BRANCHES.values(), ids=BRANCHES)
def test_what_need_not_run(text: str, expected: list[str]) -> None:
    branches = [(branch.question, branch.span.of(text).strip()) for branch in read(text).branches]
    assert [f"{question}? {part}" if question else part for question, part in branches] == expected


def test_what_is_set_nowhere_else() -> None:
    text = "(a) && b | c; d $(e `f` <(g)); { h; }"
    assert {span.of(text) for span in read(text).scopes} == {"(a)", "b", "|", "c", "$(e `f` <(g))", "`f`", "<(g)"}


def test_functions_and_loops_have_their_text() -> None:
    text = 'f() { a; } > g; for x in $X "b c"; do y; done; for z; do y; done'
    shell = read(text)
    assert [(name, span.of(text)) for name, span in shell.definitions] == [("f", "f() { a; } > g")]
    assert [(name, [word.plain for word in words]) for name, words in shell.loops] == [("x", ["$X", "b c"]), ("z", [])]


def test_which_values_no_command_has_first() -> None:
    words = [word for command in read('a "$X$(b $Y)" <<E\n$X <(c $Y) `d $Z`\nE').commands[:1] for word in command.words[1:]]
    body = read("a <<E\n$X `b $Z`\nE").commands[0].redirects[0].target
    assert [(sorted(word.names), sorted(word.own)) for word in (*words, body)] == [(["X", "Y"], ["X"]), (["X", "Z"], ["X"])]


def test_whose_values_assignments_have() -> None:
    assert read("export A=$X").commands[0].words[-1].names == {"X"}
    assert [(name, word.plain, word.names) for name, word in read('A="b $X" c; D=1').assignments] == [
        ("A", "A=b $X", {"X"}),
        ("D", "D=1", frozenset()),
    ]


@pytest.mark.parametrize("text", ["if a; then", "a 'b", 'a "b', "a $(b", "a ${b", "( a", "a && ", "case a in", "a )", "{ a", "<<<"])
def test_what_is_no_shell_text_is_not_understood(text: str) -> None:
    shell = read(text)
    assert not shell.understood
    assert not shell.joins


# --- where a prelude can stand ------------------------------------------------------------------------------------------

STANDS_ALONE = {
    "nothing": "",
    "a comment first": "# a\nb",
    "an or-list": "a || b",
    "an and-list with an or": "a && b || c",
    "statements": "a; b",
    "a semicolon at the end": "a;",
    "a command in the background": "a &",
    "an if": "if a; then b; fi",
    "an if behind an and": "a && if b; then c; fi",
    "a loop": "for x in y; do z; done",
    "a while loop": "while a; do b; done",
    "a case": "case a in b) c;; esac",
    "a block": "{ a; }",
    "a function": "f() { a; }",
    "two lines": "a\nb",
    "a heredoc, and a line": "a <<E\nb\nE\nc",
    "heredocs and a semicolon": "a <<E; b <<F\nE\nF",
    "a heredoc of a block": "while read x; do a; done <<E\nb || c\nE",
}
JOINS = {
    "one command": "a b",
    "an and-list": "a && b && c",
    "a pipeline": "a | b",
    "a pipeline that carries errors too": "a |& b",
    "pipelines in an and-list": "a | b && c | d",
    "a negation": "! a",
    "a negation in an and-list": "a && ! b",
    "redirects": "a > f && b < f 2>&1",
    "a here-string": "a <<< b && c",
    "a redirect alone": "> f",
    "assignments": "A=1 B=2 && c",
    "an assignment before a command": "A=1 b",
    "an export": "export A=1 && b",
    "unset": "unset A && b",
    "a test": "[ a ] && b",
    "a bash test": "[[ a ]] && b",
    "a subshell": "(a; b || c) && d",
    "an or in a command substitution": 'a "$(b || c; d)" && e',
    "an or in quotes": "a 'b || c' \"d; e\"",
    "a comment behind it": "a && b # c || d",
    "exec": "exec a",
    "a heredoc": "cat <<E\na || b; c\nE\n",
    "a heredoc before a pipe": "cat <<E | cat\na || b\nE",
    "heredocs in an and-list": "cat <<E && cat <<'F'\na\nE\nb\nF",
    "a heredoc that ends with the text": "cat <<'E' && a\nb",
    "a line that goes on": "a && \\\n b",
}


@pytest.mark.parametrize("text", STANDS_ALONE.values(), ids=STANDS_ALONE)
def test_a_prelude_before_it_is_a_statement(text: str) -> None:
    assert not read(text).joins


@pytest.mark.parametrize("text", JOINS.values(), ids=JOINS)
def test_a_prelude_before_it_joins(text: str) -> None:
    assert read(text).joins


# --- set before it is read ----------------------------------------------------------------------------------------------

NOT_SET_FIRST = {
    "it is not mentioned": "echo $Y",
    "it is not mentioned, and another is set": "Y=1; echo $Y",
    "it is only read": "echo $X",
    "it is only named": "printenv X",
    "it is added to": "X+=1; echo $X",
    "it is added to and exported": "export X+=1; echo $X",
    "in the background": "X=1 & echo $X",
    "in an and-list in the background": "X=1 && a & echo $X",
    "it is read first": "echo $X; X=1",
    "for one command": "X=1 echo $X",
    "from itself": "X=$X; echo $X",
    "with itself as the default": "X=${X:-1}; echo $X",
    "beside what reads it": "export X=1 Y=$X; echo $X",
    "in an if": "if a; then X=1; fi; echo $X",
    "behind an and": "a && X=1; echo $X",
    "behind an or": "a || X=1; echo $X",
    "in a loop": "for X in $Y; do a; done; echo $X",
    "in a subshell": "(X=1); echo $X",
    "in a function": "f() { X=1; }; echo $X",
    "in a pipeline": "X=1 | a; echo $X",
    "in another's value": "Y=$(X=1) && echo $X",
    "in another's value, exported": "export Y=$(export X=1); echo $X",
    "by read, which may fail": "read X; echo $X",
}
SET_FIRST = {
    "and never read": "X=1",
    "then read": "X=1; echo $X",
    "and in an and-list": "X=1 && echo $X",
    "and in a long one": "X=1 && a && b $X",
    "behind another statement": "a; X=1; echo $X",
    "and exported": "export X=1; echo $X",
    "with another's value": "X=$Y && echo $X",
    "with a value that adds to another": "X=$(Y+=1; echo $Y); echo $X",
    "and set again": "X=1; a; X=2; echo $X",
}


@pytest.mark.parametrize("text", NOT_SET_FIRST.values(), ids=NOT_SET_FIRST)
def test_it_is_not_always_set_first(text: str) -> None:
    assert not read(text).sets_first("X")


@pytest.mark.parametrize("text", SET_FIRST.values(), ids=SET_FIRST)
def test_it_is_always_set_first(text: str) -> None:
    assert read(text).sets_first("X")


# --- real shells --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", SHELLS)
@example(text="X=1; echo $X").via("set first")
@example(text="echo '$X' \\$X").via("look-alikes")
@given(text=texts)
@AS_MANY
def test_what_nobody_reads_makes_no_difference(shell: str, tmp_path: Path, text: str) -> None:
    """Where no shell, child or program reads X before the text sets it, X could as well not be there."""
    understood = read(text)
    mentions = understood.mentions("X")
    reads = any(mention.reading is Reading.EXPANDED for mention in mentions) and not understood.sets_first("X")
    assume(understood.understood and not reads and not curious(understood, "X") and not understood.indirect)
    results = {value: ran(shell, text, tmp_path, {} if value is None else {"X": value}) for value in (None, "", "one", "two words")}
    assert len(set(results.values())) == 1, results


@pytest.mark.parametrize("shell", SHELLS)
@given(text=scripts)
@FEWER
def test_what_nobody_reads_in_a_script_makes_no_difference(shell: str, tmp_path: Path, text: str) -> None:
    understood = read(text)
    read_here = any(mention.reading is Reading.EXPANDED for mention in understood.mentions("X")) and not understood.sets_first("X")
    assume(understood.understood and not read_here and not curious(understood, "X") and not understood.indirect)
    results = {value: ran(shell, text, tmp_path, {} if value is None else {"X": value}) for value in (None, "", "one", "two words")}
    assert len(set(results.values())) == 1, results


@given(text=scripts)
@FEWER
def test_what_shells_take_is_understood(text: str) -> None:
    assume(all(is_valid(shell, text) for shell in SHELLS))
    assert read(text).understood


@pytest.mark.parametrize("shell", SHELLS)
@given(heredoc=heredocs, quote=st.sampled_from(["cat {}\n{}", 'echo "$(cat {}\n{})"', "f() {{\ncat {}\n{}}}\nf", "cat {} | cat\n{}"]))
@FEWER
def test_a_heredoc_is_what_its_command_reads(shell: str, tmp_path: Path, heredoc: tuple[str, str], quote: str) -> None:
    operator, lines = heredoc
    text = quote.format(operator, lines)
    assume(not re.search(r"[`$]", text.replace("$(cat", "")))
    (command,) = [command for command in read(text).commands if command.name == "cat" and command.redirects]
    body = command.redirects[0].target
    assert ran(shell, text, tmp_path, {}).output.rstrip(b"\n") == body.plain.encode().rstrip(b"\n")


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("text", JOINS.values(), ids=JOINS)
def test_a_real_shell_joins_it(shell: str, text: str, tmp_path: Path) -> None:
    assert_joins(shell, text, tmp_path)


@pytest.mark.parametrize("shell", SHELLS)
@given(text=st.one_of(texts, lines))
@AS_MANY
def test_what_joins_runs_as_a_whole_or_not_at_all(shell: str, tmp_path: Path, text: str) -> None:
    """`prelude && text` is `prelude; text` where the prelude ends well, and nothing where it does not."""
    assume(read(text).joins and is_valid(shell, text))
    assert_joins(shell, text, tmp_path)


def assert_joins(shell: str, text: str, folder: Path) -> None:
    joined, apart = (ran(shell, f"Z=1{joint} {text}", folder, {"X": "v"}) for joint in (" &&", ";"))
    assert (joined.status, joined.output) == (apart.status, apart.output)
    failed = ran(shell, f"false && {text}", folder, {"X": "v"})
    assert failed.status != 0
    assert failed.output == b""


# --- texts that are hard on a reader ------------------------------------------------------------------------------------

DEEP = {
    "an and-list": " && ".join(["echo $X"] * 2500),
    "an or-list": " || ".join(["echo $X"] * 2500),
    "statements": "; ".join(["echo $X"] * 2500),
    "a pipeline": " | ".join(["cat"] * 1000),
    "command substitutions": "echo $(" * 2000 + "$X" + ")" * 2000,
    "subshells": "( " * 2000 + "echo $X" + " )" * 2000,
    "subshells that do not end": "( " * 2000 + "echo $X",
    "operands": "echo " + "${X:-" * 2000 + "}" * 2000,
    "blocks": "if true; then " * 1000 + "echo $X" + "; fi" * 1000,
    "arithmetic": "echo $((" + "1+" * 5000 + "X))",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_a_deep_text_is_no_crash(text: str) -> None:
    """Where it is too deep to be understood, nobody can say that no command looks for the variable."""
    shell = read(text)
    assert shell.understood or curious(shell, "X")


def test_no_letter_is_a_crash() -> None:
    """The grammar's scanner asks C's isdigit about any letter (tree-sitter-bash#337); it would take this process with it."""
    texts = [f"echo {{{chr(code)}}}" for code in range(0x80, 0x110000, 0x111) if not 0xD800 <= code < 0xE000]
    script = f"from codemod.shell import read\nfor text in {texts!a}: read(text)"
    for _ in range(4):  # where memory lies decides
        assert subprocess.run((sys.executable, "-c", script), check=False).returncode == 0
