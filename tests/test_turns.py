"""Trees that take turns: what comes of them is what would come of one after the other, and others go on while one waits."""

from __future__ import annotations

import inspect
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from pathlib import Path
from types import FrameType

import pytest

from codemod import turns, workers
from codemod.cache import Cache
from codemod.repository import Repositories
from codemod.run import run
from codemod.settings import Settings
from codemod.subject import Subject
from codemod.workers import Elsewhere, Item, Value, Workers

from .test_workers import Seen, process, twice
from .trees import BUILD, DOCKERFILE, work_tree

PATIENCE = 20  # seconds, for what takes none
TREES = tuple(range(10))


class Together:
    """Machines that give nothing back before so many have asked."""

    jobs = 2

    def __init__(self, number: int) -> None:
        self.sizes: list[int] = []
        self._all_are_there = threading.Barrier(number)

    def map(self, function: Callable[[Item], Value], chunks: Sequence[Sequence[Item]]) -> Iterator[Sequence[Value]]:
        self.sizes += map(len, chunks)
        return self._values([[function(item) for item in chunk] for chunk in chunks])

    def _values(self, found: Sequence[Sequence[Value]]) -> Iterator[Sequence[Value]]:
        self._all_are_there.wait(PATIENCE)
        yield from found


class Never(Together):
    """Machines that give nothing back to all but the first, or not even to that."""

    def __init__(self, of: int = 1) -> None:
        super().__init__(1)
        self.waits, self.asked, self._first = threading.Event(), 0, of

    def _values(self, found: Sequence[Sequence[Value]]) -> Iterator[Sequence[Value]]:
        self.asked += 1
        if self.asked > self._first:
            self.waits.wait(PATIENCE)
        yield from found


class AtFirst(Together):
    """Machines that give nothing back before so many have asked, and from then on at once."""

    def __init__(self, number: int) -> None:
        super().__init__(1)
        self._missing, self._are_there = number, threading.Event()

    def map(self, function: Callable[[Item], Value], chunks: Sequence[Sequence[Item]]) -> Iterator[Sequence[Value]]:
        self._missing -= 1
        if not self._missing:
            self._are_there.set()
        return super().map(function, chunks)

    def _values(self, found: Sequence[Sequence[Value]]) -> Iterator[Sequence[Value]]:
        self._are_there.wait(PATIENCE)
        yield from found


def looked(elsewhere: Elsewhere | None, work: Callable[[Workers, int], object], trees: Sequence[int] = TREES) -> list[object]:
    """What comes of trees."""
    with Workers(1, elsewhere) as own:
        return [*own.each(lambda tree: work(own, tree), trees, lambda _: 1)]


def summed(own: Workers, tree: int) -> int:
    return sum(own.map(twice, (tree, tree), worth=20))


def test_all_ask_before_the_first_is_answered() -> None:
    machines = Together(len(TREES))
    assert looked(machines, summed) == looked(None, summed) == [tree * 4 for tree in TREES]
    assert sum(machines.sizes) == 2 * len(TREES)


def test_what_is_too_little_for_all_together_is_done_here() -> None:
    machines = Together(1)
    assert looked(machines, lambda own, tree: sum(own.map(twice, (tree, tree), worth=21))) == [tree * 4 for tree in TREES]
    assert machines.sizes == []


def test_one_tree_alone_takes_no_turns() -> None:
    machines = Together(1)
    assert looked(machines, lambda *_: threading.current_thread(), TREES[:1]) == [threading.main_thread()]
    assert looked(None, lambda *_: threading.current_thread()) == [threading.main_thread()] * len(TREES)


def test_each_of_many_has_fewer_and_larger_chunks() -> None:
    """Together they are as many as one tree would have."""
    alone, machines = Together(1), Together(len(TREES))
    for each, trees in ((alone, TREES[:1]), (machines, TREES)):
        looked(each, lambda own, _: [*own.map(twice, range(80))], trees)
    assert (max(alone.sizes), max(machines.sizes)) == (5, 50)


