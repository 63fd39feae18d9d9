"""What builds the services: workflows, Makefiles, scripts, compose and bake files, as repositories have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from .services import Service
from .words import chance, sentence, version

Written = tuple[str, str]
"""A path from the root, and the text of the file."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of caller: where it stands, its text, and how it spells a build arg, of which there may be variants.

    `@…@` are a service's: `@folder@`, `@dockerfile@`, `@context@` from the root, `@file@` and `@around@` the latter two from the folder,
    `@flag@` a `-f` where one is needed there, `@in-context@` the Dockerfile from the context. `@args@` are the build args between `opening`
    and `closing`, where there are any, `@declared@` what has to stand elsewhere for them; `plain` is a build arg that is no secret.
    """

    share: int
    path: str
    text: str
    args: tuple[str, ...]
    opening: str = ""
    plain: str = ""
    closing: str = ""
    declared: str = ""


WORKFLOW = """\
name: @team@ @name@
on:
  push:
    branches: [main]
    paths:
      - '@folder@/**'
jobs:
  image:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v4
"""
ACTION = """\
      - uses: docker/setup-buildx-action@v3
      - uses: docker/login-action@v3
        with:
          registry: registry.example.com
          username: ${{ github.actor }}
          password: ${{ secrets.GITHUB_TOKEN }}
      - uses: docker/build-push-action@v6
        with:
          context: @context@
          file: @dockerfile@
          push: true
          tags: @image@:${{ github.sha }}
@args@"""
STEP = """\
      - name: Test
        run: make -C @folder@ test
      - name: Build
        run: |
          docker build -t @image@:${{ github.sha }}@args@ \\
            -f @dockerfile@ @context@
          docker push @image@:${{ github.sha }}
"""
MAKEFILE = """\
IMAGE ?= @image@
VERSION ?= $(shell git rev-parse --short HEAD)

.PHONY: build push test clean

test:
\tgo test ./... || npm test

build: ## @sentence@
\tdocker build -t $(IMAGE):$(VERSION)@flag@@args@ @around@

push: build
\tdocker push $(IMAGE):$(VERSION)

clean:
\trm -rf dist target
"""
BESIDE = """\
#!/usr/bin/env bash
# @sentence@
set -euo pipefail

cd "$(dirname "$0")"
VERSION="${1:-latest}"

docker build@args@ \\
  -t "@image@:$VERSION"@flag@ @around@
docker push "@image@:$VERSION"
"""
SCRIPT = """\
#!/usr/bin/env bash
# @sentence@
set -euo pipefail

VERSION="$(git describe --tags --always)"
docker buildx build --push@args@ \\
  -t "@image@:$VERSION" -f @dockerfile@ @context@
"""
PACKAGE = """\
{
  "name": "@harbour/@name@",
  "version": "@version@",
  "private": true,
  "scripts": {
    "build": "tsc -p .",
    "test": "jest",
    "docker:build": "docker build@args@ -t @image@@flag@ @around@"
  },
  "dependencies": {}
}
"""
PROGRAM = '''\
"""@sentence@."""

import os
import subprocess
import sys


def build(tag: str) -> None:
    """@sentence@."""
    subprocess.run(
        [
            "docker",
            "build",
            "-t",
            f"@image@:{tag}",
@args@            "-f",
            "@dockerfile@",
            "@context@",
        ],
        check=True,
    )


if __name__ == "__main__":
    print(os.getcwd())
    build(sys.argv[1])
'''
BAKE = """\
# @sentence@
@declared@group "default" {
  targets = ["@name@"]
}

target "@name@" {
  context = "@around@"
  dockerfile = "@in-context@"
  tags = ["@image@:latest"]
@args@}
"""
GITLAB = """\
image:
  name: docker:27
services:
  - docker:27-dind
stages: [test, build]

test:
  stage: test
  script:
    - make -C @folder@ test

build:
  stage: build
  script:
    - docker build@args@ -t @image@:$CI_COMMIT_SHA -f @dockerfile@ @context@
    - docker push @image@:$CI_COMMIT_SHA
"""
CIRCLE = """\
version: 2.1
jobs:
  image:
    docker:
      - image: cimg/base:current
    steps:
      - checkout
      - setup_remote_docker
      - run:
          name: @sentence@
          command: |
            docker build@args@ -t @image@:$CIRCLE_SHA1 -f @dockerfile@ @context@
            docker push @image@:$CIRCLE_SHA1
"""
JENKINSFILE = """\
pipeline {
  agent any
  stages {
    stage('Image') {
      steps {
        sh 'docker build@args@ -t @image@ -f @dockerfile@ @context@'
      }
    }
  }
}
"""
COMPOSED = """\
  @name@:
    build:
      context: @from@
      dockerfile: @in-context@
@args@    image: @image@
    environment:
      LOG_LEVEL: info
    ports:
      - "@port@:8080"
"""
DATABASE = """\
  postgres:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}
