"""Paths of the command line → the Dockerfiles to look at, each with what the user's configuration says of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from codemod.configuration_files import Configuration, ConfigurationError, Configurations
from codemod.filenames import OWN_CONFIGURATION, OWN_IGNORES, SHARED_CONFIGURATION, is_dockerfile, is_excluded
from codemod.ignoring import Ignoring
from codemod.repository import Repositories, Repository, root_of_folder
from codemod.settings import Settings
from codemod.subject import Subject, Walk
from codemod.terminal import shown


class Discovery:
    """Finds Dockerfiles; the command line's globs hold for all of them, those of configurations and ignore files for what a folder has."""

    def __init__(self, configurations: Configurations, exclude: Sequence[str], repositories: Repositories, *, nested: bool = False) -> None:
        self.configurations, self.exclude, self.repositories, self.nested = configurations, tuple(exclude), repositories, nested
        self.walks: list[Walk] = []
        self._seen: set[str] = set()

    def files(self, paths: Sequence[Path]) -> Iterator[Subject]:
        """The files below `paths`, each once by whatever names, in the order of paths. Raises ConfigurationError."""
        for path in paths:
            if path.is_dir():
                yield from self._in_folder(path)
            elif not is_excluded(path, self.exclude) and self._is_new(os.path.realpath(path)):
                yield Subject(path, shown(path), self.configurations.of(path.parent).settings)

    def _in_folder(self, folder: Path) -> Iterator[Subject]:
        real = Path(os.path.realpath(folder))
        root = root_of_folder(real, folder)
        start = "" if root == real else f"{real.relative_to(root).as_posix()}/"
        repository = self.repositories[root]
        known = self._known(repository, start)
        files = [path[len(start) :] for path in known if path.startswith(start)]
        rules = Rules(folder, files, self.configurations, self.exclude, str(folder))
        own = shown(folder)
        prefix = "" if own == "." else f"{own}/"
        walked = _Walked(root, folder, start, prefix, rules, own_ignores(repository))
        self.walks.append(Walk(root, walked.subject))
        found = [path for path in files if is_dockerfile(path.rpartition("/")[2]) and not walked.leaves_out(path)]
        for path, target in self._each_once(repository, start, found):
            tree = (root, target) if repository.git is not None else None
            yield Subject(folder / path, prefix + path, rules.settings(path), folder, tree)
        for path in repository.nested if self.nested else ():
            if path.startswith(start) and not walked.leaves_out(path[len(start) :]):
                yield from self._in_folder(folder / path[len(start) :])

    def _known(self, repository: Repository, start: str) -> Iterable[str]:
        """The files of a tree, at least those below `start`."""
        if repository.git is not None:
            return repository.files
        return tuple(Ignoring(repository.root).files(start, into_others=self.nested or not repository.is_work_tree))

    def _each_once(self, repository: Repository, start: str, found: Sequence[str]) -> list[tuple[str, str]]:
        """The files that were not there yet, each with its real path from the root.

        A link is the other name of a file that may be found as well, and leads nowhere out of the tree. What git has and the disk
        has not is none.
        """
        links = []
        kept = {}
        for path in found:
            mode = _mode(f"{repository.root}/{start}{path}") if not repository.is_behind_a_link(start + path) else None
            if mode is not None and stat.S_ISLNK(mode):
                links.append(path)
            elif mode is not None and (stat.S_ISREG(mode) or not mode) and self._is_new(os.path.join(repository.root, start + path)):  # noqa: PTH118  (ten thousand of them)
                kept[path] = start + path
        for path in links:
            target = os.path.realpath(repository.root / start / path)
            if repository.has(target) and stat.S_ISREG(_mode(target) or 0) and self._is_new(target):
                kept[path] = Path(target).relative_to(repository.root).as_posix()
        return [(path, kept[path]) for path in found if path in kept]

    def _is_new(self, real: str) -> bool:
        if real in self._seen:
            return False
        self._seen.add(real)
        return True


@dataclass(frozen=True, slots=True)
class _Walked:
    """A folder that was walked; `start` is its path from the root of its tree, `prefix` the one that messages have."""

    root: Path
    folder: Path
    start: str
    prefix: str
    rules: Rules
    ignoring: Ignoring | None

    def leaves_out(self, path: str) -> bool:
        """Whether the user leaves out a path below it. Raises ConfigurationError."""
        return self.rules.leaves_out(path) or (self.ignoring is not None and self.ignoring.leaves_out(self.start + path))

    def subject(self, path: str) -> Subject | None:
        """What a file is as a Dockerfile, by its path from the root; None where it is not below the folder, or left out."""
        below = path[len(self.start) :]
        if not path.startswith(self.start) or self.leaves_out(below):
            return None
        return Subject(self.folder / below, self.prefix + below, self.rules.settings(below), self.folder, (self.root, path))


def own_ignores(repository: Repository) -> Ignoring | None:
    """What `.dockerfixignore` files leave out of a tree: git does not know them."""
    if repository.git is None or not any(path.endswith(OWN_IGNORES) for path in repository.files):
        return None  # without git, the walk leaves it out
    return Ignoring(repository.root, (OWN_IGNORES,))


def _mode(path: str) -> int | None:
    """What is at a path, by its mode; 0 where nobody may look, None where nothing is."""
    try:
        return os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return 0


class Rules:
    """What the user says of the files below `folder`, whose `files` are known but for those that git ignores: paths are posix, from there.

    Globs of the command line, `exclude`, fit the path behind `prefix`.
    """

    def __init__(
        self, folder: Path, files: Iterable[str], configurations: Configurations, exclude: Sequence[str] = (), prefix: str = ""
    ) -> None:
        self.folder, self.configurations, self.exclude, self.prefix = folder, configurations, exclude, PurePosixPath(prefix)
        names = (OWN_CONFIGURATION, SHARED_CONFIGURATION)
        self._holders = {path.rpartition("/")[0] for path in files if path.endswith(names)}
        self._known: dict[str, Configuration] = {}
        self._left_out: dict[str, bool] = {"": False}

    def settings(self, path: str) -> Settings:
        """What holds for a file. Raises ConfigurationError."""
        return self._of(path.rpartition("/")[0]).settings

    def leaves_out(self, path: str) -> bool:
        """Whether it is left out, or a folder above it is, whose configurations are not read then. Raises ConfigurationError."""
        if path not in self._left_out:
            above = path.rpartition("/")[0]
            self._left_out[path] = self.leaves_out(above) or self._says(path, above)
        return self._left_out[path]

    def keeps_caller(self, path: str) -> bool:
        """Whether it is looked at as a caller; a configuration that only it would have says nothing wrong."""
        try:
            return not self.leaves_out(path)
        except ConfigurationError:
            return True

    def _says(self, path: str, above: str) -> bool:
        if self.exclude and is_excluded(self.prefix / path, self.exclude):
            return True
        configuration = self._of(above)
        if not configuration.exclude:
            return False
        whole = Path(os.path.normpath(Path.cwd() / self.folder / path))
        return is_excluded(whole.relative_to(configuration.folder), configuration.exclude)

    def _of(self, folder: str) -> Configuration:
        """The configuration of a folder: that of the nearest folder above it that has one."""
        if folder not in self._known:
            inherits = folder and folder not in self._holders and not os.path.lexists(f"{self.folder}/{folder}/{OWN_CONFIGURATION}")
            self._known[folder] = self._of(folder.rpartition("/")[0]) if inherits else self.configurations.of(self.folder / folder)
        return self._known[folder]
