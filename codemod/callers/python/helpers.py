"""Functions of a Python program that run the words they are given: `def run(cmd): subprocess.run(cmd, check=True)`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codemod.callers.python.lists import Words, arguments, only_tells, words
from codemod.callers.python.tree import PythonFile


@dataclass(frozen=True, slots=True)
class Helper:
    """A call of such a function: the words that it is given, and the call in it that runs them."""

    call: cst.Call
    words: Words
    inner: cst.Call
    function: cst.FunctionDef


def helper(file: PythonFile, call: cst.Call, inner_calls: dict[str, tuple[cst.Call, ...]]) -> Helper | None:
    """The function that a call is of, where that runs a list; `inner_calls` are calls that run a parameter, by its name."""
    function = _function(file, call)
    if function is None:
        return None
    for name, inner in inner_calls.items():
        for each in inner:
            if any(above is function for above in file.above(each)):
                found = _given(file, call, function, name)
                if found is not None and _only_runs(file, function, name, inner):
                    return Helper(call, found, each, function)
    return None


def hands_on(file: PythonFile, through: Helper, name: str) -> bool:
    """Whether the function gives an argument of this name to what runs the words: as it is, or with all others."""
    params, inner = through.function.params, through.inner
    given = next((arg for arg in inner.args if arg.keyword is not None and arg.keyword.value == name), None)
    if given is None:
        rest = params.star_kwarg.name.value if params.star_kwarg is not None else None
        spread = [file.text(arg.value) for arg in inner.args if arg.star == "**"]
        return spread == [rest]
    own = next((param for param in (*params.params, *params.kwonly_params) if param.name.value == name), None)
    is_none = own is not None and own.default is not None and file.text(own.default) == "None"
    return is_none and parameter(file, given.value) == name


def parameter(file: PythonFile, node: cst.BaseExpression) -> str | None:
    """The parameter of a function that an expression is, or a copy of."""
    if isinstance(node, cst.Call) and file.names(node.func) & {"builtins.list", "builtins.tuple"} and len(node.args) == 1:
        node = node.args[0].value
    if isinstance(node, cst.List | cst.Tuple) and len(node.elements) == 1 and isinstance(node.elements[0], cst.StarredElement):
        node = node.elements[0].value
    if not isinstance(node, cst.Name):
        return None
    bound = [name for name in file.occurrences(node) if not file.is_read(name)]
    return node.value if len(bound) == 1 and isinstance(file.parent(bound[0]), cst.Param) else None


def _function(file: PythonFile, call: cst.Call) -> cst.FunctionDef | None:
    """The function of this file that is called, where there is one of its name."""
    name, method = call.func, False
    if isinstance(name, cst.Attribute) and isinstance(name.value, cst.Name) and name.value.value in {"self", "cls"}:
        name, method = name.attr, True
    if not isinstance(name, cst.Name):
        return None
    found = [node for node in file.every(cst.FunctionDef) if node.name.value == name.value]
    return found[0] if len(found) == 1 and method is _is_method(file, found[0]) and not found[0].decorators else None


def _is_method(file: PythonFile, function: cst.FunctionDef) -> bool:
    return isinstance(file.parent(file.parent(function) or function), cst.ClassDef)


def _given(file: PythonFile, call: cst.Call, function: cst.FunctionDef, name: str) -> Words | None:
    """The words that a call gives to the parameter of this name."""
    star = function.params.star_arg
    if isinstance(star, cst.Param) and star.name.value == name:
        return arguments(file, call) if not function.params.params[1 if _is_method(file, function) else 0 :] else None
    names = [param.name.value for param in function.params.params][1 if _is_method(file, function) else 0 :]
    by_name = next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)
    positional = [arg for arg in call.args if arg.keyword is None]
    place = names.index(name) if name in names else len(positional)
    given = by_name or (positional[place] if place < len(positional) else None)
    return words(file, given.value) if given is not None and not any(arg.star for arg in positional[: place + 1]) else None


def _only_runs(file: PythonFile, function: cst.FunctionDef, name: str, inner: tuple[cst.Call, ...]) -> bool:
    """Whether a function does nothing else with its words than to run and to show them."""
    reads = (node for node in file.named(name) if file.is_read(node))
    own = [node for node in reads if any(above is function for above in file.above(node))]
    return all(only_tells(file, node) or _is_run(file, node, inner) for node in own)


def _is_run(file: PythonFile, node: cst.CSTNode, inner: tuple[cst.Call, ...]) -> bool:
    return any(above is call for above in file.above(node) for call in inner)


def inner_calls(found: Iterator[tuple[cst.Call, str]]) -> dict[str, tuple[cst.Call, ...]]:
    """Calls that run a parameter, by its name."""
    every: dict[str, tuple[cst.Call, ...]] = {}
    for call, name in found:
        every[name] = (*every.get(name, ()), call)
    return every
