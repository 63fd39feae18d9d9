"""The tree around a Dockerfile: git says what belongs to it, where there is git."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from codemod import repository
from codemod.cli import main
from codemod.repository import Repository, root_of
from codemod.session import CUT

from .discovery.looked_at import git
from .trees import grow, work_tree

FILES = {
    ".gitignore": "out/\n",
    "a/build.sh": "docker build .\n",
    "a/readme": "a Docker image\n",
    "new/build.sh": "docker build .\n",
    "out/build.sh": "docker build .\n",
    "b/binary": "docker\0",
}


def test_the_root_is_the_work_trees(tmp_path: Path) -> None:
    work_tree(tmp_path, FILES)
    assert root_of(tmp_path / "a" / "Dockerfile") == tmp_path.resolve()


def test_a_work_tree_that_git_keeps_elsewhere(tmp_path: Path) -> None:
    """`.git` is a file in a submodule and in a linked work tree."""
    grow(tmp_path, {"a/.git": "gitdir: ../x\n"})
    assert root_of(tmp_path / "a" / "Dockerfile") == (tmp_path / "a").resolve()


def test_without_git_it_is_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert root_of(Path("a/Dockerfile")) == tmp_path.resolve()


def test_or_the_files_own_where_it_is_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert root_of(Path("../there/Dockerfile")) == (tmp_path / "there").resolve()


def test_the_files_that_git_knows_and_new_ones(tmp_path: Path) -> None:
    assert Repository(work_tree(tmp_path, FILES)).files == (".gitignore", "a/build.sh", "a/readme", "b/binary", "new/build.sh")


def test_all_files_without_git(tmp_path: Path) -> None:
    grow(tmp_path, FILES | {"node_modules/x/build.sh": "docker build .\n"})
    assert Repository(tmp_path).files == tuple(sorted({*FILES} - {"out/build.sh"}))


def test_those_that_have_a_word(tmp_path: Path) -> None:
    """In any case; no binary ones, and none that git ignores."""
    assert Repository(work_tree(tmp_path, FILES)).having("docker( build|.image)") == ("a/build.sh", "a/readme", "new/build.sh")


def test_those_that_have_none(tmp_path: Path) -> None:
    assert Repository(work_tree(tmp_path, FILES)).having("podman") == ()


def test_those_that_have_a_word_without_git(tmp_path: Path) -> None:
    expected = ("a/build.sh", "a/readme", "new/build.sh")
    assert Repository(grow(tmp_path, FILES)).having("docker( build|.image)") == expected


def test_git_that_does_not_work_is_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(tmp_path, FILES | {".git": "no such thing\n"})
    assert Repository(tmp_path).files == tuple(sorted({*FILES} - {"out/build.sh"}))
    monkeypatch.setenv("PATH", "")
    assert Repository(tmp_path).files == tuple(sorted({*FILES} - {"out/build.sh"}))


def test_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = grow(tmp_path / "tree", {"a": "b", "large": "long"})
    grow(tmp_path, {"outside": "c"})
    (root / "out").symlink_to("../outside")
    (root / "in").symlink_to("a")
    monkeypatch.setattr(repository, "LARGEST_FILE", 3)
    tree = Repository(root)
    assert [tree.read(path) for path in ("a", "in", "out", "large", "none", ".")] == [b"b", b"b", None, None, None, None]


@pytest.mark.parametrize("place", ["/", "home"])
def test_neither_a_machine_nor_a_home_is_a_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "app").mkdir()
    monkeypatch.chdir("/" if place == "/" else tmp_path)
    assert root_of(tmp_path / "app" / "Dockerfile") == (tmp_path / "app").resolve()


def test_what_has_no_size_is_not_read() -> None:
    """The kernel's messages never end."""
    assert Repository(Path("/proc")).read("kmsg") == b""


def test_a_walk_that_ends_somewhere_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(repository, "MOST_FILES", 2)
    grow(tmp_path, {"Dockerfile": "FROM alpine\n", "a": "", "b": ""})
    assert CUT in CliRunner().invoke(main, []).stderr
    monkeypatch.setattr(repository, "MOST_FILES", 9)
    assert CUT not in CliRunner().invoke(main, []).stderr


def test_elsewhere_a_folder_that_was_walked_is_a_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert root_of(Path("../a/b/Dockerfile"), Path("../a")) == (tmp_path / "a").resolve()


def _rewritten(root: Path) -> None:
    (root / "a/readme").write_text((root / "a/readme").read_text())


MEANWHILE: dict[str, tuple[Callable[[Path], object], bool]] = {
    "nothing": (lambda _: None, True),
    "a new file": (lambda root: grow(root, {"new/x": ""}), True),
    "a file is written, as it was": (_rewritten, False),
    "a file is gone": (lambda root: (root / ".gitignore").unlink(), False),
    "a file is recorded": (lambda root: git(root, "add", "new"), False),
    "git is gone": (lambda root: (root / ".git").rename(root / "x"), False),
}


@pytest.mark.parametrize(("change", "is_still"), MEANWHILE.values(), ids=MEANWHILE)
def test_whether_what_git_has_said_still_holds(tmp_path: Path, change: Callable[[Path], object], *, is_still: bool) -> None:
    """A file that was written, or had gone, before the first question was so all the time."""
    root = work_tree(tmp_path, FILES)
    os.utime(root / "a/readme", (1, 1))  # git does not see what is written within a second
    git(root, "add", "a/readme")
    os.utime(root / "a/build.sh", (1, 1))
    (root / "b/binary").unlink()
    repository = Repository(root)
    repository.ask_for_changes()
    assert "b/binary" not in repository.blobs
    change(root)
    assert repository.is_still is is_still


def test_without_git_there_is_nothing_that_has_to_hold(tmp_path: Path) -> None:
    assert (Repository(tmp_path).is_still, Repository(tmp_path).in_place) == (True, [])


def test_files_behind_a_link_are_not_where_git_has_them(tmp_path: Path) -> None:
    root = work_tree(tmp_path, {"a/x": "", "b/c/x": "", "x": ""})
    (root / "b").rename(root / "d")
    (root / "b").symlink_to("d")
    assert Repository(root).in_place == ["a/x", "x"]
