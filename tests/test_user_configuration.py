"""The text of a configuration file: what it asks for, and where it is wrong."""

from __future__ import annotations

from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.cli import main
from codemod.group import DEFAULT
from codemod.options import Options
from codemod.refusal import Reason
from codemod.settings import Style
from codemod.user_configuration import FOR_A_RUN, KEYS, Mistake, read

OWN, SHARED = ".dockerfix.toml", "pyproject.toml"


def own(text: str) -> Options | Mistake | None:
    return read(OWN, text.encode())


def shared(text: str) -> Options | Mistake | None:
    return read(SHARED, text.encode())


ALL = """
secret = ["MIRROR", "*_URL"]
not-secret = ["CACHE_KEY"]
id = { NPM_TOKEN = "npm" }
allow = ["runtime-environment"]
style = "env"
frontend = "1.10"
exclude = ["vendor"]
"""
ASKED: dict[str, Any] = {
    "secret": ("MIRROR", "*_URL"),
    "not_secret": ("CACHE_KEY",),
    "ids": (("NPM_TOKEN", "npm"),),
    "allow": frozenset({Reason.RUNTIME_ENVIRONMENT}),
    "style": Style.ENV,
    "frontend": (1, 10),
    "exclude": ("vendor",),
}


def test_every_key() -> None:
    assert own(ALL) == Options(OWN, **ASKED)
    assert shared(f"[tool.dockerfix]{ALL}") == Options(SHARED, **ASKED)


def test_every_long_option_is_a_key_or_belongs_to_a_run() -> None:
    """A new option is decided about here."""
    assert isinstance(main, click.Group)
    options = {name.removeprefix("--") for param in main.commands[DEFAULT].params for name in param.opts if name.startswith("--")}
    assert options - {"version", "help"} == {*KEYS, *FOR_A_RUN}


