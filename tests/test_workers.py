"""Who does the work: however many there are, what comes back is the same, in the order of the work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from codemod import workers
from codemod.cache import Cache
from codemod.progress import Progress
from codemod.workers import DIED, Item, Value, WorkerError, Workers, processors

from .command import ENVIRONMENT, REPOSITORY

NUMBERS = tuple(range(1000))
# more bytes than a pipe takes at once, and seconds that nobody should have to wait
LARGE, PATIENCE = 1_000_000, 20


def twice(number: int) -> int:
    return number * 2


def late(number: int) -> int:
    """The first is the last."""
    time.sleep(0.2 if number == 0 else 0)
    return number


def process(_: int) -> int:
    return os.getpid()


def large(number: int) -> bytes:
    return bytes(LARGE) if number == 0 else b""


def wrong(number: int) -> int:
    raise ValueError(number)


def dies(number: int) -> int:
    if number == 700:
        os._exit(3)
    return number


def is_deaf(_: int) -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.parametrize("jobs", [1, 2, 4])
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 1000])
def test_all_of_it_in_order(jobs: int, count: int) -> None:
    with Workers(jobs) as own:
        assert [*own.map(twice, NUMBERS[:count])] == [number * 2 for number in NUMBERS[:count]]


def test_in_order_whatever_is_done_first() -> None:
    with Workers(4) as own:
        assert [*own.map(late, NUMBERS)] == [*NUMBERS]


def test_little_work_is_done_here() -> None:
    with Workers(4) as own:
        assert {*own.map(process, NUMBERS, worth=1001)} == {os.getpid()}
        assert os.getpid() not in own.map(process, NUMBERS, worth=1000)


def test_one_job_is_this_process() -> None:
    with Workers(1) as own:
        assert {*own.map(process, NUMBERS)} == {os.getpid()}


def test_the_pool_is_one() -> None:
    with Workers(2) as own:
        first = {*own.map(process, NUMBERS)}
        assert len(first | {*own.map(process, NUMBERS)}) <= 2
    assert not multiprocessing.active_children()


class OtherMachines:
    """What they are given, they do backwards."""

    jobs = 3

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def map(self, function: Callable[[Item], Value], chunks: Sequence[Sequence[Item]]) -> Iterator[Sequence[Value]]:
        self.sizes += map(len, chunks)
        yield from reversed([[function(item) for item in chunk] for chunk in reversed(chunks)])


def test_other_machines_do_what_needs_no_disk() -> None:
    others = OtherMachines()
    with Workers(1, others) as own:
        assert [*own.map(twice, NUMBERS)] == [number * 2 for number in NUMBERS]
        assert sum(others.sizes) == len(NUMBERS)
        assert {*own.map(process, NUMBERS, is_local=True)} == {os.getpid()}
        assert [*own.map(twice, NUMBERS[:3])] == [0, 2, 4]
    assert len(others.sizes) == -(-len(NUMBERS) // others.sizes[0])
    assert sum(others.sizes) == len(NUMBERS)


def test_what_needs_the_disk_has_a_pool_here_all_the_same() -> None:
    others = OtherMachines()
    with Workers(2, others) as own:
        assert os.getpid() not in own.map(process, NUMBERS, is_local=True)
    assert others.sizes == []


def test_what_is_wrong_is_raised_here() -> None:
    with pytest.raises(ValueError, match=r"^0$"), Workers(2) as own:
        [*own.map(wrong, NUMBERS)]
    assert not multiprocessing.active_children()


def test_a_process_that_dies_is_told_of() -> None:
    with pytest.raises(WorkerError, match="-j 1"), Workers(2) as own:
        [*own.map(dies, NUMBERS)]
    assert not multiprocessing.active_children()


def test_the_processes_do_not_listen_to_ctrl_c() -> None:
    with Workers(2) as own:
        assert all(own.map(is_deaf, NUMBERS))


def test_only_its_own_processes_end() -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as theirs:
        assert theirs.submit(twice, 2).result() == 4
        with pytest.raises(ValueError, match=r"^0$"), Workers(2) as own:
            [*own.map(wrong, NUMBERS)]
        assert theirs.submit(twice, 3).result() == 6


@pytest.mark.parametrize(
    "error", [OSError(11, "Resource temporarily unavailable"), NotImplementedError("no semaphores"), ImportError("no")]
)
def test_where_there_can_be_no_pool_it_is_done_here(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor.__init__", refuse)
    with Workers(2) as own:
        assert {*own.map(process, NUMBERS)} == {os.getpid()}
        assert own.jobs == 1


def test_where_no_process_can_be_started_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("os.fork", refuse)
    monkeypatch.setattr(workers, "_is_alone", lambda: True)
    with Workers(2) as own:
        assert {*own.map(process, NUMBERS)} == {os.getpid()}


def test_a_process_with_threads_is_not_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them may have a lock, which nobody in the child would ever give back."""

    def refuse(*_: object) -> None:
        pytest.fail("a fork")

    monkeypatch.setattr("os.fork", refuse)
    waits = threading.Event()
    thread = threading.Thread(target=waits.wait)
    thread.start()
    try:
        with Workers(2) as own:
            assert [*own.map(twice, NUMBERS)] == [number * 2 for number in NUMBERS]
    finally:
        waits.set()
        thread.join()


