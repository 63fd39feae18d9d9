"""Calls in a Python program that run a command from a list of words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codemod.callers.python.environment import INHERITED, Environment, environment
from codemod.callers.python.helpers import Helper, hands_on, helper, inner_calls, parameter
from codemod.callers.python.lists import Words, arguments, words
from codemod.callers.python.tree import PythonFile
from codemod.callers.python.values import constant

# what runs a list of words: the place of the list among its arguments
LISTS = {
    **{f"subprocess.{name}": 0 for name in ("run", "call", "check_call", "check_output", "Popen")},
    **dict.fromkeys(("anyio.run_process", "anyio.open_process", "trio.run_process", "trio.lowlevel.open_process"), 0),
    **dict.fromkeys(("os.execv", "os.execvp"), 1),
}
# what runs its arguments
SINGLE = frozenset({"asyncio.create_subprocess_exec", "asyncio.subprocess.create_subprocess_exec"})
NO_ENVIRONMENT = frozenset({"os.execv", "os.execvp"})
# so many arguments without a name have no `env` among them
BEFORE_ENV = 10


@dataclass(frozen=True, slots=True)
class Run:
    """A call that runs a command. `environment` is None where it is not known; `env` is the argument that gives it.

    `obstacle` says why nothing can be said of the command, `takes_env` whether the call can be given an environment.
    """

    call: cst.Call
    words: Words
    env: cst.Arg | None
    environment: Environment | None
    folder: cst.BaseExpression | None
    takes_env: bool = True
    obstacle: str = ""


def runs(file: PythonFile) -> Iterator[Run]:
    """All such calls of a file, those of a function among them that runs what it is given."""
    for call in file.calls:
        names = file.names(call.func)
        found = arguments(file, call) if names & SINGLE else _list(file, call, names)
        if found is not None:
            yield _run(file, call, found, takes_env=not names & NO_ENVIRONMENT)
    inner = inner_calls(_of_parameters(file))
    for call in file.calls if inner else ():
        through = helper(file, call, inner)
        if through is not None:
            yield _through(file, through)


def _command(call: cst.Call, names: frozenset[str]) -> cst.BaseExpression | None:
    """The list that a call runs."""
    place = next((LISTS[name] for name in names if name in LISTS), None)
    if place is None:
        return None
    positional = [arg for arg in call.args if arg.keyword is None]
    given = keyword(call, "args") or next(iter(positional[place:]), None)
    return given.value if given is not None and not given.star else None


def _list(file: PythonFile, call: cst.Call, names: frozenset[str]) -> Words | None:
    given = _command(call, names)
    return words(file, given) if given is not None else None


def _of_parameters(file: PythonFile) -> Iterator[tuple[cst.Call, str]]:
    for call in file.calls:
        given = _command(call, file.names(call.func))
        name = parameter(file, given) if given is not None else None
        if name is not None:
            yield call, name


def _through(file: PythonFile, through: Helper) -> Run:
    """A run by a function: with the environment that this gives, or is told to give."""
    call, inner = through.call, through.inner
    given, folder = keyword(call, "env"), keyword(inner, "cwd")
    told = hands_on(file, through, "env")
    env = given if told else keyword(inner, "env")
    unknown = any(arg.star == "**" for arg in call.args) or (given is not None and not told)
    if hands_on(file, through, "cwd"):
        folder = keyword(call, "cwd")
    return Run(
        call,
        through.words,
        env if told else None,
        None if unknown else _environment(file, call if told else inner, env, through.words),
        folder.value if folder is not None else None,
        takes_env=told,
        obstacle=_obstacle(file, inner),
    )


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """The argument that a call is given by this name."""
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)


def _run(file: PythonFile, call: cst.Call, found: Words, *, takes_env: bool) -> Run:
    env, folder = keyword(call, "env"), keyword(call, "cwd")
    return Run(
        call,
        found,
        env,
        _environment(file, call, env, found),
        folder.value if folder is not None and constant(file, folder.value) != "" else None,
        takes_env,
        _obstacle(file, call),
    )


def _environment(file: PythonFile, call: cst.Call, env: cst.Arg | None, found: Words) -> Environment | None:
    if env is not None:
        return INHERITED if is_word(env.value, "None") else environment(file, env.value)
    spreads = any(arg.star == "**" for arg in call.args)
    many = sum(arg.keyword is None for arg in call.args) > BEFORE_ENV and not any(item.holder is call for item in found.items)
    return None if spreads or many else INHERITED


def _obstacle(file: PythonFile, call: cst.Call) -> str:
    shell, executable = keyword(call, "shell"), keyword(call, "executable")
    if shell is not None and not is_word(shell.value, "False"):
        return "shell=True runs the first word of a list only"
    if executable is not None and not is_word(executable.value, "None"):
        return f"executable={file.text(executable.value)} may be another program"
    return ""


def is_word(node: cst.BaseExpression, word: str) -> bool:
    """Whether an expression is a name alone, such as None."""
    return isinstance(node, cst.Name) and node.value == word
