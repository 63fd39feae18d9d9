"""Targets of a bake file: what they pass, where their Dockerfiles may be, and how a build arg becomes a secret there.

The same for HCL and JSON. Bake's variables are not in the environment that secrets are read from: only a value that is nothing
but a variable without a default of its own comes from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join

from codemod.callers.bake.family import Family
from codemod.callers.call import ID, Call, Passed, Place
from codemod.callers.credentials import credential
from codemod.callers.expressions import NOTHING, BakeFile, Declared, Entry, Expression, Form, Target
from codemod.callers.places import places
from codemod.text import Source

KIND = "target of a bake file"
DEFAULT_NAMES = re.compile(r"(?:^|/)docker-bake(?:\.override)?\.(?:hcl|json)$", re.IGNORECASE)
OVERRIDE = re.compile(r"\.override\.", re.IGNORECASE)
HERE = re.compile(r"^cwd://")
REMOTE = re.compile(r"://|^git@|^github\.com/")
NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
SECRET_ID = re.compile(r"(?:^|,)\s*id=([^,]*)")
TEXTS = frozenset({"", "string"})


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a format writes an attribute and a text."""

    key: str
    assign: str

    def suggestion(self, variable: str) -> str:
        """What to put into a target for the value of a variable."""
        return f'{self.key}{self.assign}["id={ID},env={variable}"]'


HCL = Spelling("secret", " = ")
JSON = Spelling('"secret"', ": ")


def calls(file: BakeFile, source: Source, spelling: Spelling) -> tuple[Call, ...]:
    """A call for each target, whether it passes anything or not."""
    reader = _Reader(file, source, spelling, Family.of(file.targets))
    return tuple(map(reader.call, file.targets))


@dataclass(frozen=True, slots=True)
class _Reader:
    file: BakeFile
    source: Source
    spelling: Spelling
    family: Family

    def call(self, target: Target) -> Call:
        stage = target.get("target")
        found = self.places(target)
        return Call(
            kind=KIND,
            span=target.span,
            line=self.source.line(target.span.start),
            places=found,
            passes=tuple(self.passes(target)),
            feeds=tuple(dict.fromkeys(feeds(target))),
            target=stage.literal if stage else None,
            command=self.command(target),
            elsewhere=not found and self.is_elsewhere(target),
            inherits=frozenset(self.inherits(target)),
            own=(tuple(self.own_places(target)) or None) if self.built(target) == [target.name] else None,
        )

    def command(self, target: Target) -> str:
        path = str(self.source.path)
        name = "".join(f" {each}" for each in self.built(target)).replace(" default", "")
        folder = dirname(path)
        if not DEFAULT_NAMES.search(path):
            return f"docker buildx bake -f {path}{name}"
        return f"cd {folder} && docker buildx bake{name}" if folder else f"docker buildx bake{name}"

    def built(self, target: Target) -> list[str]:
        """The targets that one builds: what only others take from is built through them."""
        children = [other.name for other in self.family.children[target.span.start] if other.name != target.name]
        is_part = children and not any(target.get(name) for name in ("context", "dockerfile", "target"))
        return list(dict.fromkeys(children)) if is_part else [target.name]

    def places(self, target: Target) -> tuple[Place, ...]:
        """Where the Dockerfiles of a target, and of those that inherit from it, may be."""
        found = [place for each in (*self.family.children[target.span.start], target) for place in self.own_places(each)]
        return tuple(dict.fromkeys(found))

    def is_elsewhere(self, target: Target) -> bool:
        """Whether the Dockerfile is certainly none of the tree."""
        context = self.family.get(target, "context")
        named = context.literal if context else None
        return self.family.get(target, "dockerfile-inline") is not None or bool(named and REMOTE.search(HERE.sub("", named)))

    def own_places(self, target: Target) -> Iterator[Place]:
        if self.family.get(target, "dockerfile-inline") is not None:
            return
        context, dockerfile = self.family.get(target, "context"), self.family.get(target, "dockerfile")
        if context is None and dockerfile is None and OVERRIDE.search(self.source.path.name):
            return
        values = self.values(target)
        for folder in self.folders():
            for base in context.texts(values) if context else (".",):
                for path in dockerfile.texts(values) if dockerfile else ("Dockerfile",):
                    yield from _places(folder, base, path)

    def folders(self) -> tuple[str, ...]:
        """Where it may be run: paths are seen from there, not from the file."""
        folder = str(self.source.path.parent)
        return tuple(dict.fromkeys((folder, ".") if DEFAULT_NAMES.search(str(self.source.path)) else (".", folder)))

    def values(self, target: Target) -> Mapping[str, tuple[str, ...]]:
        """What variables are, as far as the file says it: by default, or in a matrix."""
        defaults = {name: variable.default for name, variable in self.file.variables.items()}
        known = {name: value.literal for name, value in {**defaults, **self.file.settings}.items() if value and value.literal is not None}
        matrix = (self.family.get(target, "matrix") or NOTHING).entries
        rows = {entry.key: tuple(item.literal for item in entry.value.items if item.literal is not None) for entry in matrix}
        return {**{name: (value,) for name, value in known.items()}, **rows}

    def inherits(self, target: Target) -> Iterator[str]:
        """The build args and the ids of the secrets that it takes from other targets."""
        _, *above = self.family.parents[target.span.start]
        for each in above:
            yield from feeds(each)
            yield from (entry.key for entry in (each.get("args") or NOTHING).entries)

    def passes(self, target: Target) -> Iterator[Passed]:
        args = target.get("args")
        if args is None:
            return
        computed = "" if args.form is Form.OBJECT else "args are put together by an expression"
        for found in self.objects(args):
            for entry in found.entries:
                yield self.passed(target, entry, computed)

    def objects(self, args: Expression) -> Iterator[Expression]:
        """The objects that args are made of: a variable of the file may hold one."""
        named = self.file.settings.get(args.variable or "")
        declared = self.file.variables.get(args.variable or "")
        held = named or (declared.default if declared else None)
        yield from (held or args).objects()

    def passed(self, target: Target, entry: Entry, computed: str) -> Passed:
        value = entry.value
        written = value.span.of(self.source.text)
        obstacle = computed or self.obstacle(target, entry)
        name = value.variable or entry.key
        return Passed(
            name=entry.key,
            span=entry.span,
            line=self.source.line(entry.span.start),
            value=written if value.literal is None else value.literal,
            credential=credential(written),
            obstacle=obstacle,
            suggestion=self.spelling.suggestion(name) if obstacle else "",
        )

    def obstacle(self, target: Target, entry: Entry) -> str:
        """Why an arg cannot become a secret; empty where it can."""
        found = _obstacle_of_target(target) or _obstacle_of_name(entry) or _obstacle_of_value(entry.value)
        return found or self.obstacle_of_origin(target, entry.value.variable or "")

    def obstacle_of_origin(self, target: Target, name: str) -> str:
        if (self.family.get(target, "matrix") or NOTHING).get(name) is not None:
            return f"{name} comes from the target's matrix, not from the environment"
        if name in self.file.settings:
            return f"{name} is set in this file: the environment does not have it"
        declared = self.file.variables.get(name)
        if declared is None:
            return f"{name} is declared in another file, and may have a default there"
        return _obstacle_of_default(name, declared)