def test_nor_one_of_which_nobody_knows_its_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where /proc is hidden."""

    def hidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.fork", lambda: pytest.fail("a fork"))
    monkeypatch.setattr(Path, "iterdir", hidden)
    with Workers(2) as own:
        assert [*own.map(twice, NUMBERS)] == [number * 2 for number in NUMBERS]


def test_no_more_processes_than_can_be_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MOST", 2)
    with Workers(1000) as own:
        assert len({*own.map(process, NUMBERS)}) <= 2


def test_another_system_starts_them_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with Workers(2) as own:
        assert [*own.map(twice, NUMBERS)] == [number * 2 for number in NUMBERS]


class Seen(Progress):
    """What a person would be shown."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[object] = []

    def begin(self, stage: str, total: int) -> None:
        self.seen.append((stage, total))

    def advance(self, count: int) -> None:
        self.seen.append(count)

    def end(self) -> None:
        self.seen.append("end")


def test_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(workers.STAGES, "twice", "Doubling")
    progress = Seen()
    with Workers(2, progress=progress) as own:
        assert [*own.map(twice, ()), *own.map(twice, (1, 2))] == [2, 4]
        assert [*own.map(twice, NUMBERS)] == [number * 2 for number in NUMBERS]
    assert progress.seen[:4] == [("Doubling", 2), 1, 1, ("Doubling", 1000)]
    assert (sum(each for each in progress.seen[4:] if isinstance(each, int)), progress.seen[-1]) == (1000, "end")


def test_the_stages_are_functions_that_there_are() -> None:
    """A stage that nobody begins would say nothing."""
    text = "".join(path.read_text() for path in (REPOSITORY / "codemod").glob("*.py"))
    assert [name for name in workers.STAGES if f"def {name}(" not in text] == []


# --- with a cache ----------------------------------------------------------------------------------------------------


def recorded(item: tuple[Path, int]) -> int:
    """Leaves a line for each time that it runs."""
    with item[0].open("a") as file:
        file.write(f"{item[1]}\n")
    return item[1] * 2


def run(folder: Path, numbers: Sequence[int], jobs: int = 1) -> tuple[list[int], list[int]]:
    """The values, and those that were worked out for them."""
    log = folder / "log"
    log.write_text("")
    with Workers(jobs, cache=Cache(folder / "cache")) as own:
        values = [*own.map_cached(recorded, [(log, number) for number in numbers], worth=2)]
    return values, sorted(map(int, log.read_text().split()))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_was_done_is_not_done_again(tmp_path: Path, jobs: int) -> None:
    assert run(tmp_path, (1, 2, 3), jobs) == ([2, 4, 6], [1, 2, 3])
    assert run(tmp_path, (3, 1, 2), jobs) == ([6, 2, 4], [])
    assert run(tmp_path, (4, 3, 5, 1), jobs) == ([8, 6, 10, 2], [4, 5])
    assert run(tmp_path, (2,), jobs) == ([4], [2])  # nobody asked for it last time


def test_the_same_work_is_done_once(tmp_path: Path) -> None:
    assert run(tmp_path, (1, 2, 1, 3, 2)) == ([2, 4, 2, 6, 4], [1, 2, 3])


def test_without_a_cache_all_of_it_is_done(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Workers(1) as own:
        assert [*own.map_cached(recorded, [(log, 1), (log, 1)])] == [2, 2]
    assert log.read_text() == "1\n1\n"


def test_what_a_run_did_before_it_failed_is_kept(tmp_path: Path) -> None:
    run(tmp_path, (1, 2))
    with pytest.raises(ValueError, match=r"^5$"), Workers(1, cache=Cache(tmp_path / "cache")) as own:
        [*own.map_cached(recorded, [(tmp_path / "log", 3)]), *own.map_cached(wrong, [5])]
    assert run(tmp_path, (1, 2, 3)) == ([2, 4, 6], [])


# --- processors ------------------------------------------------------------------------------------------------------


def test_the_processors_that_it_may_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quota = tmp_path / "cpu.max"
    assert 1 <= processors() <= processors(quota) == len(os.sched_getaffinity(0))
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    assert processors(quota) == 7
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processors(quota) == 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [("max 100000", 8), ("200000 100000", 2), ("250000 100000", 3), ("10000 100000", 1), ("1600000 100000", 8), ("", 8), ("what", 8)],
)
def test_a_container_may_have_the_time_of_fewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, expected: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8))
    (tmp_path / "cpu.max").write_text(f"{said}\n")
    assert processors(tmp_path / "cpu.max") == expected


