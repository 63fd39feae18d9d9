"""In a git work tree, git's list of files is the one that counts: tracked ones, and new ones that it does not ignore."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from codemod import git as asking
from codemod import looking
from codemod.cli import main
from tests.command import dockerfix

from .looked_at import NOBODY, git, headers, looked_at, plant, repository


def test_tracked_files_and_new_ones_but_none_that_are_ignored(tmp_path: Path) -> None:
    repository(tmp_path, "a/Dockerfile", "kept/Dockerfile")
    (tmp_path / ".gitignore").write_text("out/\nkept/\n!out\n*.dev\n")
    plant(tmp_path, "new/Dockerfile", "out/x/Dockerfile", "a/Dockerfile.dev")
    assert looked_at(tmp_path) == ["a/Dockerfile", "kept/Dockerfile", "new/Dockerfile", "out/x/Dockerfile"]


def test_what_is_only_staged(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / ".gitignore").write_text("*\n")
    plant(tmp_path, "a/Dockerfile", "b/Dockerfile")
    git(tmp_path, "add", "-f", "a/Dockerfile")
    git(tmp_path, "add", "-fN", "b/Dockerfile")
    assert looked_at(tmp_path) == ["a/Dockerfile", "b/Dockerfile"]


@pytest.mark.parametrize("instead", ["nothing", "no folder", "a folder", "a file for its folder", "a pipe"])
def test_a_tracked_file_that_is_no_file_any_more_is_none(tmp_path: Path, instead: str) -> None:
    repository(tmp_path, "a/Dockerfile", "b/Dockerfile")
    (tmp_path / "build.sh").write_text('docker build --build-arg API_TOKEN="$API_TOKEN" a\n')
    shutil.rmtree(tmp_path / "a")
    if instead == "nothing":
        (tmp_path / "a").mkdir()
    elif instead == "a folder":
        (tmp_path / "a/Dockerfile").mkdir(parents=True)
    elif instead == "a file for its folder":
        (tmp_path / "a").write_text("")
    elif instead == "a pipe":
        (tmp_path / "a").mkdir()
        os.mkfifo(tmp_path / "a/Dockerfile")
    done = dockerfix("--no-cache", cwd=tmp_path)
    assert done.stderr.decode().count("error") == 0
    assert looked_at(tmp_path, "--no-callers") == ["b/Dockerfile"]
    assert done.returncode == 1


def test_a_sparse_checkout_has_what_it_has(tmp_path: Path) -> None:
    repository(tmp_path, "Dockerfile", "a/Dockerfile", "b/Dockerfile")
    git(tmp_path, "sparse-checkout", "set", "a")
    assert looked_at(tmp_path) == ["Dockerfile", "a/Dockerfile"]


def test_a_file_in_conflict_is_looked_at_once(tmp_path: Path) -> None:
    repository(tmp_path, "Dockerfile")
    git(tmp_path, "branch", "other")
    for branch, name in (("-", "A_TOKEN"), ("other", "B_TOKEN")):
        git(tmp_path, "checkout", "-q", *(() if branch == "-" else (branch,)))
        (tmp_path / "Dockerfile").write_text(f"FROM alpine\nARG {name}\nRUN curl -u x:${name} example.com\n")
        git(tmp_path, "commit", "-qam", branch)
    with pytest.raises(Exception, match="returned non-zero"):
        git(tmp_path, "merge", "@{-1}")
    plant(tmp_path, "Dockerfile")  # on its way to be settled
    assert looked_at(tmp_path) == ["Dockerfile"]


def test_git_is_asked_about_the_tree_and_not_about_that_of_a_hook(tmp_path: Path) -> None:
    repository(tmp_path / "outer", "Dockerfile.outer")
    repository(tmp_path / "own", "Dockerfile")
    variables = {"GIT_DIR": str(tmp_path / "outer/.git"), "GIT_INDEX_FILE": str(tmp_path / "outer/.git/index"), "GIT_PREFIX": "x/"}
    assert looked_at(tmp_path / "own", variables=variables) == ["Dockerfile"]


def _without_git(tmp_path: Path) -> dict[str, str]:
    return {"PATH": str(tmp_path / "nothing")}


def _refusing(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text("#!/bin/sh\necho 'fatal: detected dubious ownership' >&2\nexit 128\n")
    (tmp_path / "bin/git").chmod(0o755)
    return {"PATH": str(tmp_path / "bin")}


def _killed(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text("#!/bin/sh\nkill -9 $$\n")
    (tmp_path / "bin/git").chmod(0o755)
    return {"PATH": str(tmp_path / "bin")}


def _without_room(tmp_path: Path) -> dict[str, str]:
    """Nowhere to put what git says."""
    return {"TMPDIR": str(tmp_path / "nothing"), "PATH": str(tmp_path / "nothing")}


@pytest.mark.parametrize("way", [_without_git, _refusing, _killed, _without_room])
@pytest.mark.parametrize("nested", [False, True])
def test_without_its_answer_the_disk_is_walked_by_the_same_rules(
    tmp_path: Path, way: Callable[[Path], dict[str, str]], *, nested: bool
) -> None:
    root = repository(tmp_path / "tree", "a/Dockerfile")
    (root / ".gitignore").write_text("out/\n")
    plant(root, "new/Dockerfile", "out/Dockerfile")
    repository(root / "inner", "Dockerfile")
    expected = ["a/Dockerfile", *(["inner/Dockerfile"] if nested else []), "new/Dockerfile"]
    arguments = ["--nested"] if nested else []
    done = dockerfix("--no-color", *arguments, cwd=root, variables=NOBODY | way(tmp_path))
    assert sorted(headers(done.stdout)) == expected
    assert sorted(looked_at(root, *(["--nested"] if nested else []))) == expected


def test_a_repository_that_is_somebody_elses_is_walked(tmp_path: Path) -> None:
    """Git refuses it: `safe.directory`."""
    root = repository(tmp_path / "tree", "a/Dockerfile")
    assert looked_at(root, variables={"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}) == ["a/Dockerfile"]


def test_a_repository_whose_last_commit_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git still lists its files, and new ones, but cannot say what changed: so it is where there are many Dockerfiles as well."""
    monkeypatch.setattr(asking, "MANY", 0)
    repository(tmp_path, "a/Dockerfile")
    (tmp_path / ".gitignore").write_text("out/\n")
    plant(tmp_path, "new/Dockerfile", "out/Dockerfile")
    (branch,) = (tmp_path / ".git/refs/heads").iterdir()
    branch.write_text(f"{'1' * 40}\n")
    assert looked_at(tmp_path) == ["a/Dockerfile", "new/Dockerfile"]


