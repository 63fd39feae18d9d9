"""Every kind of caller there is a reader for, and the files it is for: the first that fits a path reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from codemod.callers import bake_hcl, bake_json, compose, makefile, package_json, shell_script, unknown
from codemod.callers.call import Call, Move, Tree
from codemod.text import Edit, Source


class Kind(NamedTuple):
    """`files` fits whole paths from the root, in any case; without `edits`, calls are only reported.

    One that `may_be_sourced` is a shell's.
    """

    files: re.Pattern[str]
    calls: Callable[[Source, Tree], tuple[Call, ...]]
    edits: Callable[[Source, Tree, Sequence[Move]], tuple[Edit, ...]] | None = None
    mistake: Callable[[Source, Source, Sequence[Move]], str | None] | None = None
    may_be_sourced: bool = False


def _files(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:.*/)?(?:{pattern})", re.IGNORECASE)


SHELL = Kind(_files(r"[^/]*\.(?:sh|bash|dash|ksh)"), shell_script.calls, shell_script.edits, may_be_sourced=True)
KINDS: tuple[Kind, ...] = (
    Kind(_files(r"[^/]*bake[^/]*\.hcl"), bake_hcl.calls, bake_hcl.edits, bake_hcl.mistake),
    Kind(_files(r"[^/]*bake[^/]*\.json"), bake_json.calls, bake_json.edits, bake_json.mistake),
    Kind(_files(r"[^/]*compose[^/]*\.ya?ml"), compose.calls, compose.edits, compose.mistake),
    Kind(_files(r"package\.json"), package_json.calls, package_json.edits, package_json.mistake),
    Kind(_files(r"(?:gnu)?makefile(?:\.[^/]*)?|[^/]*\.(?:mk|mak|make)"), makefile.calls, makefile.edits),
    SHELL,
)
# nobody knows what these are
UNKNOWN = Kind(_files(r".*"), unknown.calls)
SHEBANG = re.compile(rb"\A#![^\n]*\b(?:ba|da|k|a)?sh\b")
BUILD_ARG = re.compile(rb"build[-_]?arg", re.IGNORECASE)


def kind_of(path: str, content: bytes) -> Kind | None:
    """The kind that reads the file at `path`; None where there is none."""
    known = next((kind for kind in KINDS if kind.files.fullmatch(path)), None)
    if known is not None:
        return known
    if SHEBANG.match(content):
        return SHELL
    return UNKNOWN if BUILD_ARG.search(content) else None
