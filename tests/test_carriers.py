"""Which variables of a shell text carry a value on, and what is around it in each; § stands for the value."""

from __future__ import annotations

import pytest

from codemod.carriers import MARK, SOMETHING, Carriers, put_in
from codemod.shell import read

# the variables that have it, beside V itself
CARRY = {
    "none": ("make $V", {}),
    "an assignment": ("A=$V", {"A": "§"}),
    "an assignment with more around it": ("A=https://u:${V}@h/x", {"A": "https://u:§@h/x"}),
    "an assignment in quotes": ('A="u: $V"', {"A": "u: §"}),
    "an assignment in single quotes": ("A='$V'", {}),
    "an assignment for one command": ("A=$V make", {"A": "§"}),
    "an assignment of another": ("A=$W", {}),
    "an assignment of a longer name": ("A=$VV", {}),
    "an export": ("export A=$V", {"A": "§"}),
    "two exports of one": ("export A=$V B=x$V", {"A": "§", "B": "x§"}),
    "a local one": ("f() { local A=$V; make $A; }; f", {"A": "§"}),
    "several hops": ("A=$V; B=u:$A; C=https://$B@h", {"A": "§", "B": "u:§", "C": "https://u:§@h"}),
    "a hop before the value is there": ("B=$A; A=$V", {"A": "§"}),
    "the first that has it": ("A=$V; A=x$V; A=1", {"A": "§"}),
    "a default": ("A=${V:-none}", {"A": "§"}),
    "a part of it": ("A=${V#*:}", {"A": "§"}),
    "its length": ("A=${#V}", {}),
    "whether it is there": ("A=${V:+yes}", {}),
    "a loop's words": ("for A in x $V; do make $A; done", {"A": "§"}),
    "a loop's words without it": ("for A in x y; do make $A; done", {}),
    "a loop over what carries it": ("L=u:$V; for A in $L; do make; done", {"L": "u:§", "A": "u:§"}),
    "what echo prints": ("A=$(echo $V)", {"A": "§"}),
    "what echo prints, encoded": ("A=$(echo -n u:$V | base64)", {"A": "§"}),
    "what echo prints, with more around it": ('A="Basic $(echo -n "u:$V" | base64 -w0)"', {"A": "Basic §"}),
    "what printf prints": ("A=$(printf %s $V)", {"A": "§"}),
    "what cat has from a here-string": ("A=$(cat <<< $V)", {"A": "§"}),
    "what another command makes of it": ("A=$(curl -u u:$V h)", {}),
    "what another command makes of it, with more around it": ("A=x-$(id $V)-$V", {"A": f"x-{SOMETHING}-§"}),
    "what a command prints that is given another": ("A=$(echo $W)", {}),
    "parentheses in a substitution": ("A=$(echo $(id (x)) $V)y", {"A": "§y"}),
    "two substitutions": ("A=$(echo a)-$(echo $V)", {"A": f"{SOMETHING}-§"}),
}
# what the last word of the last command is
WORDS = {
    "a word without it": ("make a", "a"),
    "another variable": ("make $W", "$W"),
    "a word that is it": ("make $V", "§"),
    "a word that has it, in quotes": ('make "a b ${V}c"', "a b §c"),
    "in single quotes": ("make '$V'", "$V"),
    "a word that has what carries it": ("A=u:$V; make $A@h", "u:§@h"),
    "one of two": ("make $W:$V", "$W:§"),
    "a function's argument": ("f() { make x:$1; }; f $V", "x:§"),
    "a function's second argument": ("f() { make $1 $2; }; f a $V", "§"),
    "a function's other argument": ("f() { make $1; }; f a $V", "$1"),
    "a function's argument that carries it": ("f() { make ${1}; }; A=u:$V; f $A", "u:§"),
    "a function that is called without it": ("f() { make $1; }; f a", "$1"),
    "a function that is called with it later": ("f() { make $1; }; f a; f $V", "§"),
    "an argument, outside of the function": ("f() { :; }; f $V; make $1", "$1"),
    "a substitution": ("make $(echo $V)", "§"),
    "a substitution that does more": ("make $(curl $V)", SOMETHING),
}


