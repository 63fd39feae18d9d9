"""What the command line and a configuration ask for, together. Values that options do not take are in test_cli.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from codemod.options import OptionError, Options, frontend, identifier, identifiers, reasons, show, style, together
from codemod.refusal import Reason
from codemod.settings import NEWEST, Settings, Style, words

FILE = ".dockerfix.toml"
ALLOWED = frozenset({Reason.RUNTIME_ENVIRONMENT, Reason.LITERAL_CREDENTIAL})

TOGETHER = {
    "nothing": (Options(), Options(FILE), Settings()),
    "words of the configuration": (Options(), Options(FILE, secret=("A",)), Settings(words=words(("A",), source=FILE))),
    "words of both": (
        Options(not_secret=("A*",)),
        Options(FILE, secret=("A",), not_secret=("B",)),
        Settings(words=words(not_secret=("A*",)) + words(("A",), ("B",), FILE)),
    ),
    "ids, by name": (
        Options(ids=(("A", "x"), ("C", "z"))),
        Options(FILE, ids=(("A", "a"), ("B", "b"))),
        Settings(ids=(("A", "x"), ("B", "b"), ("C", "z"))),
    ),
    "an id that its name no longer has": (
        Options(ids=(("A", "x"), ("B", "a"))),
        Options(FILE, ids=(("A", "a"),)),
        Settings(ids=(("A", "x"), ("B", "a"))),
    ),
    "reasons add up": (
        Options(allow=frozenset({Reason.RUNTIME_ENVIRONMENT})),
        Options(FILE, allow=frozenset({Reason.LITERAL_CREDENTIAL})),
        Settings(allow=ALLOWED),
    ),
    "a style": (Options(), Options(FILE, style=Style.ENV), Settings(style=Style.ENV)),
    "the other style": (Options(style=Style.FILE), Options(FILE, style=Style.ENV), Settings()),
    "what is possible, by the command line": (Options(show=True), Options(FILE), Settings(show_possible=True)),
    "what is possible, by the configuration": (Options(), Options(FILE, show=True), Settings(show_possible=True)),
    "a frontend": (Options(), Options(FILE, frontend=(1, 4)), Settings(frontend=(1, 4))),
    "the other frontend": (Options(frontend=(1, NEWEST)), Options(FILE, frontend=(1, 4)), Settings(frontend=(1, NEWEST))),
}


@pytest.mark.parametrize(("command_line", "configuration", "settings"), TOGETHER.values(), ids=TOGETHER)
def test_together(command_line: Options, configuration: Options, settings: Settings) -> None:
    assert together(command_line, configuration) == settings


def test_one_id_cannot_have_a_name_of_each() -> None:
    with pytest.raises(OptionError, match="each id one name") as caught:
        together(Options(ids=(("A", "x"),)), Options(FILE, ids=(("B", "x"),)))
    assert caught.value.option == "id"


def test_values() -> None:
    assert identifier("A=x.y-z") == ("A", "x.y-z")
    assert identifiers(["A=x", "B=y"]) == (("A", "x"), ("B", "y"))
    assert reasons(["literal-credential", "runtime-environment"]) == ALLOWED
    assert (style("file"), style("env")) == (Style.FILE, Style.ENV)
    assert show("possible")
    assert (frontend("1"), frontend("1.10"), frontend("1.4.3")) == ((1, NEWEST), (1, 10), (1, 4))


WRONG: dict[str, tuple[str, Callable[[], object]]] = {
    "an id": ("id", lambda: identifier("A=a b")),
    "ids of one name": ("id", lambda: identifiers(["A=x", "A=y"])),
    "names of one id": ("id", lambda: identifiers(["A=x", "B=x"])),
    "a reason": ("allow", lambda: reasons(["onbuild"])),
    "a style": ("style", lambda: style("both")),
    "what to show": ("show", lambda: show("all")),
    "a frontend": ("frontend", lambda: frontend("2")),
}


@pytest.mark.parametrize(("option", "call"), WRONG.values(), ids=WRONG)
def test_a_value_that_an_option_does_not_take(option: str, call: Callable[[], object]) -> None:
    with pytest.raises(OptionError) as caught:
        call()
    assert caught.value.option == option
