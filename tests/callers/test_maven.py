"""Maven: two plugins that build images, and what another one executes."""

from __future__ import annotations

from textwrap import dedent

import pytest

from codemod.callers.reported import maven
from codemod.callers.reported.maven import COMMAND, KIND, SPOTIFY
from tests.callers.reading import Expected, check, is_read_by

T = "NPM_TOKEN"


def plugin(name: str, inside: str) -> str:
    return f"<plugin>\n<artifactId>{name}</artifactId>\n{dedent(inside)}</plugin>\n"


EXAMPLES: dict[str, tuple[str, list[Expected]]] = {
    "an image with a section buildx": (
        plugin(
            "docker-maven-plugin",
            """\
            <image><build>
              <contextDir>${project.basedir}/app</contextDir>
              <dockerFile>docker/Dockerfile</dockerFile>
              <args>
                <A/>
                <NPM_TOKEN>${env.GH_PAT}</NPM_TOKEN>
              </args>
              <buildx><secret><envs><OTHER>OTHER</OTHER></envs></secret></buildx>
            </build></image>
            """,
        ),
        [
            Expected(
                3,
                KIND,
                ("app/docker/Dockerfile", "app"),
                [
                    ("A", 7, "", "<secret><envs><ID>A</ID></envs></secret>"),
                    (T, 8, "${env.GH_PAT}", "<secret><envs><ID>GH_PAT</ID></envs></secret>"),
                ],
                feeds=("OTHER",),
            )
        ],
    ),
    "an image without": (
        plugin("docker-maven-plugin", "<build>\n<args><NPM_TOKEN>&lt;canary-1&gt;</NPM_TOKEN></args>\n</build>\n"),
        [Expected(3, KIND, ("Dockerfile", "."), [(T, 4, "<canary-1>", "")], blocks="buildx")],
    ),
    "an image with an empty section": (
        plugin("docker-maven-plugin", "<build><buildx/><args>\n<NPM_TOKEN>${env.NPM_TOKEN}</NPM_TOKEN></args></build>\n"),
        [Expected(3, KIND, ("Dockerfile", "."), [(T, 4, "${env.NPM_TOKEN}", "<secret><envs><ID>NPM_TOKEN</ID></envs></secret>")])],
    ),
    "an image that the plugin makes": (plugin("docker-maven-plugin", "<build><from>a</from></build>\n"), []),
    "the other plugin": (
        plugin(
            "dockerfile-maven-plugin",
            "<configuration><buildArgs>\n<NPM_TOKEN>${env.NPM_TOKEN}</NPM_TOKEN>\n</buildArgs></configuration>\n",
        ),
        [Expected(1, SPOTIFY, ("Dockerfile", "."), [(T, 4, "${env.NPM_TOKEN}", "")], blocks="without BuildKit")],
    ),
    "a command": (
        plugin(
            "exec-maven-plugin",
            """\
            <executable>docker</executable>
            <arguments>
              <argument>build</argument>
              <argument>--build-arg</argument>
              <argument>NPM_TOKEN=${env.NPM_TOKEN}</argument>
              <argument>.</argument>
            </arguments>
            """,
        ),
        [Expected(4, COMMAND, ("Dockerfile", "."), [(T, 6, "${env.NPM_TOKEN}", "--secret id=ID,env=NPM_TOKEN")])],
    ),
    "a task of Ant": (
        plugin("maven-antrun-plugin", '<exec><arg line="build --build-arg NPM_TOKEN=$NPM_TOKEN ."/></exec>\n'),
        [Expected(3, COMMAND, None, [(T, 3, "$NPM_TOKEN", "--secret id=ID,env=NPM_TOKEN")])],
    ),
    "what does not end": ("<plugin>docker-maven-plugin\n<!--", []),
    "a comment": ("<!--\n" + plugin("docker-maven-plugin", "<build><args><A>b</A></args></build>\n") + "-->\n", []),
}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_builds(text: str, expected: list[Expected]) -> None:
    check(maven.calls, "pom.xml", text, expected)


def test_its_folder() -> None:
    text = plugin("docker-maven-plugin", "<build><args><A>b</A></args></build>\n")
    check(maven.calls, "app/pom.xml", text, [Expected(3, KIND, ("app/Dockerfile", "app"), [("A", 3, "b", "")], blocks="buildx")])


def test_files() -> None:
    assert is_read_by("reported.maven", "a/pom.xml")
    assert not is_read_by("reported.maven", "a/spom.xml")
