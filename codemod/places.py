"""Paths that a shell text names: the same place in one spelling, whatever the folder that each command runs in."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from posixpath import basename, dirname, join, normpath

HOMES = re.compile(r"\A(?:~|\$HOME|\$\{HOME\}|/root)(?=/|\Z)")
BRACED = re.compile(r"\$\{(\w+)\}")


def normal(path: str) -> str:
    """A path in one spelling: root's home is `~`, and `${A}` is `$A`, however they are written."""
    return BRACED.sub(r"$\1", normpath(HOMES.sub("~", path))) if path else path


def spelled(path: str, folder: str) -> str:
    """`path` as it is from `folder`; two that are spelled alike are one place, and what begins with a variable has its own."""
    return normal(path if path.startswith(("/", "~", "$")) else join(folder, path))


def place(path: str, folder: str) -> str | None:
    """`path` from the root of the image or from `~`, None where the text does not tell."""
    found = spelled(path, folder)
    return found if found.startswith(("/", "~")) else None


def covers(target: str, path: str) -> bool:
    """Whether removing `target`, which may have a pattern, removes `path`."""
    if not any(character in target for character in "*?["):
        return path == target or path.startswith(target.rstrip("/") + "/")
    parts = target.split("/")
    held = "/".join(path.split("/")[: len(parts)])
    name = basename(held)
    hidden = name.startswith(".") and not parts[-1].startswith(".")
    return dirname(held) == dirname(target) and not hidden and fnmatchcase(name, parts[-1])
