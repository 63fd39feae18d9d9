"""Paths in Python, `Path(__file__).parent / "x"` among them → where a build runs, and where its Dockerfile may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath

import libcst as cst

from codemod.callers.call import Place
from codemod.callers.places import NAMES, places
from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import constant

FUNCTIONS = frozenset(
    {
        *("os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.join", "os.path.dirname", "os.fspath"),
        *("builtins.str", "pathlib.Path", "pathlib.PurePath"),
    }
)
METHODS = frozenset({"resolve", "absolute", "as_posix", "expanduser"})
HERE = frozenset({"os.getcwd", "os.curdir", "pathlib.Path.cwd", "os.getcwdu"})


@dataclass(frozen=True, slots=True)
class FilePath:
    """A path; `anchored` ones are known from the root of the tree, others are seen from where the program runs."""

    text: str
    anchored: bool = False

    def __truediv__(self, other: str) -> FilePath:
        return FilePath(normpath(join(self.text, other)), self.anchored)

    @property
    def parent(self) -> FilePath:
        """The folder that it is in; above the root of the tree nothing is known, which `..` says."""
        return FilePath(
            normpath(join(self.text, "..")) if self.text in {".", ""} or self.text.startswith("..") else dirname(self.text) or ".",
            self.anchored,
        )

    def seen_from(self, folder: str) -> str:
        """The path from a folder of the tree."""
        return relpath(self.text, folder) if self.anchored else self.text


def path(file: PythonFile, node: cst.BaseExpression) -> FilePath | None:
    """The path that an expression is; None where only a run knows."""
    node = file.value(node)
    text = constant(file, node)
    if text is not None:
        return FilePath(text)
    every = (read(file, node) for read in (_file, _division, _formatted, _parent, _parents, _current, _method, _function))
    return next((found for found in every if found is not None), None)


def places_of(
    file: PythonFile,
    folder: cst.BaseExpression | None,
    dockerfile: FilePath | None,
    context: FilePath | None,
    names: tuple[str, ...] = NAMES,
) -> tuple[Place, ...]:
    """The places of a build that runs in `folder` (None: where the program runs)."""
    found: list[Place] = []
    for start in folders(file, folder):
        file_path = dockerfile.seen_from(start) if dockerfile is not None else None
        found += places([start], file_path, context.seen_from(start) if context is not None else None, names)
    return tuple(dict.fromkeys(found))


def folders(file: PythonFile, folder: cst.BaseExpression | None) -> tuple[str, ...]:
    """The folders of the tree where something may run: the file's own, the root, and what it changes to."""
    start = path(file, folder) if folder is not None else None
    if folder is not None and start is None:
        return ()
    if start is not None and start.anchored:
        return (start.text,)
    base = [str(file.source.path.parent), "."]
    changed = next(_changes(file), None)
    if changed is not None:
        base = [changed.text] if changed.anchored else [normpath(join(each, changed.text)) for each in base]
    return tuple(dict.fromkeys(normpath(join(each, start.text)) if start is not None else each for each in base))


def _changes(file: PythonFile) -> Iterator[FilePath]:
    """Where the program goes by itself."""
    for call in file.calls:
        if file.names(call.func) == {"os.chdir"} and len(call.args) == 1:
            found = path(file, call.args[0].value)
            yield found if found is not None else FilePath("{}")


def _joined(file: PythonFile, first: cst.BaseExpression, *others: cst.BaseExpression) -> FilePath | None:
    found = path(file, first)
    for other in others:
        text = constant(file, other)
        if found is None or text is None:
            return None
        found /= text
    return found


def _file(file: PythonFile, node: cst.BaseExpression) -> FilePath | None:
    is_file = isinstance(node, cst.Name) and node.value == "__file__"
    return FilePath(str(file.source.path), anchored=True) if is_file else None


def _division(file: PythonFile, node: cst.BaseExpression) -> FilePath | None:
    is_path = isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide)
    return _joined(file, node.left, node.right) if is_path and isinstance(node, cst.BinaryOperation) else None


def _formatted(file: PythonFile, node: cst.BaseExpression) -> FilePath | None:
    """`f"{ROOT}/x"`."""
    if not isinstance(node, cst.FormattedString) or not node.parts:
        return None
    first, others = node.parts[0], node.parts[1:]
    start = path(file, first.expression) if isinstance(first, cst.FormattedStringExpression) else None
    rest = [part.value for part in others if isinstance(part, cst.FormattedStringText)]
    if start is None or len(rest) != len(others):
        return None
    text = "".join(rest)
    return start / text.lstrip("/") if text.startswith("/") or not text else None


def _parent(file: PythonFile, node: cst.BaseExpression) -> FilePath | None:
    found = path(file, node.value) if isinstance(node, cst.Attribute) and node.attr.value == "parent" else None
    return found.parent if found is not None else None


def _parents(file: PythonFile, node: cst.BaseExpression) -> FilePath | None:
    """`….parents[2]`."""
    if not isinstance(node, cst.Subscript) or not isinstance(node.value, cst.Attribute) or node.value.attr.value != "parents":
        return None
    index = node.slice[0].slice
    if not isinstance(index, cst.Index) or not isinstance(index.value, cst.Integer):
        return None
    found = path(file, node.value.value)
    for _ in range(index.value.evaluated_value + 1):
        found = found.parent if found is not None else None
    return found


def _current(file: PythonFile, node: cst.BaseExpression) -> FilePath | None:
    return FilePath(".") if isinstance(node, cst.Call) and file.names(node.func) & HERE else None


def _method(file: PythonFile, node: cst.BaseExpression) -> FilePath | None:
    """`….resolve()`, `….joinpath("x")`."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or file.names(node.func) & FUNCTIONS:
        return None
    if node.func.attr.value == "joinpath":
        return _joined(file, node.func.value, *(arg.value for arg in node.args))
    return path(file, node.func.value) if node.func.attr.value in METHODS else None


def _function(file: PythonFile, node: cst.BaseExpression) -> FilePath | None:
    """`os.path.dirname(…)`, `os.path.join(…, "x")`, `Path(…)`."""
    names = file.names(node.func) & FUNCTIONS if isinstance(node, cst.Call) else frozenset[str]()
    if not names or not isinstance(node, cst.Call) or not node.args:
        return None
    found = _joined(file, *(arg.value for arg in node.args))
    return found.parent if found is not None and "os.path.dirname" in names else found
