"""`--changed-since REV`: only Dockerfiles that changed since then, or whose callers did."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.command import dockerfix
from tests.trees import grow, work_tree

DOCKERFILE = "FROM alpine\nARG NPM_TOKEN\nRUN npm config set //r/:_authToken=$NPM_TOKEN\n"
FILES = {
    "a/Dockerfile": DOCKERFILE,
    "b/Dockerfile": DOCKERFILE,
    "b/build.sh": "docker build --build-arg NPM_TOKEN b\n",
    "c/Dockerfile": DOCKERFILE,
    "d/Dockerfile": DOCKERFILE,
    "both.sh": "docker build --build-arg NPM_TOKEN c\ndocker build --build-arg NPM_TOKEN d\n",
    "either.sh": 'docker build --build-arg OTHER "$where"\n',
}


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    work_tree(tmp_path, FILES)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "all of it")
    return tmp_path


def looked_at(folder: Path, revision: str = "HEAD", *arguments: str) -> list[str]:
    """The Dockerfiles that a diff is about."""
    said = dockerfix("--changed-since", revision, *arguments, cwd=folder).stdout.decode()
    return [line.removeprefix("+++ b/") for line in said.splitlines() if line.startswith("+++ ") and line.endswith("Dockerfile")]


def test_nothing_changed(tree: Path) -> None:
    said = dockerfix("--changed-since", "HEAD", cwd=tree)
    assert (said.returncode, said.stdout) == (0, b"")


CHANGES = {
    "a Dockerfile": ("a/Dockerfile", ["a/Dockerfile"]),
    "a caller": ("b/build.sh", ["b/Dockerfile"]),
    "a caller of two": ("both.sh", ["c/Dockerfile", "d/Dockerfile"]),
    "something else": ("b/README", []),
}


@pytest.mark.parametrize(("path", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_changed_on_disk(tree: Path, path: str, expected: list[str]) -> None:
    with (tree / path).open("a") as file:
        file.write("\n")
    assert looked_at(tree) == expected


@pytest.mark.parametrize("add", [False, True], ids=["not tracked", "staged"])
def test_what_is_new(tree: Path, add: bool) -> None:  # noqa: FBT001  (a row of the table)
    grow(tree, {"e/Dockerfile": DOCKERFILE})
    if add:
        git(tree, "add", "e")
    assert looked_at(tree) == ["e/Dockerfile"]


def test_what_was_committed_since_then(tree: Path) -> None:
    grow(tree, {"a/Dockerfile": f"{DOCKERFILE}\n"})
    git(tree, "commit", "-qam", "a changes")
    assert looked_at(tree, "HEAD~1") == ["a/Dockerfile"]
    assert looked_at(tree) == []


def test_what_the_other_branch_did_since_they_parted_is_not_ours(tree: Path) -> None:
    git(tree, "checkout", "-qb", "other")
    grow(tree, {"a/Dockerfile": f"{DOCKERFILE}\n"})
    git(tree, "commit", "-qam", "a changes")
    git(tree, "checkout", "-q", "-")
    grow(tree, {"c/Dockerfile": f"{DOCKERFILE}\n"})
    git(tree, "commit", "-qam", "c changes")
    assert looked_at(tree, "other") == ["c/Dockerfile"]


def test_dockerfiles_that_share_a_call_go_together(tree: Path) -> None:
    """A call that builds either passes the secret to both."""
    grow(tree, {"either.sh": 'docker build --build-arg NPM_TOKEN "$where"\n', "a/Dockerfile": f"{DOCKERFILE}\n"})
    git(tree, "commit", "-qam", "either")
    grow(tree, {"a/Dockerfile": f"{DOCKERFILE}\n\n"})
    said = dockerfix("--changed-since", "HEAD", "--check", cwd=tree)
    assert said.stderr.startswith(b"4 Dockerfiles, 1 secret found in 4 places: ")


def test_without_callers_only_the_dockerfiles_count(tree: Path) -> None:
    grow(tree, {"b/build.sh": "docker build --build-arg NPM_TOKEN b # changed\n"})
    assert looked_at(tree, "HEAD", "--no-callers") == []


def test_from_a_folder_below(tree: Path) -> None:
    grow(tree, {"a/Dockerfile": f"{DOCKERFILE}\n", "b/Dockerfile": f"{DOCKERFILE}\n"})
    assert looked_at(tree / "a") == ["Dockerfile"]


def test_a_revision_that_is_none(tree: Path) -> None:
    said = dockerfix("--changed-since", "nowhere", cwd=tree)
    assert said.returncode == 2
    assert f"'nowhere' is no commit of {tree}" in said.stderr.decode()


def test_a_revision_that_looks_like_an_option(tree: Path) -> None:
    assert dockerfix("--changed-since", "--output=x", cwd=tree).returncode == 2
    assert not (tree / "x").exists()


def test_no_git(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE})
    said = dockerfix("--changed-since", "HEAD", cwd=tmp_path)
    assert (said.returncode, b"is no git work tree" in said.stderr) == (2, True)


def test_no_common_history(tree: Path) -> None:
    git(tree, "checkout", "-q", "--orphan", "alone")
    git(tree, "commit", "-qm", "another beginning")
    said = dockerfix("--changed-since", "alone", cwd=tree)
    assert said.returncode == 0
    git(tree, "checkout", "-q", "-f", "--orphan", "alone2")
    git(tree, "commit", "-qm", "a third")
    said = dockerfix("--changed-since", "alone", cwd=tree)
    assert (said.returncode, b"have nothing in common" in said.stderr) == (2, True)


def test_what_git_ignores_may_have_changed(tree: Path) -> None:
    grow(tree, {".gitignore": "ignored\n", "ignored/Dockerfile": DOCKERFILE})
    assert looked_at(tree, "HEAD", "ignored/Dockerfile") == ["ignored/Dockerfile"]
    assert looked_at(tree) == []


def test_contents_that_a_clone_has_not_got(tree: Path) -> None:
    """What git cannot compare may have changed."""
    git(tree, "branch", "before")
    grow(tree, {"a/Dockerfile": f"{DOCKERFILE}\n"})
    git(tree, "commit", "-qam", "another")
    folder = git(tree, "rev-parse", "before^{tree}").strip()
    (tree / ".git/objects" / folder[:2] / folder[2:]).unlink()
    said = dockerfix("--changed-since", "before", cwd=tree)
    assert (said.returncode, b"git cannot compare" in said.stderr) == (2, True)


def test_in_a_submodule_since_the_commit_that_was_recorded_then(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its own branches know of the new commit already; one that is new itself has changed as a whole."""
    outer = work_tree(tmp_path_factory.mktemp("outer"), {"README.md": "", "x/Dockerfile": DOCKERFILE})
    git(outer, "add", "-A")
    git(outer, "commit", "-qm", "before")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(tree), "libs/module")
    git(outer, "commit", "-qm", "a module")
    assert looked_at(outer, "HEAD^", "--nested") == [f"libs/module/{path}" for path in FILES if path.endswith("Dockerfile")]
    module = outer / "libs/module"
    grow(module, {"a/Dockerfile": DOCKERFILE + "RUN true\n"})
    git(module, "commit", "-qam", "more")
    git(outer, "commit", "-qam", "the module moves on")
    assert looked_at(outer, "HEAD^", "--nested") == ["libs/module/a/Dockerfile"]
    assert looked_at(outer, "HEAD", "--nested") == []
    assert looked_at(module, "HEAD^") == ["a/Dockerfile"]
