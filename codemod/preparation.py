"""What a call of the command asks for → what a session works with: Dockerfiles, who does the work, what is known; then the session."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.configuration_files import ConfigurationError, Configurations
from codemod.invocation import Invocation
from codemod.options import OptionError, Options
from codemod.progress import progress_of_stderr
from codemod.repository import Repositories, Repository, root_of_folder
from codemod.session import FAILED, USAGE, Session
from codemod.settings import Phase
from codemod.subject import Subject, Walk
from codemod.terminal import STDIN, reason, shown, tell, tell_error, top
from codemod.workers import WorkerError, Workers, collect_rarely, processors

if TYPE_CHECKING:  # most runs need none of these
    from codemod.baseline import Baseline
    from codemod.cache import Cache
    from codemod.cluster import Cluster
    from codemod.groups import Tree
    from codemod.remembered import Memory
    from codemod.run import Changed, Keeps

# how what we save begins: a file that does not may be a Dockerfile, where its name follows an option by mistake
OURS = {"patch": re.compile(rb'--- "?a/|\Z'), "report": re.compile(rb"(?s:.*)<title>dockerfix: |\Z")}
BEGINNING = 2_000
# fewer Dockerfiles than these are looked at sooner than a cache is read
WORTH_A_CACHE = 200


def carry_out(asked: Invocation) -> int:
    """Do what is asked for; the exit code. Raises OptionError before anything is written."""
    options = asked.options
    baseline = None if asked.baseline_file is None else _baseline(asked.baseline_file)
    if asked.split_folder is not None:
        _check_free(asked.split_folder)
    _check_ours("patch", asked.patch_file)
    _check_ours("report", asked.report_file)
    content = sys.stdin.buffer.read() if asked.is_of_stdin else None
    session = Session(asked, baseline, content)
    prepared = Preparation(asked, options)
    collect_rarely()
    with _told():
        memory = prepared.memory
        if memory is not None and (trees := memory.trees) is not None:
            session.look_at([memory.root], lambda: trees)
        else:
            _look(session, prepared, memory)
    if not session.has_anything:
        session.say([f"No Dockerfile in {', '.join(map(str, asked.paths or '.'))}: nothing to do."])
    return session.finish()


def _look(session: Session, prepared: Preparation, memory: Memory | None) -> None:
    """Look at all that is asked for, and remember it."""
    from codemod.run import roots_of, run  # noqa: PLC0415  (what is remembered needs none)

    subjects, walks = prepared.subjects(session.content)
    repositories = prepared.repositories

    def look() -> Sequence[Tree]:
        for root in roots if session.asked.writes else ():  # what was there before may have been waited for
            repositories[root].ask_for_changes()
        trees = tuple(run(subjects, repositories, workers, prepared.keeps, prepared.changed, walks))
        if memory is not None:
            memory.keep(trees)
        return trees

    roots = roots_of(subjects, walks)
    with prepared.workers(len(subjects)) as workers, _cluster(session.asked.dask_address) as workers.elsewhere:
        session.look_at(roots, look)


class Preparation:
    """What a session works with, each part made when it is asked for."""

    def __init__(self, asked: Invocation, options: Options) -> None:
        self.asked, self.options = asked, options
        self.configurations, self.repositories = Configurations(options), Repositories()

    def subjects(self, content: bytes | None) -> tuple[list[Subject], list[Walk]]:
        """The Dockerfiles to look at, known before the first is decided, and the folders that were walked; `content` is that of stdin."""
        if content is not None:
            subjects, walks = [Subject(STDIN, shown(STDIN), self.configurations.of(STDIN.parent).settings, content=content)], []
        else:
            from codemod.discovery import Discovery  # noqa: PLC0415  (not for stdin)

            discovery = Discovery(self.configurations, self.options.exclude, self.repositories, nested=self.asked.nested)
            subjects, walks = [*discovery.files(self.asked.paths or (Path(),))], discovery.walks
        if self.asked.phase is None:
            return subjects, walks
        phase = Phase(self.asked.phase)
        return [_in_phase(phase, subject) for subject in subjects], [_walk_in_phase(phase, walk) for walk in walks]

    def workers(self, files: int) -> Workers:
        """Who does the work on so many Dockerfiles."""
        progress = None if self.asked.quiet else progress_of_stderr(color=not self.asked.no_color)
        return Workers(self.asked.jobs or processors(), cache=self._cache(files), progress=progress)

    def _cache(self, files: int) -> Cache | None:
        """What pays for one tree is remembered for its next run."""
        if self.asked.no_cache or files < WORTH_A_CACHE or len(self.repositories) != 1:
            return None
        from codemod.cache import cache_of  # noqa: PLC0415  (only for large trees)

        ((root, repository),) = self.repositories.items()
        return cache_of(root, holds=lambda: repository.is_still)

    @property
    def memory(self) -> Memory | None:
        """What an earlier run may have found out about all that is asked for; a run that writes sees for itself."""
        asked, folders = self.asked, self.asked.paths or (Path(),)
        if asked.no_cache or asked.writes or asked.changed_since or asked.dask_address or not all(map(Path.is_dir, folders)):
            return None
        roots = {root_of_folder(Path(os.path.realpath(folder)), folder) for folder in folders}
        git = self.repositories[roots.pop()].git if len(roots) == 1 else None
        if git is None or git.status is None:
            return None
        from codemod.cache import cache_of  # noqa: PLC0415  (only for large trees)
        from codemod.remembered import WHAT, Memory  # noqa: PLC0415  (…)

        cache = cache_of(git.root, WHAT)
        configurations = [self.configurations.of(folder) for folder in (git.root, *folders)]
        about = (Path.cwd(), asked.decisive, [*map(os.path.realpath, folders)], configurations)
        return None if cache is None else Memory(cache, cache.key(*about), self.repositories[git.root])

    @property
    def keeps(self) -> Keeps | None:
        """What says which callers of a tree are looked for; None where none are."""
        return None if self.asked.no_callers or self.asked.is_of_stdin else self._keeps

    def _keeps(self, repository: Repository) -> Callable[[str], bool]:
        """What says of a path of a tree that the user does not leave it out of its callers."""
        from codemod.discovery import Rules, own_ignores  # noqa: PLC0415  (…)

        keeps = Rules(repository.root, repository.files, self.configurations, self.options.exclude).keeps_caller
        ignoring = own_ignores(repository)
        return keeps if ignoring is None else lambda path: not ignoring.leaves_out(path) and keeps(path)

    @property
    def changed(self) -> Changed | None:
        """What says which files of a tree changed; None where that does not matter."""
        revision = self.asked.changed_since
        return None if revision is None else partial(_changed, revision)


def _in_phase(phase: Phase, subject: Subject) -> Subject:
    return replace(subject, settings=replace(subject.settings, phase=phase))


def _walk_in_phase(phase: Phase, walk: Walk) -> Walk:
    def subject(path: str) -> Subject | None:
        found = walk.subject(path)
        return None if found is None else _in_phase(phase, found)

    return replace(walk, subject=subject)


def _changed(revision: str, repository: Repository) -> AbstractSet[str]:
    """The files of a tree that changed since a revision."""
    from codemod.revisions import RevisionError, changed_since  # noqa: PLC0415  (only where there is a revision)

    if repository.git is None:
        raise OptionError("changed-since", f"{repository.root} is no git work tree")
    try:
        return changed_since(repository.git, revision, top())
    except RevisionError as error:
        raise OptionError("changed-since", str(error)) from None


def _check_free(folder: Path) -> None:
    """Patches go into a folder of their own, known to be free before anything is written."""
    from codemod.split import is_free  # noqa: PLC0415  (only where patches are asked for)

    try:
        is_taken = not is_free(folder)
    except OSError as error:
        raise OptionError("split", f"{folder}: {reason(error)}") from None
    if is_taken:
        raise OptionError("split", f"{folder} has files in it: name a new folder")


def _check_ours(option: str, file: Path | None) -> None:
    """What is saved takes the place of nothing but what was saved before."""
    if file is None or not file.is_file():
        if file is not None and not file.parent.is_dir():
            raise OptionError(option, f"{file.parent} is no folder")
        return
    try:
        with file.open("rb") as there:
            is_ours = OURS[option].match(there.read(BEGINNING))
    except OSError as error:
        raise OptionError(option, f"{file}: {reason(error)}") from None
    if not is_ours:
        raise OptionError(option, f"{file} is there already, and not from --{option}: name a new file")


# --- what ends a run before anything is written, said in its own words -------------------------------------------------


def _baseline(file: Path) -> Baseline:
    """What is known, read before anything is looked at."""
    from codemod.baseline import Baseline, BaselineError  # noqa: PLC0415  (only where there is one)

    try:
        return Baseline(file)
    except BaselineError as error:
        tell_error(shown(error.path), error.line, error.message)
        raise SystemExit(USAGE) from None


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ConfigurationError as error:
        tell_error(shown(error.path), error.line, error.message)
        raise SystemExit(USAGE) from None
    except WorkerError as error:
        tell(f"error: {error}")
        raise SystemExit(FAILED) from None


def _cluster(address: str | None) -> AbstractContextManager[Cluster | None]:
    """The cluster that is asked for, while it is used."""
    return nullcontext() if address is None else _connected(address)


@contextmanager
def _connected(address: str) -> Iterator[Cluster]:
    """A cluster. Where it cannot be, nothing has been looked at; where it fails, nothing has been written."""
    from codemod.cluster import ClusterError, connected  # noqa: PLC0415  (an extra)

    code = USAGE
    try:
        with connected(address) as cluster:
            code = FAILED
            yield cluster
    except ClusterError as error:
        tell(f"error: --dask {error}")
        raise SystemExit(code) from None
