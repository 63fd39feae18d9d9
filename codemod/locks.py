"""Runs that write into one tree do so one after the other: a lock on its folder, which leaves nothing behind and ends with the process."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

# more trees than these are locked as the one that they are all part of: a process may only have so many files open
MOST = 32
WAITING = "Waiting for another run that writes to {folder} …"

_held: set[int] = set()


@contextmanager
def held(roots: Collection[Path], say: Callable[[str], None]) -> Iterator[None]:
    """Nobody else writes into these trees, into one that is part of them, or into one that they are part of.

    Waits until that is so, and says it. A folder that cannot be opened or locked is left out: what is in it is checked all the same.
    """
    with ExitStack() as stack:
        for folder, is_shared in _wanted(roots):
            descriptor = _opened(folder)
            if descriptor is not None:
                stack.callback(release, descriptor)
                if not is_taken(descriptor, is_shared=is_shared):
                    say(WAITING.format(folder=folder))
                    is_taken(descriptor, is_shared=is_shared, waits=True)
        yield


def _wanted(roots: Collection[Path]) -> list[tuple[Path, bool]]:
    """Each folder, and whether others may hold it too. All runs take them in one order, so none waits for one that waits for it.

    Runs in a/ and in a/b/ meet at a/, which the one has for itself; those in a/b/ and in a/c/ share it.
    """
    tops = [root for root in roots if not any(parent in roots for parent in root.parents)]
    if len(tops) > MOST:
        tops = [Path(os.path.commonpath(tops))]
    return sorted(({parent: True for root in tops for parent in root.parents} | dict.fromkeys(tops, False)).items())


def _opened(folder: Path) -> int | None:
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:
        return None


def is_taken(descriptor: int, *, is_shared: bool = False, waits: bool = False) -> bool:
    """Whether it has the lock now. A file system without locks gives it to all."""
    import fcntl  # noqa: PLC0415  (not on every system that can do a dry run)

    _held.add(descriptor)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | (0 if waits else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def release(descriptor: int) -> None:
    """Close it, and with it the lock."""
    _held.discard(descriptor)
    os.close(descriptor)


def _let_go() -> None:
    """A process of the pool outlives the run that was killed: it must not have its locks."""
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_let_go)
