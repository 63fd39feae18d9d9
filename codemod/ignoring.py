"""A walk on disk that leaves out what `.gitignore` and `.dockerfixignore` say, by git's rules: the deepest that speaks of a path counts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.filenames import OWN_IGNORES, SKIPPED_FOLDERS

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# in this order: what we are told counts before what git is
NAMES = (OWN_IGNORES, ".gitignore")


class Ignoring:
    """What is left out below `root`, as files of these `names` say."""

    def __init__(self, root: Path, names: Sequence[str] = NAMES) -> None:
        self.root, self.names = root, names
        self._rules: dict[str, list[GitIgnoreSpec]] = {}
        self._folders: dict[str, bool] = {"": False}

    def files(self, start: str = "", *, into_others: bool = True) -> Iterator[str]:
        """The files below the folder `start`, in order; all paths are posix, from the root. No link to a folder is followed.

        Work trees inside are entered where it is `into_others`.
        """
        for base, folders, names in os.walk(self.root / start):
            relative = os.path.relpath(base, self.root).replace(os.sep, "/")
            inside = "" if relative == "." else f"{relative}/"
            folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS and not self.leaves_out(f"{inside}{name}/"))
            if not into_others:
                folders[:] = [name for name in folders if not os.path.lexists(os.path.join(base, name, ".git"))]  # noqa: PTH118  (…)
            yield from (path for name in sorted(names) if name != ".git" and not self.leaves_out(path := f"{inside}{name}"))

    def kept(self, paths: Iterable[str]) -> Iterator[str]:
        """Those of `paths` that are not left out."""
        return (path for path in paths if not self.leaves_out(path))

    def leaves_out(self, path: str) -> bool:
        """Whether a file, or a folder with a slash at its end, is left out, or a folder above it is."""
        if path in self._folders:
            return self._folders[path]
        folder = path.rstrip("/").rpartition("/")[0]
        found = self.leaves_out(f"{folder}/" if folder else "") or self._says(path, folder)
        if path.endswith("/"):
            self._folders[path] = found
        return found

    def _says(self, path: str, folder: str) -> bool:
        while True:
            for rules in self._of(folder):
                said = rules.check_file(path[len(folder) + 1 :] if folder else path).include
                if said is not None:
                    return said
            if not folder:
                return False
            folder = folder.rpartition("/")[0]

    def _of(self, folder: str) -> list[GitIgnoreSpec]:
        if folder not in self._rules:
            self._rules[folder] = [rules for name in self.names if (rules := _read(self.root / folder / name)) is not None]
        return self._rules[folder]


def _read(file: Path) -> GitIgnoreSpec | None:
    try:
        if not file.is_file():
            return None  # reading a pipe would wait for ever
        text = file.read_text("utf-8-sig", "surrogateescape")
    except OSError:
        return None
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  (only where such a file is)

    return GitIgnoreSpec.from_lines(line for line in text.split("\n") if _is_pattern(line))


def _is_pattern(line: str) -> bool:
    """Whether the library takes a line; git passes over those that it cannot read."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  (…)

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
