"""The environment of a workflow's step: which variable has a template's value, and how the step gets one that has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from codemod.callers.yaml.tree import Mapping as YamlMapping
from codemod.callers.yaml.tree import Node, Pair, Scalar, Yaml
from codemod.text import Edit, Span

TEMPLATE = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
OF_ENVIRONMENT = re.compile(r"env(?:\.|\[')(?P<name>\w+)(?:'\])?")
# a build arg whose whole value is a template
PASSES = re.compile(
    r"--build-arg(?:=|[ \t]+)(?P<open>[\"']?)(?P<name>[A-Za-z_]\w*)=(?P<inner>[\"']?)(?P<template>\$\{\{[^\r\n]*?\}\})"
    r"(?P=inner)(?P=open)(?=\s|$|\\|;|\)|[\"'])"
)
# the docker client and what it starts read them: such a name is not put into its environment
READ_BY_CLIENTS = re.compile(
    r"(?:AWS|AZURE|ARM|GOOGLE|CLOUDSDK|DOCKER|BUILDX|BUILDKIT|COMPOSE|SSH|GIT|GITHUB|RUNNER|ACTIONS|BASH|LD|XDG|OTEL)_\w+|"
    r"(?:HTTPS?|NO|ALL|FTP)_PROXY|PATH|HOME|USER|SHELL|TMPDIR|IFS|ENV|CI|PWD",
    re.IGNORECASE,
)
HARMLESS = frozenset({"GITHUB_TOKEN", "GITHUB_PAT"})
CARRIER = "_BUILD_SECRET"
# where a command of a script begins; and what sets a variable there, or runs a text that may
BEGINS = r"(?:^|[;&|({!]|\b(?:then|do|else)\b)[ \t]*"
SOURCES = re.compile(BEGINS + r"(?:\.|source|eval)[ \t]", re.MULTILINE)
SETS = (
    BEGINS + r"(?:(?:export|readonly|local|declare|typeset)\b[^\n;&|]*[ \t])?(?:\w+=\S*[ \t]+)*NAME(?:\+?=|\[)"
    r"|\b(?:read|unset|for|mapfile|readarray|printf[ \t]+-v|getopts)\b[^\n;&|]*\bNAME\b|\$\{NAME:?="
)
NEEDS_QUOTES = re.compile(r": |:$| #|^[\s'\"&*!|>%@`?-]|[\r\n]")


def variables(levels: Iterable[Node | None]) -> dict[str, str]:
    """The variables of `env:` mappings, outermost first, each with its value as written."""
    found: dict[str, str] = {}
    for level in levels:
        for pair in level.pairs if isinstance(level, YamlMapping) else ():
            found[pair.name] = pair.value.text if isinstance(pair.value, Scalar) else ""
    return found


def expression(template: str) -> str:
    """What a template holds, without the blanks around it."""
    return template.removeprefix("${{").removesuffix("}}").strip()


def templates(text: str, values: Mapping[str, str], script: str = "") -> dict[str, str]:
    """The templates of a text that some variable has the value of, with the variable; one that the `script` may set has another."""
    kept = {name: value for name, value in values.items() if not _is_set(name, script)}
    by_expression = {expression(value): name for name, value in kept.items() if TEMPLATE.fullmatch(value.strip())}
    found = {}
    for template in TEMPLATE.findall(text):
        own = OF_ENVIRONMENT.fullmatch(expression(template))
        name = own["name"] if own and own["name"] in kept else by_expression.get(expression(template))
        if name:
            found[template] = name
    return found


def planned(text: str, values: Mapping[str, str]) -> dict[str, str]:
    """For each other template that is all of a build arg's value in a script: the variable that the step is to have for it."""
    found = [(match["name"], match["template"]) for match in PASSES.finditer(text)]
    return planned_for(found, PASSES.sub("", text), values)


def planned_for(passed: Iterable[tuple[str, str]], script: str, values: Mapping[str, str]) -> dict[str, str]:
    """The variables for the templates of build args, each given with its name; `script` is what else could use one of that name."""
    found: dict[str, str] = {}
    for name, template in passed:
        if not templates(template, values, script) and template not in found:
            taken = {*values, *found.values()}
            found[template] = next(each for each in _candidates(name) if each not in taken and not _is_used(each, script))
    return found


def _candidates(name: str) -> Iterator[str]:
    if not READ_BY_CLIENTS.fullmatch(name) or name in HARMLESS:
        yield name
    yield name + CARRIER
    number = 2
    while True:
        yield f"{name}{CARRIER}_{number}"
        number += 1


def _is_set(name: str, script: str) -> bool:
    """Whether a script may give a variable of its environment another value."""
    return SOURCES.search(script) is not None or re.search(SETS.replace("NAME", re.escape(name)), script, re.MULTILINE) is not None


def _is_used(name: str, script: str) -> bool:
    """Whether a script has a variable of that name, or may have."""
    if not name.endswith(CARRIER) and SOURCES.search(script):
        return True
    return re.search(rf"\$\{{?{name}\b|(?<![\w$-]){name}=|--build-arg[= ]+[\"']?{name}\b(?!=)|\bread\b[^\n]*\b{name}\b", script) is not None


def takes_variables(tree: Yaml, step: YamlMapping) -> bool:
    """Whether variables can be added to a step."""
    env = step.get("env")
    if step.flow or step.merges or tree.is_part_of_shared(step.span) or (env is not None and tree.shared(env.span)):
        return False
    return env is None or env.value is None or (isinstance(env.value, YamlMapping) and not env.value.merges)


def additions(tree: Yaml, step: YamlMapping, before: str, new: Mapping[str, str]) -> tuple[Edit, ...]:
    """The edits that give a step variables: in its `env:`, or in a new one before the pair `before`, unless that opens the step."""
    env = step.get("env")
    if not new:
        return ()
    if env is None:
        return (_new_env(tree, step, before, new),)
    if isinstance(env.value, YamlMapping) and env.value.flow:
        return (_in_braces(env.value, new),)
    lines = [f"{name}: {_spelled(value)}" for name, value in new.items()]
    if isinstance(env.value, YamlMapping):
        return (tree.addition(env.value.pairs[-1], "\n".join(lines)),)
    return (tree.addition(env, "\n".join("  " + line for line in lines)),)


def _new_env(tree: Yaml, step: YamlMapping, before: str, new: Mapping[str, str]) -> Edit:
    index = next(index for index, pair in enumerate(step.pairs) if pair.name == before)
    behind = step.pairs[max(index - 1, 0)]
    unit = _unit(tree, step)
    return tree.addition(behind, "\n".join(["env:", *(f"{unit}{name}: {_spelled(value)}" for name, value in new.items())]))


def _unit(tree: Yaml, step: YamlMapping) -> str:
    """How much further a step's mappings are indented than the step."""
    for pair in step.pairs:
        if isinstance(pair.value, YamlMapping) and not pair.value.flow:
            return " " * (tree.column(pair.value.span.start) - tree.column(pair.span.start))
    return "  "


def _in_braces(env: YamlMapping, new: Mapping[str, str]) -> Edit:
    text = ", ".join(f"{name}: {_double(value)}" for name, value in new.items())
    if not env.pairs:
        return Edit(Span(env.span.start + 1, env.span.start + 1), text)
    last: Pair = env.pairs[-1]
    return Edit(Span(last.span.end, last.span.end), f", {text}")


def _spelled(value: str) -> str:
    return "'" + value.replace("'", "''") + "'" if NEEDS_QUOTES.search(value) else value


def _double(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