@contextmanager
def _soon() -> Iterator[None]:
    try:
        yield
    finally:
        signal.alarm(PATIENCE)


def test_nobody_waits_for_the_rest_of_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while a worker writes one."""
    here, real = os.getpid(), Connection._send  # type: ignore[attr-defined]  # noqa: SLF001  (where it writes)

    def half(self: object, text: bytes, *arguments: object) -> None:
        if os.getpid() == here or len(text) < LARGE:
            real(self, text, *arguments)
            return
        real(self, text[: LARGE // 2], *arguments)
        os.kill(here, signal.SIGINT)
        time.sleep(PATIENCE)

    monkeypatch.setattr(Connection, "_send", half)
    monkeypatch.setattr(workers, "_is_alone", lambda: True)  # or workers would have no part of this
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt), Workers(2) as own, _soon():
        list(own.map(large, NUMBERS))
    assert signal.alarm(0) > 0, "the alarm has ended it"
    signal.signal(signal.SIGALRM, before)


# --- a command that ends before its time ------------------------------------------------------------------------------

PROGRAM = """
import os, sys, time
from codemod import cli, looking
from tests.trees import DOCKERFILE
looking.MANY = looking.SOME = 2
real = looking.screened
def screened(item):
    with open(os.environ["LOG"], "a") as log:
        log.write(f"{os.getpid()}\\n")
    if os.environ["WAY"] == "dies":
        os._exit(1)
    time.sleep(60)
screened.__name__ = screened.__qualname__ = "screened"
looking.screened = screened
cli.main(["--write", "-j", "2", *sys.argv[1:]], prog_name="dockerfix")
"""


def begun(tree: Path, log: Path, way: str, *arguments: str) -> subprocess.Popen[str]:
    """A run whose workers do not come to an end."""
    for name in "abcdefgh":
        (tree / name).mkdir(parents=True)
        (tree / name / "Dockerfile").write_text("FROM alpine\nARG API_TOKEN\nRUN curl -u x:$API_TOKEN example.com\n")
    log.write_text("")
    environment = ENVIRONMENT | {"LOG": str(log), "WAY": way, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=tree, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def pids(log: Path) -> set[int]:
    """The workers that are at work, once both are."""
    while len(found := {*map(int, log.read_text().split())}) < 2:
        time.sleep(0.01)
    return found


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
    return state.rpartition(")")[2].split()[0] == "Z"


def test_ctrl_c_ends_it(tmp_path: Path) -> None:
    """As on a terminal, where all of its processes get it."""
    run = begun(tmp_path / "tree", tmp_path / "log", "waits")
    working = pids(tmp_path / "log")
    os.killpg(run.pid, signal.SIGINT)
    stdout, stderr = run.communicate()  # the workers would need a minute each
    assert (run.returncode, stdout, stderr) == (130, "", "\nInterrupted.\n")
    assert all(map(is_gone, working))
    assert [path for path in (tmp_path / "tree").rglob("*") if "--mount" in (path.read_text() if path.is_file() else "")] == []


def test_a_worker_that_dies_ends_it(tmp_path: Path) -> None:
    run = begun(tmp_path / "tree", tmp_path / "log", "dies")
    stdout, stderr = run.communicate()
    assert (run.returncode, stdout, stderr) == (3, "", f"error: {DIED}\n")


def test_a_worker_ends_with_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    parent = multiprocessing.get_context("fork").Process(target=twice, args=(1,))
    monkeypatch.setattr(parent, "join", lambda: seen.append("waited"))
    monkeypatch.setattr(os, "_exit", seen.append)
    workers._end_with(parent)  # noqa: SLF001  (nobody sees what it does in another process)
    assert seen == ["waited", 1]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_whoever_kills_it_kills_its_workers(tmp_path: Path, number: signal.Signals) -> None:
    run = begun(tmp_path / "tree", tmp_path / "log", "waits")
    working = pids(tmp_path / "log")
    run.send_signal(number)
    run.communicate()  # ends when nobody has its stderr any more: neither have the workers
    assert run.returncode == -number
    while not all(map(is_gone, working)):
        time.sleep(0.01)
