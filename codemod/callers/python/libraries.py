"""Tables: the libraries for Python that build images, how their calls are known, and which of them can be given a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from codemod.callers.call import ID
from codemod.callers.python.runs import keyword
from codemod.callers.python.tree import PythonFile
from codemod.callers.shell.build_tools import COMPOSE, IN_COMPOSE, VARIABLE


@dataclass(frozen=True, slots=True)
class Library:
    """A library's way to build.

    `build_args`, `context` and `dockerfile` are the names, or places, of its arguments; `in_context` says that the Dockerfile is
    seen from the context. Where a secret can only be given by hand `obstacle` says why, and `suggestion` how; what can be given
    none `blocks`, and says the way out.
    """

    name: str
    build_args: tuple[str, ...] = ("build_args",)
    context: tuple[str | int, ...] = (0,)
    dockerfile: tuple[str | int, ...] = ()
    in_context: bool = False
    obstacle: str = ""
    suggestion: str = ""
    blocks: str = ""
    has_places: bool = True


SPEC = f'secrets=["id={ID},env={VARIABLE}"]'
API = "builds through the Engine API, which has no BuildKit secrets: run docker build --secret with subprocess, or use python-on-whales"

WHALES = Library("python-on-whales", context=("context_path", 0), dockerfile=("file",), suggestion=SPEC)
SOME_WHALES = Library(
    "python-on-whales",
    context=("context_path", 0),
    dockerfile=("file",),
    obstacle="which client this is, and with what environment, is not seen here",
    suggestion=SPEC,
)
LEGACY_WHALES = Library(
    "python-on-whales' legacy_build",
    context=("context_path", 0),
    dockerfile=("file",),
    blocks="legacy_build builds without BuildKit, which alone has secrets: use build",
)
COMPOSE_WHALES = Library("python-on-whales' compose", obstacle=COMPOSE, suggestion=IN_COMPOSE, has_places=False)
DOCKER = Library(
    "docker-py", build_args=("buildargs",), context=("path", 0), dockerfile=("dockerfile",), in_context=True, blocks=f"docker-py {API}"
)
AIODOCKER = Library("aiodocker", build_args=("buildargs",), dockerfile=("path_dockerfile",), blocks=f"aiodocker {API}")
TESTCONTAINERS = Library(
    "testcontainers",
    build_args=("buildargs",),
    context=("path", 0),
    dockerfile=("dockerfile_path",),
    in_context=True,
    blocks="testcontainers builds through the Engine API, which has no BuildKit secrets: build the image first, with docker build --secret",
)
PREFECT = Library(
    "Prefect",
    build_args=("buildargs",),
    context=("path", "context"),
    dockerfile=("dockerfile",),
    blocks="Prefect builds through the Engine API, which has no BuildKit secrets: build and push the image first, with build=False",
)
PULUMI_DOCKER = Library(
    "pulumi-docker",
    build_args=("args", "build_args"),
    context=("context",),
    dockerfile=("dockerfile",),
    blocks="pulumi_docker can be given no secret: use Image of pulumi_docker_build, with secrets",
)
PULUMI = Library(
    "pulumi-docker-build",
    context=(),
    has_places=False,
    obstacle="Pulumi's secrets are given with their values, as outputs",
    suggestion=f'secrets={{"{ID}": …}}',
)
CDK = Library(
    "AWS CDK",
    context=("directory", "path", 2, 0),
    dockerfile=("file",),
    in_context=True,
    obstacle="CDK's secrets are an argument of their own",
    suggestion=f'build_secrets={{"{ID}": "env={VARIABLE}"}}',
)
DAGGER = Library(
    "Dagger",
    context=(),
    has_places=False,
    obstacle="Dagger's secrets are objects of its own",
    suggestion=f'secrets=[dag.set_secret("{ID}", …)]',
)
UNKNOWN = Library(
    "Python program",
    build_args=("build_args", "buildargs"),
    context=(),
    has_places=False,
    obstacle="what this function does with build args is not known here",
    suggestion=f"--secret id={ID},env={VARIABLE} of the build that it runs",
)

# by the whole name that an import gives
BY_NAME = (
    (re.compile(r"python_on_whales\.(?:docker|DockerClient)\.(?:(?:buildx|image)\.)?build"), WHALES),
    (re.compile(r"python_on_whales\.docker\.(?:image\.)?legacy_build"), LEGACY_WHALES),
    (re.compile(r"python_on_whales\.docker\.compose\.build"), COMPOSE_WHALES),
    (re.compile(r"testcontainers\.(?:\w+\.)*DockerImage"), TESTCONTAINERS),
    (re.compile(r"prefect(?:_docker)?\.(?:\w+\.)*(?:DockerImage|DeploymentImage|build_docker_image|build_image)"), PREFECT),
    (re.compile(r"pulumi_docker\.(?:DockerBuildArgs|DockerBuild)"), PULUMI_DOCKER),
    (re.compile(r"pulumi_docker_build\..*"), PULUMI),
    (re.compile(r"aws_cdk\..*"), CDK),
)
WHALE = re.compile(r"python_on_whales\.DockerClient")
DOCKER_PY = re.compile(r"docker(?:\.client)?\.(?:from_env|DockerClient(?:\.from_env)?|APIClient|Client)|docker\.api\.client\.APIClient")


def library(file: PythonFile, call: cst.Call) -> Library | None:
    """The library that a call leaves a build to; None where it is none that builds."""
    names = file.names(call.func)
    known = next((found for pattern, found in BY_NAME for name in names if pattern.fullmatch(name)), None)
    if known is not None:
        return known if known in {WHALES, LEGACY_WHALES, TESTCONTAINERS, PREFECT} or _has_build_args(call, known) else None
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    if isinstance(call.func, cst.Attribute) and method in {"build", "legacy_build"}:
        found = _method(file, call, call.func)
        if found is not None:
            return found
    if method == "docker_build" and _has_build_args(call, DAGGER):
        return DAGGER
    return UNKNOWN if _has_dict(call) else None


def _method(file: PythonFile, call: cst.Call, function: cst.Attribute) -> Library | None:
    """The library whose client's `build` is called."""
    made, way = _client(file, function.value)
    if made is not None and WHALE.fullmatch(made):
        legacy = function.attr.value == "legacy_build"
        return LEGACY_WHALES if legacy else COMPOSE_WHALES if way[-1:] == ("compose",) else WHALES
    if made is not None and DOCKER_PY.fullmatch(made):
        return DOCKER
    if function.attr.value == "legacy_build":
        return LEGACY_WHALES
    imports = imported(file)
    if "aiodocker" in imports and way[-1:] == ("images",):
        return AIODOCKER
    if keyword(call, "buildargs") is not None or ("docker" in imports and way[-1:] in {("images",), ("api",)}):
        return DOCKER
    return SOME_WHALES if "python_on_whales" in imports and (way or _has_build_args(call, WHALES)) else None


