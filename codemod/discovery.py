"""Paths of the command line → the Dockerfiles to look at, each with what the user's configuration says of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from codemod.configuration_files import Configuration, ConfigurationError, Configurations
from codemod.filenames import OWN_CONFIGURATION, OWN_IGNORES, SHARED_CONFIGURATION, is_dockerfile, is_excluded
from codemod.ignoring import Ignoring
from codemod.repository import Repositories, Repository, work_tree_of
from codemod.settings import Settings
from codemod.subject import Subject
from codemod.terminal import shown


class Discovery:
    """Finds Dockerfiles; the command line's globs hold for all of them, those of configurations and ignore files for what a folder has."""

    def __init__(self, configurations: Configurations, exclude: Sequence[str], repositories: Repositories, *, nested: bool = False) -> None:
        self.configurations, self.exclude, self.repositories, self.nested = configurations, tuple(exclude), repositories, nested
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
        root = work_tree_of(real) or real
        start = "" if root == real else f"{real.relative_to(root).as_posix()}/"
        repository = self.repositories[root]
        known = repository.files if repository.git is not None else tuple(Ignoring(root).files(start))
        files = [path[len(start) :] for path in known if path.startswith(start)]
        rules = Rules(folder, files, self.configurations, self.exclude, str(folder))
        found = [path for path in files if is_dockerfile(path.rpartition("/")[2]) and not rules.leaves_out(path)]
        if repository.git is not None:
            found = _not_ignored(folder, files, found)
        own = shown(folder)
        prefix = "" if own == "." else f"{own}/"
        for path in self._each_once(repository, start, found):
            tree = (root, start + path) if repository.git is not None else None
            yield Subject(folder / path, prefix + path, rules.settings(path), folder, tree)
        for path in repository.nested if self.nested else ():
            if path.startswith(start) and not rules.leaves_out(path[len(start) :]):
                yield from self._in_folder(folder / path[len(start) :])

    def _each_once(self, repository: Repository, start: str, found: Sequence[str]) -> list[str]:
        """Those that were not there yet; a link is the other name of a file that is found as well, and leads nowhere out of the tree."""
        links = {path for path in found if repository.is_link(start + path)}
        kept = {path for path in found if path not in links and self._is_new(f"{repository.root}/{start}{path}")}
        for path in found:
            target = os.path.realpath(repository.root / start / path) if path in links else ""
            if target.startswith(f"{repository.root}/") and Path(target).is_file() and self._is_new(target):
                kept.add(path)
        return [path for path in found if path in kept]

    def _is_new(self, real: str) -> bool:
        if real in self._seen:
            return False
        self._seen.add(real)
        return True


def _not_ignored(folder: Path, files: Iterable[str], found: Sequence[str]) -> list[str]:
    """Without what `.dockerfixignore` files leave out: git does not know them."""
    if not any(path == OWN_IGNORES or path.endswith(f"/{OWN_IGNORES}") for path in files):
        return list(found)
    return list(Ignoring(folder, (OWN_IGNORES,)).kept(found))


class Rules:
    """What the user says of the files below `folder`, all of whose `files` are known: paths are posix, from there.

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
            self._left_out[path] = self.leaves_out(above) or self._says(path, self._of(above))
        return self._left_out[path]

    def keeps_caller(self, path: str) -> bool:
        """Whether it is looked at as a caller; a configuration that only it would have says nothing wrong."""
        try:
            return not self.leaves_out(path)
        except ConfigurationError:
            return True

    def _says(self, path: str, configuration: Configuration) -> bool:
        if self.exclude and is_excluded(self.prefix / path, self.exclude):
            return True
        if not configuration.exclude:
            return False
        whole = Path(os.path.normpath(Path.cwd() / self.folder / path))
        return is_excluded(whole.relative_to(configuration.folder), configuration.exclude)

    def _of(self, folder: str) -> Configuration:
        """The configuration of a folder: that of the nearest folder above it that has one."""
        if folder not in self._known:
            inherits = folder and folder not in self._holders
            self._known[folder] = self._of(folder.rpartition("/")[0]) if inherits else self.configurations.of(self.folder / folder)
        return self._known[folder]
