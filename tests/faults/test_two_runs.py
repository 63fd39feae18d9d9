"""Two runs at once on one tree do not mix: one waits for the other, says so, and then finds what that has made."""

from __future__ import annotations

import subprocess
from pathlib import Path

from codemod.locks import held
from tests.command import COMMAND, ENVIRONMENT, REPOSITORY, dockerfix

from .services import contents, repository, written


def started(folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *options],
        cwd=folder,
        env=ENVIRONMENT | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_four_at_once_come_to_what_one_comes_to(tmp_path: Path) -> None:
    """Each change is one run's: it is in one diff."""
    folder = repository(tmp_path / "repository", 3)
    after = written(tmp_path / "written", folder)
    runs = [started(folder, "--write") for _ in range(4)]
    said = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0, 0]
    assert contents(folder) == after
    assert sorted(diff.count("\n+++ ") for diff, _ in said) == [0, 0, 0, 9]


def test_one_waits_and_says_so(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", 1)
    before, after = contents(folder), written(tmp_path / "written", folder)
    with held({folder}, print):
        run = started(folder, "--write")
        assert run.stderr
        assert run.stderr.readline() == f"Waiting for another run that writes to {folder} …\n"
        assert run.poll() is None
        assert contents(folder) == before
    _, said = run.communicate()
    assert run.returncode == 0
    assert "Waiting" not in said
    assert contents(folder) == after


def test_a_dry_run_waits_for_nobody(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", 1)
    with held({folder}, print):
        assert dockerfix(cwd=folder).returncode == 1
