"""Where the Dockerfile of a call may be, from the words that it is given."""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import join, normpath

from codemod.callers.call import Place

# what only a shell, a template or a network knows
UNKNOWN = re.compile(r"[$`{}*?<>]|://|^git@|^-$")
NAMES = ("Dockerfile",)
PODMANS_NAMES = ("Containerfile", "Dockerfile")


def within(folder: str, path: str) -> str | None:
    """`path` as seen from `folder`, from the root of the tree; None where that is not known, or outside of it."""
    if UNKNOWN.search(path) or UNKNOWN.search(folder) or path.startswith(("/", "~")):
        return None
    found = normpath(join(folder, path))
    return None if found.startswith("..") else found


def places(folders: Iterable[str], file: str | None, context: str | None, names: tuple[str, ...] = NAMES) -> tuple[Place, ...]:
    """The places of a build that is run in one of `folders`, with `-f file` (None: not said) and `context` (None: not said).

    As `docker build` and most others have it: `file` is seen from the folder, its default is in the context.
    """
    found: list[Place] = []
    for folder in folders:
        base = within(folder, context or ".")
        if file is not None:
            path = within(folder, file)
            found += [Place(path, base)] if path is not None else []
        elif base is not None:
            found += [Place(normpath(join(base, name)), base) for name in names]
    return tuple(dict.fromkeys(found))
