"""Each shape has an example: what a file says of a build, what it passes, and what to put there."""

from __future__ import annotations

from pathlib import PurePosixPath
from textwrap import dedent
from typing import NamedTuple

import pytest

from codemod.callers import unknown
from codemod.callers.call import ID, Call, Engine, NotUnderstoodError, Tree
from codemod.callers.reported import descriptions
from codemod.callers.reported.shapes import calls_of, read
from codemod.text import Source
from tests.callers.reading import is_read_by

T = "NPM_TOKEN"


def calls(path: str, text: str) -> tuple[Call, ...]:
    return descriptions.calls(Source(PurePosixPath(path), text), Tree())


class Example(NamedTuple):
    """A file, and what its first call is: where, what it passes with its line and value, and what to put there for the first."""

    path: str
    text: str
    kind: str
    place: tuple[str, str | None] | None
    passes: list[tuple[str, int, str | None]]
    suggestion: str = ""
    feeds: tuple[str, ...] = ()
    target: str | None = None
    credential: str = ""
    blocks: str = ""
    engine: Engine = Engine.BUILDKIT


EXAMPLES = {
    "skaffold": Example(
        "deploy/skaffold.yaml",
        """\
        build:
          artifacts:
            - image: app
              context: ../app
              docker:
                dockerfile: docker/Dockerfile
                target: prod
                buildArgs:
                  VERSION: "1"
                  NPM_TOKEN: "{{.GITLAB_TOKEN}}"
                secrets:
                  - id: OTHER
                    env: OTHER
        """,
        "artifact of Skaffold",
        ("app/docker/Dockerfile", "app"),
        [("VERSION", 9, "1"), (T, 10, "{{.GITLAB_TOKEN}}")],
        "secrets: [{id: ID, env: GITLAB_TOKEN}] beside buildArgs:",
        feeds=("OTHER",),
        target="prod",
    ),
    "skaffold, a profile with kaniko": Example(
        "skaffold.yaml",
        """\
        profiles:
          - name: ci
            build:
              artifacts:
                - image: app
                  kaniko:
                    buildArgs: {NPM_TOKEN: "{{.NPM_TOKEN}}"}
        """,
        "kaniko artifact of Skaffold",
        ("Dockerfile", "."),
        [(T, 7, "{{.NPM_TOKEN}}")],
        blocks="kaniko",
    ),
    "goreleaser": Example(
        ".goreleaser.yml",
        """\
        dockers:
          - image_templates: ["app:{{ .Tag }}"]
            dockerfile: docker/Dockerfile
            build_flag_templates:
              - --pull
              - "--build-arg=VERSION={{.Version}}"
              - "--build-arg=NPM_TOKEN={{.Env.GH_PAT}}"
              - --secret=id=OTHER,env=OTHER
        """,
        "image of GoReleaser",
        ("docker/Dockerfile", None),
        [("VERSION", 6, "{{.Version}}"), (T, 7, "{{.Env.GH_PAT}}")],
        '"--secret=id=ID,env=GH_PAT"',
        feeds=("OTHER",),
    ),
    "goreleaser's second version": Example(
        "goreleaser.yaml",
        """\
        dockers_v2:
          - images: [app]
            build_args:
              NPM_TOKEN: "{{ .Env.NPM_TOKEN }}"
            flags: [--target=prod]
        """,
        "image of GoReleaser",
        ("Dockerfile", None),
        [(T, 4, "{{ .Env.NPM_TOKEN }}")],
        'flags: ["--secret=id=ID,env=NPM_TOKEN"]',
        target="prod",
    ),
    "devcontainer": Example(
        ".devcontainer/devcontainer.json",
        """\
        // for Codespaces
        {
          "name": "app", /* its "name" */
          "build": {
            "dockerfile": "Dockerfile",
            "context": "..",
            "args": {
              "NPM_TOKEN": "${localEnv:GH_PAT}", // "build": {}
            },
            "options": ["--build-arg=OTHER", "--secret=id=THIRD"],
          },
        }
        """,
        "dev container",
        (".devcontainer/Dockerfile", "."),
        [(T, 8, "${localEnv:GH_PAT}"), ("OTHER", 10, None)],
        '"options": ["--secret=id=ID,env=GH_PAT"] under "build"',
        feeds=("THIRD",),
    ),
    "devcontainer, the old way": Example(
        ".devcontainer.json",
        '{"dockerFile": "dev.Dockerfile", "build": {"args": {"NPM_TOKEN": "canary-1"}}}',
        "dev container",
        ("dev.Dockerfile", "."),
        [(T, 1, "canary-1")],
        '"options": ["--secret=id=ID,env=NPM_TOKEN"] under "build"',
    ),
    "a task of an editor": Example(
        ".vscode/tasks.json",
        """\
        {
          "tasks": [
            {
              "type": "docker-build",
              "dockerBuild": {
                "context": "${workspaceFolder}",
                "dockerfile": "${workspaceFolder}/app/Dockerfile",
                "buildArgs": {"NPM_TOKEN": "${env:NPM_TOKEN}"},
                "customOptions": "--build-arg OTHER=$OTHER --target prod"
              }
            }
          ]
        }
        """,
        "task of Visual Studio Code",
        ("app/Dockerfile", "."),
        [(T, 8, "${env:NPM_TOKEN}"), ("OTHER", 9, "$OTHER")],
        '"customOptions": "--secret id=ID,env=NPM_TOKEN"',
        target="prod",
    ),
    "a task of an editor that runs docker": Example(
        ".vscode/tasks.json",
        '{"tasks": [{"command": "docker", "args": ["build", "--build-arg", "NPM_TOKEN=${env:NPM_TOKEN}", "-f", "a/Dockerfile", "."]}]}',
        "task of Visual Studio Code",
        ("a/Dockerfile", "."),
        [(T, 1, "${env:NPM_TOKEN}")],
        "--secret id=ID,env=NPM_TOKEN",
    ),
    "nx-container": Example(
        "apps/api/project.json",
        """\
        {"targets": {"container": {
          "executor": "@nx-tools/nx-container:build",
          "options": {"file": "apps/api/Dockerfile", "build-args": ["NPM_TOKEN=$NPM_TOKEN", "OTHER"], "secrets": ["THIRD=$THIRD"]}
        }}}
        """,
        "target of nx-container",
        ("apps/api/Dockerfile", "."),
        [(T, 3, "$NPM_TOKEN"), ("OTHER", 3, None)],
        '"secrets": ["ID=${NPM_TOKEN}"]',
        feeds=("THIRD",),
    ),
    "nx-container, its own folder": Example(
        "apps/api/project.json",
        '{"targets": {"container": {"executor": "@nx-tools/nx-container:build", "options": {}}}}',
        "target of nx-container",
        ("apps/api/Dockerfile", "apps/api"),
        [],
    ),
    "okteto": Example(
        "okteto.yml",
        """\
        build:
          api:
            context: api
            args:
              NPM_TOKEN: ${NPM_TOKEN}
            secrets:
              npmrc: .npmrc
        """,
        "image of Okteto",
        ("api/Dockerfile", "api"),
        [(T, 5, "${NPM_TOKEN}")],
        "secrets: {ID: FILE} beside args:, with ${NPM_TOKEN} in FILE",
        feeds=("npmrc",),
    ),
    "okteto, a list": Example(
        "okteto.yml",
        """\
        build:
          api:
            args:
              - NPM_TOKEN=$NPM_TOKEN
              - name: OTHER
                value: ${X}
              - [odd]
        """,
        "image of Okteto",
        ("Dockerfile", "."),
        [(T, 4, "$NPM_TOKEN"), ("OTHER", 5, "${X}")],
        "secrets: {ID: FILE} beside args:, with ${NPM_TOKEN} in FILE",
    ),
    "devspace": Example(
        "devspace.yaml",
        """\
        images:
          app:
            dockerfile: ./app/Dockerfile
            context: ./app
            buildArgs:
              NPM_TOKEN: ${NPM_TOKEN}
            buildKit:
              args: ["--secret", "id=OTHER,env=OTHER"]
        """,
        "image of DevSpace",
        ("app/Dockerfile", "app"),
        [(T, 6, "${NPM_TOKEN}")],
        'buildKit: {args: ["--secret", "id=ID,env=NPM_TOKEN"]}',
        feeds=("OTHER",),
    ),
    "devspace with kaniko": Example(
        "devspace.yaml",
        "images:\n  app:\n    kaniko: {}\n    buildArgs: {NPM_TOKEN: $NPM_TOKEN}\n",
        "kaniko image of DevSpace",
        ("Dockerfile", "."),
        [(T, 4, "$NPM_TOKEN")],
        blocks="kaniko",
    ),
    "pulumi": Example(
        "infra/Pulumi.yaml",
        """\
        resources:
          image:
            type: docker-build:index:Image
            properties:
              context: {location: ../app}
              dockerfile: {location: ../app/Dockerfile}
              buildArgs:
                NPM_TOKEN: ${npmToken}
              secrets:
                OTHER: ${other}
        """,
        "image of Pulumi",
        ("app/Dockerfile", "app"),
        [(T, 8, "${npmToken}")],
        "secrets: {ID: ${npmToken}} beside buildArgs:",
        feeds=("OTHER",),
    ),
    "pulumi's first provider": Example(
        "Pulumi.yaml",
        """\
        resources:
          image:
            type: docker:Image
            properties:
              build: {context: app, args: {NPM_TOKEN: canary-1}}
        """,
        "image of Pulumi",
        ("app/Dockerfile", "app"),
        [(T, 5, "canary-1")],
        blocks="docker-build:Image",
    ),
    "ansible's first module": Example(
        "deploy.yml",
        """\
        - hosts: all
          tasks:
            - name: image
              community.docker.docker_image:
                name: app
                source: build
                build:
                  path: app
                  args:
                    NPM_TOKEN: "{{ lookup('hashi_vault', 'secret=npm') }}"
        """,
        "task of Ansible",
        ("app/Dockerfile", "app"),
        [(T, 10, "{{ lookup('hashi_vault', 'secret=npm') }}")],
        credential="lookup('hashi_vault')",
        blocks="docker_image_build",
    ),
    "ansible's first module, as it was": Example(
        "roles/app/tasks/main.yml",
        "- docker_image:\n    path: '{{ dir }}'\n    buildargs: {NPM_TOKEN: '{{ npm_token }}'}\n",
        "task of Ansible",
        None,
        [(T, 3, "{{ npm_token }}")],
        blocks="docker_image_build",
    ),
    "ansible": Example(
        "deploy.yml",
        """\
        - hosts: all
          tasks:
            - block:
                - community.docker.docker_image_build:
                    name: app
                    path: app
                    dockerfile: Containerfile
                    args:
                      NPM_TOKEN: "{{ vault_npm_token }}"
                    secrets:
                      - id: OTHER
                        type: value
                        value: "{{ other }}"
        """,
        "task of Ansible",
        ("app/Containerfile", "app"),
        [(T, 9, "{{ vault_npm_token }}")],
        'secrets: [{id: ID, type: value, value: "{{ vault_npm_token }}"}] beside args:',
        feeds=("OTHER",),
        credential="vault_npm_token",
    ),
    "a service in a file that is not called compose": Example(
        "deploy/stack.yml",
        """\
        services:
          web:
            build:
              context: ../web
              args:
                NPM_TOKEN: ${NPM_TOKEN}
        """,
        "service of a compose file by another name",
        ("web/Dockerfile", "web"),
        [(T, 6, "${NPM_TOKEN}")],
        "secrets: [ID] below build, and secrets: {ID: {environment: NPM_TOKEN}} at the top level",
    ),
    "a service whose context another file has": Example(
        "common.yml",
        """\
        services:
          base:
            build:
              args:
                - NPM_TOKEN
        """,
        "service of a compose file by another name",
        None,
        [(T, 5, None)],
        "secrets: [ID] below build, and secrets: {ID: {environment: NPM_TOKEN}} at the top level",
    ),
    "ansible with podman": Example(
        "deploy.yml",
        """\
        - containers.podman.podman_image:
            name: app
            path: app
            build:
              file: app/Dockerfile
              extra_args: --build-arg NPM_TOKEN=$NPM_TOKEN --pull
        """,
        "task of Ansible",
        ("app/Dockerfile", "app"),
        [(T, 6, "$NPM_TOKEN")],
        "--secret id=ID,env=NPM_TOKEN",
        engine=Engine.BUILDAH,
    ),
    "kamal": Example(
        "config/deploy.staging.yml",
        """\
        service: app
        builder:
          dockerfile: docker/Dockerfile
          args:
            NPM_TOKEN: <%= ENV["GH_PAT"] %>
          secrets:
            - OTHER
        """,
        "builder of Kamal",
        ("docker/Dockerfile", "."),
        [(T, 5, '<%= ENV["GH_PAT"] %>')],
        "secrets: [ID] under builder:, and ID=$GH_PAT in .kamal/secrets",
        feeds=("OTHER",),
    ),
    "heroku": Example(
        "heroku.yml",
        "build:\n  docker:\n    web: app/Dockerfile\n  config:\n    NPM_TOKEN: canary-1\n",
        "heroku.yml",
        ("app/Dockerfile", "app"),
        [(T, 5, "canary-1")],
        blocks="Heroku",
    ),
    "heroku with a target": Example(
        "heroku.yml",
        "build:\n  docker:\n    web:\n      dockerfile: Dockerfile\n      target: prod\n",
        "heroku.yml",
        ("Dockerfile", "."),
        [],
        target="prod",
        blocks="Heroku",
    ),
    "caprover": Example(
        "captain-definition",
        '{"schemaVersion": 2, "dockerfilePath": "./app/Dockerfile"}',
        "captain-definition of CapRover",
        ("app/Dockerfile", "."),
        [],
        blocks="CapRover",
    ),
    "railway": Example(
        "railway.json",
        '{"build": {"builder": "DOCKERFILE", "dockerfilePath": "a/Dockerfile"}}',
        "service of Railway",
        ("a/Dockerfile", "."),
        [],
        blocks="Railway",
    ),
    "railway, which finds a Dockerfile by itself": Example(
        "app/railway.json",
        '{"build": {"watchPatterns": ["a"]}}',
        "service of Railway",
        ("app/Dockerfile", "app"),
        [],
        blocks="Railway",
    ),
    "render": Example(
        "render.yaml",
        """\
        services:
          - type: web
            runtime: docker
            dockerfilePath: ./app/Dockerfile
            dockerContext: ./app
            envVars:
              - key: NPM_TOKEN
                sync: false
        """,
        "service of Render",
        ("app/Dockerfile", "app"),
        [(T, 7, None)],
        "in Render's dashboard a secret file of the name ID, instead of the variable",
    ),
    "render, as it was": Example(
        "render.yaml",
        "services:\n  - env: docker\n    envVars: [{key: NPM_TOKEN, value: canary-1}]\n",
        "service of Render",
        ("Dockerfile", "."),
        [(T, 3, "canary-1")],
        "in Render's dashboard a secret file of the name ID, instead of the variable",
    ),
    "digitalocean": Example(
        ".do/app.yaml",
        """\
        services:
          - name: web
            dockerfile_path: app/Dockerfile
            source_dir: app
            envs:
              - key: PORT
                scope: RUN_TIME
              - key: NPM_TOKEN
                type: SECRET
        """,
        "component of DigitalOcean's App Platform",
        ("app/Dockerfile", "app"),
        [(T, 8, None)],
        credential="a variable of type SECRET",
        blocks="DigitalOcean",
    ),
    "sam": Example(
        "template.yaml",
        """\
        Resources:
          Function:
            Type: AWS::Serverless::Function
            Properties:
              PackageType: Image
            Metadata:
              DockerContext: ./app
              DockerBuildTarget: prod
              DockerBuildArgs:
                NPM_TOKEN: !Ref NpmToken
        """,
        "function of AWS SAM",
        ("app/Dockerfile", "app"),
        [(T, 10, "!Ref NpmToken")],
        target="prod",
        blocks="AWS SAM",
    ),
    "copilot": Example(
        "copilot/api/manifest.yml",
        """\
        image:
          build:
            dockerfile: app/Dockerfile
            context: app
            args:
              NPM_TOKEN: ${NPM_TOKEN}
        """,
        "manifest of AWS Copilot",
        ("app/Dockerfile", "app"),
        [(T, 6, "${NPM_TOKEN}")],
        blocks="Copilot",
    ),
    "copilot, shortly": Example(
        "copilot/api/manifest.yml",
        "environments:\n  test:\n    image:\n      build: app/Dockerfile\n",
        "manifest of AWS Copilot",
        ("app/Dockerfile", "."),
        [],
        blocks="Copilot",
    ),
    "kaniko": Example(
        "k8s/build.yaml",
        """\
        kind: Job
        spec:
          template:
            spec:
              containers:
                - name: build
                  image: registry.example/kaniko-project/executor:v1.9
                  args:
                    - --context=dir:///workspace/app
                    - --dockerfile=app/Dockerfile
                    - --build-arg=NPM_TOKEN=$(NPM_TOKEN)
        """,
        "container of kaniko",
        ("app/Dockerfile", "app"),
        [(T, 11, "$(NPM_TOKEN)")],
        blocks="kaniko",
    ),
    "kaniko that has secrets": Example(
        "k8s/build.yaml",
        """\
        steps:
          - image: registry.example/osscontainertools/kaniko:v1.26.3
            args: ["--dockerfile=Dockerfile", "--build-arg", "NPM_TOKEN=$(params.token)", "--secret=id=OTHER,env=OTHER"]
        """,
        "container of kaniko",
        ("Dockerfile", "."),
        [(T, 3, "$(params.token)")],
        "--secret=id=ID,env=NPM_TOKEN",
        feeds=("OTHER",),
    ),
}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_what_a_file_says(example: Example) -> None:
    (call,) = calls(example.path, dedent(example.text))
    first = call.places[0] if call.places else None
    assert (call.kind, call.feeds, call.target, call.engine) == (example.kind, example.feeds, example.target, example.engine)
    assert (first and (first.dockerfile, first.context)) == example.place
    assert [(passed.name, passed.line, passed.value) for passed in call.passes] == example.passes
    assert (example.blocks in call.blocks) if example.blocks else not call.blocks
    assert all(passed.obstacle for passed in call.passes)
    moved = next((passed for passed in call.passes if passed.name == T), None)
    assert (moved.suggestion.replace(ID, "ID"), moved.credential) == (example.suggestion, example.credential) if moved else True


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_no_value_is_said(example: Example) -> None:
    for call in calls(example.path, dedent(example.text)):
        assert not any("canary" in passed.obstacle + passed.suggestion + passed.credential for passed in call.passes)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_windows_line_ends_change_nothing(example: Example) -> None:
    text = dedent(example.text)
    before, after = calls(example.path, text), calls(example.path, text.replace("\n", "\r\n"))
    assert [[(passed.name, passed.line) for passed in call.passes] for call in before] == [
        [(passed.name, passed.line) for passed in call.passes] for call in after
    ]


