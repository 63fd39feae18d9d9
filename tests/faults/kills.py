"""Killing a process that writes, at a random moment of its writing."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

# of what there is to write, a run that is killed has written some: with this many runs for each kill there is always one
RUNS_FOR_A_KILL = 6


@dataclass(frozen=True, slots=True)
class Killer:
    """It starts processes that write, and kills them; `seconds` is how long one of them writes when nobody does."""

    command: Sequence[str]
    environment: dict[str, str]
    folder: Path
    journal: Path
    chance: Random

    def seconds(self) -> float:
        """How long an undisturbed run writes. It has to have something to write."""
        process = self._started()
        self._wait_for_the_journal(process, None)
        start = end = time.monotonic()
        while self.journal.exists():
            end = time.monotonic()
            time.sleep(0.0002)
        assert process.wait() == 0
        return end - start

    def kill(self, seconds: float) -> bool:
        """Kill a run somewhere in its first `seconds` of writing; whether that was in the midst of it, and not at its end."""
        before = self._stamp()
        process = self._started()
        self._wait_for_the_journal(process, before)
        time.sleep(self.chance.uniform(0, seconds))
        process.kill()
        return process.wait() == -signal.SIGKILL and self.journal.exists()

    def kill_until(self, kills: int, left: Callable[[], float], check: Callable[[], None], again: Callable[[], None]) -> None:
        """Kill run after run, each in the midst of its writing; `check` what it has left, and begin `again` where nothing is left to do.

        `left` is how many seconds of writing there are yet.
        """
        done, runs, share = 0, 0, 1.0
        while done < kills:
            runs += 1
            assert runs <= kills * RUNS_FOR_A_KILL, "hardly any kill comes in the midst of the writing"
            seconds = left()
            if not seconds:
                again()
                continue
            is_killed = self.kill(seconds * share)
            # a machine is faster at one time than at another: those that come too late make the next one come earlier
            share = min(1.0, share * 1.2) if is_killed else share / 2
            done += is_killed
            check()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command, env=self.environment, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _wait_for_the_journal(self, process: subprocess.Popen[bytes], before: tuple[int, int] | None) -> None:
        while self._stamp() in (None, before) and process.poll() is None:
            time.sleep(0.0002)

    def _stamp(self) -> tuple[int, int] | None:
        """What a journal that is written to has anew."""
        try:
            state = self.journal.stat()
        except FileNotFoundError:
            return None
        return state.st_ino, state.st_mtime_ns
