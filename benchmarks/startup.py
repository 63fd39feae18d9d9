"""How long the command takes, whole process, warm: `python benchmarks/startup.py [ROUNDS]`.

The rows of one round are measured one after the other, so a busy machine slows all of them alike: read the ratios, and
`cpu`, the milliseconds that were computed and not waited. Modules are compiled before, as pip does it.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
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


def rows(dismissed: Path, leaking: Path) -> tuple[Row, ...]:
    """What is measured; the first one is what the others are compared with. `dismissed` is a Dockerfile that can hold no secret."""
    dockerfix = shutil.which("dockerfix", path=SCRIPTS) or sys.exit(f"dockerfix is not installed in {SCRIPTS}")
    return (
        Row("python -c pass", (sys.executable, "-c", "pass")),
        Row("python -c 'import click'", (sys.executable, "-c", "import click")),
        Row("dockerfix --version", (dockerfix, "--version"), 100),
        Row("dockerfix --help", (dockerfix, "--help"), 120),
        Row("dockerfix FILE, no candidate", (dockerfix, str(dismissed)), 150),
        Row("dockerfix FILE, one secret", (dockerfix, str(leaking)), 150),
    )


def measure(argv: tuple[str, ...], environment: dict[str, str]) -> tuple[float, float]:
    """The milliseconds of one run, and those of its CPU."""
    computed, start = _computed(), time.perf_counter()
    done = subprocess.run(argv, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    elapsed, cpu = time.perf_counter() - start, _computed() - computed
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode())
    return elapsed * 1000, cpu * 1000


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure all rows, round by round, and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as compiled:
        dismissed = Path(compiled, "Dockerfile.dismissed")
        dismissed.write_text("FROM alpine\nARG VERSION=1\nRUN make VERSION=$VERSION\n", encoding="utf-8")
        leaking = shutil.copy(SMALL, compiled)  # with nothing around it that may be a caller
        table = rows(dismissed, Path(leaking))
        times: dict[str, list[tuple[float, float]]] = {row.name: [] for row in table}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment = clean | {"PYTHONPYCACHEPREFIX": compiled}
        for row in table:
            measure(row.argv, environment)
        for _ in range(rounds):
            for row in table:
                times[row.name].append(measure(row.argv, environment))
    show(table, times, rounds)


def show(table: tuple[Row, ...], times: dict[str, list[tuple[float, float]]], rounds: int) -> None:
    """`!` marks a median that misses its aim."""
    print(f"{f'ms, {rounds} runs':30} {'median':>7} {'best':>7} {'cpu':>7} {'x bare':>7} {'aim':>7}")
    bare = statistics.median(elapsed for elapsed, _ in times[table[0].name])
    for row in table:
        elapsed, cpu = ([pair[part] for pair in times[row.name]] for part in (0, 1))
        median = statistics.median(elapsed)
        aim = "" if row.aim is None else f"< {row.aim}{' !' if median >= row.aim else ''}"
        print(f"{row.name:30} {median:7.0f} {min(elapsed):7.0f} {statistics.median(cpu):7.0f} {median / bare:7.1f} {aim:>7}".rstrip())


if __name__ == "__main__":
    main()