def test_each_shape_has_an_example() -> None:
    """Which the reader finds by this shape alone."""
    sources = [Source(PurePosixPath(example.path), dedent(example.text)) for example in EXAMPLES.values()]
    unseen = [shape for shape in descriptions.SHAPES if not any(list(calls_of((shape,), read(source), source)) for source in sources)]
    assert unseen == []


NONE = {
    "another artifact": ("skaffold.yaml", "build:\n  artifacts:\n    - image: a\n      ko: {}\n"),
    "a dev container of an image": ("devcontainer.json", '{"image": "a"}'),
    "a dev container of an image, in its place": (".devcontainer/devcontainer.json", '{"image": "a"}'),
    "another builder": ("railway.json", '{"build": {"builder": "NIXPACKS"}}'),
    "another runtime": ("render.yaml", "services:\n  - runtime: node\n    envVars: [{key: NPM_TOKEN}]\n"),
    "another component": (".do/app.yaml", "services:\n  - environment_slug: node\n"),
    "a pulled image": ("deploy.yml", "- docker_image:\n    name: a\n    source: pull\n"),
    "another container": ("k8s.yaml", "containers:\n  - image: a\n    args: [b]\n"),
    "another template of CloudFormation": ("template.yaml", "Resources:\n  A:\n    Metadata:\n      cfn-lint: {}\n"),
    "an image that is there": ("copilot/api/manifest.yml", "image:\n  location: a\n"),
    "nothing": ("a.yml", ""),
    "a word": ("heroku.yml", "build"),
    "another captain": ("captain-definition", '{"schemaVersion": 2, "imageName": "a"}'),
    "a process that is a list": ("heroku.yml", "build:\n  docker:\n    web: [a]\n"),
    "another command": (".vscode/tasks.json", '{"tasks": [{"command": "docker", "args": ["buildx", "version"]}]}'),
    "another executor": ("project.json", '{"targets": {"build": {"executor": "a:b"}}}'),
}


