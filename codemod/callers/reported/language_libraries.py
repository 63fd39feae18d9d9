"""Table: libraries of other languages that build images, and what of a secret they can be given."""

from __future__ import annotations

import re
from dataclasses import dataclass

from codemod.callers.call import ID
from codemod.callers.shell.build_tools import VARIABLE


@dataclass(frozen=True, slots=True)
class Library:
    """A library: `says` stands in a file that uses it, `begins` where it builds.

    `context` and `dockerfile` are the words before the strings that say where these are; `in_context` where the Dockerfile is seen
    from the context. What can be given a secret by hand alone has an `obstacle` and a `suggestion`, what never can, `blocks`.
    """

    name: str
    says: re.Pattern[str]
    begins: re.Pattern[str]
    context: str = r"(?!)"
    dockerfile: str = r"(?!)"
    in_context: bool = True
    obstacle: str = ""
    suggestion: str = ""
    blocks: str = ""


API = "builds through the Engine API, without BuildKit's secrets: run docker build --secret instead"
FIRST = "builds through the Engine API, without BuildKit's secrets: build the image first, with docker build --secret"


def _blocking(name: str, says: str, begins: str, why: str = API, **words: str) -> Library:
    return Library(name, re.compile(says), re.compile(begins), blocks=f"{name} {why}", **words)  # type: ignore[arg-type]


LIBRARIES = (
    _blocking("dockerode", r"[\"']dockerode[\"']", r"\.buildImage\s*\(", context=r"\bcontext\s*:\s*", dockerfile=r"\bdockerfile\s*:\s*"),
    _blocking(
        "testcontainers",
        r"[\"']testcontainers[\"']",
        r"\.fromDockerfile\s*\(",
        FIRST,
        context=r"\.fromDockerfile\s*\(\s*",
        dockerfile=r"\.fromDockerfile\s*\([^()\n]*,\s*",
    ),
    _blocking(
        "testcontainers-go",
        r"testcontainers/testcontainers-go",
        r"\bFromDockerfile\s*[:{(]",
        FIRST,
        context=r"\bContext\s*:\s*",
        dockerfile=r"\bDockerfile\s*:\s*",
    ),
    _blocking(
        "the Engine's Go client",
        r"docker/docker/client|moby/moby/client|docker/engine-api",
        r"\.ImageBuild\s*\(|\bImageBuildOptions\s*\{",
        dockerfile=r"\bDockerfile\s*:\s*",
    ),
    _blocking(
        "go-dockerclient",
        r"fsouza/go-dockerclient",
        r"\bBuildImageOptions\s*\{",
        context=r"\bContextDir\s*:\s*",
        dockerfile=r"\bDockerfile\s*:\s*",
    ),
    _blocking("bollard", r"\bbollard\b", r"\bBuildImageOptions(?:Builder)?\b[^{(\n]*[{(]", dockerfile=r"\bdockerfile\s*[:(]\s*"),
    _blocking(
        "Testcontainers",
        r"\borg\.testcontainers\b",
        r"\bImageFromDockerfile\s*\(",
        FIRST,
        context=r"\.withFileFromPath\([^,()]*,\s*(?:Paths?\.(?:get|of)\(\s*)?",
        dockerfile=r"\.withDockerfile\(\s*(?:Paths?\.(?:get|of)\(\s*)?",
    ),
    _blocking(
        "docker-java",
        r"com\.github\.dockerjava",
        r"\.buildImageCmd\s*\(",
        context=r"\.withBaseDirectory\(\s*(?:new\s+File\(\s*)?",
        dockerfile=r"\.withDockerfile(?:Path)?\(\s*(?:new\s+File\(\s*)?",
    ),
    _blocking("Spotify's docker-client", r"com\.spotify\.docker", r"\.build\s*\("),
    _blocking("Docker.DotNet", r"\bDocker\.DotNet\b", r"\bImageBuildParameters\b", dockerfile=r"\bDockerfile\s*=\s*"),
    _blocking(
        "Testcontainers for .NET",
        r"\bDotNet\.Testcontainers\b|\bImageFromDockerfileBuilder\b",
        r"\bImageFromDockerfileBuilder\s*\(",
        FIRST,
        dockerfile=r"\.WithDockerfile\(\s*",
    ),
    _blocking("docker-api", r"require\s+[\"']docker[\"']", r"\bDocker::Image\.build\w*", context=r"\.build_from_dir\(?\s*"),
    _blocking(
        "@pulumi/docker",
        r"[\"']@pulumi/docker[\"']|pulumi-docker/sdk",
        r"\bdocker\.(?:New)?Image\s*\(",
        "can be given no secret: use @pulumi/docker-build, with secrets",
    ),
    Library(
        "Pulumi",
        re.compile(r"[\"']@pulumi/docker-build[\"']|pulumi-docker-build/sdk"),
        re.compile(r"\b\w+\.(?:New)?Image\s*\("),
        obstacle="Pulumi's secrets are given with their values, as outputs",
        suggestion=f"secrets: {{ {ID}: … }}",
    ),
    Library(
        "AWS CDK",
        re.compile(r"[\"'](?:aws-cdk-lib|@aws-cdk)[/\"']|\bamazon\.awscdk\b|aws-cdk-go"),
        re.compile(r"\b(?:DockerImageAsset|(?:from|From)\w*Asset|fromBuild|DockerImage\w*)\s*\("),
        context=r"(?:Asset\s*\(|\bdirectory\s*:|fromBuild\s*\()\s*(?:path\.(?:join|resolve)\(\s*__dirname\s*,\s*)?",
        dockerfile=r"\bfile\s*:\s*",
        obstacle="CDK's secrets are a property of their own",
        suggestion=f'buildSecrets: {{ {ID}: "env={VARIABLE}" }}',
    ),
)  # fmt: skip
