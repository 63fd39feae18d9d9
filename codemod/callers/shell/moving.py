"""How the value of a build arg becomes a secret's: by the name of its variable, by an assignment before the command, as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from codemod.callers.call import ID
from codemod.callers.shell.build_tools import VARIABLE
from codemod.callers.shell.command_line import BuildArg
from codemod.callers.shell.environment import SHELLS_OWN
from codemod.callers.shell.started import Passing, Started, Wrapper
from codemod.callers.shell.text import ShellText
from codemod.callers.shell.words import Value

# what docker itself, and the programs that know its passwords, look for in their environment
READ_BY_BUILDERS = re.compile(
    r"(?:AWS|AZURE|BUILDAH|BUILDKIT|BUILDX|CLOUDSDK|CONTAINER|CONTAINERS|DOCKER|DEPOT|ECR|GOOGLE|NERDCTL|OTEL|PODMAN|REGISTRY|SSH|TESTCONTAINERS|XDG)_\w+"
    r"|(?:https?|no|all|ftp)_proxy|(?:HTTPS?|NO|ALL|FTP)_PROXY|PATH|HOME|USER|TMPDIR|SHELL|LD_\w+|GIT_\w+|SOURCE_DATE_EPOCH|KUBECONFIG|TERM|LANG|LC_\w+|TZ"
)
IN_OUR_NAME = "DOCKERFIX_"
UNREAD = "which build arg it is, only the shell knows"
HOW_UNREAD = f"--secret id={ID},env=VARIABLE, with VARIABLE exported"


@dataclass(frozen=True, slots=True)
class Named:
    """A variable of the environment has it; `explicit` says that it has to be named, as builds without it go on."""

    variable: str
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment gives it to the command: before it, or as a word of `env`, at the offset `place` of the shell's text."""

    carrier: str
    value: Value
    place: int
    is_word: bool = False


@dataclass(frozen=True, slots=True)
class FromFile:
    """It is a file's text: the `path` as a shell's word."""

    path: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """It cannot be moved: why, and what to put there instead, with ID for the secret's id."""

    reason: str
    suggestion: str


Way = Named | Assigned | FromFile | Obstacle


@dataclass(frozen=True, slots=True)
class Site:
    """A command that builds. `has` says of a variable whether its environment surely has it; `at` is where an assignment may stand.

    `taken` are variables that no assignment may set there. `foreign` says why its environment is not this shell's.
    """

    started: Started
    at: int
    has: Callable[[str], bool] = field(repr=False)
    taken: frozenset[str] = frozenset()
    in_backticks: bool = False
    foreign: str = ""


def way(arg: BuildArg, value: Value | None, site: Site, text: ShellText) -> Way:
    """How the build arg becomes a secret there; `value` is None where the environment has it."""
    tool, name = site.started.build.tool, arg.name
    if tool.obstacle:
        known = value.variable if value and value.variable else name
        return Obstacle(tool.obstacle, tool.suggestion.replace(VARIABLE, known))
    if arg.dynamic:
        return Obstacle(UNREAD, HOW_UNREAD)
    if value is None:  # both are looked up in the environment of the program itself
        return Named(name)
    variable = _of_environment(value, site, text)
    stop = _stops(site, variable, value)
    if stop is None and variable is not None:
        return Named(variable, explicit=value.empties)
    return _assigned(name, value, site, text) if stop is None or _is_behind_env(site) else stop


def _is_behind_env(site: Site) -> bool:
    """Whether `env` starts the build, so that another word of it sets a variable, whatever stands before it."""
    wrappers = site.started.wrappers
    around = {wrapper.passing for wrapper in wrappers}
    return bool(wrappers) and wrappers[-1].passing is Passing.ENV and not site.foreign and not around & {Passing.ELSEWHERE, Passing.OTHER}


def is_stopped(site: Site, variable: str, value: Value) -> bool:
    """Whether something stands between this shell's environment and that of the build."""
    return _stops(site, variable, value) is not None


def _of_environment(value: Value, site: Site, text: ShellText) -> str | None:
    """The variable of the environment that has the value."""
    if value.template and value.plain in text.environment:
        return text.environment[value.plain]
    return value.variable if value.variable and not value.has_template and site.has(value.variable) else None