# how programs ask for a variable
LOOKUPS = {
    "Python": """python -c "f(os.environ['V'])" """,
    "Python, with a default": """python -c "f(os.environ.get('V', 'x'))" """,
    "Python's function": """python -c "f(os.getenv('V'))" """,
    "JavaScript": 'node -e "f(process.env.V)"',
    "JavaScript, by a text": """node -e "f(process.env['V'])" """,
    "Ruby": """ruby -e "f(ENV['V'])" """,
    "Ruby, with a default": """ruby -e "f(ENV.fetch('V', 1))" """,
    "Perl": "perl -e 'f($ENV{V})'",
    "R": """Rscript -e 'f(Sys.getenv("V"))'""",
    "yq": "yq 'f(strenv(V))'",
    "OpenSSL": "openssl 'f(env:V)'",
    "npm": "npm 'f(${V})'",
}


@pytest.mark.parametrize("text", LOOKUPS.values(), ids=LOOKUPS)
def test_a_program_that_asks_for_it_has_it(text: str) -> None:
    shell = read(text)
    (command,) = shell.commands
    assert marked(Carriers(shell, {"V": MARK})(command.words[-1], command)) == "f(§)"


def test_a_program_that_asks_for_another_has_it_not() -> None:
    shell = read("""python -c "f(os.environ['W'], 'V', os.environ['VV'])" """)
    assert MARK not in Carriers(shell, {"V": MARK})(shell.commands[0].words[-1])


def marked(text: str) -> str:
    return text.replace(MARK, "§")


@pytest.mark.parametrize(("text", "expected"), CARRY.values(), ids=CARRY)
def test_which_variables_carry_it(text: str, expected: dict[str, str]) -> None:
    texts = Carriers(read(text), {"V": MARK}).texts
    assert {name: marked(each) for name, each in texts.items() if name != "V"} == expected


@pytest.mark.parametrize(("text", "expected"), WORDS.values(), ids=WORDS)
def test_what_a_word_is(text: str, expected: str) -> None:
    shell = read(text)
    carriers = Carriers(shell, {"V": MARK})
    command = max((command for command in shell.commands if command.name == "make"), key=lambda command: command.span)
    assert marked(carriers(command.words[-1], command)) == expected


def test_what_carries_it_before_the_text_runs_has_its_own_text() -> None:
    shell = read("make $U")
    (command,) = shell.commands
    assert marked(Carriers(shell, {"V": MARK, "U": f"https://{MARK}@h"})(command.words[1])) == "https://§@h"


PUT_IN = {
    "nothing": ("a$(b)", "a$()"),
    "in braces": ("${V}", "§"),
    "with an operator": ("${V%x}", "§"),
    "with a default": ("${V:-none}", "§"),
    "with a default of braces": ("${V:-${W}}", "§"),
    "as a default": ("${W:-$V}", "${W:-§}"),
    "as a default, in braces": ("${W:-a${V}b}", "${W:-a§b}"),
    "what stands in its place": ("${V:+yes}", "yes"),
    "what stands in its place, and has it": ("https://${V:+u:$V@}h", "https://u:§@h"),
    "what stands in its place, and has it in braces": ("${V+--token=${V}}", "--token=§"),
    "what stands in another's place": ("${W:+$V}", "§"),
    "a substitution that is not closed": ("$(echo $V", "$(echo §"),
    "a parenthesis that is none of a substitution": ("(a) $V", "(a) §"),
    "a substitution that hands on": ("x$(printf '%s' u:$V)y", "x§y"),
    "a substitution that hands on something else": ("x$(echo a)y$V", f"x{SOMETHING}y§"),
}


@pytest.mark.parametrize(("text", "expected"), PUT_IN.values(), ids=PUT_IN)
def test_a_value_is_put_in(text: str, expected: str) -> None:
    assert marked(put_in(text, {"V": MARK})) == expected
