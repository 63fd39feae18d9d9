"""What a run that writes is about to do, noted before it does it: the next run knows what one that was killed has left half done."""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codemod.journal_places import places
from codemod.locks import is_taken, release
from codemod.replacement import PREFIX, Replacement, sync

VERSION = 1


@dataclass(frozen=True, slots=True)
class Group:
    """What is written together or not at all; `name` begins the names of what lies beside the files."""

    name: str
    replacements: tuple[Replacement, ...]


class JournalError(OSError):
    """A journal that is none of ours, or none that this version understands."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            errno.EINVAL, "this version cannot read what a run that was killed has noted: another has to finish it, or delete it", str(path)
        )


class Journal:
    """The journal at `path` of a run that writes below `root`; whoever has it open has it for himself.

    A line a group, and one more when it is settled: all of its files old or all of them new, and nothing beside them.
    """

    def __init__(self, path: Path, root: Path, *, is_new: bool = False) -> None:
        """Open one that is there, or where it may be new; waits for a run that has it. Raises JournalError, OSError."""
        self.path, self.root = path, root
        self._is_durable = False
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | (os.O_CREAT if is_new else 0), 0o600)
        try:
            is_taken(self._descriptor, waits=True)
            _check_is_there(path, self._descriptor)
            self.open_groups = {group.name: group for group in read(path, root)}
            self._end_line()
        except BaseException:
            release(self._descriptor)
            raise

    def begin(self, group: Group) -> None:
        """Note what will be done; a kill forgets nothing from here on."""
        files = [
            {"path": os.path.relpath(each.target, self.root), "before": each.before, "after": each.after} for each in group.replacements
        ]
        self._append({"group": group.name, "files": files})
        self.open_groups[group.name] = group

    def sync(self) -> None:
        """Not even a power cut forgets it from here on."""
        os.fsync(self._descriptor)
        if not self._is_durable:
            sync(self.path.parent)
            self._is_durable = True

    def settle(self, group: Group) -> None:
        """The group is whole."""
        del self.open_groups[group.name]
        with suppress(OSError):  # without the note, the next run sees it for itself
            self._append({"settled": group.name})

    def close(self) -> None:
        """Leave nothing behind, but what is not settled."""
        if not self.open_groups:
            with suppress(OSError):
                self.path.unlink()
        release(self._descriptor)

    def _append(self, entry: dict[str, Any]) -> None:
        """A whole line, or none."""
        end = os.fstat(self._descriptor).st_size
        try:
            _put(self._descriptor, json.dumps(entry).encode() + b"\n")
        except OSError:
            os.ftruncate(self._descriptor, end)
            raise

    def _end_line(self) -> None:
        """Take away a line at which a run was killed, and begin with what the journal is of."""
        content = self.path.read_bytes()
        os.ftruncate(self._descriptor, content.rfind(b"\n") + 1)
        if b"\n" not in content:
            try:
                self._append({"version": VERSION, "root": str(self.root)})
            except OSError:
                self.path.unlink()
                raise


def opened(root: Path) -> Journal:
    """The journal for a run that writes below `root`, where one can be. Raises OSError."""
    *others, last = places(root)
    for path in others:
        with suppress(OSError):
            return _new(path, root)
    return _new(last, root)


def _new(path: Path, root: Path) -> Journal:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Journal(path, root, is_new=True)


def _check_is_there(path: Path, descriptor: int) -> None:
    """Raises FileNotFoundError where the run that had it has just come to its end."""
    if not os.path.samestat(path.stat(), os.fstat(descriptor)):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


def _put(descriptor: int, line: bytes) -> None:
    if os.write(descriptor, line) < len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def read(path: Path, root: Path) -> tuple[Group, ...]:
    """The groups that are not settled. Raises JournalError, OSError."""
    # a run that was killed in the midst of a line has done nothing of it
    lines = path.read_bytes().rpartition(b"\n")[0].splitlines()
    try:
        return _unsettled([json.loads(line) for line in lines], root)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise JournalError(path) from None


def _unsettled(entries: list[dict[str, Any]], root: Path) -> tuple[Group, ...]:
    if entries and entries.pop(0)["version"] != VERSION:
        raise ValueError
    groups = {entry["group"]: _group(entry, root) for entry in entries if "group" in entry}
    settled = {entry["settled"] for entry in entries if "group" not in entry}
    return tuple(group for name, group in groups.items() if name not in settled)


def is_at_work(path: Path) -> bool:
    """Whether the run whose journal this is still runs."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not is_taken(descriptor, is_shared=True)
    finally:
        release(descriptor)


def _group(entry: dict[str, Any], root: Path) -> Group:
    name = entry["group"]
    if not name.startswith(PREFIX) or "/" in name:
        raise ValueError(name)
    files = enumerate(entry["files"], start=1)
    return Group(
        name,
        tuple(
            Replacement(Path(os.path.normpath(root / file["path"])), file["before"], file["after"], f"{name}-{number}")
            for number, file in files
        ),
    )
