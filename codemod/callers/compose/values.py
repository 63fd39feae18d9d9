"""The value of a build arg in a compose file: which variable of the environment it is, if it is nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = r"[A-Za-z_]\w*"
ONLY = re.compile(rf"\$(?:(?P<bare>{NAME})|\{{(?P<name>{NAME})(?:(?P<sign>:?[-?+])(?P<rest>.*))?\}})", re.DOTALL | re.ASCII)
PART = re.compile(rf"\$(?:\$|\{{?{NAME})")
DEFAULT = re.compile(rf"\$\{{{NAME}:?-([^${{}}]*)\}}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value is from: a `variable`, or what is in the way of saying so; `note` is what changes."""

    variable: str
    obstacle: str = ""
    note: str = ""


def origin(name: str, value: str | None) -> Origin:
    """Where the value of the build arg `name` is from; None is a value that the file leaves to the environment."""
    if value is None:
        return Origin(name)
    match = ONLY.fullmatch(value)
    if match is None or (match["rest"] or "").count("{") != (match["rest"] or "").count("}"):
        return Origin(name, _literal(value))
    variable, sign = match["bare"] or match["name"], (match["sign"] or "").removeprefix(":")
    if sign == "?":
        return Origin(variable, note=f"where {variable} is not set compose stops no longer, but passes an empty secret")
    if sign == "+":
        return Origin(variable, f"the value is not that of {variable}, but depends on it")
    if sign == "-" and match["rest"]:
        return Origin(variable, f"{variable} has a default here, and a secret of compose has none")
    return Origin(variable)


def _literal(value: str) -> str:
    if not value:
        return "the value is empty here"
    if PART.search(value.replace("$$", "")):
        return "the value is put together, and compose reads a secret from the environment as it is"
    return "the value itself stands in the file"


def with_defaults(text: str) -> str:
    """A path where variables have their defaults; one that has none stays as it is."""
    return DEFAULT.sub(r"\1", text)
