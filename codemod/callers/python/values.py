"""What an expression in Python says of the value of a build arg: which variable of the environment has it, and what if none does."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

import libcst as cst

from codemod.callers.python.tree import PythonFile

ENVIRON = "os.environ"
GETTERS = frozenset({"os.environ.get", "os.getenv"})


class Unset(Enum):
    """What becomes of the build where the variable is not set."""

    STOPS = "Python stops before it"
    EMPTY = "it is given an empty value"
    NONE = "it is given the word None"


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the environment that has a value; `early` says that it is read before the build is run."""

    name: str
    unset: Unset
    early: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a build arg: `text` is Python that gives it as a str, `variable` where the environment has it.

    `literal` is the value itself, where it stands in the file.
    """

    node: cst.BaseExpression
    text: str = field(repr=False)
    variable: Variable | None = None
    literal: str | None = field(default=None, repr=False)


def constant(file: PythonFile, node: cst.BaseExpression) -> str | None:
    """The text that an expression is, where the file says it."""
    node = file.value(node)
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        found = node.evaluated_value
        return found if isinstance(found, str) else None
    return None


def written(file: PythonFile, node: cst.BaseExpression) -> str:
    """The text that an expression gives, with `{…}` for what only a run knows."""
    name, node = node, file.value(node)
    known = constant(file, node)
    if known is not None:
        return known
    if isinstance(node, cst.FormattedString):
        return "".join(_part(file, part) for part in node.parts)
    if isinstance(node, cst.ConcatenatedString):
        return written(file, node.left) + written(file, node.right)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return written(file, node.left) + written(file, node.right)
    template = _template(node)
    if template is not None:
        return written(file, template).replace("%s", "{%s}")
    return "{" + file.text(name) + "}"


def value(file: PythonFile, node: cst.BaseExpression, length: int) -> Value | None:
    """The value that an expression gives behind its first `length` characters; None where they are not its own constant text."""
    rest = _without(file, node, length)
    if rest is None:
        return None
    found = variable(file, rest.inner) if rest.inner is not None else None
    if found is not None and rest.adds and found.unset is Unset.NONE:
        found = Variable(found.name, Unset.STOPS, found.early)
    known = constant(file, node)
    return Value(node, rest.text, found, known[length:] if known is not None else None)


def whole(file: PythonFile, node: cst.BaseExpression) -> Value:
    """The value that is an expression as it is."""
    return Value(node, file.text(node), variable(file, node), constant(file, node))


def variable(file: PythonFile, node: cst.BaseExpression) -> Variable | None:
    """The variable of the environment whose value an expression is."""
    if isinstance(node, cst.Name):
        assigned = file.assigned(node)
        found = variable(file, assigned) if assigned is not None else None
        return Variable(found.name, found.unset, early=True) if found is not None else None
    if isinstance(node, cst.Subscript):
        return _subscript(file, node)
    if isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.Or) and constant(file, node.right) == "":
        found = variable(file, node.left)
        return Variable(found.name, Unset.EMPTY if found.unset is Unset.NONE else found.unset, found.early) if found is not None else None
    return _getter(file, node) if isinstance(node, cst.Call) else None


def key(file: PythonFile, node: cst.Subscript) -> str | None:
    """The text by which something is looked up."""
    if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Index):
        return None
    return constant(file, node.slice[0].slice.value)


def is_environ(file: PythonFile, node: cst.BaseExpression) -> bool:
    """Whether an expression is `os.environ`, by whatever name."""
    if isinstance(node, cst.Attribute):
        return node.attr.value == "environ" and file.names(node) == {ENVIRON}
    return isinstance(node, cst.Name) and file.imports_environ and file.names(node) == {ENVIRON}


def is_text(file: PythonFile, node: cst.BaseExpression) -> bool:
    """Whether an expression surely gives a str."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString | cst.FormattedString):
        return True
    found = variable(file, node)
    return found is not None and found.unset is not Unset.NONE


def _subscript(file: PythonFile, node: cst.Subscript) -> Variable | None:
    name = key(file, node)
    return Variable(name, Unset.STOPS) if name is not None and is_environ(file, node.value) else None


def _getter(file: PythonFile, node: cst.Call) -> Variable | None:
    if file.names(node.func) == {"builtins.str"} and len(node.args) == 1 and node.args[0].keyword is None:
        return variable(file, node.args[0].value)
    if not file.names(node.func) & GETTERS or not 1 <= len(node.args) <= 2:  # noqa: PLR2004  (the name, and a default)
        return None
    name, *default = (constant(file, arg.value) if not arg.star else None for arg in node.args)
    if name is None or (default and default != [""]):
        return None
    return Variable(name, Unset.EMPTY if default else Unset.NONE)


