"""Documents: which build commands they have, and what to write there instead."""

from __future__ import annotations

import pytest

from codemod.callers.call import Engine, Place, Tree
from codemod.callers.reported import documents
from tests.callers.moved import calls, moves, obstacles, passed, source, suggestions

SETS = 'TOK="{}" docker build --secret id=ID,env=TOK …'
# a document, and what is suggested for TOK
SUGGESTIONS = {
    "a line of code in a sentence": ("Run `docker build --build-arg TOK=$TOK .` first.", "--secret id=ID,env=TOK"),
    "a fence": ("```sh\ndocker build --build-arg TOK .\n```\n", "--secret id=ID,env=TOK"),
    "a fence over lines, with a prompt": ("```console\n$ docker build \\\n    --build-arg TOK=${TOK} .\n```\n", "--secret id=ID,env=TOK"),
    "an indented block": ("Do::\n\n    docker build --build-arg TOK=$OTHER .\n", "--secret id=ID,env=OTHER"),
    "a placeholder": ("docker build --build-arg TOK=<your token> .", SETS.format("<your token>")),
    "a file": ("docker build --build-arg TOK=$(cat ~/token) .", SETS.format("$(cat ~/token)")),
    "a text": ("docker build --build-arg TOK=canary-1 .", SETS.format("…")),
    "a text in quotes": ('docker build --build-arg TOK="canary-1 2" .', SETS.format("…")),
    "a template": ("docker build --build-arg TOK={{ token }} .", SETS.format("{{ token }}")),
    "podman": (
        "podman build --build-arg=TOK=<token> .",
        'TOK="<token>" podman build --secret id=ID,env=TOK …',
    ),
    "docker compose": (
        "docker compose build --build-arg TOK=$TOK web",
        "in the compose file: secrets: [ID] under the service's build:, and secrets: ID: environment: TOK at the top level",
    ),
}


@pytest.mark.parametrize(("text", "suggestion"), SUGGESTIONS.values(), ids=SUGGESTIONS)
def test_what_to_write_instead(text: str, suggestion: str) -> None:
    found = calls(documents, "README.md", text)
    assert obstacles(found) == {"TOK": "it is documentation"}
    assert suggestions(found) == {"TOK": suggestion}
    assert all(call.documentation for call in found)
    assert documents.edits(source("README.md", text), Tree(), moves(found)) == ()


def test_what_a_call_says() -> None:
    command = "$ podman build --build-arg TOK --secret id=A,env=B \\\n   --target app -f 'a/Dockerfile' . && podman push"
    text = f"# API\n\n```\ncd api\n{command}\n```\n"
    call = calls(documents, "docs/api.md", text)[0]
    assert (call.kind, call.line, call.feeds, call.target, call.engine) == ("documentation", 5, ("A",), "app", Engine.BUILDAH)
    assert call.places == (Place("docs/api/a/Dockerfile", "docs/api"), Place("api/a/Dockerfile", "api"))
    assert call.span.of(text).endswith("-f 'a/Dockerfile' .")
    assert passed([call])[0].span.of(text) == "--build-arg TOK"


def test_a_folder_is_that_of_its_block() -> None:
    text = "```\ncd web\n```\n\n```\ndocker build --build-arg A .\n```\n"
    assert calls(documents, "README.md", text)[0].places == (Place("Dockerfile", "."),)


def test_a_folder_that_nobody_knows() -> None:
    text = "cd $HOME/x; cd y\ndocker build --build-arg A .\n"
    assert calls(documents, "README.md", text)[0].places == ()


def test_several_commands_of_a_line() -> None:
    text = "docker build --build-arg A . && docker build --build-arg B . ; docker buildx bake --set *.args.C=$C"
    assert [each.name for each in passed(calls(documents, "README.md", text))] == ["A", "B", "C"]


def test_a_credential_shows() -> None:
    found = calls(documents, "README.md", "docker build --build-arg X=$(op read op://x/y) .")
    assert passed(found)[0].credential


NOTHING = {
    "prose": "Then docker build is run, and docker compose up.",
    "nothing passed": "docker build -t app .",
    "another program": "docker run --rm app build --build-arg A",
    "a name that is none": "docker build --build-arg $(cat args) .",
    "a path": "see /docker build --build-arg A",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_nothing_is_passed(text: str) -> None:
    assert passed(calls(documents, "README.md", text)) == []
