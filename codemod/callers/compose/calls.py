"""Calls in compose files: the services that are built from a Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from posixpath import join

from codemod.callers.call import ID, Call, Move, NotUnderstoodError, Passed, Place, Tree
from codemod.callers.compose.arguments import Argument
from codemod.callers.compose.changes import changes, edits_of, expected
from codemod.callers.compose.reading import understood
from codemod.callers.compose.secrets import refusal
from codemod.callers.compose.services import Service, services
from codemod.callers.compose.sharing import Sharing
from codemod.callers.compose.values import Origin, origin, with_defaults
from codemod.callers.credentials import credential
from codemod.callers.places import places, within
from codemod.callers.reported.guesses import guesses
from codemod.callers.yaml.check import differences, read
from codemod.callers.yaml.tree import Yaml, parse, text_at
from codemod.text import Edit, Source

KIND = "service of a compose file"
BASES = re.compile(r"(?:docker-)?compose\.ya?ml")
# what is said on top of the file without the word in the middle
PART = re.compile(r"(?<=compose)\.[^./]+(\.ya?ml)$")
OVERRIDE = re.compile(r"\.override\.ya?ml$")
REMOTE = re.compile(r"://|^git@|^github\.com/")
EXTENDED = "extends a service of this file, and would have to declare the secret itself: move both by hand"
INLINE = "dockerfile_inline"
INLINED = "the Dockerfile is written in the compose file itself"
TWICE = "a service that shares the args has one of its own of that name"


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (every kind of caller is asked the same)
    """The services that are built; raises NotUnderstoodError where the file is no YAML, and seems to pass nothing."""
    try:
        parsed = understood(source)
    except NotUnderstoodError as error:
        return guesses(source, KIND, error, lambda name: _suggestion(Origin(name)))
    found = services(parsed)
    reader = _Reader(parsed, Sharing.of(found), _origins(found))
    return tuple(map(reader.call, found))


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:  # noqa: ARG001  (…)
    """What makes the `moves`."""
    return edits_of(parse(source), moves)


def mistake(before: Source, after: Source, moves: Sequence[Move]) -> str | None:
    """What differs other than by the `moves`, as PyYAML has it; None where nothing does."""
    parsed = parse(before)
    try:
        found = differences(expected(parsed, read(before), changes(parsed, moves)), read(after))
    except NotUnderstoodError as error:
        return error.message
    return f"{'.'.join(map(str, found[0][0][1:]))} would be another" if found else None


@dataclass(frozen=True, slots=True)
class _Reader:
    tree: Yaml
    sharing: Sharing
    origins: Mapping[str, str]

    @property
    def source(self) -> Source:
        return self.tree.source

    def call(self, service: Service) -> Call:
        target = self.sharing.text(service, "target")
        found = self.places(service)
        return Call(
            kind=KIND,
            span=service.pair.span,
            line=self.source.line(service.pair.span.start),
            places=found,
            passes=tuple(map(self.passed, self.sharing.passes(service))),
            feeds=tuple(self.sharing.feeds(service)),
            target=target if target and "$" not in target else None,
            command=self.command(service),
            keeps=self.keeps(service),
            keeps_why=EXTENDED,
            elsewhere=not found and self.is_elsewhere(service),
            inherits=frozenset(self.sharing.inherits(service)),
            own=self.own_places(service) or None,
        )

    def command(self, service: Service) -> str:
        path = str(self.source.path)
        base = PART.sub(r"\1", path)
        files = [path] if base == path or self.sharing.text(service, "context") is not None else [base, path]
        if BASES.fullmatch(path) or (BASES.fullmatch(base) and OVERRIDE.search(path) and len(files) > 1):
            files = []  # compose looks for these by itself
        return " ".join(["docker compose", *(f"-f {file}" for file in files), f"build {service.name}"])

    def extended(self, service: Service) -> str | None:
        """The other file whose service one extends."""
        pair = service.mapping.get("extends")
        return text_at(pair.value, "file") if pair else None

    def keeps(self, service: Service) -> tuple[str, ...]:
        """The file that is extended: secrets of a build there would have to be declared in this one as well."""
        file = self.extended(service)
        path = within(str(self.source.path.parent), file) if file else None
        return (path,) if path else ()

    def places(self, service: Service) -> tuple[Place, ...]:
        """Where its Dockerfile may be, and those of the services that take args from it."""
        found = [place for each in (service, *self.sharing.below(service)) for place in self.own_places(each)]
        return tuple(dict.fromkeys(found))

    def own_places(self, service: Service) -> tuple[Place, ...]:
        context, dockerfile = self.sharing.text(service, "context"), self.sharing.text(service, "dockerfile")
        is_part = not BASES.fullmatch(self.source.path.name) or any(map(self.extended, self.sharing.lineages[service.number]))
        if self.is_elsewhere(service) or (context is None and is_part):  # the rest of it may be in another file
            return ()
        folder, file = with_defaults(context or "."), with_defaults(dockerfile or "Dockerfile")
        return places((str(self.source.path.parent),), join(folder, file), folder)

    def is_elsewhere(self, service: Service) -> bool:
        """Whether the Dockerfile is certainly none of the tree."""
        return bool(REMOTE.search(self.sharing.text(service, "context") or "")) or self.sharing.text(service, INLINE) is not None

    def passed(self, argument: Argument) -> Passed:
        found = origin(argument.name, argument.value)
        obstacle = self.around(argument) or argument.odd or found.obstacle or self.obstacle(argument, found)
        return Passed(
            name=argument.name,
            span=argument.span,
            line=self.source.line(argument.span.start),
            value=argument.value,
            credential=credential(argument.value or ""),
            obstacle=obstacle,
            suggestion=_suggestion(found) if obstacle else "",
            notes=tuple(note for note in (found.note, self.note()) if note),
        )

    def around(self, argument: Argument) -> str:
        """Why one who takes it could not go on."""
        for service, build in self.sharing.takers[argument.home.span]:
            inline = INLINED if self.sharing.text(service, INLINE) is not None else ""
            if found := TWICE if argument.name in build.passed.twice else build.around or inline:
                return found
        return ""

    def obstacle(self, argument: Argument, found: Origin) -> str:
        """A file has one secret of a name: whoever comes first has it."""
        first = self.origins[argument.name]
        clash = f"the file has one secret {argument.name}, and another service takes it from {first}" if first != found.variable else ""
        return refusal(self.tree, argument.name, found.variable) or clash

    def note(self) -> str:
        version = text_at(self.tree.root, "version") or ""
        return "docker-compose 1, for which files of version 2 were made, takes no secrets for builds" if version.startswith("2") else ""


def _origins(found: Sequence[Service]) -> dict[str, str]:
    """The variable of each name, by the first that says one."""
    origins: dict[str, str] = {}
    for argument in (argument for service in found for build in service.builds for argument in build.arguments):
        each = origin(argument.name, argument.value)
        if not each.obstacle:
            origins.setdefault(argument.name, each.variable)
    return origins


def _suggestion(found: Origin) -> str:
    return f"secrets: [{ID}] below build, and secrets: {{{ID}: {{environment: {found.variable}}}}} at the top level"
