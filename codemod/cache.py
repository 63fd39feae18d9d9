"""What earlier runs found out, on disk: by the content that it is about, the settings, and the program that found it out."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import fields
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

from codemod import __version__
from codemod.packing import packed, unpacked

# of a key: nobody makes two contents with one on purpose, as everybody has a cache of his own
DIGEST = 16
LONG = 30 * 24 * 60 * 60  # seconds
# the files of caches, and what lies beside one while it is written
OURS = re.compile(rf"[0-9a-f]{{{2 * DIGEST}}}(?:\.\d+)?")
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
# a tree of 100,000 Dockerfiles has a tenth of it
LARGEST = 1 << 29


class Cache(MutableMapping[bytes, Any]):
    """Values by key. Only those that a run asks for stay in the file; what cannot be read is as if it was not there."""

    def __init__(self, file: Path, holds: Callable[[], bool] | None = None) -> None:
        """`holds` says when all is found out whether it is true: nothing is written where it need not be."""
        self.file, self._holds = file, holds
        self._old: dict[bytes, bytes] = _read(file)
        self._used: dict[bytes, bytes] = {}
        self._values: dict[bytes, Any] = {}

    def key(self, *parts: object) -> bytes:
        """The key of what depends on `parts` and on nothing else."""
        return hashlib.blake2b(repr(_plain(parts)).encode("utf-8", "surrogateescape"), digest_size=DIGEST).digest()

    def __contains__(self, key: object) -> bool:
        return key in self._used or key in self._old

    def __getitem__(self, key: bytes) -> Any:  # noqa: ANN401  (whatever was put there)
        if key not in self._values:
            self._used[key] = self._used[key] if key in self._used else self._old[key]
            self._values[key] = unpacked(self._used[key])
        return self._values[key]

    def __setitem__(self, key: bytes, value: object) -> None:
        if key in self._values and self._values[key] == value:
            return  # what is there already need not be written
        self._used[key], self._values[key] = packed(value), value

    def __delitem__(self, key: bytes) -> None:
        for each in (self._old, self._used, self._values):
            each.pop(key, None)

    def __iter__(self) -> Iterator[bytes]:
        return iter({**self._old, **self._used})

    def __len__(self) -> int:
        return len({**self._old, **self._used})

    def save(self, *, whole: bool = True) -> None:
        """Write what was used, where that differs from what is there; a disk that is full or read-only costs only time.

        Of a run that did not come to its end, `whole` is not true: what it did not ask for stays.
        """
        if not whole:
            self._used = {**self._old, **self._used}
        if self._used == self._old or (self._holds is not None and not self._holds()):
            return
        beside = self.file.with_name(f"{self.file.name}.{os.getpid()}")
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            content = packed(self._used)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # it has texts of the user's files
                file.write(hashlib.blake2b(content, digest_size=DIGEST).digest() + content)
            beside.replace(self.file)
            _forget(self.file.parent)
        except OSError:
            with suppress(OSError):  # as where nothing may be deleted either
                beside.unlink(missing_ok=True)


def cache_of(root: Path, what: str = "", holds: Callable[[], bool] | None = None) -> Cache | None:
    """The cache of `what` is known of the tree at `root`, for the program as it is; None where there is no place for one."""
    own = folder()
    name = hashlib.blake2b(f"{root}\0{what}\0{_program()}".encode("utf-8", "surrogateescape"), digest_size=DIGEST).hexdigest()
    return None if own is None else Cache(own / name, holds)


def folder() -> Path | None:
    """Where caches are; all of it may be deleted at any time. None for a user who has no home."""
    if given := os.environ.get("DOCKERFIX_CACHE_DIR"):
        return Path(given)
    import platformdirs  # noqa: PLC0415  (small trees have no cache)

    own = Path(platformdirs.user_cache_dir("dockerfix", appauthor=False))
    return own if own.is_absolute() else None


def _plain(value: object) -> object:
    """A value as one that looks the same in every run: a pickle has its identities, a set its order."""
    match value:
        case Enum():
            plain: object = value.name
        case re.Pattern():
            plain = value.pattern
        case str() | bytes() | int() | PurePath() | None:
            plain = value
        case frozenset() | set():
            plain = sorted(map(repr, map(_plain, value)))
        case Mapping():
            plain = [(key, _plain(each)) for key, each in value.items()]
        case Iterable():
            plain = [_plain(each) for each in value]
        case _:
            plain = [type(value).__name__, *(_plain(getattr(value, field.name)) for field in fields(value) if field.compare)]  # type: ignore[arg-type]  # a dataclass
    return plain


def _forget(folder: Path) -> None:
    """Drop what nobody has used for long: trees that are gone, earlier versions of the program. Other files there are none of ours."""
    for file in folder.iterdir():
        if OURS.fullmatch(file.name) and time.time() - file.stat().st_mtime > LONG:
            file.unlink(missing_ok=True)


def _read(file: Path) -> dict[bytes, bytes]:
    try:
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK), "rb") as opened:
            content = opened.read() if _is_ours(os.fstat(opened.fileno())) else b""
    except OSError:
        return {}
    digest, values = content[:DIGEST], content[DIGEST:]
    if hashlib.blake2b(values, digest_size=DIGEST).digest() != digest:
        return {}
    found: dict[bytes, bytes] = unpacked(values)  # our own, whole as it was written, in a folder of the user's
    return found


def _is_ours(state: os.stat_result) -> bool:
    """Whether it is a file that only we may have written, as reading it runs what it says; and none that fills the memory."""
    is_own = not hasattr(os, "getuid") or (state.st_uid == os.getuid() and not state.st_mode & OTHERS_WRITE)
    return stat.S_ISREG(state.st_mode) and is_own and state.st_size <= LARGEST


def _program() -> str:
    """What decides what is found out: the release, its files as they are, Python's version, and when libraries came or went."""
    state = [(entry.path, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in _modules(str(Path(__file__).parent))]
    libraries = [(path, os.stat(path).st_mtime_ns) for path in sys.path if path.endswith("-packages") and os.path.isdir(path)]  # noqa: PTH112, PTH116  (Path is slow)
    return f"{__version__} {sys.version} {sorted(state)} {libraries}"


def _modules(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and entry.name != "__pycache__":
                yield from _modules(entry.path)
            elif entry.name.endswith(".py"):
                yield entry
