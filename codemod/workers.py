"""Who does the work: this process, a pool of them where there is enough to do, or a cluster. Results come in the order of the work."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:  # a single file needs none
    from concurrent.futures import Executor
    from multiprocessing.process import BaseProcess

    from codemod.cache import Cache
    from codemod.progress import Progress
    from codemod.turns import Turns

DIED = "a process that does the work was killed, perhaps for its memory: -j 1 takes least"
Item = TypeVar("Item")
Value = TypeVar("Value")

# of one chunk, so that all workers end at about the same time, and so many chunks at once that none of them waits
CHUNKS_PER_WORKER = 8
LARGEST_CHUNK = 250
# so many processes at most: Windows cannot wait for more
MOST = 61 if sys.platform == "win32" else 512
# what a control group may use of each so many microseconds
QUOTA = Path("/sys/fs/cgroup/cpu.max")
# so many objects are made before garbage is looked for
YOUNG = 100_000
# what a person is told of the work that may take long, by the function that does it
STAGES = {
    "outcome_of": "Looking at repositories",
    "screened": "Reading Dockerfiles",
    "flags_of": "Looking for callers",
    "_calls": "Reading callers",
    "takes_of": "Linking callers",
    "fixed": "Taking secrets out",
    "matches_in": "Looking for readers",
    "_rewritten": "Moving callers",
    "_mentions": "Looking for mentions",
}


class WorkerError(Exception):
    """A process of the pool ended before its work did; in words."""


class Elsewhere(Protocol):
    """Other machines, with `jobs` processes for what needs nothing of this one."""

    jobs: int

    def map(self, function: Callable[[Item], Value], chunks: Sequence[Sequence[Item]]) -> Iterator[Sequence[Value]]:
        """The values of each chunk, in order."""


class Workers:
    """A pool of `jobs` processes that starts with its first large piece of work; what needs no disk goes `elsewhere`."""

    def __init__(
        self, jobs: int = 1, elsewhere: Elsewhere | None = None, cache: Cache | None = None, progress: Progress | None = None
    ) -> None:
        self.jobs, self.elsewhere, self.cache, self._progress = jobs, elsewhere, cache, progress
        self._executor: Executor | None = None
        self._others: set[BaseProcess] = set()
        self._turns: Turns[Any, Any] | None = None

    def __enter__(self) -> Workers:  # noqa: PYI034  (Self is of Python 3.11)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._progress is not None:
            self._progress.end()
        if self._executor is not None:
            self._end(self._executor, at_once=kind is not None)
            self._executor = None
        if self.cache is not None:
            self.cache.save(whole=kind is None)

    def _end(self, executor: Executor, *, at_once: bool) -> None:
        """End the processes; `at_once` they do not finish what they are at."""
        if at_once:
            import multiprocessing  # noqa: PLC0415  (…)

            for process in {*multiprocessing.active_children()} - self._others:
                process.terminate()
            _hang_up(executor)
        executor.shutdown(cancel_futures=True)

    def map(self, function: Callable[[Item], Value], items: Sequence[Item], *, worth: int = 64, is_local: bool = False) -> Iterator[Value]:
        """`function` of each item, in order. The function and all values travel; fewer items than `worth` are done here.

        What `is_local` reads this machine's disk.
        """
        turns = self._turns
        if turns is None:
            self._begin(function, len(items))
        elsewhere = None if is_local else self.elsewhere
        trees, soon = (turns.under_way, turns.at_most) if turns is not None and elsewhere is not None else (1, 1)
        advance = self._advance if turns is None else turns.advance
        if not self._is_worth_it(len(items) * soon, worth, elsewhere):
            for item in items:
                yield function(item)
                advance(1)
            return
        jobs = self.jobs if elsewhere is None else elsewhere.jobs
        size = max(1, min(LARGEST_CHUNK, -(-len(items) * trees // (jobs * CHUNKS_PER_WORKER))))
        chunks = [items[start : start + size] for start in range(0, len(items), size)]
        found = self._map(function, chunks) if elsewhere is None else elsewhere.map(function, chunks)
        for values in found if turns is None or elsewhere is None else turns.waited_for(found):
            yield from values
            advance(len(values))

    def each(self, function: Callable[[Item], Value], items: Sequence[Item], weight: Callable[[Item], int]) -> Iterator[Value]:
        """`function` of each item, in order, which itself has these workers do something: here, one after the other.

        Where there are other machines, several are under way at once, as many as together are not too heavy: one alone may have less to
        do than pays for a journey, and has to wait for what it has. Nobody's turn ends while processes of this machine do something.
        """
        if self.elsewhere is None or len(items) < 2:  # noqa: PLR2004  (one has nobody to take turns with)
            yield from map(function, items)
            return
        from codemod.turns import Turns  # noqa: PLC0415  (threads, which most runs have none of)

        self._begin(function, len(items))
        self._turns = Turns(function, items, weight, self._advance)
        try:
            yield from self._turns
        finally:
            self._turns = None

    def _map(self, function: Callable[[Item], Value], chunks: Sequence[Sequence[Item]]) -> Iterator[Sequence[Value]]:
        """The values, a chunk at a time; what has been given back is forgotten."""
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415  (…)

        from codemod.packing import packed, unpacked  # noqa: PLC0415  (…)

        executor = self._started()
        try:
            futures = deque(executor.submit(_all_of, function, packed(chunk)) for chunk in chunks)
            while futures:
                values: Sequence[Value] = unpacked(futures.popleft().result())
                yield values
        except BrokenExecutor:
            raise WorkerError(DIED) from None

    def _is_worth_it(self, count: int, worth: int, elsewhere: Elsewhere | None) -> bool:
        return count >= worth and (elsewhere is not None or (self.jobs > 1 and self._can_start()))

    def map_cached(self, function: Callable[[Item], Value], items: Sequence[Item], *, worth: int = 64) -> Iterator[Value]:
        """As `map`, but what was done in an earlier run is not done again; `function` has to depend on nothing but its item."""
        if self.cache is None:
            yield from self.map(function, items, worth=worth)
            return
        keys = [self.cache.key(function.__qualname__, item) for item in items]
        missing = {key: item for item, key in zip(items, keys, strict=True) if key not in self.cache}
        done = iter(self.map(function, [*missing.values()], worth=worth))
        for key in keys:
            if key in missing:  # not whether it is in the cache: meanwhile it may be, by another tree
                del missing[key]
                self.cache[key] = next(done)
            yield self.cache[key]

    def _begin(self, function: Callable[[Item], Value], count: int) -> None:
        if self._progress is not None and count:
            self._progress.begin(STAGES.get(function.__name__, ""), count)

    def _advance(self, count: int) -> None:
        if self._progress is not None:
            self._progress.advance(count)

    def _can_start(self) -> bool:
        """Whether there is a pool; one where there can be none is not asked for again."""
        try:
            self._started()
        except (OSError, ImportError, NotImplementedError):  # no semaphores, or no more processes
            self.jobs = 1
            return False
        return True

    def _started(self) -> Executor:
        if self._executor is None:
            import multiprocessing  # noqa: PLC0415  (most runs are small)
            from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  (…)

            self._others = {*multiprocessing.active_children()}
            # a fork has all that is loaded here; on other systems, and beside a cluster's threads, it is not safe
            way = "fork" if sys.platform == "linux" and self.elsewhere is None and _is_alone() else "spawn"
            executor = ProcessPoolExecutor(min(self.jobs, MOST), multiprocessing.get_context(way), _begin)
            try:
                executor.submit(os.getpid)  # now they start, or cannot
            except OSError:
                self._end(executor, at_once=True)
                raise
            self._executor = executor
        return self._executor


def _hang_up(executor: Any) -> None:  # noqa: ANN401  (what a pool has for itself, in no documentation)
    """Close the end of its pipe that its workers, which are gone, had as well: it would wait for ever for the other half of a result."""
    with suppress(AttributeError):
        executor._result_queue._writer.close()  # noqa: SLF001  (…)


def _is_alone() -> bool:
    """Whether this process has one thread, as Linux counts them: a fork of more may wait for ever for a lock that a thread had."""
    try:
        return len([*Path("/proc/self/task").iterdir()]) == 1
    except OSError:
        return False


def collect_rarely() -> None:
    """Look for garbage that has references to itself less often: we make little of it, and looking costs a third of the time."""
    import gc  # noqa: PLC0415  (it is always there)

    gc.freeze()  # … and never through what is there now, which a fork would have to copy for it
    gc.set_threshold(YOUNG, 10, 10)


def _begin() -> None:
    """What a worker does first: Ctrl-C is for the process that has it, which ends its workers, and takes them along if it is killed."""
    import multiprocessing  # noqa: PLC0415
    import signal  # noqa: PLC0415
    import threading  # noqa: PLC0415

    collect_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _all_of(function: Callable[[Any], Any], items: bytes) -> bytes:
    """The values as one text: what several share travels once."""
    from codemod.packing import packed, unpacked  # noqa: PLC0415  (…)

    return packed([function(item) for item in unpacked(items)])


def processors(quota: Path = QUOTA) -> int:
    """The processors that this process may use; a container may have the time of fewer (`quota` is where Linux says so)."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        most, period = map(int, quota.read_text(encoding="ascii").split())  # microseconds
    except (OSError, ValueError):  # there is none, or it is "max"
        return count
    return max(1, min(count, -(-most // period)))
