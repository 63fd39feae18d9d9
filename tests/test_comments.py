"""Which comments go with an ARG: each row is what stands above `ARG API_TOKEN`, and what is left of it."""

from __future__ import annotations

import pytest

from codemod.comments import goes_with

from .texts import dockerfile

STAY = {
    "none": "",
    "a comment about something else": "# the base image",
    "a comment about what comes next": "# install the tools",
    "a comment about the token and what to do": "# install the tools with the API token",
    "a comment that names another build arg": "# API_TOKEN and VERSION are passed by CI",
    "a comment that has only one of its words": "# the token of something else",
    "a banner": "# ---- API token ----",
    "a banner of several lines": "# =========\n# API token\n# =========",
    "a comment before a blank line": "# the API token\n",
    "a comment before another instruction": "# the API token\nENV A=1",
}
GO = {
    "its name": "# API_TOKEN",
    "its name in a sentence": "# API_TOKEN: for the private registry",
    "its words": "# the API token, which CI passes",
    "its words in another case": "# Api Token",
    "several lines": "# The API token.\n# CI passes it.",
    "an indented one": "   # the API token",
    "a pragma": "# hadolint ignore=DL3044",
    "another linter's pragma": "# check=skip=SecretsUsedInArgOrEnv",
    "a scanner's pragma": "# nosemgrep: dockerfile.secret",
    "our own pragma": "# dockerfix: allow=it",
    "a pragma and a comment": "# hadolint ignore=DL3044\n# the API token",
}
BELOW = "RUN use $API_TOKEN $VERSION\n"


def left(above: str, *, below: str = BELOW, gone: int = 1) -> str:
    """What is left of the lines above the ARG, where `gone` lines from there on go."""
    text = f"FROM alpine\nARG VERSION\n\n{above}\nARG API_TOKEN\n{below}" if above else f"FROM alpine\nARG VERSION\nARG API_TOKEN\n{below}"
    file = dockerfile(text)
    argument = next(instruction for instruction in file.instructions if [word.name for word in instruction.variables] == ["API_TOKEN"])
    lines = set(range(argument.line, argument.line + gone))
    going = goes_with(file, argument, lines)
    start = 3 if above else 2
    return "".join(line.span.of(text) for line in file.lines[start : argument.line - 1] if line not in going).removesuffix("\n")


@pytest.mark.parametrize("above", STAY.values(), ids=STAY)
def test_it_stays(above: str) -> None:
    assert left(above) == above


@pytest.mark.parametrize("above", GO.values(), ids=GO)
def test_it_goes(above: str) -> None:
    assert left(above) == ""


def test_only_the_pragma_goes() -> None:
    assert left("# hadolint ignore=DL3044\n# install the tools") == "# install the tools"


def test_what_heads_a_paragraph_goes_with_all_of_it() -> None:
    assert left("# what CI passes", below="\nRUN b\n") == ""
    assert left("# what CI passes", below="ARG OTHER_TOKEN\n\nRUN b\n", gone=2) == ""
    assert left("# what CI passes", below="") == ""
    assert left("# what CI passes", below="ARG OTHER_TOKEN\n\nRUN b\n") == "# what CI passes"
    assert left("# ---- passed ----", below="\nRUN b\n") == "# ---- passed ----"


def test_what_opens_the_file_stays() -> None:
    for above in ("# API_TOKEN is passed by CI\n", "# what it is\n# API_TOKEN is passed by CI\n"):
        file = dockerfile(f"{above}ARG API_TOKEN\nFROM a\n")
        assert goes_with(file, file.head[0], {file.head[0].line}) == ()
