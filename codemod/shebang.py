"""The `#!` line of a script: what runs the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import basename

LINE = re.compile(r"#![ \t]*(?P<words>[^\n]*)\n?")


@dataclass(frozen=True, slots=True)
class Shebang:
    """`words` are the interpreter, without its folder or `env`, and its options; `end` is the offset behind the line."""

    words: tuple[str, ...]
    end: int


def shebang(text: str) -> Shebang | None:
    """The shebang of a script that begins with one, in its first column."""
    line = LINE.match(text)
    if line is None:
        return None
    words = re.findall(r"[^ \t]+", line["words"])  # a carriage return is part of the last one, to the kernel too
    if words and basename(words[0]) == "env":
        words = _behind_env(words[1:])
    return Shebang((basename(words[0]), *words[1:]) if words else (), line.end())


def _behind_env(words: list[str]) -> list[str]:
    """The command that `env` starts: behind its options and the variables that it sets."""
    pieces = [word.removeprefix("-S").removeprefix("--split-string=") for word in words]
    return next((pieces[index:] for index, word in enumerate(pieces) if word and not re.match(r"-|\w+=", word)), [])
