"""The exec form: arguments that are a JSON array of strings (parseJSON in parser/line_parsers.go)."""

from __future__ import annotations

import math
import re

# What encoding/json makes of bytes that are not UTF-8 and of half a surrogate pair.
HALF_PAIR = re.compile("[\ud800-\udfff]")


class ExecFormError(Exception):
    """An array that is JSON but not one of strings, which BuildKit turns down."""


def exec_form(text: str) -> tuple[str, ...] | None:
    """The strings of the array that `text` is, or None where it is none: then it is a shell form. Raises ExecFormError."""
    if not text.startswith("["):
        return None
    import json  # noqa: PLC0415  (not every file has an exec form, and every run pays for an import)

    try:
        values = json.loads(text, parse_constant=_no_constant, parse_int=_number, parse_float=_number)
    except ValueError:
        return None
    except RecursionError:
        raise ExecFormError("a JSON array is nested too deeply") from None
    if not all(isinstance(value, str) for value in values):
        raise ExecFormError("when using JSON array syntax, arrays must be comprised of strings only")
    return tuple(HALF_PAIR.sub("\ufffd", value) for value in values)


def _no_constant(name: str) -> None:
    raise ValueError(name)  # Python knows NaN and Infinity, JSON does not


def _number(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(digits)  # encoding/json gives up on a number that is no float64
    return value