def _stops(site: Site, variable: str | None, value: Value) -> FromFile | Obstacle | None:
    """What stands between this shell's environment and that of the build."""
    name = variable or value.variable or "VARIABLE"
    if site.foreign:
        return Obstacle(site.foreign, f"--secret id={ID},env={name}, with {name} exported in the shell that runs it")
    for wrapper in site.started.wrappers:
        found = _stopped_by(wrapper, variable, value, name)
        if found is not None:
            return found
    return None


def _stopped_by(wrapper: Wrapper, variable: str | None, value: Value, name: str) -> FromFile | Obstacle | None:
    options = [word.text for word in wrapper.words[1:]]
    if wrapper.passing is Passing.SUDO and not _preserves(options, variable):
        if value.path is not None and "," not in value.path:
            return FromFile(value.path)
        with_it = f"{wrapper.name} --preserve-env={name} … --secret id={ID},env={name}, with {name} exported"
        return Obstacle(f"{wrapper.name} starts with an environment of its own: the secret would be empty", with_it)
    if wrapper.passing is Passing.ELSEWHERE or (wrapper.passing is Passing.OTHER and "$" in wrapper.name):
        return Obstacle(
            f"what is in the environment behind {wrapper.name} is not known", f"--secret id={ID},env={name}, with {name} set there"
        )
    if wrapper.passing is Passing.ENV and variable is not None and _clears(options, variable):
        return Obstacle(f"env takes {name} out of the environment", f"--secret id={ID},env={name}, with {name} set there")
    return None


def _preserves(options: list[str], variable: str | None) -> bool:
    """Whether `sudo` hands the variable on, or all of them."""
    listed = {name for option in options if option.startswith("--preserve-env=") for name in option.partition("=")[2].split(",")}
    return variable in listed or any(re.fullmatch(r"--preserve-env|-[A-Za-z]*E[A-Za-z]*", option) for option in options)


def _clears(options: list[str], variable: str) -> bool:
    pairs = {*pairwise(options)}
    clearing = ("-", "-i", "--ignore-environment", f"-u{variable}", f"--unset={variable}")
    return ("-u", variable) in pairs or any(option in clearing or option.startswith(f"{variable}=") for option in options)


def _assigned(name: str, value: Value, site: Site, text: ShellText) -> Way:
    """An assignment before the command, if one can stand there."""
    reason = _unassignable(value, site, text)
    if reason:
        known = value.variable or name
        return Obstacle(reason, f"--secret id={ID},env={known}, with {known} exported before")
    carrier = name
    if READ_BY_BUILDERS.fullmatch(name) or name in site.taken or name in SHELLS_OWN:
        carrier = f"{IN_OUR_NAME}{name}"
    if _is_behind_env(site):
        return Assigned(carrier, value, site.started.words[0].span.start, is_word=True)
    wrappers = site.started.wrappers
    if wrappers and wrappers[0].passing is Passing.TIME:
        return Assigned(carrier, value, (*(wrapper.words[0] for wrapper in wrappers[1:]), site.started.words[0])[0].span.start)
    return Assigned(carrier, value, site.at)


def _unassignable(value: Value, site: Site, text: ShellText) -> str:
    """Why no assignment can give the value to the command; empty where it can."""
    behind_env = _is_behind_env(site)
    if not text.prefixes:
        return "its value would have to be assigned before the command, which not every shell can"
    if site.in_backticks:
        return "the command stands in backticks, where quotes mean something else"
    if value.has_template and not text.templates_in_prefixes:
        return "its value has a template in it"
    if value.obstacle and not behind_env:
        return f"its value would not mean the same before the command: {value.obstacle}"
    for wrapper in () if behind_env else site.started.wrappers:
        is_time = wrapper.passing is Passing.TIME and wrapper is site.started.wrappers[0] and text.interpreter == "bash"
        if not is_time and wrapper.passing not in (Passing.ALL, Passing.SUDO, Passing.FUNCTION):
            return f"{wrapper.name} stands before the command, and no assignment can"
    return ""
