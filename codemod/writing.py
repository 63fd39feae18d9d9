"""Writing: the files of a group change together or not at all, whatever happens, and one run at a time writes into a tree."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from codemod.journal import Group, Journal, opened
from codemod.locks import held
from codemod.recovery import Found, HalfDoneError, half_done, mended
from codemod.replacement import PREFIX, Replacement, digest, sync


@dataclass(frozen=True, slots=True)
class Change:
    """A file, what it had when it was read, and what it is to have."""

    path: Path
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


@contextmanager
def writing(roots: Collection[Path], say: Callable[[str], None]) -> Iterator[Writer]:
    """One run's writing in these trees, into which nobody else writes until it ends; `say` tells a person what is waited for.

    What is to be written is read after this began: what earlier runs had left half done is whole then. Raises OSError where that is
    not to be found out.
    """
    with held(roots, say):
        writer = Writer(mended(roots))
        try:
            yield writer
        finally:
            writer.close()


class Writer:
    """It writes group after group; `left` is what earlier runs had left half done, and what became of it."""

    def __init__(self, left: Found) -> None:
        self.left = left
        self._journal: Journal | None = None
        self._folders: set[Path] = set()
        self._names = (f"{PREFIX}{os.urandom(4).hex()}-{number}" for number in count(1))

    def close(self) -> None:
        """What was written is there to stay, and what was noted of it goes; it may go on all the same."""
        for folder in self._folders:
            sync(folder)
        self._folders.clear()
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def write(self, root: Path, changes: Sequence[Change]) -> None:
        """Replace each file of a group by one with its new content: mode and owner stay, and at no moment is one half written.

        All of them or none. Raises ChangedError where one no longer holds what was read, OSError where it cannot be written, both with
        its path as `filename`; HalfDoneError where, then, another could not be put back.
        """
        name = next(self._names)
        group = Group(name, tuple(_replacement(change, f"{name}-{number}") for number, change in enumerate(changes, start=1)))
        with _blaming(changes[0].path):
            journal = self._opened(root)
            journal.begin(group)
        try:
            self._replace(group, changes, journal)
        except BaseException as error:
            _put_back(group, journal, error)
            raise
        with suppress(OSError):  # what cannot be cleared away now is for the next run
            for each in group.replacements:
                each.clear()
            journal.settle(group)

    def _opened(self, root: Path) -> Journal:
        """The journal of a tree; groups come tree by tree."""
        if self._journal is None or self._journal.root != root:
            self.close()
            self._journal = opened(root)
        return self._journal

    def _replace(self, group: Group, changes: Sequence[Change], journal: Journal) -> None:
        both = [*zip(group.replacements, changes, strict=True)]
        for each, change in both:
            with _blaming(change.path):
                each.prepare(change.after)
        if len(both) > 1:
            journal.sync()
        for each, change in both:
            with _blaming(change.path):
                each.check()
        for each, change in both:
            with _blaming(change.path):
                each.swap()
            self._folders.add(each.target.parent)


def _replacement(change: Change, name: str) -> Replacement:
    with _blaming(change.path):
        return Replacement(Path(os.path.realpath(change.path, strict=True)), digest(change.before), digest(change.after), name)


def _put_back(group: Group, journal: Journal, error: BaseException) -> None:
    """Every file as it was, the last one first. Raises HalfDoneError where one cannot be; what a person asks for goes before that."""
    stuck = False
    for each in reversed(group.replacements):
        try:
            each.put_back()
        except OSError:  # noqa: PERF203  (the others are put back all the same)
            stuck = True
    if not stuck:
        journal.settle(group)
    elif isinstance(error, OSError):
        raise HalfDoneError(half_done(group)) from error


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """What goes wrong here is about this file, under the name that the user has for it."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise
