"""The disk: a file is written whole or not at all, and stays what it was in all but its content."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from codemod import project
from codemod.cli import main
from codemod.project import ChangedError, mentions, write

BEFORE, AFTER = b"FROM alpine\r\nRUN true \xff\n", b"FROM alpine\r\nRUN false \xff"
LEAKING = b'FROM alpine\nARG MY_SECRET\nRUN curl -u "user:$MY_SECRET" https://ifconfig.me\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_bytes(BEFORE)
    return path


def is_alone(file: Path, content: bytes) -> bool:
    """Whether it has this content and nothing is left beside it."""
    return file.read_bytes() == content and [path.name for path in file.parent.iterdir()] == [file.name]


# --- what stays ------------------------------------------------------------------------------------------------------


def test_the_content_to_the_byte(file: Path) -> None:
    write(file, BEFORE, AFTER)
    assert is_alone(file, AFTER)


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o666, 0o755, 0o400, 0o4755, 0o2750], ids=oct)
def test_the_mode(file: Path, mode: int) -> None:
    """The umask has no say."""
    file.chmod(mode)
    write(file, BEFORE, AFTER)
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert is_alone(file, AFTER)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner(file: Path) -> None:
    os.chown(file, 1234, 5678)
    file.chmod(0o4750)
    write(file, BEFORE, AFTER)
    state = file.stat()
    assert (state.st_uid, state.st_gid, stat.S_IMODE(state.st_mode)) == (1234, 5678, 0o4750)


def test_a_link_stays_a_link(file: Path) -> None:
    inside = file.parent / "inside"
    inside.mkdir()
    (inside / "first").symlink_to("../Dockerfile")
    (inside / "second").symlink_to("first")
    write(inside / "second", BEFORE, AFTER)
    assert file.read_bytes() == AFTER
    assert [str((inside / name).readlink()) for name in ("second", "first")] == ["first", "../Dockerfile"]
    assert sorted(path.name for path in inside.iterdir()) == ["first", "second"]


# --- when it is left alone -------------------------------------------------------------------------------------------


def test_a_file_that_changed_since(file: Path) -> None:
    with pytest.raises(ChangedError, match="changed while it was looked at"):
        write(file, b"FROM alpine\n", AFTER)
    assert is_alone(file, BEFORE)


def test_a_file_that_is_gone(file: Path) -> None:
    file.unlink()
    with pytest.raises(FileNotFoundError):
        write(file, BEFORE, AFTER)
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("step", ["fsync", "fchmod"])
def test_trouble_half_way(file: Path, monkeypatch: pytest.MonkeyPatch, step: str, trouble: BaseException) -> None:
    """The old content is there, and nothing else."""
    monkeypatch.setattr(os, step, _raiser(trouble))
    with pytest.raises(type(trouble)):
        write(file, BEFORE, AFTER)
    monkeypatch.undo()
    assert is_alone(file, BEFORE)


def test_trouble_at_the_last_step(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", _raiser(PermissionError(13, "Permission denied")))
    with pytest.raises(PermissionError):
        write(file, BEFORE, AFTER)
    assert is_alone(file, BEFORE)


def test_a_file_of_somebody_else_in_the_way(file: Path) -> None:
    """The name we would write to first is taken: that file is not ours to remove."""
    taken = file.with_name(f".Dockerfile.dockerfix-{os.getpid()}")
    taken.write_bytes(b"theirs")
    try:
        write(file, BEFORE, AFTER)
    except OSError:
        assert file.read_bytes() == BEFORE
    else:
        assert file.read_bytes() == AFTER
    assert taken.read_bytes() == b"theirs"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(file: Path) -> None:
    file.parent.chmod(0o555)
    with pytest.raises(PermissionError):
        write(file, BEFORE, AFTER)
    file.parent.chmod(0o755)
    assert is_alone(file, BEFORE)


def _raiser(trouble: BaseException) -> object:
    def raise_it(*_: object) -> None:
        raise trouble

    return raise_it


# --- what the user hears ---------------------------------------------------------------------------------------------


def test_the_command_says_that_a_file_changed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading and writing; the other files are written."""
    file.write_bytes(LEAKING)
    other = file.with_name("other.Dockerfile")
    other.write_bytes(LEAKING)
    monkeypatch.chdir(file.parent)
    monkeypatch.setattr(project, "write", _late_writer(file))
    result = CliRunner().invoke(main, ["--write"], catch_exceptions=False)
    assert result.exit_code == 3
    assert result.stderr.startswith("error: Dockerfile: ")
    assert "changed while it was looked at" in result.stderr
    assert result.stdout.startswith("--- a/other.Dockerfile\n")  # the diff is of what was written
    assert file.read_bytes() == LEAKING + b"# late\n"
    assert b"--mount=type=secret" in other.read_bytes()


def _late_writer(file: Path) -> object:
    def late(path: Path, before: bytes, after: bytes) -> None:
        if path.name == file.name:
            file.write_bytes(file.read_bytes() + b"# late\n")
        write(path, before, after)

    return late


# --- files beside the Dockerfile that have a name --------------------------------------------------------------------

MENTIONS = {
    "a script": ("build.sh", b"#!/bin/sh\ncurl -u x:$API_TOKEN\n", ("build.sh:2",)),
    "in a folder": ("src/a.py", b'os.environ["API_TOKEN"]\n', ("src/a.py:1",)),
    "twice on a line": ("a.js", b"\nAPI_TOKEN || API_TOKEN\n", ("a.js:2",)),
    "not UTF-8": ("a.c", b"\xff\xfe API_TOKEN\n", ("a.c:1",)),
    "a longer name": ("a.sh", b"MY_API_TOKEN API_TOKENS\n", ()),
    "a document": ("README.md", b"pass API_TOKEN\n", ()),
    "a caller": ("build.sh", b"docker build --build-arg API_TOKEN .\n", ()),
    "a compose file": ("docker-compose.yml", b"args: [API_TOKEN]\n", ()),
    "a workflow": (".github/workflows/ci.yml", b"API_TOKEN: x\n", ()),
    "another Dockerfile": ("Dockerfile.dev", b"ARG API_TOKEN\n", ()),
    "an installed package": ("node_modules/a/index.js", b"API_TOKEN\n", ()),
    "a large file": ("data.bin", b"API_TOKEN" + b" " * (1 << 20), ()),
}


@pytest.mark.parametrize(("name", "content", "places"), MENTIONS.values(), ids=MENTIONS)
def test_mentions(tmp_path: Path, name: str, content: bytes, places: tuple[str, ...]) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(content)
    assert mentions(tmp_path, ["API_TOKEN", "OTHER"]) == ({"API_TOKEN": places} if places else {})


def test_mentions_follow_no_links(tmp_path: Path) -> None:
    """A link may lead out of the context, or nowhere."""
    (tmp_path / "context").mkdir()
    (tmp_path / "outside.sh").write_bytes(b"API_TOKEN\n")
    (tmp_path / "context" / "link.sh").symlink_to("../outside.sh")
    (tmp_path / "context" / "dangling").symlink_to("nowhere")
    assert mentions(tmp_path / "context", ["API_TOKEN"]) == {}
