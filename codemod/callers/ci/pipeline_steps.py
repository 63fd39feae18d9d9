"""Steps of pipelines that take build args in ways of their own: reported, each with what to put there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from codemod.callers.call import ID, Call, Passed
from codemod.callers.ci.pipeline_files import AZURE, BUILDKITE, CLOUD_BUILD, CONCOURSE, DRONE
from codemod.callers.credentials import credential
from codemod.callers.places import places
from codemod.callers.reported.command_texts import Around, call_of, calls_in
from codemod.callers.reported.shapes import Seen, Shape
from codemod.callers.shell.build_tools import IN_COMPOSE, VARIABLE
from codemod.callers.shell.command_line import Argument
from codemod.callers.suggestions import expression, variable
from codemod.callers.yaml.tree import Mapping, Pair, Scalar, Sequence, Yaml, text_at
from codemod.text import Source

SUBSTITUTION = re.compile(r"\$\{?(_\w+)\}?")
KANIKO = "Google's kaniko ignores secret mounts: build with BuildKit, or with osscontainertools/kaniko 1.26.3 or later"
IN_AZURE = "Azure Pipelines puts secret variables into no environment by itself"
IN_CLOUD_BUILD = "Cloud Build gives a step the variables that it names, and its docker takes DOCKER_BUILDKIT=1"
SECRET = f"--secret id={ID},env={VARIABLE}"
IN_STEP = f"{SECRET}, with {VARIABLE} under secretEnv: and DOCKER_BUILDKIT=1 under env: of the step"

PARAMETER = "BUILD_ARG_"
FED = re.compile(r"BUILDKIT_SECRET(?:TEXT)?_(\w+)")

SHAPES = (
    Shape(  # microsoft/azure-pipelines-tasks:Tasks/DockerV2/dockerbuild.ts
        "task Docker of Azure Pipelines",
        AZURE,
        r"(?:.*/)?steps/\d+",
        flags=("inputs/arguments",),
        dockerfile=("inputs/Dockerfile", "inputs/dockerfile"),
        context=("inputs/buildContext",),
        needs=(("task", "(?i)^docker@"),),
        seen=Seen.ROOT,
        obstacle=f"{IN_AZURE}, and Docker@2 takes arguments for command: build only",
        suggestion=f"arguments: {SECRET}, and under env: of the task {VARIABLE}: $({VARIABLE}) and DOCKER_BUILDKIT: 1",
    ),
    Shape(
        "step of Cloud Build",
        CLOUD_BUILD,
        r"steps/\d+",
        flags=("args",),
        program="kaniko",
        needs=(("name", "kaniko-project/executor"),),
        blocks=KANIKO,
    ),
    *(
        Shape(  # drone-plugins/drone-docker:docker.go
            "step of Drone or Woodpecker",
            DRONE,
            r"(?:steps|pipeline)/[^/]+",
            args=("settings/build_args", "settings/build_args_from_env", "build_args", "build_args_from_env"),
            dockerfile=("settings/dockerfile", "dockerfile"),
            context=("settings/context", "context"),
            target=("settings/target", "target"),
            feeds=("settings/secrets_from_env/*", "settings/secrets/*"),
            needs=(("image", pattern),),
            obstacle=blocks or "the plugin takes secrets from variables of its environment",
            suggestion=f"under settings: secrets_from_env: [{ID}={VARIABLE}]",
            blocks=blocks,
        )
        for pattern, blocks in ((r"^(?!.*kaniko)", ""), ("kaniko", KANIKO))
    ),
)
# keys whose texts are shells', by the files that they are in
TEXTS = (
    (
        AZURE,
        ("script", "bash", "pwsh", "powershell", "inlineScript"),
        Around("step of Azure Pipelines", (".",), IN_AZURE, f"{SECRET}, and under env: of the step {VARIABLE}: $({VARIABLE})"),
    ),
    (
        BUILDKITE,
        ("command", "commands"),
        Around("step of Buildkite", (".",), "Buildkite puts values in for $ and $$ before a shell reads the command", SECRET),
    ),
    (
        DRONE,
        ("commands",),
        Around("step of Drone or Woodpecker", (".",), "values are put in for ${…} before a shell reads the command", SECRET),
    ),
)


def step_calls(tree: Yaml, source: Source) -> Iterator[Call]:
    """The builds of steps that no shape describes."""
    path = source.path.as_posix()
    for _, node in tree.walk():
        if isinstance(node, Mapping):
            for files, keys, around in TEXTS:
                if re.fullmatch(files, path, re.IGNORECASE):
                    yield from (call for key in keys for text in _texts(node, key) for call in calls_in(text.content.text, source, around))
            if re.fullmatch(BUILDKITE, path, re.IGNORECASE):
                yield from _compose_plugin(node, source)
            if re.fullmatch(CLOUD_BUILD, path, re.IGNORECASE):
                yield from _cloud_build(node, source)
            if re.fullmatch(CONCOURSE, path, re.IGNORECASE):
                yield from _concourse(node, source)


def _texts(node: Mapping, key: str) -> list[Scalar]:
    pair = node.get(key)
    value = pair.value if pair is not None else None
    items = [item.value for item in value.items] if isinstance(value, Sequence) else [value]
    return [item for item in items if isinstance(item, Scalar)]


def _cloud_build(node: Mapping, source: Source) -> Iterator[Call]:
    """A step that runs docker, or a shell that does."""
    args, name = _texts(node, "args"), text_at(node, "name") or ""
    around = Around("step of Cloud Build", (text_at(node, "dir") or ".",), IN_CLOUD_BUILD, IN_STEP)
    if args and "docker" in name and text_at(node, "entrypoint") in (None, "docker"):
        words = [Argument("docker", args[0].span), *(Argument(arg.text, arg.span) for arg in args)]
        found = tuple(call_of(words, source, around))
    elif args and "kaniko" not in name:
        found = tuple(calls_in(args[-1].content.text, source, around))
    else:
        found = ()
    yield from (replace(call, passes=tuple(map(_substituted, call.passes))) for call in found)


def _substituted(passed: Passed) -> Passed:
    """A value that is a substitution is in no environment by itself."""
    match = SUBSTITUTION.fullmatch(passed.value or "")
    if match is None:
        return passed
    given = f"{passed.name}=${{{match[1]}}} and DOCKER_BUILDKIT=1 under env: of the step"
    return replace(passed, suggestion=f"--secret id={ID},env={passed.name}, with {given}")


def _compose_plugin(node: Mapping, source: Source) -> Iterator[Call]:
    """A step's docker-compose plugin (buildkite-plugins/docker-compose-buildkite-plugin:README.md): the compose file builds."""
    for pair in node.pairs:
        if re.match(r"(?:\S*/)?docker-compose#", pair.name) and isinstance(pair.value, Mapping):
            words = [(text, text.text.partition("=")) for text in _texts(pair.value, "args")]
            passes = tuple(_argument(name, value if equals else None, text, source) for text, (name, equals, value) in words)
            yield from [Call("plugin of Buildkite", pair.span, source.line(pair.span.start), passes=passes)] if passes else []


