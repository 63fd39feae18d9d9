"""What builds the services: workflows, Makefiles, scripts, compose and bake files, as repositories have them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random

from .services import Service
from .words import sentence, version

Written = tuple[str, str]
"""A path from the root, and the text of the file."""


def caller(random: Random, services: Sequence[Service]) -> Written:
    """A file that builds the first of `services`, or, where its kind builds several, all of them."""
    kind = random.choices([kind for kind, _ in KINDS], [share for _, share in KINDS])[0]
    return kind(random, services)


def _given(random: Random, service: Service, joint: str, form: str) -> str:
    """The build args of a command line, each in `form`; most builds pass nothing, or a version."""
    plain = [form.replace("@name@", name) for name in service.passed]
    version_of = ["--build-arg VERSION=" + random.choice(("$VERSION", version(random)))] if random.random() < 0.25 else []
    return "".join(f"{joint}{each}" for each in (*version_of, *plain))


def _file_flag(service: Service, folder: str) -> str:
    return (
        ""
        if (service.file == "Dockerfile" and folder != ".")
        else f" -f {f'{service.folder}/{service.file}' if folder == '.' else service.file}"
    )


# --- GitHub -----------------------------------------------------------------------------------------------------------------


def _workflow(random: Random, service: Service, steps: str) -> Written:
    head = f"name: {service.team} {service.name}\non:\n  push:\n    branches: [main]\n    paths:\n      - '{service.folder}/**'\n"
    test = "      - name: Test\n        run: make test\n" if random.random() < 0.4 else ""
    job = f"jobs:\n  image:\n    runs-on: ubuntu-latest\n    permissions:\n      contents: read\n    steps:\n      - uses: actions/checkout@v4\n{test}"
    return f".github/workflows/{service.team}-{service.name}.yml", head + job + steps


def _action(random: Random, services: Sequence[Service]) -> Written:
    service = services[0]
    passed = [f"{name}=${{{{ secrets.{name} }}}}" for name in service.passed]
    passed = ["VERSION=${{ github.sha }}", *passed] if random.random() < 0.4 else passed
    build_args = "          build-args: |\n" + "".join(f"            {each}\n" for each in passed) if passed else ""
    steps = (
        "      - uses: docker/setup-buildx-action@v3\n"
        "      - uses: docker/login-action@v3\n        with:\n          registry: registry.example.com\n"
        "          username: ${{ github.actor }}\n          password: ${{ secrets.GITHUB_TOKEN }}\n"
        f"      - uses: docker/build-push-action@v6\n        with:\n          context: {service.folder}\n          file: {service.dockerfile}\n"
        f"          push: true\n          tags: {service.image}:${{{{ github.sha }}}}\n{build_args}"
    )
    return _workflow(random, service, steps)


def _run_step(random: Random, services: Sequence[Service]) -> Written:
    service = services[0]
    given = _given(random, service, " \\\n            ", "--build-arg @name@=${{ secrets.@name@ }}")
    steps = (
        f"      - name: Build\n        run: |\n          docker build -t {service.image}:${{{{ github.sha }}}}{given} \\\n"
        f"            -f {service.dockerfile} {service.folder}\n          docker push {service.image}:${{{{ github.sha }}}}\n"
    )
    return _workflow(random, service, steps)


# --- command lines ----------------------------------------------------------------------------------------------------------


def _makefile(random: Random, services: Sequence[Service]) -> Written:
    service = services[0]
    given = _given(
        random, service, " \\\n\t\t", random.choice(("--build-arg @name@=$(@name@)", "--build-arg @name@=$${@name@}", "--build-arg @name@"))
    )
    text = (
        f"IMAGE ?= {service.image}\nVERSION ?= $(shell git rev-parse --short HEAD)\n\n.PHONY: build push test clean\n\n"
        f"test:\n\tgo test ./... || npm test\n\nbuild: ## {sentence(random, 6)}\n\tdocker build -t $(IMAGE):$(VERSION){_file_flag(service, service.folder)}{given} .\n\n"
        "push: build\n\tdocker push $(IMAGE):$(VERSION)\n\nclean:\n\trm -rf dist target\n"
    )
    return f"{service.folder}/Makefile", text


def _script(random: Random, services: Sequence[Service]) -> Written:
    service = services[0]
    given = _given(
        random, service, " \\\n  ", random.choice(('--build-arg @name@="$@name@"', "--build-arg @name@=${@name@}", "--build-arg @name@"))
    )
    head = f"#!/usr/bin/env bash\n# {sentence(random)}\nset -euo pipefail\n\n"
    if random.random() < 0.5:
        own = f'cd "$(dirname "$0")"\nVERSION="${{1:-latest}}"\n\ndocker build{given} \\\n  -t "{service.image}:$VERSION"{_file_flag(service, service.folder)} .\n'
        return f"{service.folder}/build.sh", f'{head}{own}docker push "{service.image}:$VERSION"\n'
    text = f'VERSION="$(git describe --tags --always)"\ndocker buildx build --push{given} \\\n  -t "{service.image}:$VERSION" -f {service.dockerfile} {service.folder}\n'
    return f"scripts/build-{service.team}-{service.name}.sh", head + text


def _package_json(random: Random, services: Sequence[Service]) -> Written:
    service = services[0]
    given = "".join(f" --build-arg {name}=${name}" for name in service.passed)
    scripts = {
        "build": "tsc -p .",
        "test": "jest",
        "docker:build": f"docker build{given} -t {service.image}{_file_flag(service, service.folder)} .",
    }
    document = {"name": f"@harbour/{service.name}", "version": version(random), "private": True, "scripts": scripts, "dependencies": {}}
    return f"{service.folder}/package.json", json.dumps(document, indent=2) + "\n"


def _python(random: Random, services: Sequence[Service]) -> Written:
    service = services[0]
    given = "".join(f'            "--build-arg",\n            f"{name}={{os.environ[\'{name}\']}}",\n' for name in service.passed)
    text = (
        f'"""{sentence(random)}."""\n\nimport os\nimport subprocess\nimport sys\n\n\ndef build(tag: str) -> None:\n    """{sentence(random)}."""\n'
        f'    subprocess.run(\n        [\n            "docker",\n            "build",\n            "-t",\n            f"{service.image}:{{tag}}",\n{given}'
        f'            "-f",\n            "{service.dockerfile}",\n            "{service.folder}",\n        ],\n        check=True,\n    )\n\n\n'
        'if __name__ == "__main__":\n    print(os.getcwd())\n    build(sys.argv[1])\n'
    )
    return f"scripts/build_{service.team}_{service.name.replace('-', '_')}.py", text


# --- files of tools ---------------------------------------------------------------------------------------------------------


def _compose(random: Random, services: Sequence[Service]) -> Written:
    first, lines = services[0], ["services:"]
    for service in services:
        lines += [
            f"  {service.name}:",
            "    build:",
            f"      context: {'.' if len(services) == 1 else f'../../{service.folder}'}",
            f"      dockerfile: {service.file}",
        ]
        if service.passed:
            lines += ["      args:", *(f"        {name}: ${{{name}}}" for name in service.passed)]
        lines += [
            f"    image: {service.image}",
            "    environment:",
            f"      LOG_LEVEL: {random.choice(('info', 'debug'))}",
            "    ports:",
            f'      - "{random.randrange(3000, 9999)}:8080"',
        ]
    lines += ["  postgres:", "    image: postgres:16", "    environment:", "      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}", ""]
    path = f"{first.folder}/docker-compose.yml" if len(services) == 1 else f"deploy/{first.team}-{first.name}/compose.yaml"
    return path, "\n".join(lines)


def _bake(random: Random, services: Sequence[Service]) -> Written:
    service = services[0]
    variables = "".join(f'variable "{name}" {{}}\n\n' for name in service.passed)
    args = "".join(f"    {name} = {name}\n" for name in service.passed)
    text = (
        f'variable "TAG" {{\n  default = "latest"\n}}\n\n{variables}group "default" {{\n  targets = ["{service.name}"]\n}}\n\ntarget "{service.name}" {{\n'
        f'  context = "."\n  dockerfile = "{service.file}"\n  tags = ["{service.image}:${{TAG}}"]\n  args = {{\n    REVISION = "{random.randrange(99)}"\n{args}  }}\n}}\n'
    )
    return f"{service.folder}/docker-bake.hcl", text


def _gitlab(random: Random, services: Sequence[Service]) -> Written:
    service = services[0]
    given = _given(random, service, " ", "--build-arg @name@=$@name@")
    text = (
        f"image:\n  name: docker:27\nservices:\n  - docker:27-dind\nstages: [test, build]\n\ntest:\n  stage: test\n  script:\n    - make -C {service.folder} test\n\n"
        f"build:\n  stage: build\n  script:\n    - docker build{given} -t {service.image}:$CI_COMMIT_SHA -f {service.dockerfile} {service.folder}\n"
        f"    - docker push {service.image}:$CI_COMMIT_SHA\n"
    )
    return f"{service.folder}/.gitlab-ci.yml", text


def _jenkinsfile(random: Random, services: Sequence[Service]) -> Written:
    service = services[0]
    given = _given(random, service, " ", "--build-arg @name@=$@name@")
    text = (
        "pipeline {\n  agent any\n  stages {\n    stage('Image') {\n      steps {\n"
        f"        sh 'docker build{given} -t {service.image} -f {service.dockerfile} {service.folder}'\n      }}\n    }}\n  }}\n}}\n"
    )
    return f"{service.folder}/Jenkinsfile", text


KINDS: tuple[tuple[Callable[[Random, Sequence[Service]], Written], int], ...] = (
    (_action, 28), (_run_step, 12), (_makefile, 16), (_script, 18), (_compose, 12), (_package_json, 4), (_python, 3), (_bake, 4), (_gitlab, 3),
    (_jenkinsfile, 1),
)  # fmt: skip