"""
COMMAND = (" --build-arg @arg@=$@arg@", " --build-arg @arg@")
COMPOSE = Kind(12, "", COMPOSED, ("        @arg@: ${@arg@}\n",), "      args:\n")
KINDS = (
    Kind(28, ".github/workflows/@team@-@name@.yml", WORKFLOW + ACTION, ("            @arg@=${{ secrets.@arg@ }}\n",), "          build-args: |\n", "            VERSION=${{ github.sha }}\n"),
    Kind(12, ".github/workflows/@team@-@name@.yaml", WORKFLOW + STEP, (" \\\n            --build-arg @arg@=${{ secrets.@arg@ }}",), plain=" --build-arg VERSION=${{ github.ref_name }}"),
    Kind(16, "@folder@/Makefile", MAKEFILE, (" \\\n\t\t--build-arg @arg@=$(@arg@)", " --build-arg @arg@=$${@arg@}", " --build-arg @arg@"), plain=" --build-arg VERSION=$(VERSION)"),
    Kind(9, "@folder@/build.sh", BESIDE, (' \\\n  --build-arg @arg@="$@arg@"', " --build-arg @arg@=${@arg@}", " --build-arg @arg@"), plain=' --build-arg VERSION="$VERSION"'),
    Kind(9, "scripts/build-@team@-@name@.sh", SCRIPT, (' \\\n  --build-arg "@arg@=$@arg@"', " --build-arg @arg@"), plain=' --build-arg VERSION="$VERSION"'),
    COMPOSE,
    Kind(4, "@folder@/package.json", PACKAGE, COMMAND, plain=" --build-arg NODE_ENV=production"),
    Kind(3, "scripts/build_@team@_@name@.py", PROGRAM, ('            "--build-arg",\n            f"@arg@={os.environ[\'@arg@\']}",\n',), plain='            "--pull",\n'),
    Kind(4, "@folder@/docker-bake.hcl", BAKE, ("    @arg@ = @arg@\n",), "  args = {\n", '    NODE = "20"\n', "  }\n", 'variable "@arg@" {}\n\n'),
    Kind(3, "@folder@/.gitlab-ci.yml", GITLAB, COMMAND, plain=" --build-arg VERSION=$CI_COMMIT_TAG"),
    Kind(2, "@folder@/.circleci/config.yml", CIRCLE, COMMAND),
    Kind(1, "@folder@/Jenkinsfile", JENKINSFILE, COMMAND),
)  # fmt: skip
# how often a call passes a build arg that is no secret
PLAIN = 0.3
BUILD_ALL = """\
#!/usr/bin/env bash
# @sentence@
set -euo pipefail
for folder in services/*/*/; do
  docker build -t "registry.example.com/harbour/$(basename "$folder"):dev" "$folder"
done
"""
MATRIX = """\
on: workflow_dispatch
jobs:
  image:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        folder: [@folders@]
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          context: ${{ matrix.folder }}
          push: false
"""
MAKE_ALL = """\
SERVICES := @folders@

.PHONY: images $(SERVICES)
images: $(SERVICES)

$(SERVICES):
\tdocker build -t registry.example.com/harbour/$(notdir $@):dev $@
"""


def of_all(random: Random, services: Sequence[Service]) -> Iterator[Written]:
    """The callers at the root of the tree: they build many services, and pass them nothing."""
    some = [service for service in services if not service.passed and service.file == "Dockerfile" and service.around == "."][:20]
    yield "scripts/build-all.sh", BUILD_ALL.replace("@sentence@", sentence(random))
    yield ".github/workflows/images.yml", MATRIX.replace("@folders@", ", ".join(service.folder for service in some))
    yield "Makefile", MAKE_ALL.replace("@folders@", " ".join(service.folder for service in some))
    yield "compose.yaml", _composed(random, some, "")


def caller(random: Random, services: Sequence[Service]) -> Written:
    """A file that builds the first of `services`, or, where its kind builds several, all of them."""
    first, kind = services[0], random.choices(KINDS, [each.share for each in KINDS])[0]
    if kind is not COMPOSE:
        return _filled(random, kind.path, first, ""), _filled(random, kind.text, first, _args(random, kind, first), kind.declared)
    if len(services) == 1:
        return f"{first.folder}/docker-compose.yml", _composed(random, services, None)
    return f"deploy/{first.team}-{first.name}/compose.yaml", _composed(random, services, "../../")


def _composed(random: Random, services: Sequence[Service], up: str | None) -> str:
    """A compose file; `up` leads from its folder to the root, None where it stands beside the one Dockerfile."""
    blocks = []
    for service in services:
        block = _filled(random, COMPOSED, service, _args(random, COMPOSE, service))
        blocks.append(block.replace("@from@", service.around if up is None else f"{up}{service.context}"))
    return "".join(["services:\n", *blocks, DATABASE])


def _args(random: Random, kind: Kind, service: Service) -> str:
    form = random.choice(kind.args)
    given = [form.replace("@arg@", name) for name in service.passed]
    if kind.plain and chance(random, PLAIN):
        given.insert(0, kind.plain)
    return "".join([kind.opening, *given, kind.closing]) if given else ""


def _filled(random: Random, text: str, service: Service, args: str, declared: str = "") -> str:
    flag = "" if service.file == "Dockerfile" and service.around == "." else f" -f {service.file}"
    words = {
        "args": args, "declared": "".join(declared.replace("@arg@", name) for name in service.passed), "team": service.team, "name": service.name,
        "folder": service.folder, "dockerfile": service.dockerfile, "context": service.context, "file": service.file, "around": service.around,
        "flag": flag, "image": service.image, "in-context": service.file if service.around == "." else service.dockerfile,
        "sentence": sentence(random), "version": version(random), "port": str(random.randrange(3000, 9999)),
    }  # fmt: skip
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text
