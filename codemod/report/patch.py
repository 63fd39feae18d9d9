"""Unified diffs: written by difflib, read back by unidiff; `git apply` and `patch -p1` take them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

NO_NEWLINE = "\\ No newline at end of file\n"
# git quotes these as in C; blanks need no quotes but a tab behind the name, or `patch` would cut it (GNU diffutils, filenames)
C_ESCAPES = {"\t": "\\t", "\n": "\\n", '"': '\\"', "\\": "\\\\", "\r": "\\r"}


@dataclass(frozen=True, slots=True)
class Patch:
    """One file's diff and what unidiff counts in it."""

    text: str = field(repr=False)
    added: int
    removed: int
    hunks: int


def diff(path: str, before: str, after: str) -> str:
    """The unified diff of one file, empty where nothing changed; only a line feed ends a line, as in git."""
    lines = difflib.unified_diff(_lines(before), _lines(after), _header("a/", path), _header("b/", path), n=3)
    return "".join(line if line.endswith("\n") else line + "\n" + NO_NEWLINE for line in lines)


def patch(path: str, before: str, after: str) -> Patch:
    """The diff, read back: raises unidiff's UnidiffParseError where it would be no diff, which only our bug could cause."""
    from unidiff.patch import PatchSet  # noqa: PLC0415  (only where something changed)

    text = diff(path, before, after)
    files = PatchSet(_lines(text))  # split here: unidiff would end lines at a lone \\r as well
    return Patch(text, sum(file.added for file in files), sum(file.removed for file in files), sum(len(file) for file in files))


def _lines(text: str) -> list[str]:
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _header(prefix: str, path: str) -> str:
    name = prefix + path
    if any(character in C_ESCAPES or not character.isprintable() for character in name):
        return '"' + "".join(map(_escaped, name)) + '"'
    return name + "\t" if " " in name else name


def _escaped(character: str) -> str:
    if character in C_ESCAPES:
        return C_ESCAPES[character]
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))
