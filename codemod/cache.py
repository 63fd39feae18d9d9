"""What earlier runs found out, on disk: by the content that it is about, the settings, and the program that found it out."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import fields
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

from codemod import __version__

# of a key: nobody makes two contents with one on purpose, as everybody has a cache of his own
DIGEST = 16
LONG = 30 * 24 * 60 * 60  # seconds


class Cache(MutableMapping[bytes, Any]):
    """Values by key. Only those that a run asks for stay in the file; what cannot be read is as if it was not there."""

    def __init__(self, file: Path) -> None:
        self.file = file
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
            self._values[key] = pickle.loads(self._used[key])  # noqa: S301  (our own, in a folder of the user's)
        return self._values[key]

    def __setitem__(self, key: bytes, value: object) -> None:
        self._used[key], self._values[key] = pickle.dumps(value, pickle.HIGHEST_PROTOCOL), value

    def __delitem__(self, key: bytes) -> None:
        for each in (self._old, self._used, self._values):
            each.pop(key, None)

    def __iter__(self) -> Iterator[bytes]:
        return iter({**self._old, **self._used})

    def __len__(self) -> int:
        return len({**self._old, **self._used})

    def save(self) -> None:
        """Write what was used, where that differs from what is there; a disk that is full or read-only costs only time."""
        if self._used.keys() == self._old.keys():
            return
        beside = self.file.with_name(f"{self.file.name}.{os.getpid()}")
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            content = pickle.dumps(self._used, pickle.HIGHEST_PROTOCOL)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # it has texts of the user's files
                file.write(hashlib.blake2b(content, digest_size=DIGEST).digest() + content)
            beside.replace(self.file)
            _forget(self.file.parent)
        except OSError:
            beside.unlink(missing_ok=True)


def cache_of(root: Path) -> Cache:
    """The cache of the tree at `root`, for the program as it is."""
    name = hashlib.blake2b(f"{root}\0{_program()}".encode("utf-8", "surrogateescape"), digest_size=DIGEST).hexdigest()
    return Cache(folder() / name)


def folder() -> Path:
    """Where caches are; all of it may be deleted at any time."""
    if "DOCKERFIX_CACHE_DIR" in os.environ:
        return Path(os.environ["DOCKERFIX_CACHE_DIR"])
    import platformdirs  # noqa: PLC0415  (small trees have no cache)

    return Path(platformdirs.user_cache_dir("dockerfix", appauthor=False))


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
            plain = [type(value).__name__, *(_plain(getattr(value, field.name)) for field in fields(value))]  # type: ignore[arg-type]  # a dataclass
    return plain


def _forget(folder: Path) -> None:
    """Drop what nobody has used for long: trees that are gone, earlier versions of the program."""
    for file in folder.iterdir():
        if time.time() - file.stat().st_mtime > LONG:
            file.unlink()


def _read(file: Path) -> dict[bytes, bytes]:
    try:
        content = file.read_bytes()
    except OSError:
        return {}
    digest, values = content[:DIGEST], content[DIGEST:]
    if hashlib.blake2b(values, digest_size=DIGEST).digest() != digest:
        return {}
    found: dict[bytes, bytes] = pickle.loads(values)  # noqa: S301  (our own, whole as it was written)
    return found


def _program() -> str:
    """What decides what is found out: the release, its files as they are, Python's version."""
    state = [(entry.path, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in _modules(str(Path(__file__).parent))]
    return f"{__version__} {sys.version} {sorted(state)}"


def _modules(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and entry.name != "__pycache__":
                yield from _modules(entry.path)
            elif entry.name.endswith(".py"):
                yield entry
