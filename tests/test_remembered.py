"""What a whole tree came to is remembered, and forgotten as soon as anything that was read is another."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from codemod import git as asking
from codemod import remembered
from codemod.cache import Cache
from codemod.groups import Group, Looked, Tree
from codemod.remembered import Memory, state_of
from codemod.repository import Repository
from codemod.settings import Settings
from codemod.subject import Subject

from .discovery.looked_at import git
from .trees import grow

TREES = (Tree((), ("Dockerfile",)),)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree whose files git has all recorded; for one as large as pays for a memory."""
    monkeypatch.setattr(asking, "MANY", 0)
    monkeypatch.chdir(tmp_path)
    files = {
        "Dockerfile": "FROM alpine\n",
        "a/Dockerfile": "FROM alpine\n",
        ".gitignore": "*.log\nout/\nnode_modules/\n",
        "a/x.sh": "true\n",
    }
    folder = grow(tmp_path / "tree", files)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "all")
    return folder


def memory(root: Path, key: bytes = b"k") -> Memory:
    """That of a run of its own."""
    return Memory(Cache(root.parent / "caches" / "0"), key, Repository(root))


def remember(root: Path) -> None:
    memory(root).keep(TREES)
    assert memory(root).trees == TREES


def test_what_was_kept_is_there_for_who_asks_the_same(root: Path) -> None:
    remember(root)
    assert (memory(root, b"other").trees, memory(root).root) == (None, root)


def _commit(root: Path) -> None:
    grow(root, {"a/x.sh": "false\n"})
    git(root, "commit", "-qam", "more")


def _attributes(root: Path) -> None:
    grow(root, {".git/info/attributes": "*.sh binary\n"})


