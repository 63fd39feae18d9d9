"""A group of files is written whole or not at all, and each stays what it was in all but its content."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest

from codemod.journal_places import found
from codemod.recovery import HalfDoneError
from codemod.replacement import ChangedError, Replacement
from codemod.writing import Change, writing

BEFORE, AFTER = b"FROM alpine\r\nRUN true \xff\n", b"FROM alpine\r\nRUN false \xff"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tree" / "Dockerfile"
    path.parent.mkdir()
    path.write_bytes(BEFORE)
    return path


@pytest.fixture
def files(file: Path) -> list[Path]:
    """Three that belong together, in the order in which they are written."""
    others = [file.parent / "a" / "build.sh", file.parent / "b" / "build.sh"]
    for other in others:
        other.parent.mkdir()
        other.write_bytes(BEFORE)
    return [file, *others]


def write(changes: Sequence[Change]) -> None:
    """One group, in one run."""
    root = next(parent for parent in changes[0].path.parents if parent.name == "tree")
    try:
        with writing({root}, print) as writer:
            writer.write(root, changes)
    finally:
        assert not any(True for _ in found([root])) or half_done(root)


def half_done(root: Path) -> bool:
    return any(path.name.startswith(".dockerfix-") for path in root.rglob("*"))


def group(files: Sequence[Path]) -> list[Change]:
    return [Change(path, BEFORE, AFTER) for path in files]


def is_alone(file: Path, content: bytes) -> bool:
    """Whether it has this content and nothing is left beside it."""
    return file.read_bytes() == content and [path.name for path in file.parent.iterdir() if path.is_file()] == [file.name]


def raiser(trouble: BaseException) -> Callable[..., None]:
    def raise_it(*_: object, **__: object) -> None:
        raise trouble

    return raise_it


# --- what stays ------------------------------------------------------------------------------------------------------


def test_the_content_to_the_byte(file: Path) -> None:
    write([Change(file, BEFORE, AFTER)])
    assert is_alone(file, AFTER)


@pytest.mark.parametrize("has_links", [True, False], ids=["with links", "on a file system without links"])
def test_all_files_of_a_group(files: list[Path], monkeypatch: pytest.MonkeyPatch, *, has_links: bool) -> None:
    if not has_links:
        monkeypatch.setattr(os, "link", raiser(PermissionError(1, "Operation not permitted")))
    write(group(files))
    assert all(is_alone(path, AFTER) for path in files)


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o666, 0o755, 0o4755, 0o2750], ids=oct)
def test_the_mode(file: Path, mode: int) -> None:
    """The umask has no say."""
    file.chmod(mode)
    write([Change(file, BEFORE, AFTER)])
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert is_alone(file, AFTER)


def test_what_nobody_may_read_nobody_may_read_while_it_is_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.chmod(0o600)
    modes = []
    monkeypatch.setattr(os, "fchmod", lambda descriptor, _: modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode)))
    write([Change(file, BEFORE, AFTER)])
    assert modes == [0o600]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner(file: Path) -> None:
    os.chown(file, 1234, 5678)
    file.chmod(0o4750)
    write([Change(file, BEFORE, AFTER)])
    state = file.stat()
    assert (state.st_uid, state.st_gid, stat.S_IMODE(state.st_mode)) == (1234, 5678, 0o4750)


def test_a_link_stays_a_link(file: Path) -> None:
    inside = file.parent / "inside"
    inside.mkdir()
    (inside / "first").symlink_to("../Dockerfile")
    (inside / "second").symlink_to("first")
    write([Change(inside / "second", BEFORE, AFTER)])
    assert file.read_bytes() == AFTER
    assert [str((inside / name).readlink()) for name in ("second", "first")] == ["first", "../Dockerfile"]
    assert sorted(path.name for path in inside.iterdir()) == ["first", "second"]


def test_a_name_as_long_as_names_can_be(file: Path) -> None:
    longest = file.rename(file.with_name("D" * 255))
    write([Change(longest, BEFORE, AFTER)])
    assert is_alone(longest, AFTER)


# --- when a group is left alone --------------------------------------------------------------------------------------


def test_a_read_only_file(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write it, so that somebody else is asked here; tests/faults has somebody else."""
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != files[1] or mode != os.W_OK)
    with pytest.raises(PermissionError, match="the file is read-only: it is left alone"):
        write(group(files))
    assert all(is_alone(path, BEFORE) for path in files)