FORMS = {
    "a table of ids": 'secret = ["A"]\n[id]\nA = "x"\n',
    "a dotted key": 'id.A = "x"\nsecret = ["A"]\n',
    "quoted keys": '"secret" = ["A"]\n"id" = { "A" = "x" }\n',
    "lists over several lines": 'secret = [\n  "A", # a comment\n]\nid = { A = "x" }\n',
    "carriage returns": 'secret = ["A"]\r\n[id]\r\nA = "x"\r\n',
    "a byte order mark": '\ufeffsecret = ["A"]\nid.A = "x"\n',
    "no newline at the end": 'id.A = "x"\nsecret = ["A"]',
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_forms(text: str) -> None:
    assert own(text) == Options(OWN, secret=("A",), ids=(("A", "x"),))


OTHERS = {
    "an empty file": "",
    "other tools": "[tool.ruff]\nline-length = 140\n",
    "a dependency": '[project]\ndependencies = ["dockerfix"]\n',
    "another table of that name": "[dockerfix]\nstyle = 3\n",
    "a tool that is no table": "tool = 'dockerfix'\n",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_file_about_other_tools(text: str) -> None:
    assert shared(text) is None


def test_an_empty_table_asks_for_nothing() -> None:
    assert shared("[tool.dockerfix]\n") == Options(SHARED)
    assert own("") == Options(OWN)


# --- mistakes --------------------------------------------------------------------------------------------------------

WRONG = {
    "an unknown key": ('secret = ["A"]\nsecrets = ["A"]', 2, "'secrets' is no key; the closest: secret"),
    "an underscore": ('not_secret = ["A"]', 1, "'not_secret' is no key; the closest: not-secret"),
    "nothing like a key": ("\n\nx = 1", 3, f"'x' is no key; the closest: {', '.join(KEYS)}"),
    "an option of a run": ("write = true", 1, "write belongs on the command line: it is about one run, not about these files"),
    "the other file's table": ("[tool.dockerfix]\na = 1", 1, "the keys of .dockerfix.toml stand at its top, without [tool.dockerfix]"),
    "a name in place of a list": ('secret = "A"', 1, "secret has to be a list of names or globs"),
    "a number in a list": ('not-secret = ["A", 1]', 1, "not-secret has to be a list of names or globs"),
    "a list of ids": ('id = ["A=x"]', 1, 'id has to be a table of names with their ids: NAME = "id"'),
    "an id that is a number": ("[id]\nA = 'x'\nB = 1", 3, "the id of 'B' has to be a string"),
    "an id with a blank": ("[id]\nA = 'x'\nB = 'a b'", 3, "id: 'B=a b' is not NAME=ID, with an id of letters, digits, '_', '.' and '-'"),
    "an equals sign": ("id = { 'A=B' = 'x' }", 1, "id: 'A=B=x' is not NAME=ID, with an id of letters, digits, '_', '.' and '-'"),
    "an id of two names": ("\n[id]\nA = 'x'\nB = 'x'", 2, "id: each name has one id, and each id one name"),
    "a reason in place of a list": ("allow = 'literal-credential'", 1, "allow has to be a list of reasons"),
    "a reason that is none": (
        "allow = [\n  'literal-credential',\n  'onbuild',\n]",
        1,
        "allow: 'onbuild' cannot be allowed; these can: runtime-environment, caller-not-rewritten, literal-credential",
    ),
    "a style that is none": ("\nstyle = 'both'", 2, "style: 'both' is not one of 'file', 'env'."),
    "a style that is no string": ("style = true", 1, 'style has to be "file" or "env"'),
    "a frontend without quotes": ("frontend = 1.10", 1, 'frontend has to be a string, such as "1.10"'),
    "a frontend that is none": ("frontend = '2'", 1, "frontend: '2' is no version of docker/dockerfile, such as 1.4, 1.10 or 1"),
    "globs that are none": ("exclude = { a = 1 }", 1, "exclude has to be a list of globs"),
    "the first of two": ("style = 1\nfrontend = 1", 1, 'style has to be "file" or "env"'),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message"), WRONG.values(), ids=WRONG)
def test_a_mistake_has_its_line(text: str, line: int, message: str) -> None:
    assert own(text) == Mistake(line, message)


PLACES = {
    "in its table": ("[project]\nname = 'style'\n\n[tool.dockerfix]\nsecret = ['A']\nstyle = 1\n", 6),
    "in a table of its own": ("[tool.dockerfix]\nsecret = ['A']\n[tool.dockerfix.style]\n", 3),
    "in an inline table": ("[tool]\na = 1\ndockerfix = { secret = ['A'], style = 1 }\n", 3),
    "by a dotted key": ("tool.dockerfix.secret = ['A']\ntool.dockerfix.style = 1\n", 2),
    "by a quoted key": ("[tool.'dockerfix']\n\"style\" = 1\n", 2),
    "behind one of another tool": ("[tool.a]\nstyle = 1\n[tool.dockerfix]\n# style = 2\nstyle = 1\n", 5),
    "behind a text that looks like it": ('[tool.dockerfix]\nexclude = ["""\nstyle = 1\n"""]\nstyle = 1\n', 5),
    "behind a list that looks like it": ("[tool.dockerfix]\nexclude = [\n  'style = 1',\n]\n\nstyle = 1\n", 6),
    "over several lines": ("[tool.dockerfix]\n\n# one\nstyle = [\n  1,\n]\n[tool.a]\n", 4),
    "with carriage returns": ("[tool.dockerfix]\r\nsecret = ['A']\r\nstyle = 1\r\n", 3),
    "at the very end": ("[tool.dockerfix]\nstyle = 1", 2),
    "after many lines": (f"[tool.a]\nb = [\n{'  1,' * 200}\n]\n" + "# c\n" * 200 + "[tool.dockerfix]\nstyle = 1\n", 206),
}


@pytest.mark.parametrize(("text", "line"), PLACES.values(), ids=PLACES)
def test_the_line_of_a_key(text: str, line: int) -> None:
    assert shared(text) == Mistake(line, 'style has to be "file" or "env"')


@pytest.mark.parametrize("text", ["[tool]\na = 1\ndockerfix = 1\n", "[tool]\n\n[[tool.dockerfix]]\nstyle = 'env'\n"])
def test_the_table_is_a_table(text: str) -> None:
    assert shared(text) == Mistake(3, "[tool.dockerfix] has to be a table")


NOT_TOML = {
    "no value": (b"secret = \n", 1, "not TOML: Invalid value"),
    "no key": (b"\n\n= 1\n", 3, "not TOML: Invalid statement"),
    "a key twice": (b"style = 'env'\nstyle = 'env'\n", 2, "not TOML: Cannot overwrite a value"),
    "a list without an end": (b"\nsecret = [\n  'A',\n", 3, "not TOML: "),
    "nothing but a start": (b"[", 1, "not TOML: "),
    "a number too long": (b"x = " + b"1" * 5000, 1, "not TOML: "),
    "lists too deep": (b"x = " + b"[" * 100_000, 1, "not TOML: "),
    "another encoding": (b"# one\n# caf\xe9\n", 2, "not UTF-8, as TOML has to be"),
    "zeros": (b"\x00\x00", 1, "not TOML: "),
}


@pytest.mark.parametrize(("content", "line", "message"), NOT_TOML.values(), ids=NOT_TOML)
def test_what_is_not_toml(content: bytes, line: int, message: str) -> None:
    found = read(OWN, content)
    assert isinstance(found, Mistake)
    assert (found.line, found.message.startswith(message)) == (line, True), found.message


@given(st.one_of(st.binary(max_size=60), st.text("[]{}=.'\"#\\ \n\rabc1idstyle", max_size=60).map(str.encode)))
def test_any_bytes_are_options_or_a_mistake(content: bytes) -> None:
    for name, start in ((OWN, b""), (SHARED, b"[tool.dockerfix]\n")):
        found = read(name, start + content)
        assert not isinstance(found, Mistake) or 1 <= found.line <= (start + content).count(b"\n") + 1