def test_between_two_waits_nobody_else_runs() -> None:
    at_work: set[int] = set()

    def alone(own: Workers, tree: int) -> int:
        for _ in range(50):
            at_work.add(tree)
            total = sum(number for number in range(2000))
            assert at_work == {tree}
            at_work.remove(tree)
            assert [*own.map(twice, (total,), worth=1)] == [total * 2]
        return tree

    assert looked(Together(1), alone) == [*TREES]
    assert not at_work


def test_what_needs_the_disk_is_done_here() -> None:
    machines = Together(1)
    with Workers(2, machines) as own:
        found = [*own.each(lambda _: {*own.map(process, range(64), is_local=True)}, TREES[:2], lambda _: 1)]
        few = [*own.each(lambda _: [*own.map(process, range(3), is_local=True)], TREES[:2], lambda _: 1)]
    assert machines.sizes == []
    assert len(found[0] | found[1]) <= 2
    assert {*few[0], *few[1]}.isdisjoint(found[0] | found[1])


class Watched(Together):
    """Machines that see who asks them."""

    def map(self, function: Callable[[Item], Value], chunks: Sequence[Sequence[Item]]) -> Iterator[Sequence[Value]]:
        frame: FrameType | None = inspect.currentframe()
        while frame is not None:
            assert Path(frame.f_code.co_filename).name != "functools.py", f"{function.__name__} is asked for with a lock"
            frame = frame.f_back
        return super().map(function, chunks)


def test_no_tree_waits_with_a_lock(tmp_path: Path) -> None:
    """All that is asked for is; a lock that one has while it waits, another could wait for with its turn."""
    files = {"Dockerfile": DOCKERFILE, "build.sh": BUILD, **{f"src/{number}.sh": "docker\n" for number in range(70)}}
    machines, found = Watched(1), []
    for others in (machines, None):
        subjects = [
            Subject(work_tree(tmp_path / name, files) / "Dockerfile", f"{name}/Dockerfile", Settings(), walked=tmp_path) for name in "abc"
        ]
        with Workers(2, others) as own:
            found.append([*run(subjects, Repositories(), own, lambda _: lambda _: True)])
    assert found[0] == found[1]
    assert [len(tree.groups) for tree in found[0]] == [1, 1, 1]
    assert machines.sizes


def test_trees_that_are_heavy_together_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "HEAVIEST", 10)
    most = 0
    with Workers(1, AtFirst(3)) as own:
        under_way: list[int] = []

        def work(weight: int) -> int:
            nonlocal most
            under_way.append(weight)
            most = max(most, sum(under_way) if len(under_way) > 1 else 0)
            found = [*own.map(twice, (weight,), worth=1)]
            under_way.remove(weight)
            return found[0]

        weights = (3, 3, 3, 3, 3, 50, 3, 3, 3, 10, 1)
        assert [*own.each(work, weights, lambda weight: weight)] == [weight * 2 for weight in weights]
    assert 9 <= most <= 10


def test_of_several_errors_it_is_the_first_trees() -> None:
    """Another comes before it; then no tree begins."""
    machines, begun = Never(of=0), []

    def work(own: Workers, tree: int) -> int:
        begun.append(tree)
        if tree == 3:
            machines.waits.set()
            raise KeyError(tree)
        found = [*own.map(twice, (tree,), worth=1)]
        if tree == 2:
            raise ValueError(tree)
        return found[0]

    with pytest.raises(ValueError, match=r"^2$"):
        looked(machines, work)
    assert begun == [0, 1, 2, 3]


def test_an_error_of_other_machines_ends_all() -> None:
    machines = Together(len(TREES) + 1)
    machines._all_are_there.abort()  # noqa: SLF001  (they are gone)
    with pytest.raises(threading.BrokenBarrierError):
        looked(machines, summed)


