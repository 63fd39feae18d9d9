"""What a RUN's text begins with: each row is what was decided, and the commands that it comes to. Shells run them as well."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from codemod.derived import Arrival, Assignment, Value
from codemod.dockerfile.lex import lex
from codemod.prelude import prelude_of
from codemod.script import Form, Script
from codemod.settings import Settings, Style, words
from codemod.steps import Step
from codemod.text import SourceMap

from .shell_texts import SHELLS, ran
from .texts import fixed

PATH = "/run/secrets/T"
READ = 'T="$(cat /run/secrets/T)"'
SOME = 'if [ -s /run/secrets/T ]; then T="$(cat /run/secrets/T)"'


def value(text: str) -> Value:
    """A word of an ARG, as the builder takes it apart."""
    return lex(text, "\\").pieces


def step(text: str = "curl $T", form: Form = Form.SHELL) -> Step:
    """A step that reads a file for certain, before `text`."""
    (plan,) = fixed("FROM alpine\nARG T\nRUN curl $T\n", Settings(words=words(secret=("T",)))).plans
    (found,) = plan.steps
    return replace(found, script=Script(form, SourceMap(text, (0,), (0,))))


def arrival(*made: tuple[str, str], variable: str = "T", default: str | None = None, set_anyway: bool = False) -> Arrival:
    spelled = tuple(Assignment(name, value(word)) for name, word in made)
    return Arrival(variable, None if default is None else value(default), set_anyway, spelled)


CERTAIN = step()
OPTIONAL = replace(CERTAIN, optional=True)
VARIABLE = replace(CERTAIN, style=Style.ENV, path="")
# --- one secret -----------------------------------------------------------------------------------------------------------

PARTS: dict[str, tuple[Step, tuple[str, ...]]] = {
    "a file": (CERTAIN, (READ,)),
    "a file, for all that look": (replace(CERTAIN, exported=True), (f"{READ} && export T",)),
    "a file under another name": (replace(CERTAIN, arrival=arrival(variable="A")), ('A="$(cat /run/secrets/T)"',)),
    "a file of another place": (replace(CERTAIN, path="/a-b/c.d_e"), ('T="$(cat /a-b/c.d_e)"',)),
    "a file with a blank in its name": (replace(CERTAIN, path="/a b"), ("T=\"$(cat '/a b')\"",)),
    "a file with a quote in its name": (replace(CERTAIN, path="/a'b"), ("T=\"$(cat '/a'\\''b')\"",)),
    "a file that may be missing": (OPTIONAL, (f"{SOME} || exit 1; fi",)),
    "a file that may be missing, for all that look": (replace(OPTIONAL, exported=True), (f"{SOME} && export T || exit 1; fi",)),
    "a file that may be missing, with a default": (
        replace(OPTIONAL, arrival=arrival(default="d")),
        (f"{SOME}; else T='d'; fi || exit 1",),
    ),
    "a file that may be missing, with a default, for all that look": (
        replace(OPTIONAL, arrival=arrival(default="d"), exported=True),
        (f"{SOME}; else T='d'; fi && export T || exit 1",),
    ),
    "a file that may be missing, and the variable is set": (
        replace(OPTIONAL, arrival=arrival(set_anyway=True)),
        (f"{SOME}; else T=''; fi || exit 1",),
    ),
    "a default of what has to be there counts for nothing": (replace(CERTAIN, arrival=arrival(default="d", set_anyway=True)), (READ,)),
    "what is made from it": (replace(CERTAIN, arrival=arrival(("A", "x$T"))), (READ, 'A="x${T}"')),
    "what is made from it, for all that look": (
        replace(CERTAIN, arrival=arrival(("A", "x$T"), ("B", "$A")), exported=True),
        (f"{READ} && export T", 'A="x${T}" && export A', 'B="${A}" && export B'),
    ),
    "what is made from one that may be missing": (
        replace(OPTIONAL, arrival=arrival(("A", "${T:-d}"))),
        (f"{SOME} || exit 1; fi", 'A="${T:-d}" || exit 1'),
    ),
    "nothing, where the mount says it all": (replace(VARIABLE, arrival=None), ()),
    "a variable with a default": (replace(VARIABLE, arrival=arrival(default="d e")), ('T="${T:-d e}"',)),
    "a variable with an empty default, which it is without": (replace(VARIABLE, arrival=arrival(("A", "x$T"))), ('A="x${T}"',)),
    "a variable with a default that needs quotes": (
        replace(VARIABLE, arrival=arrival(default='"d\'e}"')),
        ("if [ -z \"$T\" ]; then T='d'\\''e}'; fi",),
    ),
    "a variable with a default that has another": (
        replace(VARIABLE, arrival=arrival(default="x$A")),
        ('if [ -z "$T" ]; then T="x${A}"; fi',),
    ),
    "a variable with a default, and what is made from it": (
        replace(VARIABLE, arrival=arrival(("A", "x$T"), default="d"), exported=True),
        ('T="${T:-d}"', 'A="x${T}" && export A'),
    ),
}


@pytest.mark.parametrize(("one", "parts"), PARTS.values(), ids=PARTS)
def test_what_a_text_begins_with(one: Step, parts: tuple[str, ...]) -> None:
    """As a part of an and-list; what stops is said by each part that cannot be one."""
    found = prelude_of([one])
    assert found.parts == parts
    assert found.joins is not any(part.startswith("if ") for part in parts)


STATEMENTS: dict[str, tuple[Step, tuple[str, ...]]] = {
    "a file": (CERTAIN, (f"{READ} || exit 1",)),
    "a file, for all that look": (replace(CERTAIN, exported=True), (f"{READ} && export T || exit 1",)),
    "a file that may be missing": (OPTIONAL, (f"{SOME} || exit 1; fi",)),
    "what is made from it": (replace(CERTAIN, arrival=arrival(("A", "x$T"))), (f"{READ} || exit 1", 'A="x${T}" || exit 1')),
    "what is made from it, for all that look": (
        replace(CERTAIN, arrival=arrival(("A", "$T")), exported=True),
        (f"{READ} && export T || exit 1", 'A="${T}" && export A || exit 1'),
    ),
    "a variable with a default": (replace(VARIABLE, arrival=arrival(default="d")), ('T="${T:-d}"',)),
    "nothing, where the mount says it all": (replace(VARIABLE, arrival=None), ()),
}


@pytest.mark.parametrize("script", [step("a; b").script, step("curl $T\n", Form.SCRIPT).script], ids=["a list", "a script"])
@pytest.mark.parametrize(("one", "parts"), STATEMENTS.values(), ids=STATEMENTS)
def test_where_no_and_list_can_be(one: Step, parts: tuple[str, ...], script: Script) -> None:
    assert prelude_of([replace(one, script=script)]) == (parts, False)


# --- several --------------------------------------------------------------------------------------------------------------

OTHER = replace(CERTAIN, name="U", path="/u", arrival=arrival(variable="U"))
SEVERAL: dict[str, tuple[list[Step], tuple[str, ...], bool]] = {
    "two files": ([CERTAIN, OTHER], (READ, 'U="$(cat /u)"'), True),
    "one that may be missing makes statements of both": (
        [CERTAIN, replace(OTHER, optional=True)],
        (f"{READ} || exit 1", 'if [ -s /u ]; then U="$(cat /u)" || exit 1; fi'),
        False,
    ),
    "one that is exported exports what both make": (
        [replace(CERTAIN, arrival=arrival(("A", "$T$U"))), replace(OTHER, exported=True, arrival=arrival(("A", "$T$U"), variable="U"))],
        (READ, 'U="$(cat /u)" && export U', 'A="${T}${U}" && export A'),
        True,
    ),
    "what both make is made once, behind both": (
        [replace(CERTAIN, arrival=arrival(("A", "$T$U"))), replace(OTHER, arrival=arrival(("B", "$U"), ("A", "$T$U"), variable="U"))],
        (READ, 'U="$(cat /u)"', 'A="${T}${U}"', 'B="${U}"'),
        True,
    ),
    "one of a mount that says it all": ([replace(CERTAIN, arrival=None), OTHER], ('U="$(cat /u)"',), True),
    "two variables with defaults": (
        [replace(VARIABLE, arrival=arrival(default="d")), replace(OTHER, style=Style.ENV, arrival=arrival(variable="U", default="e"))],
        ('T="${T:-d}"', 'U="${U:-e}"'),
        True,
    ),
}


@pytest.mark.parametrize(("steps", "parts", "joins"), SEVERAL.values(), ids=SEVERAL)
def test_several_secrets_of_one_text(steps: list[Step], parts: tuple[str, ...], *, joins: bool) -> None:
    assert prelude_of(steps) == (parts, joins)


# --- values ---------------------------------------------------------------------------------------------------------------

VALUES = {
    "a word": ("a", "T='a'"),
    "nothing": ("", "T=''"),
    "a single quote": ('"it\'s"', "T='it'\\''s'"),
    "what a shell would expand": ("'$a `b` \\ \"c\"'", "T='$a `b` \\ \"c\"'"),
    "a variable": ("$A", 'T="${A}"'),
    "a variable among words": ("'a'$A", 'T="a${A}"'),
    "a variable with a default": ('"${A:-b c}"', 'T="${A:-b c}"'),
    "a variable and what double quotes leave special": ("'\"`$\\'$A", 'T="\\"\\`\\$\\\\${A}"'),
    "a newline": ("'a\nb'", "T='a\nb'"),
}


@pytest.mark.parametrize(("word", "spelled"), VALUES.values(), ids=VALUES)
def test_values_in_quotes(word: str, spelled: str) -> None:
    (part,) = prelude_of([replace(OPTIONAL, arrival=arrival(default=word))]).parts
    assert part == f"{SOME}; else {spelled}; fi || exit 1"


# --- what shells make of them ---------------------------------------------------------------------------------------------

FROM_A_FILE = {name: one for name, (one, _) in PARTS.items() if one.path == PATH}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("content", [None, "", "two  words", "-n * $A '\"`\\"])
@pytest.mark.parametrize(
    "one", [one for one, _ in PARTS.values() if one.path == PATH], ids=[name for name, (one, _) in PARTS.items() if one.path == PATH]
)
def test_shells_read_what_is_there(shell: str, tmp_path: Path, one: Step, content: str | None) -> None:
    """What is there is the value; without it the text ends, or goes on with a default, or with what the variable was before."""
    assert one.arrival is not None
    file = tmp_path / "T"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    found = prelude_of([one])
    name, default = one.arrival.variable, one.arrival.default
    text = "".join(part + (" && " if found.joins else "; ") for part in found.parts) + f'printf "%s" "${{{name}-unset}}"'
    done = ran(shell, text.replace(PATH, str(file)), tmp_path, {})
    missing = "".join(map(str, default)) if default is not None else "" if one.arrival.set_anyway else "unset"
    expected = (content if content or not one.optional else missing) if content is not None or one.optional else None
    assert (done.status == 0, done.output.decode()) == ((True, expected) if expected is not None else (False, ""))


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("content", ["", "two  words", "-n * $A '\"`\\"])
@pytest.mark.parametrize("default", ["d e", "d'e}", 'x"y', ""])
def test_shells_take_a_default_for_an_empty_variable(shell: str, tmp_path: Path, content: str, default: str) -> None:
    quoted = '"' + default.replace('"', '\\"') + '"'
    found = prelude_of([replace(VARIABLE, arrival=arrival(default=quoted))])
    text = "".join(part + (" && " if found.joins else "; ") for part in found.parts) + 'printf "%s" "$T"'
    done = ran(shell, text, tmp_path, {"T": content})
    assert (done.status, done.output.decode()) == (0, content or default)
