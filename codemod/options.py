"""The values of options, checked, wherever they are given; and how the command line's and a configuration's go together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from codemod.refusal import ALLOWABLE, Reason
from codemod.settings import NEWEST, Settings, Style, words

ID = re.compile(r"[A-Za-z0-9_.-]+")
FRONTEND = re.compile(r"1(?:\.(\d{1,4})(?:\.\d+)?)?", re.ASCII)


class OptionError(ValueError):
    """A value that an option, here without its dashes, does not take."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(message)
        self.option = option
        self.message = message


@dataclass(frozen=True, slots=True)
class Options:
    """What one place asks for, checked; None and nothing where it does not. `source` is a configuration's name, None the command line."""

    source: str | None = None
    secret: tuple[str, ...] = ()
    not_secret: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    allow: frozenset[Reason] = frozenset()
    style: Style | None = None
    frontend: tuple[int, int] | None = None
    exclude: tuple[str, ...] = ()
    show: bool = False


def together(command_line: Options, configuration: Options) -> Settings:
    """The settings of both: what the command line says counts first. Raises OptionError where an id would have two names."""
    places = (command_line, configuration)
    return Settings(
        words=tuple(word for place in places for word in words(place.secret, place.not_secret, place.source)),
        ids=_one_to_one((dict(configuration.ids) | dict(command_line.ids)).items()),
        allow=command_line.allow | configuration.allow,
        style=command_line.style or configuration.style or Style.FILE,
        frontend=command_line.frontend or configuration.frontend,
        show_possible=command_line.show or configuration.show,
    )


def identifiers(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Names and their ids, of NAME=ID."""
    return _one_to_one(map(identifier, texts))


def identifier(text: str) -> tuple[str, str]:
    """A name and its id, of NAME=ID."""
    name, _, found = text.partition("=")
    if not name or not ID.fullmatch(found):
        raise OptionError("id", f"{text!r} is not NAME=ID, with an id of letters, digits, '_', '.' and '-'")
    return name, found


def _one_to_one(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The pairs, each name with one id: one secret's file cannot hold another."""
    found = tuple(pairs)
    if len(dict(found)) < len(found) or len({identifier for _, identifier in found}) < len(found):
        raise OptionError("id", "each name has one id, and each id one name")
    return found


def reasons(texts: Iterable[str]) -> frozenset[Reason]:
    """Reasons that refuse nothing."""
    return frozenset(map(_reason, texts))


def _reason(text: str) -> Reason:
    for reason in ALLOWABLE:
        if reason.value == text:
            return reason
    known = ", ".join(reason.value for reason in ALLOWABLE)
    raise OptionError("allow", f"{text!r} cannot be allowed; these can: {known}")


def style(text: str) -> Style:
    """How a RUN gets a secret."""
    known = {style.value: style for style in Style}
    if text not in known:
        raise OptionError("style", f"{text!r} is not one of {', '.join(map(repr, known))}.")
    return known[text]


def show(text: str) -> bool:
    """Whether what is only possible is shown as well."""
    if text != "possible":
        raise OptionError("show", f"{text!r} is not 'possible'.")
    return True


def frontend(text: str) -> tuple[int, int]:
    """A version of the Dockerfile frontend."""
    match = FRONTEND.fullmatch(text)
    if match is None:
        raise OptionError("frontend", f"{text!r} is no version of docker/dockerfile, such as 1.4, 1.10 or 1")
    return 1, int(match[1] or NEWEST)
