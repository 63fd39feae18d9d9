"""Tiltfiles: docker_build, and commands."""

from __future__ import annotations

from pathlib import PurePosixPath
from textwrap import dedent

import pytest

from codemod.callers.call import NotUnderstoodError, Tree
from codemod.callers.reported import tiltfile
from codemod.callers.reported.tiltfile import COMMAND, KIND
from codemod.text import Source
from tests.callers.reading import Expected, check, is_read_by

T = "NPM_TOKEN"


def put(variable: str) -> str:
    return f"secret=['id=ID,env={variable}']"


EXAMPLES: dict[str, tuple[str, list[Expected]]] = {
    "a dictionary": (
        """\
        load('ext://restart_process', 'docker_build_with_restart')
        # docker_build('é', '.', build_args={'A': 'b'})
        docker_build(
            'é', 'app',
            build_args={
                'NPM_TOKEN': os.getenv('GH_PAT'),  # é
                'A': 'canary-1',
            },
            dockerfile='app/dev.Dockerfile',
            target='prod',
            secret=['id=OTHER,env=OTHER', 'type=env,id=THIRD'],
        )
        """,
        [
            Expected(
                3,
                KIND,
                ("app/dev.Dockerfile", "app"),
                [(T, 6, "os.getenv('GH_PAT')", put("GH_PAT")), ("A", 7, "'canary-1'", put("A"))],
                feeds=("OTHER", "THIRD"),
                target="prod",
            )
        ],
    ),
    "a dictionary that has a name": (
        "arguments = {'NPM_TOKEN': os.environ['NPM_TOKEN'], x: 1, **more}\ndocker_build_with_restart('a', '.', build_args=arguments)\n",
        [Expected(2, KIND, ("Dockerfile", "."), [(T, 1, "os.environ['NPM_TOKEN']", put(T))])],
    ),
    "a dictionary that is called": (
        "docker_build('a', '.', dict(NPM_TOKEN=token, **more), secret='id=A')\n",
        [Expected(1, KIND, ("Dockerfile", "."), [(T, 1, "token", put(T))], feeds=("A",))],
    ),
    "an odd line end": (
        "docker_build('a', '.',\r {'NPM_TOKEN': t})\n",
        [Expected(1, KIND, ("Dockerfile", "."), [(T, 1, "t", put(T))])],
    ),
    "nothing": ("docker_build('a', '.')\n", [Expected(1, KIND, ("Dockerfile", "."))]),
    "a computed context": ("docker_build('a', dir, build_args=f())\n", [Expected(1, KIND)]),
    "a computed Dockerfile": ("docker_build('a', '.', dockerfile=file)\n", [Expected(1, KIND)]),
    "a command": (
        "custom_build('a', 'docker build --build-arg NPM_TOKEN=$NPM_TOKEN -t $EXPECTED_REF app', ['app'])\n",
        [Expected(1, COMMAND, ("app/Dockerfile", "app"), [(T, 1, "$NPM_TOKEN", "--secret id=ID,env=NPM_TOKEN")])],
    ),
    "a list of words": (
        "local(['docker', 'build', '--build-arg', 'NPM_TOKEN', '.'])\n",
        [Expected(1, COMMAND, ("Dockerfile", "."), [(T, 1, None, "--secret id=ID,env=NPM_TOKEN")])],
    ),
    "words in a name": ("x = ['--build-arg', 'NPM_TOKEN']\n", [Expected(1, COMMAND, None, [(T, 1, None, "--secret id=ID,env=NPM_TOKEN")])]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_builds(text: str, expected: list[Expected]) -> None:
    check(tiltfile.calls, "Tiltfile", dedent(text), expected)


@pytest.mark.parametrize(("text", "line"), [("a\nb c\n", 2), ("\0", 1)])
def test_a_file_that_cannot_be_read(text: str, line: int) -> None:
    with pytest.raises(NotUnderstoodError) as raised:
        tiltfile.calls(Source(PurePosixPath("Tiltfile"), text), Tree())
    assert raised.value.line == line


def test_files() -> None:
    assert is_read_by("reported.tiltfile", "a/Tiltfile")
    assert not is_read_by("reported.tiltfile", "a/Tilt")
