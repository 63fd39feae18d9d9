"""What a whole tree came to in the run before: it comes to the same where nothing that was read has changed since."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.cache import DIGEST, Cache
from codemod.filenames import OWN_CONFIGURATION, OWN_IGNORES, SHARED_CONFIGURATION, SKIPPED_FOLDERS
from codemod.git import marks
from codemod.repository import LINK, SUBMODULE, Repository

if TYPE_CHECKING:  # what is found in an earlier run needs none
    from codemod.groups import Tree

WHAT = "whole"
# more files that git has not recorded, or ignores, than these are not looked at one by one
MOST = 2_000
# what is read wherever it is, also behind a link out of the tree
FOLLOWED = (OWN_CONFIGURATION, SHARED_CONFIGURATION, OWN_IGNORES, ".dockerignore")


class Memory:
    """What the tree of `repository` came to, for those who ask for what has this `key`.

    It is known by the tree's state: what git has recorded, all of which the disk has as it is, and what the disk has besides. Where that
    takes long to say, or cannot be said, nothing is remembered.
    """

    def __init__(self, cache: Cache, key: bytes, repository: Repository) -> None:
        self._cache, self._key, self._repository = cache, key, repository
        self._state = state_of(repository)

    @property
    def root(self) -> Path:
        """That of the tree."""
        return self._repository.root

    @property
    def trees(self) -> Sequence[Tree] | None:
        """What an earlier run found; None where there was none, or the tree is not as it was."""
        state, trees = self._cache.get(self._key, (None, ()))
        return trees if state is not None and state == self._state else None

    def keep(self, trees: Sequence[Tree]) -> None:
        """Remember what this run has found, unless the tree need not be what it was when that began."""
        git = self._repository.git
        if self._state is None or git is None or self._repository.is_converted or not all(map(_is_whole, trees)):
            return
        if git.is_still:
            self._cache[self._key] = (self._state, trees)
            self._cache.save()


def _is_whole(tree: Tree) -> bool:
    """Whether all of it could be read, which depends on more than what files have, and nothing else was."""
    is_read = not any(isinstance(each.result, OSError) for group in tree.groups for each in group.dockerfiles)
    return is_read and not tree.is_cut and not tree.is_beyond


def state_of(repository: Repository) -> bytes | None:
    """What a tree is at the moment; None where that is not known, as where other work trees are inside."""
    git = repository.git
    if git is None or git.listed is None or git.status is None or any(map(_is_unsure, git.listed)):
        return None
    own = [*git.status.changed, *git.status.others]
    if len(own) > MOST or any(path.endswith("/") for path in own):
        return None
    state = blake2b(b"\0".join(git.listed), digest_size=DIGEST)
    links = (os.fsdecode(line.partition(b"\t")[2]) for line in git.listed if line[2:8] == LINK)
    for path in (*sorted(own), *filter(_is_followed, links), ".git/info/attributes"):
        state.update(repr((path, _said(repository, path))).encode("utf-8", "surrogateescape"))
    for number, (path, said) in enumerate(_marked(repository.root, git.status.ignored)):
        if number == MOST:
            return None
        state.update(repr((path, said)).encode("utf-8", "surrogateescape"))
    return state.digest()


def _is_unsure(line: bytes) -> bool:
    """Whether a tracked file, as git lists it, is not compared with the disk, or is another work tree."""
    return line[:1] != b"H" or line[2:8] == SUBMODULE


def _marked(root: Path, paths: Iterable[str]) -> Iterator[tuple[str, object]]:
    """Files, and those below folders that somebody may look into, by what changes with them."""
    for path in sorted(paths):
        if SKIPPED_FOLDERS & {*path.split("/")[:-1]} and not _is_followed(path):
            continue
        if path.endswith("/"):
            for base, folders, files in os.walk(root / path):
                folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
                yield from ((f"{base}/{name}", marks(Path(base, name))) for name in sorted(files))
        else:
            yield path, (marks(root / path), _is_followed(path) and _beyond(root / path))


def _is_followed(path: str) -> bool:
    """Whether a file is read wherever it leads."""
    return path.endswith(FOLLOWED)


def _said(repository: Repository, path: str) -> object:
    """What changes with a file: what it has; where that is not read, its marks; of a link, also what it leads to."""
    file = repository.root / path
    return repository.read(path) or marks(file), _beyond(file)


def _beyond(file: Path) -> object:
    """What a link leads to, by what changes with it; None for what is none."""
    target = Path(os.path.realpath(file)) if file.is_symlink() else None
    return target and (target, marks(target))
