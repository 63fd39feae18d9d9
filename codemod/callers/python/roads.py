"""How the value of a build arg gets into the environment of the build that a Python program runs, or why it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst
from libcst.metadata import QualifiedNameSource

from codemod.callers.call import Passed
from codemod.callers.credentials import credential
from codemod.callers.python.environment import changed, is_replaced
from codemod.callers.python.lists import Item
from codemod.callers.python.runs import Run, is_word
from codemod.callers.python.tree import PythonFile, aliases
from codemod.callers.python.values import Unset, Value, Variable, is_environ
from codemod.callers.shell.builds import IN_THE_FILE

# variables that docker, its plugins and its credential helpers read themselves
READ_BY_DOCKER = re.compile(
    r"(?:AWS|DOCKER|BUILDX|BUILDKIT|BUILDAH|COMPOSE|SSH|XDG|GOOGLE|CLOUDSDK|AZURE)_.*|(?:HTTPS?|NO|ALL|FTP)_PROXY|PATH|HOME|USER|TMPDIR",
    re.IGNORECASE,
)


EFFECTS = cst.NamedExpr | cst.Await | cst.Yield


@dataclass(frozen=True, slots=True)
class BuildArgument:
    """A build arg with all that its move needs. `run` is None where no call is seen that runs it, `anchor` the operation's word.

    `reaches` says that the variable that has the value, `value.variable`, is the same in the build's environment; `carried` that
    the value can be put there.
    """

    passed: Passed
    first: Item
    last: Item
    joined: bool
    run: Run | None
    value: Value | None = None
    anchor: Item | None = None
    reaches: bool = False
    carried: bool = False

    @property
    def carrier(self) -> str:
        """The variable that the value is put into: one that nothing else has to do with."""
        name = self.passed.name
        own = self.run.environment.names if self.run is not None and self.run.environment is not None else frozenset[str]()
        items = self.run.words.items if self.run is not None else ()
        mentioned = any(re.search(rf"\benv={re.escape(name)}\b", item.text) for item in items)
        return f"DOCKERFIX_{name}" if mentioned or name in own or READ_BY_DOCKER.fullmatch(name) else name


def with_roads(file: PythonFile, run: Run, argument: BuildArgument) -> BuildArgument:
    """The same, with how its value gets to the build, or why it does not."""
    found = argument.value
    assert found is not None  # noqa: S101  (a build arg without one has no way to go)
    missing = _missing(file, run, found.variable, argument.last)
    stays = _stays(file, run, found, argument.last)
    obstacle = (missing or stays) if missing and stays else ""
    variable = found.variable
    if not missing and stays and variable is not None and variable.unset is Unset.STOPS and variable.name != argument.passed.name:
        obstacle = f"Python stops where {variable.name} is not set, and env={variable.name} would give an empty secret"
    stops = not missing and variable is not None and not variable.early and variable.name == argument.passed.name
    said = () if obstacle else tuple(notes(found, stops=stops, conditional=argument.last.conditional))
    passed = replace(argument.passed, obstacle=obstacle, notes=said)
    return replace(argument, passed=passed, reaches=not missing, carried=not stays)


def origin(file: PythonFile, found: Value) -> str:
    """What in a value, or in what its names are set to, shows that it is a secret."""
    names = (node for node in (found.node, *inside(found.node)) if isinstance(node, cst.Name))
    assigned = (file.text(node) for name in names if (node := file.value(name)) is not name)
    return next(filter(None, map(credential, (found.literal or found.text, *assigned))), "")


def as_value(found: Value) -> str:
    """A value as other callers have it: the text itself, or an expression behind a `$`."""
    if found.literal is not None:
        return found.literal
    alone = re.fullmatch(r"""f(["']){([^{}]+)}\1""", found.text)
    return f"${{{alone[2] if alone else found.text}}}"


def shown(found: Value | None) -> str:
    """A value as a message may have it: names, and nothing that could be the secret itself."""
    if found is None:
        return "…"
    return found.text if re.fullmatch(r"""(?:f(["'])\{)?[\w.]+(?:\[(?:["']\w+["']|\w+)\]|\(\))?(?(1)\}\1)""", found.text) else "…"


def environ(file: PythonFile, call: cst.Call) -> str | None:
    """How `os.environ` is called where a call stands; None where it has no name there."""
    scope = file.scope(call)
    for name, text in _names_of_environ(file):
        meant = {(each.name, each.source) for each in scope.get_qualified_names_for(name)}
        if meant in ({("os", QualifiedNameSource.IMPORT)}, {("os.environ", QualifiedNameSource.IMPORT)}):
            return text
    return None


def _names_of_environ(file: PythonFile) -> Iterator[tuple[str, str]]:
    for alias in (alias for node in file.every(cst.Import) for alias in node.names):
        if alias.evaluated_name == "os":
            name = alias.evaluated_alias or "os"
            yield name, f"{name}.environ"
    for alias in (alias for node in file.every(cst.ImportFrom) for alias in aliases(node)):
        if alias.evaluated_name == "environ":
            name = alias.evaluated_alias or "environ"
            yield name, name


def needs_import(file: PythonFile, run: Run) -> bool:
    """Whether `os` has to be imported for a call to be given the program's own environment."""
    gives_its_own = run.env is None or is_environ(file, run.env.value) or is_word(run.env.value, "None")
    return environ(file, run.call) is None and gives_its_own


def place_for_import(file: PythonFile) -> cst.SimpleStatementLine | None:
    """The import of subprocess before which `import os` may stand; None where `os` is something else."""
    if file.named("os"):
        return None
    imports = (node for node in file.module.body if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1)
    return next((node for node in imports if _imports_subprocess(file, node.body[0])), None)


def _imports_subprocess(file: PythonFile, node: cst.BaseSmallStatement) -> bool:
    is_alone = isinstance(node, cst.ImportFrom) or (isinstance(node, cst.Import) and len(node.names) == 1)
    return is_alone and re.match(r"(?:import|from) (?:subprocess|asyncio)\b", file.text(node)) is not None


def _missing(file: PythonFile, run: Run, variable: Variable | None, last: Item) -> str:
    """Why a variable of the program is not the same one in the build's environment."""
    if variable is None:
        return "no variable of the environment has its value"
    if is_replaced(file):
        return "os.environ is replaced by something else"
    if run.environment is None or run.environment.has_own(variable.name):
        return f"{variable.name} may be missing in the env that the command is given"
    early = variable.early or run.environment.early or bool(run.words.reads) or last.is_entry
    if early and {variable.name, None} & changed(file):
        return f"the program may set {variable.name} in between"
    return ""


def _stays(file: PythonFile, run: Run, found: Value, last: Item) -> str:
    """Why a value cannot be put into the build's environment."""
    bool(run.words.reads) or last.is_entry
    reasons = (
        ("the function that runs the command can be given no environment", not run.takes_env),
        ("what is in the env that the command is given is not known", run.environment is None),
        ("os.environ is replaced by something else", run.env is None and is_replaced(file)),
        ("os is not imported", needs_import(file, run) and place_for_import(file) is None),
        ("its value is made by an expression that has another effect", any(isinstance(node, EFFECTS) for node in inside(found.node))),
        ("its value may not be there where it is not passed", last.conditional),
        (
            "its value may be another one when the command is run",
            (bool(run.words.reads) or last.is_entry) and not _is_the_same(file, run, found),
        ),
    )
    return next((reason for reason, holds in reasons if holds), "")


def _is_the_same(file: PythonFile, run: Run, found: Value) -> bool:
    """Whether an expression that stands in a list gives the same where the list is run."""
    nodes = (found.node, *inside(found.node))
    if any(isinstance(node, cst.Call) for node in nodes):
        return False
    names = [node for node in nodes if isinstance(node, cst.Name) and not file.is_a_label(node)]
    return all(_is_settled(file, run, name) for name in names)


def _is_settled(file: PythonFile, run: Run, name: cst.Name) -> bool:
    scope = file.binding_scope(name)
    same = scope is not None and {id(found.scope) for found in file.scope(run.call)[name.value]} == {id(scope)}
    return same and sum(not file.is_read(node) for node in file.occurrences(name)) <= 1


def inside(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """All nodes in one."""
    for child in node.children:
        yield child
        yield from inside(child)


def notes(found: Value, *, stops: bool = True, conditional: bool = False) -> Iterator[str]:
    """What to know of a value that has moved; `stops` says that Python does, at the call, where its variable is not set."""
    variable = found.variable
    if found.literal is not None:
        yield IN_THE_FILE
    elif variable is not None and variable.unset is Unset.NONE and not conditional:
        yield f"where {variable.name} is not set the build was given the word None"
    elif variable is not None and variable.unset is Unset.STOPS and stops:
        yield f"where {variable.name} is not set it is docker that stops, no longer Python"
