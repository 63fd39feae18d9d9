"""A shell text inside another file, and what is known of the shell that runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from codemod.text import SourceMap


class Quotes(Enum):
    """How the file around a shell text writes the characters of it, and so what is put in has to be written."""

    NONE = "as they are"
    SINGLE = "YAML's '…': a ' is doubled"
    DOUBLE = 'JSON\'s and YAML\'s "…": a " or \\ gets a \\'


@dataclass(frozen=True, slots=True)
class ShellText:
    """A shell text with its place in a file.

    `text` has each character's place. `masked` is the same, of the same length, with `_` for all that a template puts in
    (`${{ … }}`, make's `$(…)`), so that a shell could read it. `kind` is what one calls the place ("step of a workflow").
    `folders` are the folders, from the root of the tree, where it may run, the likeliest first.

    `environment` has templates, as they are written, with the variable of the shell's environment that has the same value.
    `exported` are the variables that what is around the text surely puts into its environment, `assigned` those that it may set
    without doing so. `sourced` says that another script may run the text as its own, with variables that are not exported.
    `prefixes` says that `NAME=value` before a command works there, which it does not in cmd.exe; `templates_in_prefixes` that the
    value may then have a template as well. `values` has templates, as they are written, with the text that they surely stand for.
    `dollar` is how the file writes the shell's `$`, `folder` where the file itself is, if it is a script of its own, and
    `interpreter` the shell that reads it, where one is sure.
    """

    text: SourceMap
    masked: str = field(repr=False)
    kind: str
    folders: tuple[str, ...] = (".",)
    environment: Mapping[str, str] = field(default_factory=dict)
    exported: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    sourced: bool = False
    prefixes: bool = True
    quotes: Quotes = Quotes.NONE
    templates_in_prefixes: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    dollar: str = "$"
    folder: str | None = None
    interpreter: str = ""
