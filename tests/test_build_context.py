"""Files beside the Dockerfile that have a name: who reads a variable in the build's context."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from codemod import build_context
from codemod.build_context import mentions
from codemod.context import Mention

MENTIONS = {
    "a script": ("build.sh", b"#!/bin/sh\ncurl -u x:$API_TOKEN\n", ["build.sh:2"]),
    "in a folder": ("src/a.py", b'os.environ["API_TOKEN"]\n', ["src/a.py:1"]),
    "twice on a line": ("a.js", b"\nAPI_TOKEN || API_TOKEN\n", ["a.js:2"]),
    "on many lines": ("a.js", b"API_TOKEN\n\nb\nAPI_TOKEN\nAPI_TOKEN", ["a.js:1", "a.js:4", "a.js:5"]),
    "lines that end in CR LF": ("a.js", b"a\r\nAPI_TOKEN\r\n", ["a.js:2"]),
    "not UTF-8": ("a.c", b"\xff\xfe API_TOKEN\n", ["a.c:1"]),
    "a longer name": ("a.sh", b"MY_API_TOKEN API_TOKENS\n", []),
    "a comment": ("a.sh", b"  # needs API_TOKEN\n", []),
    "a comment of another language": ("a.js", b"\t// needs API_TOKEN\n", []),
    "what only begins like a comment": (".npmrc", b"//npm.example.com/:_authToken=${API_TOKEN}\n", [".npmrc:1"]),
    "what is a comment elsewhere": ("a.c", b"#define T API_TOKEN\n", ["a.c:1"]),
    "a document": ("README.md", b"pass API_TOKEN\n", []),
    "a text": ("notes.txt", b"pass API_TOKEN\n", []),
    "a text that pip reads": ("requirements-dev.txt", b"git+https://${API_TOKEN}@git.example.com/a\n", ["requirements-dev.txt:1"]),
    "a text in a folder that pip reads": ("requirements/dev.txt", b"--index-url https://${API_TOKEN}\n", ["requirements/dev.txt:1"]),
    "a text that cmake reads": ("CMakeLists.txt", b"$ENV{API_TOKEN}\n", ["CMakeLists.txt:1"]),
    "a caller": ("build.sh", b"docker build --build-arg API_TOKEN .\n", []),
    "a caller with a word a line": ("build.py", b'run(["docker", "build",\n  "--build-arg",\n  f"API_TOKEN={token}",\n])\n', []),
    "a caller of lines that go on": ("build.sh", b"docker build --build-arg \\\n  API_TOKEN .\n", []),
    "what stands below a caller's option": ("build.sh", b"docker build --build-arg A .\ncurl $API_TOKEN\n", ["build.sh:2"]),
    "a compose file": ("docker-compose.yml", b"args: [API_TOKEN]\n", []),
    "a workflow": (".github/workflows/ci.yml", b"API_TOKEN: x\n", []),
    "another CI": (".travis.yml", b"API_TOKEN: x\n", []),
    "a file of variables": (".env.production", b"API_TOKEN=canary-a\n", []),
    "another Dockerfile": ("Dockerfile.dev", b"ARG API_TOKEN\n", []),
    "our own configuration": (".dockerfix.toml", b"secret = ['API_TOKEN']\n", []),
    "what lies beside a file while it is written": (".dockerfix-0a1b2c3d-1-1.new", b"API_TOKEN\n", []),
    "our own table among others": (
        "pyproject.toml",
        b"[a]\nb = 'API_TOKEN'\n[tool.dockerfix]\nsecret = [\n  'API_TOKEN',\n]\n[ tool . dockerfix.id]\nAPI_TOKEN=''\n[c]\nd='API_TOKEN'",
        ["pyproject.toml:2", "pyproject.toml:10"],
    ),
    "our own table at the end": ("sub/pyproject.toml", b"[tool.dockerfix]\nsecret = ['API_TOKEN']", []),
    "a table of another name": ("pyproject.toml", b"[tool.dockerfixer]\nb = 'API_TOKEN'\n", ["pyproject.toml:2"]),
    "an installed package": ("node_modules/a/index.js", b"API_TOKEN\n", []),
    "a large file": ("data.bin", b"API_TOKEN" + b" " * (1 << 20), []),
}  # fmt: skip


def places(folder: Path, name: str = "API_TOKEN", dockerfile: Path | None = None) -> list[str]:
    return [mention.place for mention in mentions(folder, [name], dockerfile).get(name, ())]


def lay_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize(("name", "content", "expected"), MENTIONS.values(), ids=MENTIONS)
def test_mentions(tmp_path: Path, name: str, content: bytes, expected: list[str]) -> None:
    assert places(lay_out(tmp_path, {name: content})) == expected


def test_mentions_of_several_names(tmp_path: Path) -> None:
    lay_out(tmp_path, {".npmrc": b"//npm.example.com/:_authToken=${A}\n", "b.js": b"A || B\n"})
    assert mentions(tmp_path, ["A", "B", "C"]) == {
        "A": (Mention(".npmrc", 1, demands=True), Mention("b.js", 1, demands=False)),
        "B": (Mention("b.js", 1, demands=False),),
    }
    assert mentions(tmp_path, []) == {}
    assert mentions(tmp_path / "nothing", ["A"]) == {}


def test_a_line_that_demands_a_name_once_demands_it(tmp_path: Path) -> None:
    lay_out(tmp_path, {".npmrc": b"a=${A:-}${A}${A:-}\nb=${A:-}\n"})
    assert mentions(tmp_path, ["A"]) == {"A": (Mention(".npmrc", 1, demands=True), Mention(".npmrc", 2, demands=False))}


def test_mentions_follow_no_links(tmp_path: Path) -> None:
    """A link may lead out of the context, or nowhere."""
    (tmp_path / "context").mkdir()
    (tmp_path / "outside.sh").write_bytes(b"API_TOKEN\n")
    (tmp_path / "context" / "link.sh").symlink_to("../outside.sh")
    (tmp_path / "context" / "dangling").symlink_to("nowhere")
    (tmp_path / "context" / "folder").symlink_to("..")
    assert places(tmp_path / "context") == []


def test_mentions_give_up_on_a_folder_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_context, "MOST_FILES", 2)
    assert places(lay_out(tmp_path, dict.fromkeys(("a", "b", "c"), b"API_TOKEN"))) == ["a:1", "b:1"]


READ = b"API_TOKEN\n"
EXCLUDED = {
    "nothing": (b"", ["a/b.sh:1", "a/c/d.sh:1", "e.sh:1"]),
    "a file": (b"e.sh", ["a/b.sh:1", "a/c/d.sh:1"]),
    "a folder": (b"a", ["e.sh:1"]),
    "all but a file": (b"*\n!a/c/d.sh", ["a/c/d.sh:1"]),
    "a folder but for a file of it": (b"a\n!a/b.sh", ["a/b.sh:1", "e.sh:1"]),
    "what the builder refuses": (b"[\ne.sh", ["a/b.sh:1", "a/c/d.sh:1", "e.sh:1"]),
}


@pytest.mark.parametrize(("ignored", "expected"), EXCLUDED.values(), ids=EXCLUDED)
def test_mentions_are_those_of_the_context(tmp_path: Path, ignored: bytes, expected: list[str]) -> None:
    lay_out(tmp_path, {".dockerignore": ignored, "a/b.sh": READ, "a/c/d.sh": READ, "e.sh": READ})
    assert sorted(places(tmp_path)) == expected


def test_the_dockerfiles_own_dockerignore_comes_first(tmp_path: Path) -> None:
    lay_out(tmp_path, {".dockerignore": b"a.sh", "build/x.Dockerfile.dockerignore": b"b.sh", "a.sh": READ, "b.sh": READ})
    assert places(tmp_path, dockerfile=tmp_path / "build" / "x.Dockerfile") == ["a.sh:1"]
    assert places(tmp_path, dockerfile=tmp_path / "build" / "y.Dockerfile") == ["b.sh:1"]
    assert places(tmp_path) == ["b.sh:1"]


def test_an_excluded_folder_is_not_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not to read the folder at all is what makes a walk over installed packages quick."""
    lay_out(tmp_path, {".dockerignore": b"data", "data/deep/a.sh": READ})
    seen: list[str] = []
    walk = os.walk

    def watched(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
        for step in walk(folder):
            seen.append(step[0])
            yield step

    monkeypatch.setattr(os, "walk", watched)
    assert places(tmp_path) == []
    assert seen == [str(tmp_path)]


def test_a_file_that_cannot_be_read_is_no_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, {"a.sh": READ})

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert places(tmp_path) == []


@pytest.mark.parametrize(
    ("files", "paths", "expected"),
    [
        (["a/b/x"], ["x"], None),
        (["a/x"], ["x"], ("a", "x")),
        (["x", "a/y"], ["x", "a/y*"], (".", "a")),
        (["x", "a/b/y"], ["x", "y"], None),
        (["x", "a/b/y"], ["x", "a/b/y", "made"], (".", "a/b/y")),
        ([], ["x", ".", "$Y"], None),
    ],
)
def test_the_likely_context_has_all_that_is_copied(
    tmp_path: Path, files: list[str], paths: list[str], expected: tuple[str, str] | None
) -> None:
    own = tmp_path / "a" / "b"
    own.mkdir(parents=True)
    for file in files:
        (tmp_path / file).write_text("")
    wanted = expected and (tmp_path / expected[0], expected[1])
    assert build_context.likely_context(own, tmp_path, paths) == wanted
