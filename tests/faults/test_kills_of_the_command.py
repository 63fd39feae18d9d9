"""`dockerfix --write` is killed: every file is old or new, and the next run comes to what one undisturbed run comes to."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.command import COMMAND, ENVIRONMENT, REPOSITORY, dockerfix

from .kills import Killer
from .services import contents, is_half, repository, start_again, written

# the other of 200 are those of test_kills.py
BATCHES, KILLS = 2, 10
SERVICES = 10
NAMES = [f"services/s{number:02}" for number in range(SERVICES)]


@pytest.mark.parametrize("seed", range(BATCHES))
def test_at_any_moment(tmp_path: Path, seed: int) -> None:
    folder = repository(tmp_path / "repository", SERVICES)
    before = contents(folder)
    after = written(tmp_path / "written", folder)
    command = [*COMMAND, "--write", "--quiet"]
    journal = folder / ".git" / "dockerfix-journal"
    killer = Killer(command, ENVIRONMENT | {"PYTHONPATH": str(REPOSITORY)}, folder, journal, Random(seed))  # noqa: S311  (no secret)
    seconds = killer.seconds()
    assert contents(folder) == after

    def left() -> float:
        found = contents(folder)
        return seconds * sum(any(found[path] != after[path] for path in before if path.startswith(name)) for name in NAMES) / SERVICES

    def check() -> None:
        found = contents(folder)
        half_done = [name for name in NAMES if is_half(found, before, after, name)]
        assert len(half_done) <= 1
        assert all(path in before or Path(path).name.startswith(".dockerfix-") for path in found)

    def again() -> None:
        assert dockerfix("--write", "--quiet", cwd=folder).returncode == 0
        assert contents(folder) == after
        assert not journal.exists()
        start_again(folder)

    start_again(folder)
    killer.kill_until(KILLS, left, check, again)
    again()
