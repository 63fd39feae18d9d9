"""The journal: where it lies, what it remembers, and what it makes of one that is torn or none of ours."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from codemod.journal import Group, Journal, JournalError, is_at_work, opened, read
from codemod.journal_places import NAME, found
from codemod.replacement import Replacement


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "dockerfix"


def a_group(root: Path, number: int = 1, *paths: str) -> Group:
    name = f".dockerfix-0a1b2c3d-{number}"
    files = enumerate(paths or ("a/Dockerfile", "b/\udcff.sh"), start=1)
    return Group(name, tuple(Replacement(root / path, "1" * 64, "2" * 64, f"{name}-{place}") for place, path in files))


# --- what it remembers -----------------------------------------------------------------------------------------------


def test_it_remembers_what_is_not_settled(root: Path) -> None:
    journal = opened(root)
    first, second = a_group(root), a_group(root, 2, "../outside")
    journal.begin(first)
    journal.begin(second)
    journal.sync()
    journal.sync()
    journal.settle(first)
    journal.close()
    (again,) = read(journal.path, root)
    assert again.name == second.name
    assert [each.target for each in again.replacements] == [root.parent / "outside"]


def test_it_moves_with_its_tree(root: Path) -> None:
    """A container may have it under another name than the machine."""
    (root / ".git").mkdir()
    journal = opened(root)
    journal.begin(a_group(root))
    journal.close()
    moved = root.rename(root.with_name("moved"))
    ((path, seen),) = found([moved])
    assert read(path, seen) == (a_group(moved),)


def test_it_goes_when_all_is_settled(root: Path) -> None:
    journal = opened(root)
    journal.begin(a_group(root))
    journal.settle(a_group(root))
    journal.close()
    assert not journal.path.exists()


def test_nobody_else_reads_it(root: Path) -> None:
    journal = opened(root)
    assert journal.path.stat().st_mode & 0o777 == 0o600
    journal.close()


@pytest.mark.parametrize("cut", [1, 20, 10_000])
def test_a_line_at_which_the_run_was_killed_is_none(root: Path, cut: int) -> None:
    journal = opened(root)
    journal.begin(a_group(root))
    journal.begin(a_group(root, 2))
    journal.close()
    content = journal.path.read_bytes()
    journal.path.write_bytes(content[: -min(cut, len(content))])
    expected = (a_group(root),) if cut < 1000 else ()
    assert read(journal.path, root) == expected
    again = Journal(journal.path, root)
    again.begin(a_group(root, 3))
    assert read(journal.path, root) == (*expected, a_group(root, 3))
    again.close()


def test_a_line_that_there_is_no_room_for_is_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = opened(root)
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, line: real(descriptor, line[:10]))
        with pytest.raises(OSError, match="No space left"):
            journal.begin(a_group(root))
    journal.begin(a_group(root, 2))
    assert read(journal.path, root) == (a_group(root, 2),)
    journal.close()


def test_without_room_for_its_first_line_there_is_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda *_: 0)
    with pytest.raises(OSError, match="No space left"):
        opened(root)
    assert [*found([root])] == []
    assert [*root.iterdir()] == []


NONE_OF_OURS = {
    "no JSON": b"hello\n",
    "another version": b'{"version": 2, "root": "/"}\n',
    "a list": b"[]\n",
    "a name that leads elsewhere": b'{"version": 1}\n{"group": ".dockerfix-/../../x", "files": []}\n',
    "a name of another program": b'{"version": 1}\n{"group": "x", "files": []}\n',
    "no files": b'{"version": 1}\n{"group": ".dockerfix-1"}\n',
}


@pytest.mark.parametrize("content", NONE_OF_OURS.values(), ids=NONE_OF_OURS)
def test_one_that_cannot_be_read_stays(root: Path, content: bytes) -> None:
    path = root / f".{NAME}"
    path.write_bytes(content)
    with pytest.raises(JournalError, match="another has to finish it") as caught:
        Journal(path, root)
    assert caught.value.filename == str(path)
    assert path.read_bytes() == content
    assert not is_at_work(path)


def test_one_that_is_gone_is_nobodys_at_work(root: Path) -> None:
    assert not is_at_work(root / "nothing")


def test_one_whose_run_ended_while_it_was_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = opened(root)
    journal.begin(a_group(root))
    journal.close()

    def ended(descriptor: int, **_: object) -> bool:
        journal.path.rename(journal.path.with_name("ended"))
        journal.path.write_bytes(b"")
        return descriptor > 0

    monkeypatch.setattr("codemod.journal.is_taken", ended)
    with pytest.raises(FileNotFoundError):
        Journal(journal.path, root)


# --- where it lies ---------------------------------------------------------------------------------------------------


def git(*arguments: str | Path, cwd: Path) -> None:
    options = ["-c", "protocol.file.allow=always", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *options, *arguments], cwd=cwd, check=True, capture_output=True)


def places(root: Path) -> list[Path]:
    """Where a run that was killed leaves its journal."""
    journal = opened(root)
    journal.begin(a_group(root))
    journal.close()
    return [path for path, _ in found([root])]


def test_in_a_work_tree_git_has_it(root: Path) -> None:
    git("init", cwd=root)
    assert places(root) == [root / ".git" / NAME]
    status = subprocess.run(["git", "status", "--porcelain", "--ignored"], cwd=root, check=True, capture_output=True)
    assert status.stdout == b""


def test_in_another_work_tree_of_a_repository(root: Path, tmp_path: Path) -> None:
    git("init", cwd=root)
    git("commit", "--allow-empty", "-m", "a", cwd=root)
    git("worktree", "add", tmp_path / "other", cwd=root)
    assert places(tmp_path / "other") == [root / ".git" / "worktrees" / "other" / NAME]


def test_in_a_submodule(root: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    git("init", cwd=library)
    git("commit", "--allow-empty", "-m", "a", cwd=library)
    git("init", cwd=root)
    git("submodule", "add", library, "lib", cwd=root)
    assert [os.path.realpath(path) for path in places(root / "lib")] == [str(root / ".git" / "modules" / "lib" / NAME)]


@pytest.mark.parametrize("content", ["gitdir: nowhere\n", "nothing", ""])
def test_a_git_file_that_leads_nowhere(root: Path, state: Path, content: str) -> None:
    (root / ".git").write_text(content)
    (place,) = places(root)
    assert place.parent == state


def test_elsewhere_the_user_has_it(root: Path, state: Path) -> None:
    (place,) = places(root)
    assert place.parent == state
    assert state.stat().st_mode & 0o777 == 0o700
    assert [*root.iterdir()] == []


def test_the_users_place_without_a_variable(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (place,) = places(root)
    assert place.parent == tmp_path / "home" / ".local" / "state" / "dockerfix"


def test_a_user_without_a_home(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    assert places(root) == [root / f".{NAME}"]


def test_a_run_that_began_further_up_or_further_down(root: Path, tmp_path: Path) -> None:
    """Outside of work trees, the current folder is the root: what one has left is for the other as well."""
    (root / "part").mkdir()
    (tmp_path / "other").mkdir()
    for folder in (root, tmp_path / "other"):
        journal = opened(folder)
        journal.begin(a_group(folder))
        journal.close()
    assert [seen for _, seen in found([root / "part"])] == [root]
    assert [seen for _, seen in found([tmp_path / "other" / "further"])] == [tmp_path / "other"]
    assert sorted(seen for _, seen in found([tmp_path])) == [tmp_path / "other", root]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"root": 1}', b"\xff"])
def test_what_else_is_in_the_users_place(root: Path, state: Path, content: bytes) -> None:
    state.mkdir(parents=True)
    (state / f"{NAME}-x").write_bytes(content)
    assert [*found([root])] == []


def test_the_header(root: Path) -> None:
    journal = opened(root)
    assert json.loads(journal.path.read_bytes()) == {"version": 1, "root": str(root)}
    journal.close()
