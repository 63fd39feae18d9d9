"""Build args that a Python program has in a dict: its entries, as a literal or as arguments of `dict`."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from codemod.callers.python.lists import Words, elsewhere
from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import constant


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry whose name the file says: `node` is all of it, `holder` the dict."""

    name: str
    node: cst.DictElement | cst.Arg
    holder: cst.Dict | cst.Call
    value: cst.BaseExpression


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a dict. `named` is its name, where it has one; `elsewhere` are the lines where it goes to something else."""

    holder: cst.Dict | cst.Call
    entries: tuple[Entry, ...]
    named: bool = False
    elsewhere: tuple[int, ...] = ()


def entries(file: PythonFile, node: cst.BaseExpression) -> Entries | None:
    """The entries of a dict; None where it is none that the file says."""
    found = file.value(node)
    if isinstance(found, cst.Dict):
        pairs = ((constant(file, element.key), element) for element in found.elements if isinstance(element, cst.DictElement))
        given = tuple(Entry(name, element, found, element.value) for name, element in pairs if name is not None)
        return Entries(found, given, found is not node, _elsewhere(file, node))
    if isinstance(found, cst.Call) and file.names(found.func) == {"builtins.dict"}:
        given = tuple(Entry(arg.keyword.value, arg, found, arg.value) for arg in found.args if arg.keyword is not None)
        return Entries(found, given, found is not node, _elsewhere(file, node))
    return None


def _elsewhere(file: PythonFile, node: cst.BaseExpression) -> tuple[int, ...]:
    found = elsewhere(file, Words((), (node,))) if isinstance(node, cst.Name) else ()
    return tuple(file.line(name) for name in found)