@pytest.mark.parametrize(("path", "text"), NONE.values(), ids=NONE)
def test_what_is_no_call(path: str, text: str) -> None:
    assert calls(path, text) == ()


def test_anchors_and_merges_are_followed() -> None:
    text = """\
x: &args
  NPM_TOKEN: $NPM_TOKEN
  A: c
y: &loop {<<: *loop}
build:
  api: &api
    context: api
    args:
      <<: [*args, *loop]
      A: b
  web:
    <<: *api
"""
    api, web = calls("okteto.yml", text)
    assert [(passed.name, passed.line) for passed in api.passes] == [("A", 10), (T, 2)]
    assert web.places == api.places
    assert web.passes == api.passes


def test_commands_in_yaml_that_nobody_knows() -> None:
    text = """\
run:
  - cd app && docker build --build-arg NPM_TOKEN=$NPM_TOKEN -f a/Dockerfile .
  - b
args: [docker, build, --build-arg, NPM_TOKEN, .]
"""
    first, second = calls("ci.yml", text)
    assert (first.kind, first.line, first.places[0].dockerfile) == (descriptions.KIND, 2, "app/a/Dockerfile")
    assert (first.passes[0].name, first.passes[0].value, first.passes[0].obstacle) == (T, "$NPM_TOKEN", unknown.WHY)
    assert (second.line, second.places[0].dockerfile, second.passes[0].value) == (4, "Dockerfile", None)


def test_what_only_looks_as_if_it_passed_one() -> None:
    (call,) = calls("codefresh.yml", "steps:\n  a:\n    type: build\n    build_arguments:\n      - NPM_TOKEN=${{NPM_TOKEN}}\n")
    assert (call.kind, call.line, call.passes[0].name, call.passes[0].obstacle) == (descriptions.KIND, 5, T, unknown.WHY)


def test_a_file_that_cannot_be_read() -> None:
    with pytest.raises(NotUnderstoodError) as raised:
        calls("render.yaml", "services:\n  - a: b: c\n")
    assert raised.value.line
    with pytest.raises(NotUnderstoodError):
        calls("project.json", '{"a": [}')
    with pytest.raises(NotUnderstoodError):
        calls("project.json", "[" * 3000 + "]" * 3000)


@pytest.mark.parametrize("path", ["a/b.yml", "project.json", "x/captain-definition", "railway.json", "A.YAML", "template.json"])
def test_files_by_their_paths(path: str) -> None:
    assert is_read_by("reported.descriptions", path)


@pytest.mark.parametrize("path", ["a.py", "Jenkinsfile", "a.toml"])
def test_other_files(path: str) -> None:
    assert not is_read_by("reported.descriptions", path)