def _client(file: PythonFile, node: cst.BaseExpression) -> tuple[str | None, tuple[str, ...]]:
    """What made the client that a method is of, and the attributes on the way to the method."""
    way: tuple[str, ...] = ()
    while isinstance(node, cst.Attribute):
        way = (node.attr.value, *way)
        node = node.value
    made = file.value(node)
    names = file.names(made.func) if isinstance(made, cst.Call) and not _is_another(made) else frozenset[str]()
    return (next(iter(names)) if len(names) == 1 else None), way


def _is_another(call: cst.Call) -> bool:
    """Whether a client is told to call something else than docker."""
    return keyword(call, "client_call") is not None


def imported(file: PythonFile) -> frozenset[str]:
    """The packages that a file imports."""
    aliases = (file.text(alias.name) for node in file.every(cst.Import) for alias in node.names)
    modules = (file.text(node.module) for node in file.every(cst.ImportFrom) if node.module is not None)
    return frozenset(name.partition(".")[0] for name in (*aliases, *modules))


def _has_build_args(call: cst.Call, of: Library) -> bool:
    return any(keyword(call, name) is not None for name in of.build_args)


def _has_dict(call: cst.Call) -> bool:
    given = (keyword(call, name) for name in UNKNOWN.build_args)
    return any(arg is not None and isinstance(arg.value, cst.Dict) and arg.value.elements for arg in given)
