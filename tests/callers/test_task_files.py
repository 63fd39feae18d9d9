"""Task runners' files and Windows' scripts: which builds they run, and what to put there."""

from __future__ import annotations

import pytest

from codemod.callers.call import Place, Tree
from codemod.callers.reported import task_files
from tests.callers.moved import calls, moves, obstacles, passed, source, suggestions

FLAG = "--secret id=ID,env=TOK"
# a file, its text, and what is suggested for TOK
SUGGESTIONS = {
    "just: the shell's variable": ("justfile", "build:\n    @docker build --build-arg TOK=$TOK .\n", FLAG),
    "just: no value": (".justfile", "build:\n    -docker build --build-arg TOK .\n", FLAG),
    "just: its own": ("ci.just", "build:\n    docker build --build-arg TOK={{tok}} .\n", 'TOK="{{tok}}" docker build ' + FLAG + " …"),
    "just: set by the line": (
        "justfile",
        "build:\n    TOK=canary-1; docker build --build-arg TOK=$TOK .\n",
        'TOK="$TOK" docker build ' + FLAG + " …",
    ),
    "just: exported by the line": ("justfile", "build:\n    export TOK=canary-1; docker build --build-arg TOK=$TOK .\n", FLAG),
    "a Taskfile": ("Taskfile.yml", "tasks:\n  build:\n    cmds:\n      - docker build --build-arg TOK=$TOK .\n", FLAG),
    "a Taskfile's own": (
        "Taskfile.dist.yaml",
        'tasks:\n  build: "docker build --build-arg TOK={{.TOK}} ."\n',
        'TOK="{{.TOK}}" docker build ' + FLAG + " …",
    ),
    "PowerShell": ("build.ps1", "docker build `\r\n  --build-arg TOK=$env:TOK `\r\n  .\r\n", FLAG),
    "PowerShell, in quotes": ("build.psm1", 'docker build --build-arg "TOK=${env:TOK}" .', FLAG),
    "PowerShell's own": (
        "build.ps1",
        'docker build --build-arg "TOK=$token" .',
        '$env:TOK = "$token"; docker build ' + FLAG + " …",
    ),
    "cmd.exe": ("build.bat", "docker build ^\n  --build-arg TOK=%TOK% .", FLAG),
    "cmd.exe, later": ("build.cmd", "docker build --build-arg TOK=!TOK! .", FLAG),
    "cmd.exe, a text": ("build.cmd", "docker.exe build --build-arg TOK=canary-1 .", 'set "TOK=…" & docker build ' + FLAG + " …"),
    "docker compose": (
        "justfile",
        "build:\n    docker compose build --build-arg TOK=$OTHER\n",
        "in the compose file: secrets: [ID] under the service's build:, and secrets: ID: environment: OTHER at the top level",
    ),
}


@pytest.mark.parametrize(("path", "text", "suggestion"), SUGGESTIONS.values(), ids=SUGGESTIONS)
def test_what_to_put_there(path: str, text: str, suggestion: str) -> None:
    found = calls(task_files, path, text)
    assert suggestions(found) == {"TOK": suggestion}
    assert task_files.edits(source(path, text), Tree(), moves(found)) == ()


def test_why_it_stays() -> None:
    found = calls(task_files, "justfile", "a:\n  docker build --build-arg TOK .\n  docker compose build --build-arg B\n")
    assert obstacles(found) == {
        "TOK": "files of this kind are not changed",
        "B": "docker compose build has no --secret: its secrets are in the compose file",
    }


def test_what_a_call_says() -> None:
    text = "rem docker build --build-arg A .\r\ncd /d api\r\ndocker build -f docker\\Dockerfile --build-arg %NAME%=1 .\r\n"
    call = calls(task_files, "ci/build.bat", text)[0]
    assert (call.kind, call.line) == ("batch file", 3)
    assert call.places == (Place("ci/api/docker/Dockerfile", "ci/api"), Place("api/docker/Dockerfile", "api"))
    assert [each.name for each in passed([call])] == ["%NAME%"]


COMMENTS = {"justfile": "# {}", "Taskfile.yml": "a: # {}", "a.ps1": "# {}", "a.cmd": ":: {}", "b.cmd": "@REM {}"}


@pytest.mark.parametrize(("path", "comment"), COMMENTS.items())
def test_comments_are_none(path: str, comment: str) -> None:
    assert calls(task_files, path, comment.format("docker build --build-arg A .")) == ()
