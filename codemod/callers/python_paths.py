"""Paths in Python, `Path(__file__).parent / "x"` among them → where a build runs, and where its Dockerfile may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath

import libcst as cst

from codemod.callers.call import Place
from codemod.callers.places import NAMES, places
from codemod.callers.python_tree import PythonFile
from codemod.callers.python_values import constant

AS_IT_IS = frozenset(
    {"os.path.abspath", "os.path.realpath", "os.path.normpath", "os.fspath", "builtins.str", "pathlib.Path", "pathlib.PurePath"}
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
    if isinstance(node, cst.Name):
        return FilePath(str(file.source.path), anchored=True) if node.value == "__file__" else None
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
        return _joined(file, node.left, node.right)
    if isinstance(node, cst.FormattedString):
        return _formatted(file, node)
    if isinstance(node, cst.Attribute):
        return _parent(file, node)
    if isinstance(node, cst.Subscript):
        return _parents(file, node)
    return _call(file, node) if isinstance(node, cst.Call) else None


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


def _formatted(file: PythonFile, node: cst.FormattedString) -> FilePath | None:
    """`f"{ROOT}/x"`."""
    first, *others = node.parts or (None,)
    start = path(file, first.expression) if isinstance(first, cst.FormattedStringExpression) else None
    if start is None or not all(isinstance(part, cst.FormattedStringText) for part in others):
        return None
    rest = "".join(part.value for part in others if isinstance(part, cst.FormattedStringText))
    return start / rest.lstrip("/") if rest.startswith("/") or not rest else None


def _parent(file: PythonFile, node: cst.Attribute) -> FilePath | None:
    found = path(file, node.value) if node.attr.value == "parent" else None
    return found.parent if found is not None else None


def _parents(file: PythonFile, node: cst.Subscript) -> FilePath | None:
    """`….parents[2]`."""
    index = node.slice[0].slice
    of = node.value
    if (
        not isinstance(index, cst.Index)
        or not isinstance(index.value, cst.Integer)
        or not isinstance(of, cst.Attribute)
        or of.attr.value != "parents"
    ):
        return None
    found = path(file, of.value)
    for _ in range(index.value.evaluated_value + 1):
        found = found.parent if found is not None else None
    return found


def _call(file: PythonFile, node: cst.Call) -> FilePath | None:
    if any(arg.star or (arg.keyword is not None) for arg in node.args):
        return None
    names, given = file.names(node.func), [arg.value for arg in node.args]
    if names & HERE:
        return FilePath(".")
    if isinstance(node.func, cst.Attribute) and node.func.attr.value in METHODS and not names & AS_IT_IS:
        return path(file, node.func.value)
    if isinstance(node.func, cst.Attribute) and node.func.attr.value == "joinpath":
        return _joined(file, node.func.value, *given)
    if not given:
        return None
    if names == {"os.path.dirname"}:
        found = path(file, given[0])
        return found.parent if found is not None else None
    return _joined(file, *given) if names & (AS_IT_IS | {"os.path.join"}) else None
