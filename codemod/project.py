"""The disk: which files are Dockerfiles, what becomes of them where they are, and writing a file whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.filenames import SKIPPED_FOLDERS, is_dockerfile, is_excluded

if TYPE_CHECKING:  # what is only written needs none
    from codemod.configuration_files import Configurations
    from codemod.result import Result
    from codemod.settings import Settings
    from codemod.text import Source


class ChangedError(OSError):
    """The file is no longer what was read."""


def dockerfiles(paths: Sequence[Path], exclude: Sequence[str], configurations: Configurations) -> Iterator[tuple[Path, bool]]:
    """The files to look at, each once by whatever names, in order, and whether the user named it. Raises ConfigurationError.

    The command line's globs hold for all of them, those of configurations for what a walk finds.
    """
    seen: set[Path] = set()
    for path in paths:
        named = not path.is_dir()
        for found in (path,) if named else _walk(path):
            real = Path(os.path.realpath(found))  # resolve() gives up on a loop of links
            if real in seen or is_excluded(found, exclude) or (not named and _is_left_out(found, path, configurations)):
                continue
            seen.add(real)
            yield found, named


def _walk(folder: Path) -> Iterator[Path]:
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        found = [path for name in sorted(files) if is_dockerfile(name) and (path := Path(base, name)).is_file()]
        yield from sorted(found, key=Path.is_symlink)  # a link beside its target is the target's other name


def _is_left_out(file: Path, start: Path, configurations: Configurations) -> bool:
    """Whether a walk from `start` would not come to the file; configurations of a folder that is left out are not read."""
    on_the_way = (file, *file.parents)[: len(file.relative_to(start).parts)]
    return any(configurations.leaves_out(path) for path in reversed(on_the_way))


def fixed(path: Path, source: Source, settings: Settings) -> Result:
    """What becomes of the Dockerfile at `path`; where a secret is to move, its folder is searched for who reads it. Raises ParseError."""
    from codemod.fix import fix  # noqa: PLC0415

    result = fix(source, settings)
    names = [name for plan in result.plans for name in plan.names]
    if not names:
        return result
    from codemod.build_context import mentions  # noqa: PLC0415  (most files have no secret)

    found = mentions(path.parent, names, path)
    return fix(source, settings, found) if found else result


def write(path: Path, before: bytes, after: bytes) -> None:
    """Replace the file that `path` leads to by one with `after`: mode and owner stay, and at no moment is it half written.

    Raises ChangedError where it no longer holds `before`, OSError where it cannot be written.
    """
    target = path.resolve(strict=True)
    state = target.stat()
    beside = target.with_name(f".{target.name}.dockerfix-{os.getpid()}")
    file = beside.open("xb")
    try:
        with file:
            file.write(after)
            file.flush()
            _take_over(file.fileno(), state)
            os.fsync(file.fileno())
        _check_unchanged(target, before)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _check_unchanged(target: Path, before: bytes) -> None:
    if target.read_bytes() != before:
        raise ChangedError("the file changed while it was looked at: it is left alone")


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
