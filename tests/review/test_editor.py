"""The person's editor: which one, how it is started, and what it may do."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path, PurePosixPath

import pytest

from codemod.review.console import uninterrupted
from codemod.review.editor import EditorError, edited

FILE = PurePosixPath("svc/app.Dockerfile")
TEXT = "FROM alpine\r\n# \udcff größer\n"


@pytest.fixture(autouse=True)
def _no_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)


def program(path: Path, script: str) -> Path:
    """A program of one's own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_text_that_is_not_touched_comes_back_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "true")
    assert edited(FILE, TEXT) == TEXT


def test_visual_goes_before_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.setenv("VISUAL", "true")
    assert edited(FILE, TEXT) == TEXT


def test_without_either_it_is_vi(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One that is set and empty is none."""
    program(tmp_path / "vi", 'echo vi > "$1"')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("EDITOR", " ")
    assert edited(FILE, TEXT) == "vi\n"


def test_it_may_have_arguments_quotes_and_blanks_in_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = program(tmp_path / "my editors" / "ed it", 'echo "$1 $2" > "$3"')
    monkeypatch.setenv("EDITOR", f"'{own}' --wait \"two words\"")
    assert edited(FILE, TEXT) == "--wait two words\n"


def test_it_may_be_a_small_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", """sh -c 'sed s/alpine/debian/ "$1" > "$1.new" && mv "$1.new" "$1"' --""")
    assert edited(FILE, "FROM alpine\n") == "FROM debian\n"


def test_the_file_has_its_name_and_nobody_else_can_read_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An editor knows by the name what it is; and a default in it may be a credential."""
    monkeypatch.setenv("EDITOR", f'sh -c \'stat -c %a "$(dirname "$1")" > {tmp_path}/mode; echo "$1" > "$1.x"; mv "$1.x" "$1"\' --')
    place = Path(edited(FILE, TEXT).strip())
    assert place.name == "app.Dockerfile"
    assert not place.parent.exists()
    assert (tmp_path / "mode").read_text() == f"{stat.S_IRWXU:o}\n"


FAILURES = {
    "one that gives up": ("false", "false ended with status 1"),
    "one that is not there": ("no-such-editor 2>&-", "no-such-editor 2>&- ended with status 127"),
    "one that is killed": ("kill -9 $$;", "kill -9 $$; ended with signal 9"),
    "one that takes the file away": ("rm", "what was edited cannot be read: No such file or directory"),
}


@pytest.mark.parametrize(("editor", "message"), FAILURES.values(), ids=FAILURES)
def test_what_goes_wrong_with_it_is_said(editor: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", editor)
    with pytest.raises(EditorError) as raised:
        edited(FILE, TEXT)
    assert str(raised.value) == message


def test_ctrl_c_in_the_editor_is_the_editors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "kill -INT $PPID; true")
    before = signal.getsignal(signal.SIGINT)
    assert edited(FILE, TEXT) == TEXT
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_while_files_are_written_waits_for_their_end() -> None:
    """The second one is served at once."""
    said: list[str] = []
    with uninterrupted(lambda: said.append("stop")):
        os.kill(os.getpid(), signal.SIGINT)
        said.append("written")
    assert said == ["stop", "written"]
    with pytest.raises(KeyboardInterrupt):
        interrupted_twice()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def interrupted_twice() -> None:
    with uninterrupted(lambda: None):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
