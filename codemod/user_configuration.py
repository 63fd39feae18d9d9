"""The text of a configuration file → what it asks for, or its first mistake."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from codemod.filenames import OWN_CONFIGURATION, SHARED_CONFIGURATION
from codemod.options import OptionError, Options, frontend, identifier, identifiers, reasons, show, style

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

Table = dict[str, Any]

# where the keys stand
PLACES: dict[str, tuple[str, ...]] = {OWN_CONFIGURATION: (), SHARED_CONFIGURATION: ("tool", "dockerfix")}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a configuration file, and where; `line` counts from 1."""

    line: int
    message: str


class _WrongError(Exception):
    """Raised deep inside reading, with the way to what is wrong; `read` turns it into a Mistake."""

    def __init__(self, way: Sequence[str], message: str) -> None:
        super().__init__(message)
        self.way, self.message = tuple(way), message


@dataclass(frozen=True, slots=True)
class Key:
    """A key: what it takes, in words and as a check of its type, and what the value is read to."""

    takes: str
    fits: Callable[[object], bool]
    read: Callable[[Any], object]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _ids(table: Table) -> tuple[tuple[str, str], ...]:
    for name, value in table.items():
        if not _is_text(value):
            raise _WrongError(["id", name], f"the id of {name!r} has to be a string")
        try:
            identifier(f"{name}={value}")
        except OptionError as error:
            raise _WrongError(["id", name], f"id: {error.message}") from None
    return identifiers(f"{name}={value}" for name, value in table.items())


# The long options of the command line. `read` hands them over to Options, by their names with underscores; `id` is its `ids`.
KEYS = {
    "secret": Key("a list of names or globs", _are_texts, tuple),
    "not-secret": Key("a list of names or globs", _are_texts, tuple),
    "id": Key('a table of names with their ids: NAME = "id"', _is_table, _ids),
    "allow": Key("a list of reasons", _are_texts, reasons),
    "show": Key('"possible"', _is_text, show),
    "style": Key('"file" or "env"', _is_text, style),
    "frontend": Key('a string, such as "1.10"', _is_text, frontend),
    "exclude": Key("a list of globs", _are_texts, tuple),
}
# … and those that are about one run
FOR_A_RUN = (
    "write", "interactive", "check", "format", "patch", "report", "split", "baseline", "no-callers", "phase", "changed-since",
    "nested", "jobs", "dask", "no-cache", "quiet", "no-color",
)  # fmt: skip


def read(name: str, content: bytes) -> Options | Mistake | None:
    """What a configuration file of this name asks for; None where it is a pyproject.toml that is about other tools."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Mistake(content.count(b"\n", 0, error.start) + 1, "not UTF-8, as TOML has to be")
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also what Python makes of a number too long and of lists too deep
        return _not_toml(text, error)
    try:
        return _read(name, table)
    except _WrongError as error:
        return Mistake(_line(text, (*PLACES[name], *error.way)), error.message)


def _read(name: str, table: Table) -> Options | None:
    ours: object = table
    for part in PLACES[name]:
        if not isinstance(ours, dict) or part not in ours:
            return None
        ours = ours[part]
    if not isinstance(ours, dict):
        raise _WrongError([], "[tool.dockerfix] has to be a table")
    values = {"ids" if key == "id" else key.replace("-", "_"): _value(key, value) for key, value in ours.items()}
    return Options(name, **values)


def _value(key: str, value: object) -> Any:  # noqa: ANN401  (each key has its own type)
    if key not in KEYS:
        raise _WrongError([key], _unknown(key))
    if not KEYS[key].fits(value):
        raise _WrongError([key], f"{key} has to be {KEYS[key].takes}")
    try:
        return KEYS[key].read(value)
    except OptionError as error:
        raise _WrongError([key], f"{key}: {error.message}") from None


def _unknown(key: str) -> str:
    if key in FOR_A_RUN:
        return f"{key} belongs on the command line: it is about one run, not about these files"
    if key == "tool":
        return f"the keys of {OWN_CONFIGURATION} stand at its top, without [tool.dockerfix]"
    import difflib  # noqa: PLC0415

    closest = difflib.get_close_matches(key, KEYS, n=1, cutoff=0.4) or KEYS
    return f"{key!r} is no key; the closest: {', '.join(closest)}"


def _not_toml(text: str, error: Exception) -> Mistake:
    said = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error), re.DOTALL)
    reason, line = (said[1], said[2]) if said else (str(error), None)
    return Mistake(int(line) if line else text.rstrip("\n").count("\n") + 1, f"not TOML: {reason}")


# --- the line of a key: no reader of TOML tells it -------------------------------------------------------------------


def _line(text: str, way: Sequence[str]) -> int:
    """The first line of the statement that brings `way` into the document: the text up to there can be read, and lacks it."""
    lines = text.split("\n")
    end = bisect_left(range(len(lines)), True, key=lambda count: _has(_begun(lines, count)[1], way))  # noqa: FBT003  (what is looked for)
    return _begun(lines, end - 1)[0] + 1


def _begun(lines: Sequence[str], most: int) -> tuple[int, Table]:
    """How many of the first `most` lines are whole statements, and the document that they are."""
    for count in range(most, 0, -1):
        with suppress(ValueError):
            return count, tomllib.loads("\n".join(lines[:count]) + "\n")
    return 0, {}


def _has(table: object, way: Sequence[str]) -> bool:
    for part in way:
        if not isinstance(table, dict) or part not in table:
            return False
        table = table[part]
    return True
