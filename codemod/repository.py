"""The tree that Dockerfiles stand in, on disk: its root, its files, and those that have a word."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

from codemod.filenames import SKIPPED_FOLDERS

LARGEST_FILE = 1 << 20
# where git does not say which files belong together, a walk ends somewhere
MOST_FILES = 20_000
# git grep: nothing found
NOTHING = 1


def root_of(file: Path, walked: Path | None = None) -> Path:
    """The root of the tree that a file belongs to: its git work tree's, else the current folder.

    Where it is not below that, or where that is all of a machine or all that somebody has at home: the folder that was `walked`
    and had it, or its own.
    """
    folder = Path(os.path.realpath(file.parent))
    for parent in (folder, *folder.parents):
        if (parent / ".git").exists():
            return parent
    here = Path.cwd().resolve()
    is_all = here in (Path(here.anchor), Path("~").expanduser().resolve())
    return here if here in (folder, *folder.parents) and not is_all else (walked or folder).resolve()


class Repository:
    """One tree; paths are posix, from its root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.is_work_tree = (root / ".git").exists()

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Its files, in order: in a git work tree those that git knows, and new ones that it does not ignore."""
        found = self._git("ls-files", "-coz", "--exclude-standard", "--deduplicate") if self.is_work_tree else None
        return tuple(sorted(found if found is not None else islice(self._walk(), MOST_FILES)))

    @property
    def is_cut(self) -> bool:
        """Whether it has more files than are looked at."""
        return not self.is_work_tree and len(self.files) == MOST_FILES

    def having(self, pattern: str) -> tuple[str, ...]:
        """The text files that `pattern` fits a part of a line of, in any case: an extended regular expression of POSIX and of Python."""
        found = self._git("grep", "-lIzEi", "--untracked", "-e", pattern) if self.is_work_tree else None
        if found is not None:
            return tuple(sorted(found))
        compiled = re.compile(pattern.encode(), re.IGNORECASE)
        return tuple(path for path in self.files if compiled.search(self.read(path) or b""))

    def read(self, path: str) -> bytes | None:
        """What a file has; None where it cannot be read, is larger than text is, is no regular file, or is none of this tree."""
        try:
            state = (self.root / path).stat()
            if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST_FILE or not self._is_inside(self.root / path):
                return None
            return (self.root / path).read_bytes() if state.st_size else b""  # what has no size may never end
        except OSError:
            return None

    def real(self, path: str) -> str:
        """The path of the file that a link leads to, where that is in the tree; else the path itself."""
        if not (self.root / path).is_symlink():
            return path
        target = Path(os.path.realpath(self.root / path))
        return target.relative_to(self.root).as_posix() if target.is_relative_to(self.root) else path

    def _is_inside(self, path: Path) -> bool:
        return not path.is_symlink() or Path(os.path.realpath(path)).is_relative_to(self.root)

    def _walk(self) -> Iterator[str]:
        for base, folders, files in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
            yield from (Path(base, name).relative_to(self.root).as_posix() for name in sorted(files))

    def _git(self, *arguments: str) -> Sequence[str] | None:
        """The paths that git prints; None where there is no git, or it does not take this for a work tree."""
        import subprocess  # noqa: PLC0415  (it takes as long to load as git takes to answer)

        try:
            # a file system monitor is a program of the repository's choice
            command = ["git", "-c", "core.fsmonitor=false", "-C", str(self.root), *arguments]
            done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  (the user's git)
        except OSError:
            return None
        if done.returncode > NOTHING:
            return None
        return [os.fsdecode(path) for path in done.stdout.split(b"\0") if path]
