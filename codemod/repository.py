"""The tree that Dockerfiles stand in, on disk: its root, its files, and those that have a word."""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # small trees need none
    from codemod.git import Asked, Git

LARGEST_FILE = 1 << 20
# in a list of attributes
CONVERTS = re.compile(rb"^[^#\n]*[ \t](?:filter|working-tree-encoding)=", re.MULTILINE)
# in so much of a file, git looks for what is no text
HEAD = 8000
SUBMODULE, LINK = b"160000", b"120000"  # modes of git
# where git does not say which files belong together, a walk ends somewhere
MOST_FILES = 20_000


def root_of(file: Path, walked: Path | None = None) -> Path:
    """The root of the tree that a file belongs to: its git work tree's, else the current folder.

    Where it is not below that, or where that is all of a machine or all that somebody has at home: the folder that was `walked`
    and had it, or its own.
    """
    return root_of_folder(Path(os.path.realpath(file.parent)), walked)


def root_of_folder(folder: Path, walked: Path | None = None) -> Path:
    """The root of the tree that a folder, by its real name, belongs to."""
    work_tree = work_tree_of(folder)
    if work_tree is not None:
        return work_tree
    here = Path.cwd().resolve()
    is_all = here in (Path(here.anchor), Path("~").expanduser().resolve())
    return here if here in (folder, *folder.parents) and not is_all else (walked or folder).resolve()


def work_tree_of(folder: Path) -> Path | None:
    """The git work tree that a folder, by its real name, is in."""
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)


