"""A caller before and after: what a kind's module makes of a text, all build args that it can move moved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from types import ModuleType

from codemod.callers.call import ID, Call, Move, Passed, Tree
from codemod.text import Source, apply


def source(path: str, text: str) -> Source:
    """A file."""
    return Source(PurePosixPath(path), text)


def calls(module: ModuleType, path: str, text: str, tree: Tree | None = None) -> tuple[Call, ...]:
    """Its calls."""
    found: tuple[Call, ...] = module.calls(source(path, text), tree or Tree())
    return found


def passed(found: Sequence[Call]) -> list[Passed]:
    """What they pass, in order, each once."""
    return list(dict.fromkeys(each for call in found for each in call.passes))


def moves(found: Sequence[Call], *, optional: bool = False, adds: bool = True, removes: bool = True) -> list[Move]:
    """A move of each build arg that can be moved; its id is its name."""
    return [Move(each, each.name, optional, adds, removes) for each in passed(found) if not each.obstacle]


def moved(module: ModuleType, path: str, text: str, *, optional: bool = False, adds: bool = True, removes: bool = True) -> str:
    """The text with all of them made."""
    made = moves(calls(module, path, text), optional=optional, adds=adds, removes=removes)
    return apply(text, module.edits(source(path, text), Tree(), made))


def obstacles(found: Sequence[Call]) -> dict[str, str]:
    """Of each build arg why it stays, in words."""
    return {each.name: each.obstacle for each in passed(found)}


def suggestions(found: Sequence[Call]) -> dict[str, str]:
    """Of each build arg that stays, what to put there."""
    return {each.name: each.suggestion.replace(ID, "ID") for each in passed(found) if each.obstacle}
