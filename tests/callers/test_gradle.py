"""Gradle's build scripts: commands as lists and as texts, and two plugins."""

from __future__ import annotations

from textwrap import dedent

import pytest

from codemod.callers.reported import gradle
from codemod.callers.reported.gradle import COMMAND
from tests.callers.reading import Expected, check, is_read_by

T = "NPM_TOKEN"


def instead(variable: str) -> str:
    return f'"--secret=id=ID,env={variable}", and the value through environment("{variable}", …)'


EXAMPLES: dict[str, tuple[str, list[Expected]]] = {
    "a list": (
        'exec { commandLine("docker", "build", "--build-arg=NPM_TOKEN=${token}", "-f", "app/Dockerfile", "app") }\n',
        [Expected(1, COMMAND, ("app/Dockerfile", "app"), [(T, 1, "${token}", instead("token"))])],
    ),
    "a list with names": (
        """\
        commandLine 'docker', 'build',
            '-t', tag, // its name
            '--build-arg', "NPM_TOKEN=" + System.getenv("NPM_TOKEN"), "."
        """,
        [Expected(1, COMMAND, ("Dockerfile", "."), [(T, 3, 'System.getenv("NPM_TOKEN")', instead(T))])],
    ),
    "a list whose context is a name": (
        "commandLine('docker', 'build', '--build-arg', 'NPM_TOKEN', dir.path)\n",
        [Expected(1, COMMAND, None, [(T, 1, None, instead(T))])],
    ),
    "a shell's text": (
        "commandLine 'sh', '-c', 'docker build --build-arg NPM_TOKEN=$NPM_TOKEN .'\n",
        [Expected(1, COMMAND, ("Dockerfile", "."), [(T, 1, "$NPM_TOKEN", instead(T))])],
    ),
    "a list that is filled": (
        'args("--build-arg", "NPM_TOKEN=$token")\n',
        [Expected(1, COMMAND, None, [(T, 1, "$token", "--secret id=ID,env=NPM_TOKEN")])],
    ),
    "the docker plugin": (
        """\
        // buildArgs = [OTHER: 'x']
        task image(type: DockerBuildImage) {
          inputDir = file("$projectDir/app")
          dockerFile = file('app/Dockerfile')
          buildArgs = [NPM_TOKEN: 'canary-1', A: "}"]
        }
        """,
        [
            Expected(
                2,
                "task of Gradle's docker plugin",
                ("app/Dockerfile", "."),
                [(T, 5, "'canary-1'", ""), ("A", 5, '"}"', "")],
                blocks="without BuildKit",
            )
        ],
    ),
    "the docker plugin, from Kotlin": (
        """\
        tasks.create("image", DockerBuildImage::class) {
          inputDir.set(file("app"))
          buildArgs.set(mapOf("NPM_TOKEN" to System.getenv("NPM_TOKEN")))
        }
        """,
        [
            Expected(
                1, "task of Gradle's docker plugin", ("app/Dockerfile", "app"), [(T, 3, "System.getenv(", "")], blocks="without BuildKit"
            )
        ],
    ),
    "the docker plugin, which makes the Dockerfile": (
        "task a(type: DockerBuildImage) { }\n",
        [Expected(1, "task of Gradle's docker plugin", blocks="without")],
    ),
    "the other docker plugin": (
        "plugins { id 'com.palantir.docker' }\ndocker {\n  dockerfile file('Dockerfile')\n  buildArgs([NPM_TOKEN: token])\n}\n",
        [Expected(2, "image of Gradle's docker plugin", ("Dockerfile", "."), [(T, 4, "token", "")], blocks="no secret")],
    ),
    "other settings of docker": ("docker {\n  url = 'x'\n}\n", []),
}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_builds(text: str, expected: list[Expected]) -> None:
    check(gradle.calls, "build.gradle", dedent(text), expected)


@pytest.mark.parametrize("path", ["build.gradle", "a/build.gradle.kts"])
def test_files(path: str) -> None:
    assert is_read_by("reported.gradle", path)
    assert not is_read_by("reported.gradle", path + ".txt")
