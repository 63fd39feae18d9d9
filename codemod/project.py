"""The disk: which files are Dockerfiles."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.filenames import SKIPPED_FOLDERS, is_dockerfile, is_excluded

if TYPE_CHECKING:  # what is only written needs none
    from codemod.configuration_files import Configurations


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
