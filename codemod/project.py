"""The disk: which files are Dockerfiles, and writing files that belong together whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.filenames import SKIPPED_FOLDERS, is_dockerfile, is_excluded

if TYPE_CHECKING:  # what is only written needs none
    from codemod.configuration_files import Configurations


class ChangedError(OSError):
    """The file is no longer what was read."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file, what it had when it was read, and what it is to have."""

    path: Path
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


def dockerfiles(paths: Sequence[Path], exclude: Sequence[str], configurations: Configurations) -> Iterator[tuple[Path, Path | None]]:
    """The files to look at, each once by whatever names, in order, and the folder whose walk found it, None where the user named it.

    The command line's globs hold for all of them, those of configurations for what a walk finds. Raises ConfigurationError.
    """
    seen: set[Path] = set()
    for path in paths:
        named = not path.is_dir()
        for found in (path,) if named else _walk(path):
            real = Path(os.path.realpath(found))  # resolve() gives up on a loop of links
            if real in seen or is_excluded(found, exclude) or (not named and is_left_out(found, path, configurations)):
                continue
            seen.add(real)
            yield found, None if named else path


def _walk(folder: Path) -> Iterator[Path]:
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        found = [path for name in sorted(files) if is_dockerfile(name) and (path := Path(base, name)).is_file()]
        yield from sorted(found, key=Path.is_symlink)  # a link beside its target is the target's other name


def is_left_out(file: Path, start: Path, configurations: Configurations) -> bool:
    """Whether a walk from `start` would not come to the file; configurations of a folder that is left out are not read."""
    on_the_way = (file, *file.parents)[: len(file.relative_to(start).parts)]
    return any(configurations.leaves_out(path) for path in reversed(on_the_way))


def write(changes: Sequence[Change]) -> None:
    """Replace each file by one with its new content: mode and owner stay, and at no moment is one half written.

    All of them or none: where one cannot be written, those before it are put back. Raises ChangedError where one no longer holds what
    was read, OSError where it cannot be written; both with the path as `filename`.
    """
    prepared: list[tuple[Path, Path]] = []
    done: list[Change] = []
    try:
        for change in changes:
            prepared.append(_prepared(change))  # noqa: PERF401  (where one fails, those before it have to be known)
        for change in changes:
            _check_unchanged(change)
        for change, (beside, target) in zip(changes, prepared, strict=True):
            beside.replace(target)
            done.append(change)
    except BaseException:
        for beside, _ in prepared:
            beside.unlink(missing_ok=True)
        for change in reversed(done):
            write((Change(change.path, change.after, change.before),))
        raise
    for folder in {target.parent for _, target in prepared}:
        _sync_folder(folder)


def _prepared(change: Change) -> tuple[Path, Path]:
    """A file with the new content beside the one that it is for."""
    target = change.path.resolve(strict=True)
    state = target.stat()
    beside = target.with_name(f".{target.name}.dockerfix-{os.getpid()}")
    try:
        with beside.open("xb") as file:
            file.write(change.after)
            file.flush()
            _take_over(file.fileno(), state)
            os.fsync(file.fileno())
    except BaseException as error:
        if not isinstance(error, FileExistsError):
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(change.path)
        raise
    return beside, target


def _check_unchanged(change: Change) -> None:
    if change.path.read_bytes() != change.before:
        raise ChangedError(errno.ESTALE, "the file changed while it was looked at: it is left alone", str(change.path))


def _take_over(descriptor: int, state: os.stat_result) -> None:
    os.fchmod(descriptor, stat.S_IMODE(state.st_mode))
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (state.st_uid, state.st_gid):
        os.fchown(descriptor, state.st_uid, state.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(state.st_mode))  # a change of owner drops set-id bits


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