class Repository:
    """One tree; paths are posix, from its root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.is_work_tree = (root / ".git").exists()

    def __reduce__(self) -> tuple[type[Repository], tuple[Path]]:
        """What travels to other processes: they ask for themselves."""
        return Repository, (self.root,)

    @cached_property
    def git(self) -> Git | None:
        """Who knows the files of a work tree."""
        if not self.is_work_tree:
            return None
        from codemod.git import Git  # noqa: PLC0415  (it takes as long to load as git takes to answer)

        git = Git(self.root)
        return git if git.listed is not None else None

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Its files, in order: in a git work tree those that git knows, and new ones that it does not ignore."""
        if self.git is None:
            return tuple(sorted(islice(self._walk(), MOST_FILES)))
        tracked = self.git.tracked
        return tuple(sorted({*(path for path, entry in tracked.items() if entry.mode != SUBMODULE), *self.new_files}))

    @property
    def new_files(self) -> tuple[str, ...]:
        """Those that git does not track."""
        return tuple(path for path in self.git.others if not path.endswith("/")) if self.git is not None else ()

    @property
    def nested(self) -> tuple[str, ...]:
        """Folders that are work trees of their own: submodules, and others that git does not track."""
        if self.git is None:
            return ()
        submodules = (path for path, entry in self.git.tracked.items() if entry.mode == SUBMODULE)
        others = (path.rstrip("/") for path in self.git.others if path.endswith("/"))
        return tuple(path for path in sorted({*submodules, *others}) if (self.root / path / ".git").exists())

    @cached_property
    def blobs(self) -> Mapping[str, bytes]:
        """For the files that are what git has recorded, the names of their contents."""
        changed = self.git.changed if self.git is not None else None
        if self.git is None or changed is None or self.is_converted:
            return {}
        files = (item for item in self.git.tracked.items() if item[1].mode not in (SUBMODULE, LINK) and item[1].is_compared)
        return {path: entry.blob for path, entry in files if path not in changed}

    @property
    def is_still(self) -> bool:
        """Whether `blobs` are still true, if there are any."""
        return self.git is None or self.git.is_still

    @property
    def in_place(self) -> list[str]:
        """The files that git tracks, without those that are behind a link, which stands for a folder by now."""
        if self.git is None:
            return []
        changed, tracked = self.git.changed, self.git.tracked
        unsure = tracked if changed is None else {*changed, *(path for path, entry in tracked.items() if not entry.is_compared)}
        folders = {path.rpartition("/")[0] for path in unsure}
        moved = {folder for folder in folders if folder and os.path.realpath(f"{self.root}/{folder}") != f"{self.root}/{folder}"}
        return [path for path in tracked if path.rpartition("/")[0] not in moved] if moved else [*tracked]

    def ask_for_changes(self) -> None:
        """Ask git again, for `blobs`, which files are as it has recorded them: others may have written since."""
        if self.git is not None:
            self.git.ask_for_changes()
            self.__dict__.pop("blobs", None)

    @cached_property
    def is_converted(self) -> bool:
        """Whether a program may make another content of what git has recorded, as one that decrypts it does."""
        files = (path for path in self.files if path.endswith(".gitattributes"))
        texts = (self.read(path) or b"" for path in (*files, ".git/info/attributes"))
        return any(CONVERTS.search(text) for text in texts)

    @property
    def is_cut(self) -> bool:
        """Whether it has more files than are looked at."""
        return self.git is None and len(self.files) == MOST_FILES

    def to_read(self, paths: Iterable[str], search: Asked | None) -> list[str]:
        """Those of `paths` that may have what git was asked to `search` for: what it found, and what it does not look at."""
        said = search.answer() if search is not None else None
        if said is None or self.git is None:
            return [*paths]
        found, tracked = {*map(os.fsdecode, said)}, self.git.tracked
        # git reads links as what they say, and what it does not compare from its own store
        searched = {path for path, entry in tracked.items() if entry.mode != LINK and entry.is_compared}
        return [path for path in paths if path in found or path not in searched]

    def having(self, pattern: str) -> tuple[str, ...]:
        """The text files that `pattern` fits a part of a line of, in any case: an extended regular expression of POSIX and of Python."""
        paths = self.to_read(self.files, self.git.search(pattern) if self.git is not None else None)
        compiled = re.compile(pattern.encode(), re.IGNORECASE)
        texts = ((path, self.read(path) or b"") for path in paths)
        return tuple(path for path, text in texts if b"\0" not in text[:HEAD] and compiled.search(text))

    def read(self, path: str) -> bytes | None:
        """What a file has; None where it cannot be read, is larger than text is, is no regular file, or is none of this tree."""
        try:
            with os.fdopen(os.open(f"{self.root}/{path}", os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                state = os.fstat(file.fileno())
                if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST_FILE or not self._is_inside(path):
                    return None
                return file.read() if state.st_size else b""  # what has no size may never end
        except OSError:
            return None

    def is_readable(self, path: str) -> bool:
        """Whether `read` would read a file."""
        try:
            state = os.stat(f"{self.root}/{path}")  # noqa: PTH116  (thousands of them)
        except OSError:
            return False
        is_text = stat.S_ISREG(state.st_mode) and state.st_size <= LARGEST_FILE
        return is_text and os.access(f"{self.root}/{path}", os.R_OK) and self._is_inside(path)

    def is_link(self, path: str) -> bool:
        """Whether a path is a symbolic link."""
        return os.path.islink(f"{self.root}/{path}")  # noqa: PTH114  (thousands of them)

    def real(self, path: str) -> str:
        """The path of the file that a link leads to, where that is in the tree; else the path itself."""
        if path in self._listed and not self.is_link(path):
            return path  # what is listed has no link above it
        target = os.path.realpath(f"{self.root}/{path}")
        return target[len(str(self.root)) :].lstrip("/") if self.has(target) else path

    def is_behind_a_link(self, path: str) -> bool:
        """Whether a folder that git has above a tracked file is a link, or a file, by now."""
        return any(path.startswith(each) for each in self._instead)

    @cached_property
    def _instead(self) -> tuple[str, ...]:
        """What stands where git has a folder, as that folder."""
        files = self.files if self.git is not None else ()
        folders = (f"{path}/" for path in self.new_files)
        return tuple(each for each in folders if (i := bisect_left(files, each)) < len(files) and files[i].startswith(each))

    def has(self, target: str) -> bool:
        """Whether a file, by its real name, is of this tree, and of no other inside."""
        own = self.root if self.is_work_tree else None
        return Path(target).is_relative_to(self.root) and work_tree_of(Path(target).parent) == own

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(self.files)

    def _is_inside(self, path: str) -> bool:
        return not self.is_link(path) or Path(os.path.realpath(self.root / path)).is_relative_to(self.root)

    def _walk(self) -> Iterator[str]:
        from codemod.ignoring import Ignoring  # noqa: PLC0415  (where git says what belongs together, nobody asks)

        yield from Ignoring(self.root).files(into_others=not self.is_work_tree)


class Repositories(dict[Path, Repository]):
    """The trees of a run by their roots, each asked once."""

    def __missing__(self, root: Path) -> Repository:
        self[root] = Repository(root)
        return self[root]
