"""The bar: on a terminal, for runs that take long, and nowhere else."""

from __future__ import annotations

import io
from contextlib import redirect_stderr

import pytest

from codemod import progress
from codemod.progress import Progress, progress_of_stderr
from codemod.workers import STAGES, Workers


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TERM", "COLUMNS"):
        monkeypatch.setenv(name, {"TERM": "xterm", "COLUMNS": "80"}[name])
    monkeypatch.delenv("NO_COLOR", raising=False)


def double(number: int) -> int:
    return 2 * number


def test_there_is_none_in_a_pipe() -> None:
    assert progress_of_stderr() is None


def test_there_is_one_on_a_terminal() -> None:
    with redirect_stderr(Terminal()):
        assert isinstance(progress_of_stderr(), Progress)


def test_a_short_run_shows_nothing() -> None:
    with redirect_stderr(Terminal()) as terminal, Workers(progress=Progress()) as workers:
        assert [*workers.map(double, range(5))] == [0, 2, 4, 6, 8]
    assert terminal.getvalue() == ""


def test_a_long_run_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr(progress, "PAUSE", 0)
    monkeypatch.setitem(STAGES, "double", "Doubling numbers")
    with redirect_stderr(Terminal()) as terminal, Workers(progress=Progress()) as workers:
        assert [*workers.map(double, range(5))] == [0, 2, 4, 6, 8]
        assert "Doubling numbers" in terminal.getvalue()
        assert "3/5" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")  # what was shown is gone


@pytest.mark.parametrize("color", [True, False], ids=["with", "without"])
def test_it_has_colours_unless_nobody_wants_them(monkeypatch: pytest.MonkeyPatch, *, color: bool) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr(progress, "PAUSE", 0)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with redirect_stderr(Terminal()) as terminal:
        bar = progress_of_stderr(color=color)
        assert bar is not None
        bar.begin("Doubling numbers", 5)
        bar.end()
    assert ("\x1b[32m" in terminal.getvalue()) is color


def test_what_follows_soon_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr(progress, "PAUSE", 3600)
    with redirect_stderr(Terminal()) as terminal:
        bar = Progress()
        bar.begin("Doubling numbers", 5)
        bar.end()
    assert terminal.getvalue() == ""
