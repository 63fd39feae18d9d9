"""fly.toml and railway.toml."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from codemod.callers.call import NotUnderstoodError, Tree
from codemod.callers.reported import toml_files
from codemod.text import Source
from tests.callers.reading import Expected, check, is_read_by

FLY, RAILWAY = "fly.toml", "service of Railway"


def put(name: str) -> str:
    return f'fly deploy --build-secret ID="${name}"'


EXAMPLES: dict[str, tuple[str, str, list[Expected]]] = {
    "a table": (
        "fly.toml",
        'NPM_TOKEN = "x"\n[build]\ndockerfile = "app/Dockerfile"\nbuild-target = "prod"\n[build.args]\n  A = 1\n  NPM_TOKEN = "canary-1"\n',
        [
            Expected(
                2,
                FLY,
                ("app/Dockerfile", "."),
                [("A", 6, "1", put("A")), ("NPM_TOKEN", 7, "canary-1", put("NPM_TOKEN"))],
                target="prod",
            )
        ],
    ),
    "in a line": (
        "app/fly.prod.toml",
        '[build]\nargs = { A = "b", "NPM_TOKEN" = \'c\' }\n',
        [
            Expected(2 - 1, FLY, ("app/Dockerfile", "app"), [("A", 2, "b", put("A")), ("NPM_TOKEN", 2, "c", put("NPM_TOKEN"))]),
        ],
    ),
    "dotted": (
        "fly.toml",
        'app = "a"\nbuild.args.NPM_TOKEN = "b"\n',
        [Expected(1, FLY, ("Dockerfile", "."), [("NPM_TOKEN", 2, "b", put("NPM_TOKEN"))])],
    ),
    "nothing": ("fly.toml", 'app = "a"\n', [Expected(1, FLY, ("Dockerfile", "."))]),
    "an image": ("fly.toml", '[build]\nimage = "a"\n', []),
    "buildpacks": ("fly.toml", '[build]\nbuilder = "a"\n', []),
    "railway": (
        "railway.toml",
        '[build]\nbuilder = "DOCKERFILE"\ndockerfilePath = "a/Dockerfile"\n',
        [Expected(1, RAILWAY, ("a/Dockerfile", "."), blocks="Railway")],
    ),
    "railway, which finds a Dockerfile by itself": (
        "railway.toml",
        "[build]\n",
        [Expected(1, RAILWAY, ("Dockerfile", "."), blocks="Railway")],
    ),
    "railway with another builder": ("railway.toml", '[build]\nbuilder = "NIXPACKS"\n', []),
    "what is no table": ("fly.toml", 'build = "x"\n', [Expected(1, FLY, ("Dockerfile", "."))]),
}


@pytest.mark.parametrize(("path", "text", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_builds(path: str, text: str, expected: list[Expected]) -> None:
    check(toml_files.calls, path, text, expected)


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb =\n", 2), ("a =", 1)])
def test_a_file_that_cannot_be_read(text: str, line: int) -> None:
    with pytest.raises(NotUnderstoodError) as raised:
        toml_files.calls(Source(PurePosixPath("fly.toml"), text), Tree())
    assert raised.value.line == line


def test_files() -> None:
    assert is_read_by("reported.toml_files", "a/fly.staging.toml")
    assert not is_read_by("reported.toml_files", "a/pyproject.toml")
