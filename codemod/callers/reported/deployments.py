"""Table: files of platforms that build an image from a Dockerfile and deploy it."""

from __future__ import annotations

from codemod.callers.call import ID
from codemod.callers.reported.shapes import Seen, Shape
from codemod.callers.shell.build_tools import VARIABLE

YAML = r".*\.ya?ml"
KANIKO = "Google's kaniko ignores secret mounts: build with BuildKit, or with osscontainertools/kaniko 1.26.3 or later"
IMAGE_FIRST = "build the image first, with docker build, and deploy that"
RAILWAY = f"Railway gives a Dockerfile its variables as build args, and no secrets: {IMAGE_FIRST}"

SHAPES = (
    Shape(  # basecamp/kamal:lib/kamal/configuration/docs/builder.yml
        "builder of Kamal",
        r"(?:.*/)?config/deploy[^/]*\.ya?ml",
        "builder",
        args=("args",),
        dockerfile=("dockerfile",),
        context=("context",),
        target=("target",),
        feeds=("secrets/*",),
        folder="..",
        obstacle="Kamal takes the values of secrets from .kamal/secrets",
        suggestion=f"secrets: [{ID}] under builder:, and {ID}=${VARIABLE} in .kamal/secrets",
    ),
    Shape(
        "heroku.yml",
        r"(?:.*/)?heroku\.ya?ml",
        r"build/docker/[^/]+",
        args=("/build/config",),
        dockerfile=("", "dockerfile"),
        target=("target",),
        seen=Seen.ITSELF,
        blocks=f"Heroku builds without BuildKit, and so without secrets: {IMAGE_FIRST}",
    ),
    Shape(
        "captain-definition of CapRover",
        r"(?:.*/)?captain-definition(?:\.json)?",
        "",
        dockerfile=("dockerfilePath",),
        one_of=("dockerfilePath",),
        blocks=f"CapRover builds without BuildKit, and so without secrets: {IMAGE_FIRST}",
    ),
    *(
        Shape(
            "service of Railway",
            r"(?:.*/)?railway[^/]*\.json",
            "build",
            dockerfile=("dockerfilePath",),
            needs=needs,
            lacks=lacks,
            blocks=RAILWAY,
        )
        for needs, lacks in (((("builder", "(?i)^dockerfile$"),), ()), ((), ("builder",)))
    ),
    *(
        Shape(
            "service of Render",
            r"(?:.*/)?render\.ya?ml",
            r"(?:.*/)?services/\d+",
            args=("envVars",),
            dockerfile=("dockerfilePath",),
            context=("dockerContext",),
            needs=((key, "^docker$"),),
            obstacle="Render passes variables as build args, and only its secret files as secrets",
            suggestion=f"in Render's dashboard a secret file of the name {ID}, instead of the variable",
        )
        for key in ("runtime", "env")
    ),
    Shape(
        "component of DigitalOcean's App Platform",
        r"(?:.*/)?(?:\.do/.*|app-?spec[^/]*|app)\.ya?ml",
        r"(?:spec/)?(?:services|jobs|workers|static_sites)/\d+",
        args=("envs", "/envs", "/spec/envs"),
        dockerfile=("dockerfile_path",),
        context=("source_dir",),
        one_of=("dockerfile_path",),
        seen=Seen.ROOT,
        skips=("scope", "RUN_TIME"),
        blocks=f"DigitalOcean's App Platform passes variables as build args, and no secrets: {IMAGE_FIRST}",
    ),
    Shape(  # aws/aws-sam-cli:samcli/lib/build/app_builder.py
        "function of AWS SAM",
        r".*\.(?:ya?ml|json|template)",
        r"Resources/[^/]+/Metadata",
        says="Docker",
        args=("DockerBuildArgs",),
        dockerfile=("Dockerfile",),
        context=("DockerContext",),
        target=("DockerBuildTarget",),
        one_of=("DockerContext", "Dockerfile", "DockerBuildArgs"),
        seen=Seen.CONTEXT,
        blocks=f"AWS SAM can pass no secret to a Dockerfile: {IMAGE_FIRST}, with ImageUri",
    ),
    Shape(  # aws/copilot-cli:internal/pkg/docker/dockerengine/dockerengine.go
        "manifest of AWS Copilot",
        r"(?:.*/)?copilot/[^/]+/manifest\.ya?ml",
        r"(?:environments/[^/]+/)?(?:sidecars/[^/]+/)?image/build",
        args=("args",),
        dockerfile=("", "dockerfile"),
        context=("context",),
        target=("target",),
        folder="../..",
        blocks=f"AWS Copilot can pass no secret to a Dockerfile: {IMAGE_FIRST}, with image.location",
    ),
    Shape(
        "container of kaniko",
        YAML,
        ".*",
        says="kaniko",
        flags=("args",),
        program="kaniko",
        needs=(("image", r"^(?!.*(?:osscontainertools|martizih)).*(?:kaniko-project/executor|kaniko.*executor)"),),
        folder="/",
        blocks=KANIKO,
    ),
    Shape(  # osscontainertools/kaniko:README.md
        "container of kaniko",
        YAML,
        ".*",
        says="kaniko",
        flags=("args",),
        program="docker run osscontainertools/kaniko",
        needs=(("image", "(?:osscontainertools|martizih)/kaniko"),),
        folder="/",
        obstacle="osscontainertools/kaniko takes secrets from 1.26.3 on",
        suggestion=f"--secret=id={ID},env={VARIABLE}",
    ),
)
