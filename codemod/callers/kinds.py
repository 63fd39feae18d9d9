"""Every kind of caller there is a reader for, and the files it is for: the first that fits a path reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from codemod.callers.call import Call, Move, Tree
from codemod.text import Edit, Source


class Kind(NamedTuple):
    """`files` fits whole paths from the root, in any case; without `edits`, calls are only reported.

    Files that are `always` read need have no word of a build; one that `may_be_sourced` is a shell's.
    """

    files: re.Pattern[str]
    calls: Callable[[Source, Tree], tuple[Call, ...]]
    edits: Callable[[Source, Tree, Sequence[Move]], tuple[Edit, ...]] | None = None
    mistake: Callable[[Source, Source, Sequence[Move]], str | None] | None = None
    always: bool = False
    may_be_sourced: bool = False


def _files(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:.*/)?(?:{pattern})", re.IGNORECASE)


KINDS: tuple[Kind, ...] = ()
SHEBANG = re.compile(r"\A#!.*\b(?:ba|da|k|z|a)?sh\b")


def kind_of(path: str, content: bytes) -> Kind | None:
    """The kind that reads the file at `path`; None where there is none."""
    return next((kind for kind in KINDS if kind.files.fullmatch(path)), None)
