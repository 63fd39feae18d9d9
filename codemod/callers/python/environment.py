"""The environment that a Python program gives to what it runs: whether a variable reaches it, and how one is put into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import libcst as cst

from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import constant, is_environ, key

# what changes the environment by a name that only a run knows
CHANGES = frozenset({"dotenv.load_dotenv", "load_dotenv", "os.putenv", "os.unsetenv"})
CHANGING = frozenset({"update", "clear", "popitem"})
BY_KEY = frozenset({"setdefault", "pop", "__setitem__", "__delitem__"})
Keys: TypeAlias = frozenset[str | None]


@dataclass(frozen=True, slots=True)
class Environment:
    """A mapping of variables: `inherits` says that it begins with all of the program's own.

    `keys` are the variables that it sets, with their values; `others` says that it may set more. `early` says that it was made
    before it is used.
    """

    inherits: bool = False
    keys: tuple[tuple[str, str | None], ...] = field(default=(), repr=False)
    others: bool = False
    early: bool = False

    def __or__(self, other: Environment) -> Environment:
        return Environment(self.inherits or other.inherits, self.keys + other.keys, self.others or other.others, self.early or other.early)

    @property
    def names(self) -> frozenset[str]:
        """The variables that it sets."""
        return frozenset(name for name, _ in self.keys)

    def has_own(self, name: str) -> bool:
        """Whether a variable may be another one there than in the program."""
        return self.others or not self.inherits or name in self.names


INHERITED = Environment(inherits=True)


def environment(file: PythonFile, node: cst.BaseExpression) -> Environment | None:
    """The environment that an expression is; None where it is not known, or may be None."""
    if is_environ(file, node):
        return INHERITED
    if isinstance(node, cst.Dict):
        return _dict(file, node)
    if isinstance(node, cst.Call):
        return _call(file, node)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        left, right = environment(file, node.left), environment(file, node.right)
        return left | right if left is not None and right is not None else None
    return _named(file, node) if isinstance(node, cst.Name) else None


@lru_cache(maxsize=1)
def changed(file: PythonFile) -> Keys:
    """The variables that the program sets in its own environment; None among them for those whose name is not known."""
    return frozenset(found for kind in (cst.Call, cst.Name, cst.Attribute) for node in file.every(kind) for found in _changes(file, node))


@lru_cache(maxsize=1)
def is_replaced(file: PythonFile) -> bool:
    """Whether the program puts something else in the place of `os.environ`."""
    targets = (node.target for node in file.every(cst.AssignTarget))
    return any(is_environ(file, target) for target in targets)


def set_by(file: PythonFile, name: str) -> frozenset[str]:
    """The values, as far as the file says them, that the program gives to a variable of its own environment."""
    return frozenset(
        value
        for node in file.every(cst.Assign)
        for target in node.targets
        if isinstance(target.target, cst.Subscript) and is_environ(file, target.target.value) and key(file, target.target) == name
        if (value := constant(file, node.value)) is not None
    )


def _dict(file: PythonFile, node: cst.Dict) -> Environment:
    found = Environment()
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            name = constant(file, element.key)
            found |= Environment(keys=((name, constant(file, element.value)),)) if name is not None else Environment(others=True)
        else:
            found |= environment(file, element.value) or Environment(others=True)
    return found


def _call(file: PythonFile, node: cst.Call) -> Environment | None:
    """`os.environ.copy()`, `dict(os.environ, NAME=…)`, `copy.copy(os.environ)`."""
    names = file.names(node.func)
    if names == {"os.environ.copy"}:
        return INHERITED
    if isinstance(node.func, cst.Attribute) and node.func.attr.value == "copy" and not node.args:
        return environment(file, node.func.value)
    if not names & {"builtins.dict", "copy.copy", "copy.deepcopy"}:
        return None
    found = Environment()
    for arg in node.args:
        if arg.keyword is not None:
            found |= Environment(keys=((arg.keyword.value, constant(file, arg.value)),))
        else:
            found |= environment(file, arg.value) or Environment(others=True)
    return found


def _named(file: PythonFile, name: cst.Name) -> Environment | None:
    """A mapping with a name, and what the program puts into it."""
    assigned = file.assigned(name)
    found = environment(file, assigned) if assigned is not None else None
    if found is None:
        return None
    for node in file.occurrences(name):
        if file.is_read(node):
            found |= _put_into(file, node)
    return found | Environment(early=True)


def _put_into(file: PythonFile, name: cst.Name) -> Environment:
    parent = file.parent(name)
    if isinstance(parent, cst.Subscript) and parent.value is name:
        variable = key(file, parent)
        assign = next((node for node in file.above(parent) if isinstance(node, cst.Assign)), None)
        value = constant(file, assign.value) if assign is not None else None
        return Environment(keys=((variable, value),)) if variable is not None else Environment(others=True)
    if isinstance(parent, cst.Attribute) and isinstance(call := file.parent(parent), cst.Call) and call.func is parent:
        return _method(file, parent.attr.value, call)
    is_given = isinstance(parent, cst.Arg) and parent.keyword is not None and parent.keyword.value == "env"
    return Environment() if is_given or isinstance(parent, cst.StarredDictElement) else Environment(others=True)


def _method(file: PythonFile, method: str, call: cst.Call) -> Environment:
    if method in {"get", "copy", "items", "keys", "values"}:
        return Environment()
    if method in BY_KEY and call.args and (name := constant(file, call.args[0].value)) is not None:
        return Environment(keys=((name, None),))
    if method == "update":
        return _updated(file, call)
    return Environment(others=True)


def _updated(file: PythonFile, call: cst.Call) -> Environment:
    found = Environment()
    for arg in call.args:
        if arg.keyword is not None:
            found |= Environment(keys=((arg.keyword.value, constant(file, arg.value)),))
        else:
            found |= environment(file, arg.value) or Environment(others=True)
    return found


def _changes(file: PythonFile, node: cst.CSTNode) -> Iterator[str | None]:
    if isinstance(node, cst.Call) and file.names(node.func) & CHANGES:
        yield None
    if not isinstance(node, cst.Name | cst.Attribute) or not is_environ(file, node):
        return
    parent = file.parent(node)
    if isinstance(parent, cst.Subscript) and parent.value is node:
        around = file.parent(parent)
        if isinstance(around, cst.Del) or getattr(around, "target", None) is parent:
            yield key(file, parent)
    elif isinstance(parent, cst.AugAssign | cst.Arg) and not _is_only_copied(file, parent):
        yield None
    elif isinstance(parent, cst.Attribute) and isinstance(call := file.parent(parent), cst.Call) and parent.value is node:
        if parent.attr.value in CHANGING:
            yield None
        elif parent.attr.value in BY_KEY:
            yield constant(file, call.args[0].value) if call.args else None


def _is_only_copied(file: PythonFile, parent: cst.CSTNode) -> bool:
    """Whether `os.environ` is handed to what only reads it: `dict(os.environ)`, `env=os.environ`."""
    if not isinstance(parent, cst.Arg):
        return False
    call = file.parent(parent)
    if parent.star == "**" or (parent.keyword is not None and parent.keyword.value == "env"):
        return True
    return isinstance(call, cst.Call) and bool(
        file.names(call.func) & {"builtins.dict", "copy.copy", "copy.deepcopy", "builtins.len", "builtins.sorted", "builtins.print"}
    )
