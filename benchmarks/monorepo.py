"""How long a whole monorepo takes, and how much memory: `python benchmarks/monorepo.py [--runs N] [--scale] [--write-docs]`.

Makes the tree of `tree/`, and measures `dockerfix .` at its root beside what only reads it, and beside other tools where they are on
PATH. The rows of one round are measured one after the other, so a busy machine slows all of them alike: read the ratios, each of
which is the median of those within a round; and where the disk is slow, the time of the processors. Memory is that of the largest process,
looked at in a run of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tree import make

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "performance.md"
SCRIPTS = sysconfig.get_path("scripts")
# where the tables stand in the document
START, END = "<!-- measured by benchmarks/monorepo.py -->", "<!-- end -->"
SCALES = (1, 3, 10)
# what takes longer than this, in seconds, is not run again
LONGEST = 60.0
POLL = 0.01
# what some have set, and a user has not: modules are compiled once, as pip does it
SLOWER = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"})
TOOLS = ("git", "tally", "hadolint")
FOUND_NOTHING, FOUND = 0, 1
# list Dockerfiles as git knows them, and read them
READER = """
import re, subprocess
found = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True).stdout.split(b"\\0")
for path in found:
    if re.search(rb"(?i)(?:docker|container)file[^/]*$", path):
        with open(path, "rb") as file:
            file.read()
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A command, run at the root of the tree; `before` puts the caches as it is to find them."""

    name: str
    argv: tuple[str, ...]
    before: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Measured:
    """The seconds of each run, in the order of rounds, those of the processors, and the megabytes of the largest process."""

    row: Row
    seconds: tuple[float, ...]
    computing: tuple[float, ...]
    megabytes: float


class Run(NamedTuple):
    """One run: its seconds, those that it had of all processors, and the megabytes of its largest process where it was watched."""

    seconds: float
    computing: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree that was made, and its size."""

    folder: Path
    dockerfiles: int
    others: int
    callers: int


def main() -> None:
    """Measure, print, and put it into the document where that is asked for."""
    options = parser().parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        scales = SCALES if options.scale else SCALES[:1]
        trees = [_tree(Path(temporary, str(scale)), options, scale) for scale in scales]
        text = "\n".join(
            [*_comparison(trees[0], options.runs), *(_scaling(trees, options.runs) if options.scale else ()), *_made_by(options)]
        )
    print(text)
    if options.write_docs:
        document = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(with_tables(document, text), encoding="utf-8")


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--runs", type=int, default=5, metavar="N", help="rounds; the best and the median are shown [5]")
    made.add_argument("--scale", action="store_true", help="also trees three and ten times as large: takes long, and 10 GB of disk")
    made.add_argument("--write-docs", action="store_true", help="put the tables into docs/performance.md")
    made.add_argument("--dockerfiles", type=int, default=10_000, metavar="N", help="in the tree [10000]; 3 % of them leak")
    made.add_argument("--others", type=int, default=40_000, metavar="N", help="other files in the tree [40000]")
    made.add_argument("--callers", type=int, default=1_000, metavar="N", help="files that build images [1000]")
    made.add_argument("--seed", type=int, default=1, help="another number makes another tree [1]")
    made.add_argument("--tree", type=Path, metavar="FOLDER", help="keep the trees here, and take those that are here already")
    return made


def _tree(temporary: Path, options: argparse.Namespace, scale: int) -> Tree:
    size = (options.dockerfiles * scale, options.others * scale, options.callers * scale)
    folder = temporary if options.tree is None else Path(options.tree, "-".join(map(str, (*size, options.seed)))).resolve()
    if not (folder / ".git" / "HEAD").exists():
        make(folder, *size, options.seed)
    return Tree(folder, *size)


# --- what is run ------------------------------------------------------------------------------------------------------------


