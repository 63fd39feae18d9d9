"""One file on its way from old to new: the new content is prepared beside it, and the old kept there until its whole group is through."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path

PREFIX = ".dockerfix-"
READ_ONLY = "the file is read-only: it is left alone"


class ChangedError(OSError):
    """The file is no longer what was read."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.ESTALE, "the file changed while it was looked at: it is left alone", str(path))


class State(Enum):
    """What a file has."""

    OLD = "old"
    NEW = "new"
    EDITED = "edited"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Replacement:
    """`before` and `after` are the digests of its contents; `name` begins the names of what lies beside it.

    First there is `new`, then `old` as well. Where there is `old` and no `new` any more, the file has been replaced.
    """

    target: Path
    before: str
    after: str
    name: str

    @property
    def new(self) -> Path:
        """The file with the new content, which becomes the target."""
        return self.target.with_name(f"{self.name}.new")

    @property
    def old(self) -> Path:
        """The target's old content: the same file, where the file system can give it two names."""
        return self.target.with_name(f"{self.name}.old")

    @property
    def state(self) -> State:
        """What the target has now."""
        found = digest_of(self.target)
        return State.GONE if found is None else {self.before: State.OLD, self.after: State.NEW}.get(found, State.EDITED)

    @property
    def is_swapped(self) -> bool:
        """Whether the target has been replaced, and its old content is still there."""
        return os.path.lexists(self.old) and not os.path.lexists(self.new)

    @property
    def beside(self) -> tuple[Path, ...]:
        """What lies beside the target."""
        return tuple(path for path in (self.old, self.new) if os.path.lexists(path))

    def prepare(self, content: bytes) -> None:
        """Lay out new and old. Raises OSError."""
        if not os.access(self.target, os.W_OK):
            raise PermissionError(errno.EACCES, READ_ONLY, str(self.target))
        state = self.target.stat()
        _lay_out(self.new, content, state)
        try:
            os.link(self.target, self.old)
        except OSError:  # not every file system has links, and not every file may have them
            _lay_out(self.old, self.target.read_bytes(), state)

    def check(self) -> None:
        """Raises ChangedError where the target no longer has what was read."""
        if self.state is not State.OLD:
            raise ChangedError(self.target)

    def swap(self) -> None:
        """The new in the place of the old. Raises ChangedError where somebody else wrote, be it at that very moment, and OSError."""
        self.check()
        self.new.replace(self.target)
        if digest_of(self.old) != self.before:
            raise ChangedError(self.target)

    def put_back(self) -> None:
        """The old in its place again, and nothing beside it. Raises ChangedError where the new one has been edited, and OSError."""
        state = self.state
        if self.is_swapped and state is not State.OLD:
            if state is not State.NEW:
                raise ChangedError(self.target)
            self.old.replace(self.target)
        self.clear()

    def clear(self) -> None:
        """Nothing beside the target; until the end it shows which of the two it has."""
        for path in (self.old, self.new):
            path.unlink(missing_ok=True)


def digest(content: bytes) -> str:
    """What tells one content from another."""
    return sha256(content).hexdigest()


def digest_of(path: Path) -> str | None:
    """The digest of a file; None where it cannot be read."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return None


def sync(folder: Path) -> None:
    """What has which name in it survives a power cut from here on; some file systems know no such thing."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _lay_out(path: Path, content: bytes, like: os.stat_result) -> None:
    with open(path, "xb", opener=_private) as file:
        file.write(content)
        file.flush()
        _take_over(file.fileno(), like)
        os.fsync(file.fileno())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)  # nobody reads what the target lets nobody read


def _take_over(descriptor: int, state: os.stat_result) -> None:
    os.fchmod(descriptor, stat.S_IMODE(state.st_mode))
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (state.st_uid, state.st_gid):
        os.fchown(descriptor, state.st_uid, state.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(state.st_mode))  # a change of owner drops set-id bits