def feeds(target: Target) -> Iterator[str]:
    """The ids of the secrets that a target says itself."""
    for item in (target.get("secret") or NOTHING).items:
        yield from _ids(item)


def _ids(secret: Expression) -> Iterator[str]:
    """The id of `"id=X,env=V"`, or of `{ id = "X" }`."""
    found = secret.get("id") if secret.form is Form.OBJECT else secret
    text = found.literal if found else None
    match = SECRET_ID.search(text) if text and secret.form is not Form.OBJECT else None
    if text and secret.form is Form.OBJECT:
        yield text
    elif match:
        yield match[1]


def _places(folder: str, context: str, dockerfile: str) -> tuple[Place, ...]:
    """Bake, unlike `docker build`, has the Dockerfile's path begin in the context."""
    context = HERE.sub("", context) or "."
    if REMOTE.search(context):
        return ()
    return places((folder,), join(context, HERE.sub("", dockerfile)), context)


def _obstacle_of_target(target: Target) -> str:
    secret = target.get("secret")
    if secret is not None and secret.form is not Form.LIST:
        return "the target's list of secrets is put together by an expression"
    if target.get("dockerfile-inline") is not None:
        return "the Dockerfile is written in the bake file itself"
    return ""


def _obstacle_of_name(entry: Entry) -> str:
    if not entry.fixed:
        return "the name of the build arg is put together by an expression"
    return "" if NAME.fullmatch(entry.key) else "the name of the build arg is no name of a variable"


def _obstacle_of_value(value: Expression) -> str:
    if value.form is Form.NULL:
        return "it is null here: whoever runs bake sets it, or nobody does"
    if value.literal is not None:
        return "the value itself stands in the file" if value.literal else "the value is empty here"
    if value.variable is None:
        return "the value is put together by an expression, and a secret is read from the environment as it is"
    return ""


def _obstacle_of_default(name: str, declared: Declared) -> str:
    default = declared.default
    if default is not None and default.form is not Form.NULL and default.literal != "":
        return f"{name} has a default, which bake does not put into the environment that secrets are read from"
    if declared.type not in TEXTS:
        return f"{name} is no text: bake may write its value otherwise than the environment has it"
    return ""