def test_who_wants_no_more_gets_no_more() -> None:
    machines, ended = Never(), []

    def work(own: Workers, tree: int) -> int:
        try:
            found = [*own.map(twice, (tree,), worth=1)]
        except turns.OverError:
            ended.append(threading.current_thread())
            raise
        return found[0]

    with Workers(1, machines) as own:
        results = own.each(lambda tree: work(own, tree), TREES, lambda _: 1)
        assert next(results) == 0
        results.close()  # type: ignore[attr-defined]  # a generator's
        before = machines.asked
        machines.waits.set()
        for thread in threading.enumerate():
            if "_work" in thread.name:
                thread.join(PATIENCE)
        assert machines.asked == before
        assert len(ended) == before - 1
        assert [*own.map(twice, TREES)] == [tree * 2 for tree in TREES]


def test_ctrl_c_ends_it_and_what_goes_on_here_stops() -> None:
    machines, done = Never(), []

    def slow(number: int) -> int:
        done.append(number)
        return number

    def work(own: Workers, tree: int) -> int:
        if tree == 1:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)  # who waits for a lock hears nothing less
            return sum(own.map(slow, _Forever()))
        return sum(own.map(twice, (tree,), worth=1))

    with pytest.raises(KeyboardInterrupt):
        looked(machines, work)
    count = len(done)
    machines.waits.set()
    for thread in threading.enumerate():
        if "_work" in thread.name:
            thread.join(PATIENCE)
    assert len(done) == count > 0


class _Forever(Sequence[int]):
    """Numbers that end when nobody remembers why, for what is done here."""

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: object) -> int:  # type: ignore[override]
        return 0

    def __iter__(self) -> Iterator[int]:
        return repeat(0, 10_000_000)


@pytest.mark.parametrize("there_are", [0, 1, 3])
def test_with_as_many_threads_as_there_can_be(there_are: int, monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start
    started: list[threading.Thread] = []

    def limited(thread: threading.Thread) -> None:
        if len(started) == there_are:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)
    if there_are:
        assert looked(Together(1), summed) == [tree * 4 for tree in TREES]
    else:
        with pytest.raises(RuntimeError, match="new"):
            looked(Together(1), summed)


def test_the_bar_has_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(workers.STAGES, "outcome", "Looking")
    progress = Seen()
    with Workers(1, Together(1), progress=progress) as own:

        def outcome(tree: int) -> int:
            return sum(own.map(twice, (tree, 1), worth=1)) + sum(own.map(twice, (tree,), worth=1000))

        assert [*own.each(outcome, TREES, lambda _: 1)] == [tree * 4 + 2 for tree in TREES]
    assert progress.seen == [("Looking", len(TREES)), *(1 for _ in TREES), "end"]


def test_trees_that_ask_for_the_same_have_their_own_answers(tmp_path: Path) -> None:
    """What another has put into the cache meanwhile is not what comes next."""
    with Workers(1, Together(2), cache=Cache(tmp_path / "cache")) as own:
        items = ((1,), (1, 2))
        found = own.each(lambda tree: [*own.map_cached(twice, items[tree], worth=1)], (0, 1), lambda _: 1)
        assert [*found] == [[2], [2, 4]]


class Interrupted:
    """A lock that nobody gets a second time, as Ctrl-C comes before."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def acquire(self) -> None:
        if "acquire" in self.calls:
            raise KeyboardInterrupt
        self.calls.append("acquire")

    def release(self) -> None:
        self.calls.append("release")


def test_ctrl_c_while_somebody_else_has_his_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left to him."""
    monkeypatch.setattr(turns, "PULSE", 0)
    monkeypatch.setattr(turns.Turns, "_start", lambda _: None)
    own, lock = turns.Turns(twice, TREES, lambda _: 1, print), Interrupted()
    monkeypatch.setattr(own, "_turn", lock)
    with pytest.raises(KeyboardInterrupt):
        next(iter(own))
    assert lock.calls == ["acquire", "release"]