def dockerfix_rows(tree: Tree, cache: Path) -> tuple[Row, ...]:
    """The command as users run it; `cache` is the folder of its cache, which nobody else uses."""
    command = shutil.which("dockerfix", path=SCRIPTS) or sys.exit(f"dockerfix is not installed in {SCRIPTS}")
    return (
        Row("`dockerfix .`, the first time", (command, "."), lambda: shutil.rmtree(cache, ignore_errors=True)),
        Row("`dockerfix .`, again", (command, ".")),
        Row("`dockerfix .`, after a change of one Dockerfile", (command, "."), lambda: _change(tree)),
        Row("`dockerfix --no-cache .`", (command, "--no-cache", "."), lambda: _restore(tree)),
    )


def _change(tree: Tree) -> None:
    """Another content for one of the Dockerfiles; a new one each time."""
    with Path(tree.folder, _dockerfiles(tree)[0]).open("a", encoding="utf-8") as file:
        file.write(f"# {time.time_ns()}\n")


def _restore(tree: Tree) -> None:
    subprocess.run(["git", "checkout", "-q", "."], cwd=tree.folder, check=True)  # noqa: S607


def other_rows(tree: Tree) -> tuple[Row, ...]:
    """What reads the tree and does no more, and, where they are on PATH, other tools for the same secrets."""
    rows = [
        Row("`git grep -lE '^(ARG|ENV)'`", ("git", "grep", "-lE", "^(ARG|ENV)")),
        Row("read every Dockerfile in Python", (sys.executable, "-c", READER)),
    ]
    if tally := shutil.which("tally"):
        only = ("--no-config", "--ignore", "*", "--select", "buildkit/SecretsUsedInArgOrEnv", "--slow-checks", "off")
        rows.append(Row("`tally lint`, only SecretsUsedInArgOrEnv", (tally, "lint", *only, ".")))
    if hadolint := shutil.which("hadolint"):
        # it walks no folder, and what it ignores it looks at all the same
        paths = _dockerfiles(tree)
        rows.append(Row(f"`hadolint`, given {len(paths):,} paths", (hadolint, "--no-fail", *paths)))
    return tuple(rows)


def _dockerfiles(tree: Tree) -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=tree.folder, capture_output=True, text=True, check=True).stdout  # noqa: S607
    return [path for path in listed.splitlines() if re.search(r"(?i)(?:docker|container)file[^/]*$", path)]


# --- measuring --------------------------------------------------------------------------------------------------------------


def measured(tree: Tree, rows: Sequence[Row], runs: int, cache: Path) -> list[Measured]:
    """Each row in each round, one after the other; before that once to look at its memory, with all files warm."""
    plain = {name: value for name, value in os.environ.items() if name not in SLOWER}
    environment = plain | {"DOCKERFIX_CACHE_DIR": str(cache), "PYTHONPYCACHEPREFIX": str(cache.with_name("compiled"))}
    found: list[list[Run]] = [[] for _ in rows]
    _warm(tree.folder)
    first = [_run(row, tree.folder, environment, is_watched=True) for row in rows]
    for number in range(runs):
        _warm(tree.folder)
        for row, once, own in zip(rows, first, found, strict=True):
            if once.seconds < LONGEST:
                own.append(_run(row, tree.folder, environment))
            elif number == 0:
                own.append(once)
    return [
        Measured(row, tuple(run.seconds for run in own), tuple(run.computing for run in own), once.megabytes)
        for row, own, once in zip(rows, found, first, strict=True)
    ]


def _warm(folder: Path) -> None:
    """Have the system read all files, and what it knows of them: some systems forget them soon."""
    for command in (("grep", "-c", "no file has this"), ("status", "--short")):
        subprocess.run(["git", *command], cwd=folder, check=False, stdout=subprocess.DEVNULL)  # noqa: S607


