"""Libraries for Python that build images: python-on-whales, and those that can be given no secret, or only by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from codemod.callers.call import Call, Passed
from codemod.callers.python.dicts import Entries, Entry, entries
from codemod.callers.python.environment import changed, is_replaced
from codemod.callers.python.libraries import Library, library
from codemod.callers.python.paths import FilePath, path, places_of
from codemod.callers.python.roads import as_value, notes, origin, shown
from codemod.callers.python.runs import keyword
from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import Unset, Value, constant, whole, written
from codemod.callers.shell.build_tools import VARIABLE
from codemod.callers.shell.command_line import SECRET_ID


@dataclass(frozen=True, slots=True)
class ClientArgument:
    """A build arg that a library is given in a dict."""

    passed: Passed
    entry: Entry
    value: Value


@dataclass(frozen=True, slots=True)
class ClientBuild:
    """A build that a library does: `node` is the call, `given` the argument that has its build args."""

    call: Call
    node: cst.Call
    given: cst.Arg | None = None
    entries: Entries | None = None
    arguments: tuple[ClientArgument, ...] = ()


def client_builds(file: PythonFile) -> Iterator[ClientBuild]:
    """The builds that a program leaves to a library."""
    for call in file.calls:
        found = library(file, call)
        if found is not None:
            yield _build(file, call, found)


def _build(file: PythonFile, call: cst.Call, of: Library) -> ClientBuild:
    given = next((arg for name in of.build_args if (arg := keyword(call, name)) is not None), None)
    held = entries(file, given.value) if given is not None else None
    every = tuple(_argument(file, call, of, held, entry) for entry in held.entries) if held is not None else ()
    return ClientBuild(
        Call(
            kind=of.name,
            span=file.span(call),
            line=file.line(call),
            places=places_of(file, None, _dockerfile(file, call, of), _path(file, _first(call, of.context))) if of.has_places else (),
            passes=tuple(argument.passed for argument in every),
            feeds=tuple(_feeds(file, call)),
            target=_text(file, keyword(call, "target")),
            blocks=of.blocks,
        ),
        call,
        given,
        held,
        every,
    )


def _argument(file: PythonFile, call: cst.Call, of: Library, held: Entries, entry: Entry) -> ClientArgument:
    found = whole(file, entry.value)
    place = file.span(entry.node)
    passed = Passed(entry.name, place, file.source.line(place.start), value=as_value(found), credential=origin(file, found))
    obstacle = of.obstacle or (_obstacle(file, call, held, entry, found) if not of.blocks else "")
    if obstacle:
        passed = replace(passed, obstacle=obstacle, suggestion=_suggestion(of, entry, found))
    elif not of.blocks:
        passed = replace(passed, notes=tuple(notes(found)))
    return ClientArgument(passed, entry, found)


def _obstacle(file: PythonFile, call: cst.Call, held: Entries, entry: Entry, found: Value) -> str:
    """Why a build arg of python-on-whales cannot become a secret: it has only what the program's environment has."""
    secrets = keyword(call, "secrets")
    if any(arg.star == "**" for arg in call.args):
        return "what its ** adds is not seen here"
    if secrets is not None and not isinstance(secrets.value, cst.List | cst.SimpleString):
        return f"its secrets are put together elsewhere, in {file.text(secrets.value)}"
    if held.elsewhere:
        return f"its build args go elsewhere as well, in line {held.elsewhere[0]}"
    return _hindrance(file, entry, found, held.named)


def _hindrance(file: PythonFile, entry: Entry, found: Value, named: bool) -> str:  # noqa: FBT001  (of a dict)
    if found.variable is None:
        return "python-on-whales takes secrets from the environment, and no variable of it has this value"
    name = found.variable.name
    if is_replaced(file) or ((found.variable.early or named) and {name, None} & changed(file)):
        return f"the program may set {name} in between"
    if found.variable.unset is Unset.STOPS and name != entry.name:
        return f"Python stops where {name} is not set, and env={name} would give an empty secret"
    return ""


def _suggestion(of: Library, entry: Entry, found: Value) -> str:
    variable = found.variable.name if found.variable is not None else entry.name
    text = of.suggestion.replace(VARIABLE, variable).replace("…", shown(found))
    return text if found.variable is not None or "env=" not in text else f'{text}, with os.environ["{variable}"] set before it'


def _feeds(file: PythonFile, call: cst.Call) -> Iterator[str]:
    secrets = keyword(call, "secrets")
    if secrets is None:
        return
    elements = secrets.value.elements if isinstance(secrets.value, cst.List | cst.Tuple) else (cst.Element(secrets.value),)
    for element in elements:
        yield from SECRET_ID.findall(written(file, element.value))


def _dockerfile(file: PythonFile, call: cst.Call, of: Library) -> FilePath | None:
    found = _path(file, _first(call, of.dockerfile))
    context = _path(file, _first(call, of.context))
    return context / found.text if found is not None and context is not None and of.in_context else found


def _first(call: cst.Call, names: tuple[str | int, ...]) -> cst.Arg | None:
    positional = [arg for arg in call.args if arg.keyword is None and not arg.star]
    for name in names:
        found = keyword(call, name) if isinstance(name, str) else next(iter(positional[name:]), None)
        if found is not None:
            return found
    return None


def _path(file: PythonFile, arg: cst.Arg | None) -> FilePath | None:
    if arg is None:
        return None
    return path(file, arg.value) or FilePath(written(file, arg.value))


def _text(file: PythonFile, arg: cst.Arg | None) -> str | None:
    return constant(file, arg.value) if arg is not None else None