@pytest.mark.parametrize("number", range(3))
def test_a_file_that_changed_since(files: list[Path], number: int) -> None:
    """Whichever it is; the error has the name that the user has for it."""
    changes = group(files)
    changes[number] = Change(files[number], b"FROM alpine\n", AFTER)
    with pytest.raises(ChangedError, match="changed while it was looked at") as caught:
        write(changes)
    assert caught.value.filename == str(files[number])
    assert all(is_alone(path, BEFORE) for path in files)


@pytest.mark.parametrize("number", range(3))
def test_a_file_that_is_gone(files: list[Path], number: int) -> None:
    files[number].unlink()
    with pytest.raises(FileNotFoundError) as caught:
        write(group(files))
    assert caught.value.filename == str(files[number])
    assert all(path.read_bytes() == BEFORE for path in files if path.exists())
    assert not half_done(files[0].parent)


@pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("step", ["fsync", "fchmod"])
def test_trouble_half_way(file: Path, monkeypatch: pytest.MonkeyPatch, step: str, trouble: BaseException) -> None:
    """The old content is there, and nothing else."""
    monkeypatch.setattr(os, step, raiser(trouble))
    with pytest.raises(type(trouble)):
        write([Change(file, BEFORE, AFTER)])
    monkeypatch.undo()
    assert is_alone(file, BEFORE)


Renames = Callable[[dict[int, BaseException]], list[Path]]


@pytest.fixture
def renames(monkeypatch: pytest.MonkeyPatch) -> Renames:
    """Renaming that meets trouble at some of its numbers, and the paths that were to be renamed."""

    def made(trouble: dict[int, BaseException]) -> list[Path]:
        real, seen = Path.replace, list[Path]()

        def replace(path: Path, target: Path) -> Path:
            seen.append(path)
            if len(seen) in trouble:
                raise trouble[len(seen)]
            return real(path, target)

        monkeypatch.setattr(Path, "replace", replace)
        return seen

    return made


