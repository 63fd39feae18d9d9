"""One run: Dockerfiles on disk with the calls of their trees → what becomes of all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.dockerfile.error import ParseError
from codemod.fix import fix
from codemod.repository import Repository, root_of
from codemod.result import Outcome, Result
from codemod.settings import Settings
from codemod.surroundings import Surroundings
from codemod.text import Source

if TYPE_CHECKING:  # most files have no secret, and need no callers
    from codemod.callers.call import Move
    from codemod.callers.links import Link
    from codemod.calls import Calls
    from codemod.context import Mention
    from codemod.migration import CallerResult, Command, Refusals


@dataclass(frozen=True, slots=True)
class Subject:
    """A Dockerfile to look at; its source has the path as messages have it.

    `walked` is the folder whose walk found it, None where the user named it.
    """

    path: Path
    source: Source = field(repr=False)
    settings: Settings
    walked: Path | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A Dockerfile that was looked at, with the commands of callers that build it, as they become.

    `context` is the one that a call gives it, as messages have it, with the call's place; None where none is known.
    """

    subject: Subject
    result: Result | ParseError
    commands: tuple[Command, ...] = ()
    context: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What is written together or not at all: Dockerfiles and the callers' files with which they share secrets.

    `root` is that of their tree. Where `is_cut`, the tree has more files than were looked at for callers.
    """

    dockerfiles: tuple[Looked, ...]
    callers: tuple[tuple[Path, CallerResult], ...]
    root: Path
    is_cut: bool = False


def run(subjects: Sequence[Subject], is_excluded: Callable[[Path, Path], bool], *, with_callers: bool) -> Iterator[Group]:
    """Look at Dockerfiles, tree by tree; `is_excluded` says of a root and a file that it is none of the callers."""
    trees: dict[Path, list[Subject]] = {}
    for subject in subjects:
        trees.setdefault(root_of(subject.path, subject.walked), []).append(subject)
    for root, own in trees.items():
        tree = _Tree(Repository(root), own, is_excluded, with_callers=with_callers)
        tree.settle()
        yield from tree.groups()


class _Tree:
    """The Dockerfiles of one tree. `settle` looks at them again until no refusal leads to another."""

    def __init__(
        self, repository: Repository, subjects: Sequence[Subject], is_excluded: Callable[[Path, Path], bool], *, with_callers: bool
    ) -> None:
        self.repository, self.subjects = repository, subjects
        self.paths = [repository.real(_from(repository.root, subject.path)) for subject in subjects]
        self.calls: Calls | None = None
        self.refusals: Refusals = {}
        self.results: list[Result | ParseError] = []
        self.callers: list[CallerResult] = []
        if with_callers:
            from codemod.calls import read_calls  # noqa: PLC0415

            self.calls = read_calls(
                repository, self.paths, lambda path: is_excluded(repository.root, repository.root / path), partial(_shown, repository.root)
            )

    def settle(self) -> None:
        self.results = [self._fixed(index) for index in range(len(self.subjects))]
        while self.calls is not None and (new := self._new_refusals(self.calls)):
            for path, refusals in new.items():
                self.refusals.setdefault(path, {}).update(refusals)
            for index, path in enumerate(self.paths):
                if path in new:
                    self.results[index] = self._fixed(index)
        if self.calls is not None:
            self.results = [result if isinstance(result, ParseError) else self._accounted(result) for result in self.results]

    def groups(self) -> Iterator[Group]:
        """What is written together: Dockerfiles and callers that share a secret, directly or through others."""
        parents = {path: path for path in (*self.paths, *(str(result.caller.source.path) for result in self.callers))}

        def top(path: str) -> str:
            return path if parents[path] == path else top(parents[path])

        for result in self.callers:
            for path in self._builds(result):
                parents[top(path)] = top(str(result.caller.source.path))
        for group in dict.fromkeys(map(top, parents)):
            callers = [each for each in self.callers if top(str(each.caller.source.path)) == group]
            yield Group(
                tuple(self._looked(index, callers) for index, path in enumerate(self.paths) if top(path) == group),
                tuple((self.repository.root / each.caller.source.path, each) for each in callers),
                self.repository.root,
                is_cut=self.calls is not None and self.repository.is_cut,
            )

    def _looked(self, index: int, callers: Sequence[CallerResult]) -> Looked:
        path = self.paths[index]
        commands = tuple(command for caller in callers for command in caller.commands if path in command.dockerfiles)
        return Looked(self.subjects[index], self.results[index], commands, next(self._contexts(path), None))

    def _contexts(self, path: str) -> Iterator[tuple[str, str]]:
        for link in self._links(path):
            for place in link.call.places if link.sure and not link.call.documentation else ():
                if place.dockerfile == path and place.context is not None:
                    yield _shown(self.repository.root, place.context), link.place

    def _links(self, path: str) -> list[Link]:
        return [] if self.calls is None else [link for file in self.calls.files for link in file.links if path in link.dockerfiles]

    def _builds(self, result: CallerResult) -> set[str]:
        moved = {move.passed for move in result.moves}
        links = (link for link in result.caller.links if moved & {*link.call.passes})
        return {path for link in links for path in link.dockerfiles if path in self.paths}

    def _fixed(self, index: int) -> Result | ParseError:
        subject, path = self.subjects[index], self.paths[index]
        around = Surroundings(links=self._links(path), refusals=self.refusals.get(path, {}))
        try:
            result = fix(subject.source, subject.settings, around)
            names = [name for plan in result.plans for name in plan.names]
            found = self._mentions(index, names, around) if names else {}
            return fix(subject.source, subject.settings, replace(around, mentions=found)) if found else result
        except ParseError as error:
            return error

    def _mentions(self, index: int, names: Sequence[str], around: Surroundings) -> Mapping[str, Sequence[Mention]]:
        """Who names the variables in the contexts that calls give, or else in the Dockerfile's own folder."""
        from codemod.build_context import mentions  # noqa: PLC0415

        subject, path = self.subjects[index], self.paths[index]
        places = {place.context for link in around.links if link.sure for place in link.call.places if place.dockerfile == path}
        folders = [self.repository.root / place for place in sorted(filter(None, places))] or [subject.path.parent]
        found: dict[str, list[Mention]] = {}
        for folder in folders:
            for name, each in mentions(folder, names, subject.path).items():
                found.setdefault(name, []).extend(each)
        return found

    def _new_refusals(self, calls: Calls) -> Refusals:
        """What the plans of this round cannot keep; where there is nothing, the callers' files as they will be."""
        phase = self.subjects[0].settings.phase
        if phase is None and not any(isinstance(result, Result) and result.plans for result in self.results):
            return {}
        from codemod import migration  # noqa: PLC0415  (…)

        results = {path: result for path, result in zip(self.paths, self.results, strict=True) if isinstance(result, Result)}
        new = migration.clashes(calls.files, results, calls.known)
        if new:
            return new
        wanted = migration.moves(calls.files, results, calls.known, phase)
        self.callers = []
        for file in (file for file in calls.files if file.shown in wanted):
            result = migration.rewritten(file, wanted[file.shown], calls.tree)
            if isinstance(result, str):
                new |= self._failed(file.shown, wanted[file.shown], results, result)
            else:
                self.callers.append(result)
        return new

    def _failed(self, shown: str, wanted: Sequence[Move], results: Mapping[str, Result], why: str) -> Refusals:
        from codemod.refusal import Reason, Refusal  # noqa: PLC0415

        names = {move.passed.name for move in wanted}
        found: dict[str, dict[str, Refusal]] = {}
        for path, result in results.items():
            for plan in result.plans:
                if plan.name in names:
                    detail = f"{shown}: {why}"
                    found.setdefault(path, {})[plan.name] = Refusal(Reason.CHECK_FAILED, result.source.line(plan.order), detail)
        return found

    def _accounted(self, result: Result) -> Result:
        return replace(result, outcomes=tuple(self._with_mentions(outcome) for outcome in result.outcomes))

    def _with_mentions(self, outcome: Outcome) -> Outcome:
        from codemod.findings import Entry  # noqa: PLC0415

        if self.calls is None or not outcome.finding.acted_on or outcome.finding.entry is not Entry.ARG:
            return outcome
        from codemod.accounting import elsewhere  # noqa: PLC0415

        return replace(outcome, calls=(*outcome.calls, *elsewhere(self.repository, outcome.finding.name, outcome.calls, self.calls)))


def _from(root: Path, path: Path) -> str:
    """The path from the root of the tree, by the folder's real name."""
    folder = Path(os.path.realpath(path.parent))
    return (folder / path.name).relative_to(root).as_posix() if folder.is_relative_to(root) else path.as_posix()


def _shown(root: Path, path: str) -> str:
    """A path of the tree as people read it: as seen from the current folder, where that has to do with the tree."""
    here = Path.cwd().resolve()
    related = here.is_relative_to(root) or root.is_relative_to(here)
    return os.path.relpath(root / path, here) if related else normpath(root / path)