def _run(row: Row, folder: Path, environment: Mapping[str, str], *, is_watched: bool = False) -> Run:
    row.before()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(row.argv, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        most = _most_memory(process) if is_watched else 0.0
        code = process.wait()
        elapsed = time.perf_counter() - start
        if code not in (FOUND_NOTHING, FOUND):
            said.seek(0)
            sys.exit(f"{row.name}: exit code {code}\n{said.read().decode(errors='replace')}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, most)


def _most_memory(process: subprocess.Popen[bytes]) -> float:
    """Look at a process and all below it until it ends: the peak of each is known to the system while it lives."""
    most = 0.0
    while process.poll() is None:
        most = max([most, *map(_peak, _family(process.pid))])
        time.sleep(POLL)
    return most


def _family(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):  # it has just ended
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text(encoding="ascii").split():
                yield from _family(int(child))


def _peak(pid: int) -> float:
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
        return int(found[1]) / 1024 if found else 0.0
    return 0.0


# --- tables -----------------------------------------------------------------------------------------------------------------


def _comparison(tree: Tree, runs: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as cache:
        all_measured = measured(tree, (*dockerfix_rows(tree, Path(cache, "cache")), *other_rows(tree)), runs, Path(cache, "cache"))
    yield f"{tree.dockerfiles:,} Dockerfiles, {tree.callers:,} callers, {tree.others:,} other files"
    yield ""
    yield "| | best | median | times the first row | of processors | largest process | runs |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for each in all_measured:
        times = f"{_seconds(min(each.seconds))} | {_seconds(statistics.median(each.seconds))} | {ratio(each, all_measured[0])}"
        name = each.row.name.replace("|", r"\|")  # a cell ends there, in code as well
        computing = _seconds(statistics.median(each.computing))
        yield f"| {name} | {times} | {computing} | {each.megabytes:.0f} MB | {len(each.seconds)} |"


def _scaling(trees: Sequence[Tree], runs: int) -> Iterator[str]:
    yield ""
    yield "| Dockerfiles | all files | first: median | of processors | per 1,000 Dockerfiles | again | of processors | largest process |"
    yield "|--:|--:|--:|--:|--:|--:|--:|--:|"
    for tree in trees:
        with tempfile.TemporaryDirectory() as cache:
            first, again = measured(tree, dockerfix_rows(tree, Path(cache, "cache"))[:2], runs, Path(cache, "cache"))
        computing = statistics.median(first.computing)
        cells = (
            f"{tree.dockerfiles:,}",
            f"{tree.dockerfiles + tree.callers + tree.others:,}",
            _seconds(statistics.median(first.seconds)),
            _seconds(computing),
            f"{computing * 1e6 / tree.dockerfiles:.0f} ms",
            _seconds(statistics.median(again.seconds)),
            _seconds(statistics.median(again.computing)),
            f"{max(first.megabytes, again.megabytes):.0f} MB",
        )
        yield f"| {' | '.join(cells)} |"


def ratio(row: Measured, first: Measured) -> str:
    """The median of how many times the first row's the time was, within each round."""
    times = statistics.median(own / base for own, base in zip(row.seconds, first.seconds, strict=False))
    return f"{times:.2g}" if times < 10 else f"{times:.0f}"  # noqa: PLR2004  (two digits say enough)


def _seconds(number: float) -> str:
    return f"{number:.2f} s" if number < 10 else f"{number:.0f} s"  # noqa: PLR2004  (…)


def _made_by(options: argparse.Namespace) -> Iterator[str]:
    """The machine, and the command."""
    with contextlib.suppress(AttributeError):
        cores = len(os.sched_getaffinity(0))
        yield ""
        system = f"{cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
        yield f"{system}, {', '.join(map(_version, filter(shutil.which, TOOLS)))}."
    words = [f"--{name.replace('_', '-')}" if value is True else f"--{name} {value}" for name, value in _changed(options)]
    yield ""
    yield f"`{' '.join(['python benchmarks/monorepo.py', *words])}`"


def _changed(options: argparse.Namespace) -> Iterator[tuple[str, object]]:
    """What was asked for and changes the numbers."""
    for name in ("runs", "scale", "dockerfiles", "others", "callers", "seed"):
        value = getattr(options, name)
        if value != parser().get_default(name):
            yield name, value


def _version(tool: str) -> str:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(?:\.\d+)+", said)
    return f"{tool} {found[0] if found else '?'}"


def with_tables(document: str, text: str) -> str:
    """The document with `text` where the tables stand."""
    before, _, rest = document.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{text}\n\n{END}{after}"


if __name__ == "__main__":
    main()