CHANGES: dict[str, Callable[[Path], object]] = {
    "a tracked file": lambda root: grow(root, {"a/x.sh": "false\n"}),
    "a tracked file, recorded": _commit,
    "a new file": lambda root: grow(root, {"b": ""}),
    "a file that goes": lambda root: (root / "a/x.sh").unlink(),
    "a file's name": lambda root: (root / "a/x.sh").rename(root / "a/y.sh"),
    "an ignored file": lambda root: grow(root, {"a/x.log": ""}),
    "a file of an ignored folder": lambda root: grow(root, {"out/a/b": ""}),
    "what is ignored": lambda root: grow(root, {".git/info/exclude": "b\n", "b": ""}),
    "what is a program": lambda root: (root / "a/x.sh").chmod(0o755),
    "attributes": _attributes,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_another_tree(root: Path, change: Callable[[Path], object]) -> None:
    remember(root)
    change(root)
    assert memory(root).trees is None


@pytest.mark.parametrize("path", ["new", "a.log", "out/b"])
def test_so_is_one_of_a_file_that_git_has_not_recorded(root: Path, path: str) -> None:
    grow(root, {path: "1"})
    remember(root)
    grow(root, {path: "2"})
    assert memory(root).trees is None


@pytest.mark.parametrize("name", [".dockerfix.toml", "a/pyproject.toml", ".dockerfixignore", "a/Dockerfile.dockerignore"])
@pytest.mark.parametrize("whose", ["tracked", "new", "ignored", "ignored, where nobody looks"])
def test_so_is_one_of_what_is_read_out_of_the_tree(root: Path, name: str, whose: str) -> None:
    if whose == "ignored, where nobody looks":
        grow(root, {"node_modules/Dockerfile": ""})
        git(root, "add", "-f", "node_modules/Dockerfile")
        name = f"node_modules/{name.rpartition('/')[2]}"
    (root / name).symlink_to(root.parent / "outside")
    if whose == "tracked":
        git(root, "add", ".")
    if whose.startswith("ignored"):
        grow(root, {".git/info/exclude": f"{name}\n"})
    grow(root.parent, {"outside": "1"})
    remember(root)
    grow(root.parent, {"outside": "2"})
    assert memory(root).trees is None


def test_so_is_a_link_to_another_file_of_the_same_content(root: Path) -> None:
    (root / "link").symlink_to("Dockerfile")
    remember(root)
    (root / "link").unlink()
    (root / "link").symlink_to("a/Dockerfile")
    assert memory(root).trees is None


def test_an_ignored_file_may_have_the_name_of_such_a_folder(root: Path) -> None:
    grow(root, {".git/info/exclude": "venv\n", "a/venv": "1"})
    remember(root)
    grow(root, {"a/venv": "2"})
    assert memory(root).trees is None


@pytest.mark.parametrize(("key", "value"), [("core.checkStat", "minimal"), ("core.trustctime", "false")])
def test_a_change_shows_that_git_was_told_to_pass_over(root: Path, key: str, value: str) -> None:
    """Another content of the same length and the same time, written in another second, as git counts no less."""
    os.utime(root / "a/x.sh", (1, 1))
    git(root, "config", key, value)
    git(root, "status")
    remember(root)
    before = int((root / "a/x.sh").stat().st_ctime)
    while int((root / "a/x.sh").stat().st_ctime) == before:
        grow(root, {"a/x.sh": "fals\n"})
        os.utime(root / "a/x.sh", (1, 1))
    assert memory(root).trees is None


def test_nobody_looks_into_some_ignored_folders(root: Path) -> None:
    grow(root, {"out/node_modules/a": "", "node_modules/b": "", "out/c": ""})
    remember(root)
    grow(root, {"out/node_modules/a2": "", "node_modules/b2": ""})
    assert memory(root).trees == TREES


def test_a_change_that_is_taken_back_is_none(root: Path) -> None:
    remember(root)
    grow(root, {"a/x.sh": "false\n"})
    git(root, "checkout", ".")
    assert memory(root).trees == TREES


def test_what_happens_while_a_run_looks_is_not_remembered(root: Path) -> None:
    """Another branch that is the first one again when the run ends: parts of both may have been read."""
    run = memory(root)
    _commit(root)
    git(root, "reset", "-q", "--hard", "HEAD~1")
    run.keep(TREES)
    assert memory(root).trees is None


def test_a_linked_work_tree_has_one_of_its_own(root: Path) -> None:
    git(root, "worktree", "add", "-q", str(root.parent / "linked"))
    remember(root.parent / "linked")
    grow(root, {"a/x.sh": "false\n"})
    assert memory(root.parent / "linked").trees == TREES
    git(root.parent / "linked", "mv", "a/x.sh", "a/y.sh")
    assert memory(root.parent / "linked").trees is None


# --- what cannot be said, or not soon --------------------------------------------------------------------------------


def _inside(root: Path) -> None:
    subprocess.run(["git", "init", "-q", root / "inside"], check=True)
    grow(root, {"inside/x": ""})


def _submodule(root: Path) -> None:
    commit = subprocess.run(["git", "-C", root, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{commit},module")


def _many(root: Path, path: str = "new/{}") -> None:
    grow(root, {path.format(number): "" for number in range(remembered.MOST + 1)})


UNKNOWN: dict[str, Callable[[Path], object]] = {
    "another work tree inside": _inside,
    "a submodule": _submodule,
    "a file that git does not compare": lambda root: git(root, "update-index", "--assume-unchanged", "a/x.sh"),
    "a file that is left out": lambda root: git(root, "update-index", "--skip-worktree", "a/x.sh"),
    "many new files": _many,
    "many ignored ones": lambda root: _many(root, "out/{}"),
}


@pytest.mark.parametrize("change", UNKNOWN.values(), ids=UNKNOWN)
def test_a_tree_whose_state_nobody_knows(root: Path, change: Callable[[Path], object]) -> None:
    change(root)
    assert state_of(Repository(root)) is None
    memory(root).keep(TREES)
    assert memory(root).trees is None


def test_no_work_tree_has_a_state(tmp_path: Path) -> None:
    assert state_of(Repository(tmp_path)) is None


def test_a_folder_that_is_no_work_tree_to_git_has_none(root: Path) -> None:
    (root / "a/.git").mkdir()
    assert state_of(Repository(root / "a")) is None


def test_few_dockerfiles_are_no_reason_to_look_at_all_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MANY", 3)
    assert state_of(Repository(root)) is None


def test_a_tree_without_an_index_is_not_remembered(root: Path) -> None:
    (root / ".git/index").unlink()
    memory(root).keep(TREES)
    assert memory(root).trees is None


def test_content_that_a_program_makes_need_not_be_what_git_has_recorded(root: Path) -> None:
    grow(root, {".gitattributes": "*.env filter=crypt\n"})
    memory(root).keep(TREES)
    assert memory(root).trees is None


UNREAD = Group((Looked(Subject(Path("a/Dockerfile"), "a/Dockerfile", Settings()), b"", PermissionError("no")),), (), Path())


@pytest.mark.parametrize(
    "tree",
    [Tree((), (), is_cut=True), Tree((), (), is_beyond=True), Tree((UNREAD,), ())],
    ids=["not looked at", "none of the tree's", "not read"],
)
def test_what_could_not_be_read_or_was_not_looked_at_is_tried_again(root: Path, tree: Tree) -> None:
    memory(root).keep((tree,))
    assert memory(root).trees is None


def test_names_of_any_bytes(root: Path) -> None:
    name = os.fsdecode(b"new\xff")
    grow(root, {name: "1", f"{name}.log": ""})
    remember(root)
    grow(root, {name: "2"})
    assert memory(root).trees is None