def _argument(name: str, value: str | None, text: Scalar, source: Source) -> Passed:
    return Passed(
        name,
        text.span,
        source.line(text.span.start),
        value=value,
        credential=credential(value or ""),
        obstacle="the plugin passes no secrets: the compose file does",
        suggestion=IN_COMPOSE.replace(VARIABLE, variable(value, name)),
    )


def _concourse(node: Mapping, source: Source) -> Iterator[Call]:
    """The parameters of a task, as concourse/oci-build-task has them; its paths begin with an input's name."""
    passes = tuple(_parameter(pair.name.removeprefix(PARAMETER), pair, source) for pair in node.pairs if pair.name.startswith(PARAMETER))
    fed = tuple(match[1] for pair in node.pairs if (match := FED.fullmatch(pair.name)))
    if passes or fed:
        file, context = (text.partition("/")[2] or None if (text := text_at(node, key)) else None for key in ("DOCKERFILE", "CONTEXT"))
        yield Call(
            "task of Concourse",
            node.span,
            source.line(node.span.start),
            places=places((".",), file, context),
            passes=passes,
            feeds=fed,
            target=text_at(node, "TARGET"),
        )


def _parameter(name: str, pair: Pair, source: Source) -> Passed:
    value = pair.value.text if isinstance(pair.value, Scalar) else None
    return Passed(
        name,
        pair.span,
        source.line(pair.span.start),
        value=value,
        credential=credential(value or ""),
        obstacle="only oci-build-task has secrets among its parameters",
        suggestion=f"BUILDKIT_SECRETTEXT_{ID}: {expression(value)}",
    )
