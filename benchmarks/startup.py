"""How long the command takes, whole process, warm: `python benchmarks/startup.py [ROUNDS]`.

The rows of one round are measured one after the other, so a busy machine slows all of them alike: read the ratios.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "examples" / "curl" / "Dockerfile"
SCRIPTS = sysconfig.get_path("scripts")


@dataclass(frozen=True, slots=True)
class Row:
    """A command, and the milliseconds it is to stay below."""

    name: str
    argv: tuple[str, ...]
    aim: int | None = None


def rows() -> tuple[Row, ...]:
    """What is measured; the first one is what the others are compared with."""
    dockerfix = shutil.which("dockerfix", path=SCRIPTS) or sys.exit(f"dockerfix is not installed in {SCRIPTS}")
    return (
        Row("python -c pass", (sys.executable, "-c", "pass")),
        Row("python -c 'import click'", (sys.executable, "-c", "import click")),
        Row("dockerfix --version", (dockerfix, "--version"), 100),
        Row("dockerfix --help", (dockerfix, "--help"), 120),
        Row("dockerfix FILE, no ARG in it", (dockerfix, str(SMALL.with_name("after.txt"))), 150),
        Row("dockerfix FILE, one secret", (dockerfix, str(SMALL)), 150),
    )


def measure(argv: tuple[str, ...]) -> float:
    """The milliseconds of one run."""
    start = time.perf_counter()
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    elapsed = time.perf_counter() - start
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode())
    return elapsed * 1000


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    table = rows()
    for row in table:  # warm
        measure(row.argv)
    times: dict[str, list[float]] = {row.name: [] for row in table}
    for _ in range(rounds):
        for row in table:
            times[row.name].append(measure(row.argv))
    bare = statistics.median(times[table[0].name])
    print(f"{'ms, of ' + str(rounds) + ' runs':30} {'median':>7} {'best':>7} {'x bare':>7} {'aim':>7}")
    for row in table:
        median, best = statistics.median(times[row.name]), min(times[row.name])
        aim = "" if row.aim is None else f"< {row.aim}{'' if median < row.aim else ' !'}"
        print(f"{row.name:30} {median:7.0f} {best:7.0f} {median / bare:7.1f} {aim:>7}")


if __name__ == "__main__":
    main()
