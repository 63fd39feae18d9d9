"""Build args in a Python program that no build of it is seen to get: in lists and arguments for functions of other files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from codemod.callers.call import ID, Call, Passed
from codemod.callers.credentials import credential
from codemod.callers.python.builds import KIND
from codemod.callers.python.lists import tells
from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import written
from codemod.text import Span

Holder = cst.List | cst.Tuple | cst.Call
UNSEEN = "which build gets that is not seen in this file"
OPTION = re.compile(r"--build-arg(?:=(?P<given>.*))?", re.DOTALL)
NAMED = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:=(?P<value>.*))?", re.DOTALL)
# they declare an option of the program's own
DECLARES = frozenset({"add_argument", "add_option", "option", "Option", "argument"})


def lost(file: PythonFile, found: Sequence[Call]) -> Iterator[Call]:
    """A call for each build arg that stands outside of all that is `found`."""
    known = [span for call in found for span in (call.span, *(passed.span for passed in call.passes))]
    nodes: tuple[Holder, ...] = (*file.every(cst.List), *file.every(cst.Tuple), *file.every(cst.Call))
    for node in nodes:
        if isinstance(node, cst.Call) and (tells(file, node) or _last_name(node.func) in DECLARES):
            continue
        for passed in _passed(file, node):
            if not any(passed.span in span for span in known):
                yield Call(KIND, passed.span, passed.line, passes=(passed,))


def _last_name(function: cst.BaseExpression) -> str:
    return function.attr.value if isinstance(function, cst.Attribute) else function.value if isinstance(function, cst.Name) else ""


def _passed(file: PythonFile, node: Holder) -> Iterator[Passed]:
    values = [each.value for each in (node.args if isinstance(node, cst.Call) else node.elements)]
    for index, value in enumerate(values):
        option = OPTION.fullmatch(written(file, value))
        last = value if option is None or option["given"] is not None else next(iter(values[index + 1 :]), None)
        if option is None or last is None:
            continue
        named = NAMED.fullmatch(option["given"] or written(file, last))
        if named is not None:
            span = Span(file.span(value).start, file.span(last).end)
            yield Passed(
                name=named["name"],
                span=span,
                line=file.source.line(span.start),
                value=named["value"],
                credential=credential(file.span(last).of(file.source.text)),
                obstacle=UNSEEN,
                suggestion=f'"--secret", "id={ID},env={named["name"]}"',
            )
