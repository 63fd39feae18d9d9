"""What a container gets from the build: a secret that an ENV copies into a final image is also the running program's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from codemod.context import is_configuration
from codemod.dataflow import Declaration, Flow, lineage
from codemod.dockerfile.nodes import Dockerfile, Instruction, Variable
from codemod.names import words
from codemod.refusal import Reason, Refused
from codemod.uses import Mentions

# what opens package registries and git hosts, and what such a credential is called; a word of the third kind makes it an application's
HOSTS = frozenset({
    "artifactory", "bitbucket", "bundle", "cargo", "composer", "conan", "deploy", "fontawesome", "fury", "gem", "gemfury", "gh", "git",
    "gitea", "github", "gitlab", "hex", "jfrog", "maven", "mvn", "nexus", "node", "npm", "nuget", "packagist", "pip", "pnpm", "poetry",
    "pypi", "registry", "rubygem", "rubygems", "twine", "uv", "verdaccio", "yarn",
})  # fmt: skip
CREDENTIALS = frozenset({"auth", "credential", "credentials", "creds", "key", "pass", "passwd", "password", "pat", "token", "url"})
APPLICATIONS = frozenset({"app", "bot", "callback", "client", "consumer", "hook", "oauth", "secret", "sso", "webhook"})
WHOLE_NAMES = frozenset({"netrc", "npmrc", "pypirc"})
STARTED = ("CMD", "ENTRYPOINT", "HEALTHCHECK")


def serves_the_build_alone(name: str) -> bool:
    """Whether a name says that the credential is for a package registry or a git host, which running programs do not ask."""
    parts = set(words(name))
    return bool(parts & WHOLE_NAMES) or bool(parts & HOSTS and parts & CREDENTIALS and not parts & APPLICATIONS)


def final_copies(dockerfile: Dockerfile, flows: Mapping[str, Flow]) -> tuple[Declaration, ...]:
    """The words of ENV that put the secret, or what is made from it, into the environment of containers: no later ENV takes it out."""
    last: dict[str, Variable] = {}
    for index in sorted(lineage(dockerfile)):
        for instruction in dockerfile.stages[index].instructions:
            last.update((variable.name, variable) for variable in instruction.variables if instruction.name == "ENV")
    found = {word.variable: word for flow in flows.values() for word in flow.derived if last.get(word.variable.name) == word.variable}
    return tuple(sorted(found.values(), key=lambda word: word.variable.span))


def check_runtime(dockerfile: Dockerfile, flows: Mapping[str, Flow], mentions: Mentions) -> None:
    """Refuse where a running container may read the copy that an ENV makes. Raises Refused."""
    secret = next(iter(flows))
    for word in final_copies(dockerfile, flows):
        name, line = word.variable.name, word.variable.line
        reader = next(_started(dockerfile, name), None)
        if reader is not None:
            raise _refused(line, name, f", and {reader.name} in line {reader.line} reads it")
        if not (serves_the_build_alone(secret) or serves_the_build_alone(name)):
            raise _refused(line, name, ", which may read it")
        program = next((place for place in mentions.get(name, ()) if not is_configuration(place.path)), None)
        if program is not None:
            raise _refused(line, name, f", and {program.place} mentions it")


def _refused(line: int, name: str, why: str) -> Refused:
    return Refused(Reason.RUNTIME_ENVIRONMENT, line, f"ENV {name} is the running container's too{why}")


def _started(dockerfile: Dockerfile, name: str) -> Iterator[Instruction]:
    """What the final image starts that names the variable."""
    for index in sorted(lineage(dockerfile)):
        for instruction in dockerfile.stages[index].instructions:
            if instruction.name in STARTED and re.search(rf"\$\{{?{re.escape(name)}\b", instruction.joined.text):
                yield instruction
