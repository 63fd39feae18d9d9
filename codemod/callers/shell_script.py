"""Shell scripts, and shell texts inside other files: which builds they run, and what they pass as a secret instead."""

from __future__ import annotations

from collections.abc import Sequence

from codemod.callers.call import Call, Move, Tree
from codemod.callers.shell_text import ShellText
from codemod.text import Edit, Source


def calls_of(text: ShellText, source: Source) -> tuple[Call, ...]:
    """The builds that a shell text in a file runs."""
    raise NotImplementedError(text, source)


def edits_of(text: ShellText, source: Source, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """What passes the secrets: edits of the file, for those of the `moves` whose build args stand in this text."""
    raise NotImplementedError(text, source, moves)


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The builds that a script runs."""
    raise NotImplementedError(source, tree)


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """What passes the secrets instead of the build args."""
    raise NotImplementedError(source, tree, moves)
