"""Earthfiles: only FROM DOCKERFILE passes something to a Dockerfile."""

from __future__ import annotations

from textwrap import dedent

import pytest

from codemod.callers.reported import earthfile
from codemod.callers.reported.earthfile import COMMAND, KIND
from tests.callers.reading import Expected, check, is_read_by

EXAMPLES: dict[str, tuple[str, list[Expected]]] = {
    "a Dockerfile": (
        """\
        VERSION 0.8
        # FROM DOCKERFILE --build-arg A=b .
        image:
            ARG NPM_TOKEN
            FROM DOCKERFILE --build-arg A=b \\BLANK
                --build-arg NPM_TOKEN=$NPM_TOKEN -f app/Dockerfile app
            BUILD --build-arg NPM_TOKEN=x +other
        """,
        [
            Expected(
                5,
                KIND,
                ("app/Dockerfile", "app"),
                [("A", 5, "b", ""), ("NPM_TOKEN", 6, "$NPM_TOKEN", "")],
                blocks="RUN --secret",
            )
        ],
    ),
    "a command": (
        "a:\n  RUN docker build --build-arg NPM_TOKEN=$T .\n",
        [Expected(2, COMMAND, ("Dockerfile", "."), [("NPM_TOKEN", 2, "$T", "RUN --secret T … --secret id=ID,env=T")])],
    ),
    "another base": ("FROM alpine\n", []),
}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_builds(text: str, expected: list[Expected]) -> None:
    check(earthfile.calls, "Earthfile", dedent(text).replace("BLANK", " "), expected)


def test_files() -> None:
    assert is_read_by("reported.earthfile", "a/Earthfile")
    assert not is_read_by("reported.earthfile", "a/Earth")