NAMES = ("a\nb/Dockerfile", "a\"b'c/Dockerfile", "a b/Dockerfile", "ä/Dockerfile", "a\\b/Dockerfile", "-a/Dockerfile", "$(a)/Dockerfile")


@pytest.mark.parametrize("tracked", [False, True])
def test_folders_of_any_name(tmp_path: Path, tracked: bool) -> None:  # noqa: FBT001
    repository(tmp_path, *(NAMES if tracked else ()))
    plant(tmp_path, *NAMES)
    done = dockerfix("--format", "json", cwd=tmp_path)
    assert [each["path"] for each in json.loads(done.stdout)["files"]] == sorted(NAMES)


@pytest.mark.parametrize("tracked", [False, True])
def test_a_folder_whose_name_is_no_text(tmp_path: Path, tracked: bool) -> None:  # noqa: FBT001
    name = os.fsdecode(b"a\xff/Dockerfile")
    repository(tmp_path, *([name] if tracked else ()))
    plant(tmp_path, name)
    assert dockerfix("--write", cwd=tmp_path).returncode == 0
    assert "--mount" in (tmp_path / name).read_text()
    for options in (("--format", "json"), ("--format", "sarif"), ()):
        assert b"Traceback" not in dockerfix(*options, cwd=tmp_path).stderr


def test_nothing_of_gits_configuration_is_run(tmp_path: Path) -> None:
    """A file system monitor is a program of the repository's choice."""
    repository(tmp_path, "Dockerfile")
    git(tmp_path, "config", "core.fsmonitor", f"touch {tmp_path}/was-run; false")
    assert looked_at(tmp_path) == ["Dockerfile"]
    assert not (tmp_path / "was-run").exists()


def test_a_tracked_file_that_nobody_may_look_at_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may: so the system is made to refuse."""
    repository(tmp_path, "Dockerfile")
    monkeypatch.chdir(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("codemod.discovery.os.lstat", refuse)
    monkeypatch.setattr("codemod.looking._content", refuse)
    done = CliRunner().invoke(main, [], catch_exceptions=False)
    assert (done.exit_code, done.stderr.splitlines()[0]) == (3, "error: Dockerfile: Permission denied")


def test_one_that_goes_while_it_is_looked_at_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, "Dockerfile", "a/Dockerfile")
    monkeypatch.chdir(tmp_path)
    real = looking._content  # noqa: SLF001  (as it is read)

    def content(path: str) -> bytes:
        (tmp_path / "a/Dockerfile").unlink(missing_ok=True)
        return real(path)

    monkeypatch.setattr(looking, "_content", content)
    assert looked_at(tmp_path) == ["Dockerfile"]