def _part(file: PythonFile, part: cst.BaseFormattedStringContent) -> str:
    if isinstance(part, cst.FormattedStringText):
        return part.value
    assert isinstance(part, cst.FormattedStringExpression)  # noqa: S101  (libcst has no third)
    known = constant(file, part.expression) if part.conversion is None and part.format_spec is None else None
    return known if known is not None else "{" + file.text(part.expression) + "}"


def _template(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The text of `"…%s" % x` and of `"…{}".format(x)`."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Modulo):
        return node.left if isinstance(node.left, cst.SimpleString) else None
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "format":
        return node.func.value if isinstance(node.func.value, cst.SimpleString) else None
    return None


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left of an expression without its beginning, as Python that gives a str.

    `content` is that text where it is a plain string, `inner` the expression that it is, where it is one; `adds` says that it is
    added to a text with `+`, which None cannot be.
    """

    text: str = field(repr=False)
    content: str | None = field(default=None, repr=False)
    inner: cst.BaseExpression | None = None
    adds: bool = False


def _without(file: PythonFile, node: cst.BaseExpression, length: int) -> _Rest | None:
    if isinstance(node, cst.SimpleString):
        return _string(node, length)
    if isinstance(node, cst.FormattedString):
        return _formatted(file, node, length)
    if isinstance(node, cst.ConcatenatedString):
        return _concatenated(file, node, length)
    if isinstance(node, cst.BinaryOperation):
        return _operation(file, node, length)
    return _format_call(file, node, length) if isinstance(node, cst.Call) else None


def _string(node: cst.SimpleString, length: int) -> _Rest | None:
    content = node.evaluated_value
    if not isinstance(content, str) or not node.raw_value.startswith(content[:length]) or len(content) < length:
        return None
    return _Rest(f"{node.prefix}{node.quote}{node.raw_value[length:]}{node.quote}", content=content[length:])


def _formatted(file: PythonFile, node: cst.FormattedString, length: int) -> _Rest | None:
    first, others = next(iter(node.parts), None), node.parts[1:]
    if not isinstance(first, cst.FormattedStringText) or len(first.value) < length or "\\" in first.value[:length]:
        return None
    left = first.value[length:]
    only = others[0] if len(others) == 1 and not left else None
    if isinstance(only, cst.FormattedStringExpression):
        return _expression(file, node, only)
    return _Rest(node.start + left + "".join(file.module.code_for_node(part) for part in others) + node.end)


def _expression(file: PythonFile, node: cst.FormattedString, part: cst.FormattedStringExpression) -> _Rest:
    """What `f"{…}"` gives: the expression itself, where that is a text."""
    whole = node.start + file.module.code_for_node(part) + node.end
    if part.format_spec is not None or part.conversion not in {None, "s"} or part.equal is not None:
        return _Rest(whole)
    return _Rest(file.text(part.expression) if is_text(file, part.expression) else whole, inner=part.expression)


def _concatenated(file: PythonFile, node: cst.ConcatenatedString, length: int) -> _Rest | None:
    left = _without(file, node.left, length)
    if left is None:
        return None
    if left.content != "":
        return _Rest(f"{left.text} {file.text(node.right)}")
    only = node.right.parts[0] if isinstance(node.right, cst.FormattedString) and len(node.right.parts) == 1 else None
    if isinstance(only, cst.FormattedStringExpression) and isinstance(node.right, cst.FormattedString):
        return _expression(file, node.right, only)
    return _Rest(file.text(node.right))


def _operation(file: PythonFile, node: cst.BinaryOperation, length: int) -> _Rest | None:
    left = _without(file, node.left, length)
    right = file.text(node.right)
    if left is None or not isinstance(node.operator, cst.Add | cst.Modulo):
        return None
    if isinstance(node.operator, cst.Add):
        return _Rest(right, inner=node.right, adds=True) if left.content == "" else _Rest(f"{left.text} + {right}")
    alone = left.content == "%s" and not isinstance(node.right, cst.Tuple | cst.Dict)
    return _Rest(f"{left.text} % {right}", inner=node.right if alone else None)


def _format_call(file: PythonFile, node: cst.Call, length: int) -> _Rest | None:
    template = _template(node)
    left = _without(file, template, length) if template is not None else None
    if left is None:
        return None
    arguments = file.module.code_for_node(node)[len(file.module.code_for_node(node.func)) :]
    only = node.args[0] if len(node.args) == 1 and node.args[0].keyword is None and not node.args[0].star else None
    return _Rest(f"{left.text}.format{arguments.strip()}", inner=only.value if only is not None and left.content == "{}" else None)
