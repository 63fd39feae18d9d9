"""Several pieces of work under way at once, which take turns: one goes on in this process while others wait for other machines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")
Waited = TypeVar("Waited")

# so many at once: most of them wait, and what waits costs its contents
AT_ONCE = 64
# … and no more than these weigh together, unless one alone does
HEAVIEST = 5_000
PULSE = 0.5  # seconds, after which Ctrl-C is heard everywhere


class OverError(BaseException):
    """Nobody wants to know any more what comes of this piece of work."""


class Turns(Generic[Item, Value]):
    """`function` of each item, in order of the items, several of them under way.

    Each has a thread, and a thread does nothing unless it is its turn, which it only gives up in `waited_for`: while it waits for values
    that come from elsewhere. Whoever takes the results has a turn as well, whenever he does not wait for one. So what pieces of work
    share (caches, parsers, trees, filters of warnings, a progress bar) needs no locks: between two waits nobody else runs, as if the
    pieces were done one after the other. It needs to be whole where a piece waits, and no piece may have a lock there, or nobody could
    go on: up to Python 3.11, a `cached_property` has one for all objects while it is worked out, so none may wait.

    Each that is done is told of. What is raised for an item is raised where its result would come, so of several errors it is that of the
    first item; then, and where nobody takes further results, the other pieces end where they wait.
    """

    def __init__(
        self, function: Callable[[Item], Value], items: Sequence[Item], weight: Callable[[Item], int], told: Callable[[int], None]
    ) -> None:
        self.under_way = 0
        self._function, self._items, self._weight, self._told = function, items, weight, told
        self._turn = threading.Lock()
        self._room = threading.Condition(self._turn)
        self._news = threading.Event()
        self._found: dict[int, tuple[Value | None, BaseException | None]] = {}
        self._begun = self._weighs = 0
        self._is_over, self._is_ours = False, True

    def __iter__(self) -> Iterator[Value]:
        """The results."""
        self._turn.acquire()
        try:
            self._start()
            for index in range(len(self._items)):
                while index not in self._found:
                    self._wait_for_news()
                value, error = self._found.pop(index)
                if error is not None:
                    raise error
                yield value  # type: ignore[misc]  # it is one, as there is no error
        finally:
            self._is_over = True
            if self._is_ours:
                self._room.notify_all()
                self._turn.release()

    def _start(self) -> None:
        """Threads, as many as there can be; they end with the process, whatever they wait for."""
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(min(AT_ONCE, len(self._items)))]
        threads[0].start()
        with suppress(RuntimeError):  # fewer do as well
            for thread in threads[1:]:
                thread.start()

    @property
    def at_most(self) -> int:
        """How many may be under way now, or soon."""
        return min(AT_ONCE, self.under_way + len(self._items) - self._begun)

    def _wait_for_news(self) -> None:
        """Until something is done, or for a while."""
        self._news.clear()
        self._is_ours = False
        self._turn.release()
        try:
            self._news.wait(PULSE)
        except BaseException:
            self._is_over = True  # before it is our turn: whoever has it need not go on
            raise
        finally:
            self._turn.acquire()
            self._is_ours = True

    def waited_for(self, values: Iterator[Waited]) -> Iterator[Waited]:
        """The values, which come from elsewhere: until there is the next one, others have their turns."""
        while True:
            self._turn.release()
            try:
                following = next(values, self)
            finally:
                self._turn.acquire()
            self.advance()
            if following is self:
                return
            yield following  # type: ignore[misc]  # a value, as nobody has these turns among his

    def advance(self, _: int = 0) -> None:
        """Something of a piece of work is done; nobody is told before all of it is. Raises OverError if it need not go on."""
        if self._is_over:
            raise OverError

    def _work(self) -> None:
        with self._turn:
            while self._room.wait_for(self._has_room) and self._begun < len(self._items):
                index, self._begun = self._begun, self._begun + 1
                self._do(index, self._items[index])

    def _has_room(self) -> bool:
        """Whether the next piece of work can begin, or none is left."""
        if self._is_over or self._begun == len(self._items):
            self._begun = len(self._items)
            return True
        return not self.under_way or self._weighs + self._weight(self._items[self._begun]) <= HEAVIEST

    def _do(self, index: int, item: Item) -> None:
        self.under_way, self._weighs = self.under_way + 1, self._weighs + self._weight(item)
        try:
            self._found[index] = self._function(item), None
            self._told(1)
        except BaseException as error:  # noqa: BLE001  (it is raised where the result would come)
            self._found[index] = None, error
            self._begun = len(self._items)  # what comes after it, nobody will ask for
        self.under_way, self._weighs = self.under_way - 1, self._weighs - self._weight(item)
        self._room.notify_all()
        self._news.set()
