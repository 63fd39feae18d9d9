"""What ignore files and configurations leave out, and what they say of folders inside."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from codemod.ignoring import Ignoring
from tests.command import dockerfix
from tests.trees import grow, said

from .looked_at import git, looked_at, plant, repository

PATHS = ("Dockerfile", "a/Dockerfile", "a/b/Dockerfile", "c/Dockerfile", "c/b/Dockerfile")
RULES: dict[str, tuple[dict[str, str], set[str]]] = {
    "a folder": ({"": "a/\n"}, {"Dockerfile", "c/Dockerfile", "c/b/Dockerfile"}),
    "a folder anywhere": ({"": "b\n"}, {"Dockerfile", "a/Dockerfile", "c/Dockerfile"}),
    "a folder at the top": ({"": "/b\n/a/b\n"}, {*PATHS} - {"a/b/Dockerfile"}),
    "files": ({"": "Dockerfile\n"}, set()),
    "but for one": ({"": "Dockerfile\n!c/Dockerfile\n"}, {"c/Dockerfile"}),
    "nothing below a folder that is left out comes back": ({"": "a/\n!a/b/Dockerfile\n"}, {"Dockerfile", "c/Dockerfile", "c/b/Dockerfile"}),
    "what is in a folder, but for some": ({"": "/*\n!/a\n/a/*\n!/a/b\n"}, {"a/b/Dockerfile"}),
    "by a folder's own": ({"a": "b/\n"}, {*PATHS} - {"a/b/Dockerfile"}),
    "a folder's own says more than the one above": ({"": "Dockerfile\n", "c": "!Dockerfile\n"}, {"c/Dockerfile", "c/b/Dockerfile"}),
    "comments and blank lines": ({"": "# a/\n\n  \nc/  \n"}, {"Dockerfile", "a/Dockerfile", "a/b/Dockerfile"}),
    "lines of Windows": ({"": "a/\r\nc/\r\n"}, {"Dockerfile"}),
    "behind a mark of its encoding": ({"": "\ufeffa/\n"}, {"Dockerfile", "c/Dockerfile", "c/b/Dockerfile"}),
    "globs": ({"": "**/b/**\n[c]/Dockerf*\n"}, {"Dockerfile", "a/Dockerfile"}),
    "what is no pattern": ({"": "!\n/\na/\n"}, {"Dockerfile", "c/Dockerfile", "c/b/Dockerfile"}),
    "nothing": ({"": ""}, {*PATHS}),
}


@pytest.mark.parametrize(("rules", "left"), RULES.values(), ids=RULES)
@pytest.mark.parametrize("name", [".gitignore", ".dockerfixignore"])
@pytest.mark.parametrize("is_repository", [False, True])
def test_an_ignore_file(tmp_path: Path, rules: dict[str, str], left: set[str], name: str, *, is_repository: bool) -> None:
    plant(tmp_path, *PATHS)
    grow(tmp_path, {f"{folder}/{name}".lstrip("/"): text for folder, text in rules.items()})
    if is_repository:
        git(tmp_path, "init", "-q")
    assert looked_at(tmp_path) == sorted(left)
    assert looked_at(tmp_path, "a") == sorted(path for path in left if path.startswith("a/"))  # what is said above holds below


@pytest.mark.parametrize(("rules", "left"), RULES.values(), ids=RULES)
def test_git_says_the_same_of_its_own(tmp_path: Path, rules: dict[str, str], left: set[str]) -> None:
    """The real one, asked about each file."""
    plant(tmp_path, *PATHS)
    grow(tmp_path, {f"{folder}/.gitignore".lstrip("/"): text for folder, text in rules.items()})
    git(tmp_path, "init", "-q")
    done = subprocess.run(["git", "-C", tmp_path, "check-ignore", *PATHS], stdout=subprocess.PIPE, check=False, text=True)
    assert {*PATHS} - {*done.stdout.split()} == left
    assert {*Ignoring(tmp_path).kept(PATHS)} == left


def test_ours_counts_before_gits(tmp_path: Path) -> None:
    plant(tmp_path, *PATHS)
    grow(tmp_path, {".gitignore": "a/\n", ".dockerfixignore": "!a/\nc/\n"})
    assert looked_at(tmp_path) == ["Dockerfile", "a/Dockerfile", "a/b/Dockerfile"]


def test_tracked_files_are_left_out_as_well(tmp_path: Path) -> None:
    repository(tmp_path, *PATHS)
    grow(tmp_path, {".dockerfixignore": "a/\n"})
    assert looked_at(tmp_path) == ["Dockerfile", "c/Dockerfile", "c/b/Dockerfile"]


def test_a_file_that_is_named_is_looked_at(tmp_path: Path) -> None:
    repository(tmp_path, *PATHS)
    grow(tmp_path, {".dockerfixignore": "*\n"})
    assert looked_at(tmp_path, "a/Dockerfile") == ["a/Dockerfile"]


@pytest.mark.parametrize("is_repository", [False, True])
def test_callers_that_are_left_out_are_none(tmp_path: Path, *, is_repository: bool) -> None:
    plant(tmp_path, "Dockerfile")
    grow(tmp_path, {".dockerfixignore": "old/\n", "old/build.sh": "docker build --build-arg API_TOKEN=$API_TOKEN .\n"})
    if is_repository:
        git(tmp_path, "init", "-q")
    assert b"caller" not in dockerfix("--no-color", cwd=tmp_path).stderr


@pytest.mark.parametrize("instead", ["a folder", "a pipe", "a link to nowhere"])
def test_what_is_no_file_says_nothing(tmp_path: Path, instead: str) -> None:
    plant(tmp_path, "Dockerfile")
    for name in (".gitignore", ".dockerfixignore"):
        if instead == "a folder":
            (tmp_path / name).mkdir()
        elif instead == "a pipe":
            os.mkfifo(tmp_path / name)
        else:
            (tmp_path / name).symlink_to("nowhere")
    assert looked_at(tmp_path) == ["Dockerfile"]


def test_one_that_nobody_may_read_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "Dockerfile")
    (tmp_path / ".gitignore").write_text("Dockerfile\n")

    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    assert "Dockerfile" in Ignoring(tmp_path).files()


# --- configurations --------------------------------------------------------------------------------------------------

STEALTHY = "FROM alpine\nARG MIRROR\nRUN apk add -X $MIRROR curl\n"


@pytest.mark.parametrize("kind", ["tracked", "new", "ignored", "without git"])
def test_a_configuration_of_a_subfolder_holds_there_whatever_git_says_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    grow(tmp_path, {f"{folder}/Dockerfile": STEALTHY for folder in ("a", "a/b", "c", "d")})
    grow(tmp_path, {"a/.dockerfix.toml": 'secret = ["MIRROR"]\n', "d/.dockerfix.toml": 'not-secret = ["MIRROR"]\n'})
    if kind != "without git":
        git(tmp_path, "init", "-q")
    if kind == "ignored":
        grow(tmp_path, {".gitignore": ".dockerfix.toml\n"})
    if kind == "tracked":
        git(tmp_path, "add", ".")
    assert [each["dockerfile"] for each in said()["findings"]] == ["a/Dockerfile", "a/b/Dockerfile"]
    assert [each["dockerfile"] for each in said("a/b/Dockerfile", "c/Dockerfile")["findings"]] == ["a/b/Dockerfile"]
    assert [each["dockerfile"] for each in said("a/b")["findings"]] == ["a/b/Dockerfile"]
