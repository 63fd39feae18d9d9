"""The builds among the commands that a Python program runs, and how the value of each build arg gets to the build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from codemod.callers.call import ID, Call, Engine, Passed, Place
from codemod.callers.credentials import credential
from codemod.callers.places import NAMES, PODMANS_NAMES
from codemod.callers.python.environment import set_by
from codemod.callers.python.lists import LOOP, Item, Words, arguments, elsewhere, span, tells, words
from codemod.callers.python.paths import FilePath, path, places_of
from codemod.callers.python.roads import BuildArgument, as_value, origin, shown, with_roads
from codemod.callers.python.runs import Run
from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import constant, is_text, key, value, whole
from codemod.callers.shell.build_tools import LEGACY, LEGACY_TOOLS, PROGRAMS
from codemod.callers.shell.command_line import Argument, BuildArg, BuildCommand, build_command

KIND = "Python program"
A_BUILD = re.compile(r"build|bud|kaniko")
OPERATIONS = frozenset({"build", "buildx", "image", "builder", "bud"})
PASSES_ON = frozenset({"env", "time", "nice", "nohup", "stdbuf"})
STARTS = frozenset({*PROGRAMS, *PASSES_ON, "sudo"})
ASSIGNMENT = re.compile(r"(\w+)=(.*)", re.DOTALL)
SUDO = "sudo gives the command an environment of its own"
ELSEWHERE = "its text is put together elsewhere"
UNSEEN = "which command this list is run as is not seen in this file"
UNSEEN_RUN = "what runs these words is not seen in this file"
COMPUTED = "which build arg it is, is computed"


@dataclass(frozen=True, slots=True)
class Build:
    """A build that a program runs, with its build args."""

    call: Call
    arguments: tuple[BuildArgument, ...] = field(default=())


def builds(file: PythonFile, every: Sequence[Run]) -> Iterator[Build]:
    """The builds among `every` list of words that a program runs, and those in lists that nobody is seen to run."""
    seen: set[int] = set()
    for run in every:
        seen |= {id(item.holder) for item in run.words.items}
        yield from _build(file, run.call, run.words, run)
    for node in (*file.every(cst.List), *file.every(cst.Tuple)):
        if id(node) not in seen and A_BUILD.search(file.span(node).of(file.source.text)):
            found = words(file, node)
            yield from _build(file, node, found.hindered(UNSEEN), None) if found is not None else ()
    for call, given in _of_others(file, seen):
        yield from (build for build in _build(file, call, given.hindered(UNSEEN_RUN), None) if build.call.passes)
    for call, given in _of_objects(file):
        yield from _build(file, call, given.hindered(UNSEEN), None)


def _of_others(file: PythonFile, seen: set[int]) -> Iterator[tuple[cst.Call, Words]]:
    """Calls of functions that are not known, and are given a command word by word: `session.run("docker", "build", …)`."""
    for call in file.calls:
        first = call.args[0].value if call.args and call.args[0].keyword is None and not call.args[0].star else None
        if id(call) not in seen and first is not None and constant(file, first) in STARTS and not tells(file, call):
            yield call, arguments(file, call)


def _of_objects(file: PythonFile) -> Iterator[tuple[cst.Call, Words]]:
    """Calls of objects that are programs, as plumbum and sh have them: `local["docker"]("build", …)`, `docker("build", …)`."""
    for call in file.calls:
        first = call.args[0].value if call.args and call.args[0].keyword is None and not call.args[0].star else None
        if first is None or constant(file, first) not in OPERATIONS:
            continue
        name = next((name for name in _names(file, call.func) if name in PROGRAMS), None)
        if name is not None:
            yield call, Words((Item(call.func, call, call.func, name),)) + arguments(file, call)


def _names(file: PythonFile, function: cst.BaseExpression) -> Iterator[str | None]:
    if isinstance(function, cst.Subscript):
        yield key(file, function)
    elif isinstance(function, cst.Name | cst.Attribute):
        yield function.value if isinstance(function, cst.Name) else function.attr.value
        assigned = file.value(function)
        yield from _names(file, assigned) if assigned is not function else ()


def is_legacy(file: PythonFile, words_before: tuple[str, ...], run: Run | None) -> bool:
    """Whether a build is told to do without BuildKit."""
    own = run.environment.keys if run is not None and run.environment is not None else ()
    return "DOCKER_BUILDKIT=0" in words_before or ("DOCKER_BUILDKIT", "0") in own or "0" in set_by(file, "DOCKER_BUILDKIT")


def _build(file: PythonFile, node: cst.CSTNode, found: Words, run: Run | None) -> Iterator[Build]:
    start = _program(found.items)
    items = found.items[start:]
    spans = [file.span(item.node) for item in items]
    command = build_command([Argument(item.text, place) for item, place in zip(items, spans, strict=True)])
    if command is None:
        return
    before = tuple(item.text for item in found.items[:start])
    hindrance = _hindrance(file, found, run, before)
    given = tuple(_arguments(file, items, command, run, hindrance))
    legacy = command.tool.name in LEGACY_TOOLS and is_legacy(file, before, run)
    yield Build(
        Call(
            kind=KIND,
            span=file.span(node),
            line=file.line(node),
            places=_places(file, items, command, run),
            passes=tuple(argument.passed for argument in given),
            feeds=command.feeds,
            target=command.target,
            engine=command.engine,
            blocks=command.tool.blocks or (LEGACY if legacy else ""),
            command=" ".join(_typed(file, item) for item in found.items),
        ),
        given,
    )


def _program(items: tuple[Item, ...]) -> int:
    """The index of the program, behind those that only run another."""
    index = 0
    while index < len(items) and items[index].text in {*PASSES_ON, "sudo"}:
        index += 1
        while index < len(items) and (items[index].text.startswith("-") or ASSIGNMENT.fullmatch(items[index].text)):
            index += 1
    return index


def _hindrance(file: PythonFile, found: Words, run: Run | None, before: tuple[str, ...]) -> str:
    """Why none of the words can be changed."""
    if run is not None and run.obstacle:
        return run.obstacle
    if "sudo" in before:
        return SUDO
    others = elsewhere(file, found)
    if others:
        return f"its words go elsewhere as well, in line {file.line(others[0])}"
    return "env takes variables away" if {"-i", "-u", "-"} & set(before) else ""


def _typed(file: PythonFile, item: Item) -> str:
    """A word as one would type it, with variables for what only a run knows."""
    known = path(file, item.value) if "{" in item.text else None
    text = known.text if known is not None else item.text
    if "{" in text or text.startswith("$("):
        named = re.sub(r"\{(?:\w+\.)*(\w+)\}", r"$\1", text)
        return '"' + re.sub(r"\$\(.*\)|\{.*\}", "…", named, flags=re.DOTALL) + '"'
    return text if re.fullmatch(r"[\w@%+=:,./-]+", text) else "'" + text.replace("'", "'\\''") + "'"


def _places(file: PythonFile, items: tuple[Item, ...], command: BuildCommand, run: Run | None) -> tuple[Place, ...]:
    if not command.tool.has_places:
        return ()
    names = NAMES if command.engine is Engine.BUILDKIT else PODMANS_NAMES
    folder = run.folder if run is not None else None
    return places_of(file, folder, _path(file, items, command.file), _path(file, items, command.context), names)


def _path(file: PythonFile, items: tuple[Item, ...], text: str | None) -> FilePath | None:
    if text is None:
        return None
    item = next((item for item in items if item.text == text and "{" in text), None)
    found = path(file, item.value) if item is not None else None
    return found if found is not None else FilePath(text)


# --- build args -----------------------------------------------------------------------------------------------------------


def _arguments(
    file: PythonFile, items: tuple[Item, ...], command: BuildCommand, run: Run | None, hindrance: str
) -> Iterator[BuildArgument]:
    for build_arg in command.build_args:
        first, last = items[build_arg.first], items[build_arg.last]
        if build_arg.dynamic:
            place = span(file, first, last)
            passed = Passed(build_arg.name, place, file.source.line(place.start), obstacle=COMPUTED, suggestion=f'"--secret", "id={ID}"')
            yield BuildArgument(passed, first, last, build_arg.joined, run)
            continue
        anchor = items[command.operands - 1]
        obstacle = last.obstacle or hindrance or command.tool.obstacle or _apart(first, last, anchor)
        argument = replace(_argument(file, build_arg, first, last, run), anchor=anchor)
        if obstacle or not argument.passed.obstacle:
            argument = replace(argument, passed=replace(argument.passed, obstacle=obstacle))
        yield _suggesting(argument, command)


def _apart(first: Item, last: Item, anchor: Item) -> str:
    """Why words cannot be changed together; those of a dict become some of the list that the operation stands in."""
    if last.is_entry:
        return "" if isinstance(anchor.holder, cst.List | cst.Tuple) and not anchor.obstacle else LOOP
    return first.obstacle or ("" if first.holder is last.holder else "its words stand in different lists")


def _argument(file: PythonFile, build_arg: BuildArg, first: Item, last: Item, run: Run | None) -> BuildArgument:
    place = span(file, first, last)
    passed = Passed(build_arg.name, place, file.source.line(place.start), conditional=last.conditional)
    argument = BuildArgument(passed, first, last, build_arg.joined, run)
    if build_arg.value is None:
        return replace(argument, reaches=True)
    found = whole(file, last.value) if last.is_entry else value(file, last.value, len(last.text) - len(build_arg.value))
    if found is None:
        text = f"${build_arg.value}"
        return replace(argument, passed=replace(passed, value=text, credential=credential(text), obstacle=ELSEWHERE))
    argument = replace(argument, passed=replace(passed, value=as_value(found), credential=origin(file, found)), value=found)
    if last.is_entry and not is_text(file, last.value):
        argument = replace(argument, value=replace(found, text=f"str({found.text})"))
    return with_roads(file, run, argument) if run is not None else argument


def _suggesting(argument: BuildArgument, command: BuildCommand) -> BuildArgument:
    """The same, with the text to put there where it cannot be moved."""
    passed = argument.passed
    if not passed.obstacle:
        return argument
    variable = argument.value.variable if argument.value is not None else None
    name = variable.name if variable is not None else passed.name
    if command.tool.obstacle:
        text = command.suggestion(name)
    else:
        text = f'"--secret=id={ID},env={name}"' if argument.joined else f'"--secret", "id={ID},env={name}"'
        text += " in the command, instead of the dict's entry" if argument.last.is_entry else ""
        text = f'"--preserve-env={name}" behind "sudo", and {text}' if passed.obstacle == SUDO else text
        text += "" if variable is not None or passed.value is None else f', and env={{**os.environ, "{name}": {shown(argument.value)}}}'
    return replace(argument, passed=replace(passed, suggestion=text))
