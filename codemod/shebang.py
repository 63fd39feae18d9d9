"""The first line of a script, where it names the program that reads it."""

from __future__ import annotations

import re
from typing import NamedTuple

FIRST_LINE = re.compile(r"#![ \t]*([^\n]*)(?:\n|\Z)")


class Shebang(NamedTuple):
    """`words` are the program and its arguments, without `env`; `end` is the offset just after the line."""

    words: tuple[str, ...]
    end: int


def shebang(text: str) -> Shebang | None:
    """The shebang of a script, if its first line is one."""
    match = FIRST_LINE.match(text)
    if match is None:
        return None
    words = match[1].split()
    if words and words[0].rpartition("/")[2] == "env":
        words = [word for word in words[1:] if word != "-S"]
    return Shebang(tuple(words), match.end())
