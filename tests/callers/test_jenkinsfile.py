"""Jenkinsfiles: steps, agents, the docker plugin; what Groovy makes of strings."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from codemod.callers.call import Engine
from codemod.callers.reported import jenkinsfile
from tests.callers.reading import Expected, check, is_read_by

KIND = jenkinsfile.KIND
T, FLAG = "NPM_TOKEN", "--secret id=ID,env=NPM_TOKEN"
EXAMPLES: dict[str, tuple[str, list[Expected]]] = {
    "a shell's variable": (
        "sh 'docker build --build-arg NPM_TOKEN=$NPM_TOKEN --secret id=A -t x .'\n",
        [Expected(1, KIND, ("Dockerfile", "."), [(T, 1, "$NPM_TOKEN", FLAG)], feeds=("A",))],
    ),
    "Groovy's string": (
        'sh "docker build --build-arg NPM_TOKEN=${env.GH_PAT} -f app/Dockerfile app"\n',
        [Expected(1, KIND, ("app/Dockerfile", "app"), [(T, 1, "${env.GH_PAT}", "--secret id=ID,env=GH_PAT")])],
    ),
    "Groovy's own variable": (
        'def token = x()\nsh "docker build --build-arg NPM_TOKEN=${token} ."\n',
        [
            Expected(
                2,
                KIND,
                ("Dockerfile", "."),
                [(T, 2, "${token}", '--secret id=ID,env=NPM_TOKEN, inside withEnv(["NPM_TOKEN=${token}"]) { }')],
            )
        ],
    ),
    "a variable that is none of the environment's": (
        'sh "docker build --build-arg NPM_TOKEN=$token --build-arg A=$B ."\n',
        [
            Expected(
                1,
                KIND,
                ("Dockerfile", "."),
                [
                    (T, 1, "$token", '--secret id=ID,env=NPM_TOKEN, inside withEnv(["NPM_TOKEN=$token"]) { }'),
                    ("A", 1, "$B", "--secret id=ID,env=B"),
                ],
            )
        ],
    ),
    "a shell's variable in Groovy's string": (
        'sh """\n  docker build \\\\\n    --build-arg "NPM_TOKEN=\\$NPM_TOKEN" \\\\\n    --target prod .\n"""\n',
        [Expected(2, KIND, ("Dockerfile", "."), [(T, 3, "$NPM_TOKEN", FLAG)], target="prod")],
    ),
    "three quotes": (
        "sh '''\n  cd app && docker build --build-arg NPM_TOKEN .\n'''\n",
        [Expected(2, KIND, ("app/Dockerfile", "app"), [(T, 2, None, FLAG)])],
    ),
    "put together": (
        'sh "podman build --build-arg NPM_TOKEN=" + token + " ."\n',
        [Expected(1, KIND, ("Containerfile", "."), [(T, 1, "token", FLAG)], engine=Engine.BUILDAH)],
    ),
    "a folder": (
        "dir('services') {\n  dir('app') {\n    sh 'docker build --build-arg NPM_TOKEN .'\n  }\n}\nsh 'docker build .'\n",
        [
            Expected(3, KIND, ("services/app/Dockerfile", "services/app"), [(T, 3, None, FLAG)]),
            Expected(6, KIND, ("Dockerfile", ".")),
        ],
    ),
    "credentials of a step": (
        """\
        withCredentials([string(credentialsId: 'npm', variable: 'SECRET')]) {
          sh 'docker build --build-arg NPM_TOKEN=$SECRET --build-arg A=$B .'
        }
        """,
        [
            Expected(
                2,
                KIND,
                ("Dockerfile", "."),
                [(T, 2, "$SECRET", "--secret id=ID,env=SECRET"), ("A", 2, "$B", "--secret id=ID,env=B")],
                credentials=["credentials bound to SECRET"],
            )
        ],
    ),
    "credentials of an environment": (
        "environment { NPM_TOKEN = credentials('npm') }\nsteps { sh 'docker build --build-arg NPM_TOKEN .' }\n",
        [Expected(2, KIND, ("Dockerfile", "."), [(T, 2, None, FLAG)], credentials=["credentials bound to NPM_TOKEN"])],
    ),
    "an agent": (
        """\
        agent {
          dockerfile {
            filename 'Dockerfile.ci'
            dir 'ci'
            additionalBuildArgs "--build-arg NPM_TOKEN=${env.NPM_TOKEN}"
          }
        }
        """,
        [Expected(5, KIND, ("ci/Dockerfile.ci", "ci"), [(T, 5, "${env.NPM_TOKEN}", FLAG)])],
    ),
    "an agent with the file that is meant": (
        "agent { dockerfile { additionalBuildArgs '--build-arg NPM_TOKEN' } }\n",
        [Expected(1, KIND, ("Dockerfile", "."), [(T, 1, None, FLAG)])],
    ),
    "the plugin": (
        'def i = docker.build("x:${env.BUILD_ID}", "--build-arg NPM_TOKEN=${env.NPM_TOKEN} -f a/Dockerfile ./a")\n',
        [Expected(1, KIND, ("a/Dockerfile", "a"), [(T, 1, "${env.NPM_TOKEN}", FLAG)])],
    ),
    "the plugin, with arguments put together": (
        'docker.build(name, "--build-arg NPM_TOKEN=" + env.NPM_TOKEN + " ./a")\n',
        [Expected(1, KIND, ("a/Dockerfile", "a"), [(T, 1, "env.NPM_TOKEN", FLAG)])],
    ),
    "the plugin alone": ("docker.build('x')\n", [Expected(1, KIND, ("Dockerfile", "."))]),
    "the plugin with computed arguments": ("docker.build('x', arguments)\n", [Expected(1, KIND)]),
    "without BuildKit": (
        "sh 'DOCKER_BUILDKIT=0 docker build --build-arg NPM_TOKEN=canary-1 .'\n",
        [Expected(1, KIND, ("Dockerfile", "."), [(T, 1, "canary-1", FLAG)], blocks="DOCKER_BUILDKIT=0")],
    ),
    "kaniko": (
        "sh '/kaniko/executor --dockerfile=Dockerfile --context=. --build-arg=NPM_TOKEN=$NPM_TOKEN'\n",
        [Expected(1, KIND, ("Dockerfile", "."), [(T, 1, "$NPM_TOKEN", "")], blocks="kaniko")],
    ),
    "arguments in a variable": (
        'def args = "--build-arg NPM_TOKEN=$x"\n',
        [Expected(1, KIND, None, [(T, 1, "$x", "--secret id=ID,env=NPM_TOKEN")])],
    ),
    "a computed name": ('sh "docker build --build-arg $x=1 ."\n', [Expected(1, KIND, ("Dockerfile", "."), [("$x", 1, "1", "")])]),
    "comments": ("// sh 'docker build --build-arg A .'\n/*\n sh 'docker build --build-arg A .' */\n", []),
    "another string": ("echo 'it builds'\n", []),
}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_builds(text: str, expected: list[Expected]) -> None:
    check(jenkinsfile.calls, "Jenkinsfile", dedent(text), expected)


@pytest.mark.parametrize("path", ["Jenkinsfile", "ci/Jenkinsfile.release", "a.jenkinsfile", "vars/build.groovy"])
def test_files(path: str) -> None:
    assert is_read_by("reported.jenkinsfile", path)
    assert not is_read_by("reported.jenkinsfile", re.sub(r"e|v", "_", path))
