"""What git says of a work tree; what takes it long is asked for before it is needed."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

# git grep: nothing found
NOTHING = 1
# so many Dockerfiles pay for a look at all files
MANY = 200
# a file system monitor is a program of the repository's choice; what is trusted less than this misses changes
OPTIONS = ("-c", "core.fsmonitor=false", "-c", "core.checkStat=default", "-c", "core.trustctime=true")
STATUS = ("--no-optional-locks", "status", "--porcelain", "-z", "-uall", "--ignored=matching", "--no-renames", "--ignore-submodules=all")
# of a tracked file: neither assumed to be as it was, nor left out of a sparse checkout, nor in conflict
COMPARED = b"H"
# what says of another repository where it is, as in a hook: ours is where it is asked
LOCAL = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"),
        *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_IMPLICIT_WORK_TREE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_SHALLOW_FILE"),
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that git tracks: `mode` is git's own, `blob` the name of the content that it has recorded.

    It `is_compared` with the disk, unless somebody told git not to.
    """

    mode: bytes
    blob: bytes
    is_compared: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """What `git status` says of the disk, by path: folders have a slash at their end."""

    others: tuple[str, ...]
    ignored: tuple[str, ...]
    changed: frozenset[str]

    @classmethod
    def of(cls, said: Sequence[bytes]) -> Status:
        """From its lines: two letters, a blank, a path. The second letter is what became of what git has recorded."""
        paths: dict[bytes, list[str]] = {}
        for line in said:
            paths.setdefault(line[:2], []).append(os.fsdecode(line[3:]))
        others, ignored = paths.pop(b"??", []), paths.pop(b"!!", [])
        changed = (path for letters, each in paths.items() if letters[1:] != b" " for path in each)
        return cls(tuple(others), tuple(ignored), frozenset(changed))


class Git:
    """git's answers about the work tree at `root`; None where there is no git, or it does not take this for a work tree.

    Where there are many Dockerfiles, all that is asked of the disk is asked at once, as `git status` says it: one walk, in the background.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._begun, self._index = time.time_ns(), marks(_index_of(root))
        self._listed = self._ask("ls-files", "-svz")
        self._changed: Asked | None = None

    @cached_property
    def listed(self) -> list[bytes] | None:
        """The files that it tracks, each as `git ls-files -sv` says it; None where it says nothing."""
        said = self._listed.answer()
        if said is not None:
            self._has_many = sum(b"ockerfile" in line for line in said) >= MANY
            self._others = self._ask(*(STATUS if self._has_many else ("ls-files", "-oz", "--exclude-standard")))
            self._prefix = self._ask("rev-parse", "--show-prefix") if self._has_many else None
        return said

    @cached_property
    def tracked(self) -> dict[str, Entry]:
        """The files that it tracks."""
        found: dict[str, Entry] = {}
        for line in self.listed or ():
            about, _, path = line.partition(b"\t")
            found[os.fsdecode(path)] = Entry(about[2:8], about[9:-2], about[:1] == COMPARED)
        return found

    @cached_property
    def status(self) -> Status | None:
        """What it says of the disk; None where it was not asked, as there are few Dockerfiles, or does not know."""
        if self.listed is None or self._prefix is None or self._prefix.answer() != [b"\n"]:
            return None  # its paths would be from the top of a work tree around this one
        said = self._others.answer()
        return None if said is None else Status.of(said)

    @cached_property
    def others(self) -> tuple[str, ...]:
        """The files that are new and not ignored; other work trees inside as folders, with a slash at their end."""
        if self.status is not None:
            return self.status.others
        if self.listed is not None and self._has_many:  # as where there is no commit any more
            self._others = self._ask("ls-files", "-oz", "--exclude-standard")
        return tuple(map(os.fsdecode, self._others.answer() or ()))

    @property
    def ignored(self) -> tuple[str, ...] | None:
        """The files and folders, with a slash, that it ignores; None where that is not known."""
        return None if self.status is None else self.status.ignored

    @cached_property
    def changed(self) -> frozenset[str] | None:
        """Those of the tracked files that are not what git has recorded; None where that is not known."""
        if self._changed is None:
            return None if self.status is None else self.status.changed
        said = self._changed.answer()
        return None if said is None else frozenset(map(os.fsdecode, said))

    def ask_for_changes(self) -> None:
        """Ask for `changed`, as it is from now on."""
        self._changed = self._ask("diff-files", "-z", "--name-only")
        self.__dict__.pop("changed", None)

    @cached_property
    def is_still(self) -> bool:
        """Whether all that it tracks is what it was at the first question: nobody has recorded or written anything meanwhile.

        Asked when all is read: what is said of a content by git's name for it would stay where that was another one for a moment.
        """
        said = self._ask("diff-files", "-z", "--name-only").answer()  # what was written, also where it is the same
        is_same = self._index is not None and self._index == marks(_index_of(self.root))
        return is_same and said is not None and not any(map(self._is_new, map(os.fsdecode, said)))

    def _is_new(self, path: str) -> bool:
        """Whether a file that was written, or has gone, was so only after the first question."""
        try:
            return os.lstat(f"{self.root}/{path}").st_ctime_ns > self._begun
        except OSError:
            return path not in (self.changed or ())

    def search(self, pattern: str, *options: str) -> Asked:
        """Ask which of the tracked files `pattern` fits a part of a line of: an expression of POSIX, of Perl with `-P`."""
        # what is no text is for who reads it to say: attributes may call a Dockerfile binary
        return self._ask("grep", "-laz", "--no-color", *(options or ("-Ei",)), "-e", pattern, may_find_nothing=True)

    def _ask(self, *arguments: str, may_find_nothing: bool = False) -> Asked:
        return ask(self.root, *arguments, may_find_nothing=may_find_nothing)


def ask(root: Path, *arguments: str, may_find_nothing: bool = False) -> Asked:
    """Ask git something about the work tree at `root`; nothing found is no failure of a search."""
    return Asked(["git", *OPTIONS, "-C", str(root), *arguments], may_find_nothing=may_find_nothing)


def marks(path: Path) -> tuple[int, ...] | None:
    """What changes when a file does; None where there is none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _index_of(root: Path) -> Path:
    """The list of what git has recorded; in a linked work tree `.git` is a file that says where that is."""
    own = root / ".git"
    with suppress(OSError):
        own = root / own.read_bytes().decode("utf-8", "surrogateescape").removeprefix("gitdir:").strip()
    return own / "index"


class Asked:
    """A question that git is at work on."""

    def __init__(self, command: Sequence[str], *, may_find_nothing: bool = False) -> None:
        self._may_find_nothing = may_find_nothing
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes]
        environment = {name: value for name, value in os.environ.items() if name not in LOCAL} | {"LC_ALL": "C"}  # bytes, as we read them
        none = subprocess.DEVNULL
        with ExitStack() as stack, suppress(OSError):
            self._output = stack.enter_context(TemporaryFile())  # a pipe would be full before somebody reads it
            self._process = subprocess.Popen(command, stdout=self._output, stderr=none, stdin=none, env=environment)  # noqa: S603  (the user's git)
            stack.pop_all()

    def __del__(self) -> None:
        """Nobody wants to know any more."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._output.close()

    def answer(self) -> list[bytes] | None:
        """What it printed, split at its zero bytes."""
        if self._process is None:
            return None
        code = self._process.wait()
        self._process = None
        with self._output as output:
            output.seek(0)
            said = output.read()
        fine = (0, NOTHING) if self._may_find_nothing else (0,)
        return None if code not in fine else said.rstrip(b"\0").split(b"\0") if said else []