@pytest.mark.parametrize("trouble", [PermissionError(13, "Permission denied"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_those_that_were_renamed_are_put_back(files: list[Path], renames: Renames, number: int, trouble: BaseException) -> None:
    inodes = [path.stat().st_ino for path in files]
    seen = renames({number: trouble})
    with pytest.raises(type(trouble)):
        write(group(files))
    assert all(is_alone(path, BEFORE) for path in files)
    assert [path.stat().st_ino for path in files] == inodes  # not others like them
    assert len(seen) == number + number - 1


def test_the_next_group_is_written_all_the_same(files: list[Path], renames: Renames) -> None:
    renames({2: PermissionError(13, "Permission denied")})
    root = files[0].parent
    with writing({root}, print) as writer:
        with pytest.raises(PermissionError):
            writer.write(root, group(files[:2]))
        writer.write(root, group(files[2:]))
    assert [path.read_bytes() for path in files] == [BEFORE, BEFORE, AFTER]
    assert not half_done(root)


@pytest.mark.parametrize("has_links", [True, False], ids=["with links", "on a file system without links"])
def test_somebody_writes_into_a_file_at_the_last_moment(files: list[Path], monkeypatch: pytest.MonkeyPatch, *, has_links: bool) -> None:
    """Between the look at it and the renaming: that is seen where the old file is still there under another name."""
    real = Path.replace

    def late(path: Path, target: Path) -> Path:
        if target.parent.name == "a" and path.suffix == ".new":
            with target.open("ab") as file:
                file.write(b"# late\n")
        return real(path, target)

    if not has_links:
        monkeypatch.setattr(os, "link", raiser(PermissionError(1, "Operation not permitted")))
    monkeypatch.setattr(Path, "replace", late)
    with pytest.raises(ChangedError) if has_links else nullcontext():
        write(group(files))
    assert [path.read_bytes() for path in files] == ([BEFORE, BEFORE + b"# late\n", BEFORE] if has_links else [AFTER] * 3)
    assert not half_done(files[0].parent)


def test_groups_of_several_trees(tmp_path: Path) -> None:
    """Each has a journal of its own, for as long as it takes."""
    roots = [tmp_path / name for name in ("a", "b", "a")]
    for number, root in enumerate(roots):
        root.mkdir(exist_ok=True)
        (root / f"{number}").write_bytes(BEFORE)
    with writing({*roots}, print) as writer:
        for number, root in enumerate(roots):
            writer.write(root, [Change(root / f"{number}", BEFORE, AFTER)])
            assert [seen for _, seen in found([tmp_path])] == [root]
    assert [(root / f"{number}").read_bytes() for number, root in enumerate(roots)] == [AFTER] * 3
    assert [*found([tmp_path])] == []


# --- what cannot be put back -----------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_put_back_is_named(files: list[Path], renames: Renames) -> None:
    """And the next run puts it back, or finishes."""
    denied = PermissionError(13, "Permission denied")
    renames({3: denied, 5: denied})
    with pytest.raises(HalfDoneError) as caught:
        write(group(files))
    said = {file.path.name if file.path == files[0] else file.path.parent.name: file.message for file in caught.value.files}
    assert [path.read_bytes() for path in files] == [AFTER, BEFORE, BEFORE]
    assert "this one is new; .dockerfix-" in said["Dockerfile"]
    assert said["a"].endswith("this one is still old")
    with writing({files[0].parent}, print) as writer:
        assert {*writer.left.put_back} == {*files}
    assert all(is_alone(path, BEFORE) for path in files)


def test_a_new_file_that_somebody_edited_is_not_put_back(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    real = Replacement.swap

    def late(self: Replacement) -> None:
        if self.target == files[1]:
            files[0].write_bytes(AFTER + b"# edited\n")
            raise PermissionError(13, "Permission denied")
        real(self)

    monkeypatch.setattr(Replacement, "swap", late)
    with pytest.raises(HalfDoneError, match=r"this one was edited since; .* beside it"):
        write(group(files))
    assert files[0].read_bytes() == AFTER + b"# edited\n"


def test_a_file_that_somebody_else_has_put_back_is_whole(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    real = Replacement.swap

    def late(self: Replacement) -> None:
        if self.target == files[1]:
            files[0].write_bytes(BEFORE)
            raise PermissionError(13, "Permission denied")
        real(self)

    monkeypatch.setattr(Replacement, "swap", late)
    with pytest.raises(PermissionError):
        write(group(files))
    assert all(is_alone(path, BEFORE) for path in files)


def test_an_interrupt_goes_before_what_is_half_done(files: list[Path], renames: Renames) -> None:
    renames({2: KeyboardInterrupt(), 3: PermissionError(13, "Permission denied")})
    with pytest.raises(KeyboardInterrupt):
        write(group(files))
    with writing({files[0].parent}, print):
        assert all(is_alone(path, BEFORE) for path in files)


def test_what_cannot_be_cleared_away_is_left_to_the_next_run(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Replacement, "clear", raiser(PermissionError(13, "Permission denied")))
        write(group(files))
    assert half_done(files[0].parent)
    with writing({files[0].parent}, print) as writer:
        assert (writer.left.finished, writer.left.put_back, writer.left.half_done) == ((), (), ())
    assert all(is_alone(path, AFTER) for path in files)
