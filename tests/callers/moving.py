"""A caller's file with its build args moved, the way the program does it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Protocol

from codemod.callers.call import Call, Move, Passed, Tree
from codemod.text import Edit, Source, apply

TREE = Tree()


class Kind(Protocol):
    """A module of callers whose results are checked."""

    def calls(self, source: Source, tree: Tree) -> tuple[Call, ...]: ...

    def edits(self, source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]: ...

    def mistake(self, before: Source, after: Source, moves: Sequence[Move]) -> str | None: ...


def source(path: str, text: str) -> Source:
    return Source(PurePosixPath(path), text)


def passed(kind: Kind, file: Source) -> list[Passed]:
    return [each for call in kind.calls(file, TREE) for each in call.passes]


def moves(kind: Kind, file: Source, names: Collection[str], **how: bool) -> list[Move]:
    """All that can be moved of these names."""
    optional, adds, removes = how.get("optional", False), how.get("adds", True), how.get("removes", True)
    return [Move(each, each.name, optional, adds, removes) for each in passed(kind, file) if each.name in names and not each.obstacle]


def moved(kind: Kind, file: Source, names: Collection[str] = ("TOK",), **how: bool) -> Source:
    """The file with the build args of these names moved, by a rewrite that makes no mistake and has nothing left to do."""
    planned = moves(kind, file, names, **how)
    after = Source(file.path, apply(file.text, kind.edits(file, TREE, planned)))
    assert kind.mistake(file, after, planned) is None
    if how.get("adds", True) and how.get("removes", True):
        assert not moves(kind, after, names)
        fed = [(before, call) for before, call in zip(kind.calls(file, TREE), kind.calls(after, TREE), strict=True)]
        for move in planned:
            assert all(move.id in call.feeds for before, call in fed if move.passed in before.passes)
    return after
