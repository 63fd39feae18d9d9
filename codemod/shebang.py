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
    words = re.findall(r"[^ \t]+", match[1])  # a carriage return is part of the last one, to the kernel too
    if words and words[0].rpartition("/")[2] == "env":
        words = _behind_env(words[1:])
    return Shebang(tuple(words), match.end())


def _behind_env(words: list[str]) -> list[str]:
    """The command that `env` starts: behind its options and the variables that it sets."""
    pieces = [re.sub(r"\A(?:-S|--split-string=)", "", word) for word in words]
    return next((pieces[index:] for index, word in enumerate(pieces) if word and not re.match(r"-|\w+=", word)), [])
