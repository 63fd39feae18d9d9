"""One run: Dockerfiles on disk with the calls of their trees → what becomes of all of them."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.dockerfile.error import ParseError
from codemod.groups import Group, Looked, Tree, together
from codemod.looking import SOME, Dockerfiles
from codemod.repository import Repositories, Repository, root_of
from codemod.result import Outcome, Result
from codemod.subject import Subject, Walk
from codemod.surroundings import Surroundings
from codemod.workers import Workers

if TYPE_CHECKING:  # most files have no secret, and need no callers
    from codemod.callers.call import Move
    from codemod.callers.call import Tree as CallerTree
    from codemod.callers.files import CallerFile
    from codemod.callers.links import Link
    from codemod.calls import Calls
    from codemod.migration import CallerResult, Refusals
    from codemod.report.files import Context


Keeps = Callable[[Repository], Callable[[str], bool]]
"""For a tree, what says of a path that the user does not leave it out."""
Changed = Callable[[Repository], AbstractSet[str]]
"""The files of a tree that changed, by their paths from its root."""


def run(
    subjects: Iterable[Subject],
    repositories: Repositories,
    workers: Workers,
    keeps: Keeps | None = None,
    changed: Changed | None = None,
    walks: Sequence[Walk] = (),
) -> Iterator[Tree]:
    """Look at Dockerfiles, tree by tree; callers are looked for where there is `keeps`.

    A tree's own part is its `_Tree` and its Repository. All else that trees have in common (configurations, the dict of repositories, the
    workers, what modules remember) is used by one of them at a time, also where several are under way: see Turns.

    Then files of `walks` that calls build are Dockerfiles, whatever their names. With `changed`, only at those that are among these, or
    that a caller among them builds, and at what shares calls with those.
    """
    trees: dict[Path, list[Subject]] = {}
    for subject in subjects:
        root = subject.tree[0] if subject.tree is not None else root_of(subject.path, subject.walked)
        trees.setdefault(root, []).append(subject)
    for walk in walks if keeps is not None else ():
        trees.setdefault(walk.root, [])

    def outcome_of(root: Path) -> Tree:
        tree = _Tree(repositories[root], trees[root], workers, [walk for walk in walks if walk.root == root])
        tree.read(keeps and keeps(repositories[root]), changed and changed(repositories[root]))
        tree.settle()
        return tree.outcome()

    yield from workers.each(outcome_of, [*trees], lambda root: len(trees[root]))


def roots_of(subjects: Iterable[Subject], walks: Iterable[Walk]) -> set[Path]:
    """The roots of the trees in which Dockerfiles are looked at; one on stdin is in none."""
    found = {each.tree[0] if each.tree is not None else root_of(each.path, each.walked) for each in subjects if each.content is None}
    return found | {walk.root for walk in walks}


class _Tree:
    """The Dockerfiles of one tree. `settle` looks at them again until no refusal leads to another."""

    def __init__(self, repository: Repository, subjects: Sequence[Subject], workers: Workers, walks: Sequence[Walk] = ()) -> None:
        self.repository, self.workers, self.walks = repository, workers, walks
        paths = [each.tree[1] if each.tree is not None else repository.real(_from(repository.root, each.path)) for each in subjects]
        self.dockerfiles = Dockerfiles(repository, subjects, paths, workers)
        self.subjects, self.paths, self.given = self.dockerfiles.subjects, self.dockerfiles.paths, len(subjects)
        self.shown = _Shown(repository.root)
        self.calls: Calls | None = None
        self.refusals: Refusals = {}
        self.callers: list[CallerResult] = []

    def read(self, keeps: Callable[[str], bool] | None, changed: AbstractSet[str] | None) -> None:
        """Read the Dockerfiles and the calls."""
        if keeps is not None:
            from codemod.calls import read_calls  # noqa: PLC0415
            from codemod.speakers import Speakers  # noqa: PLC0415

            speakers = Speakers(self.repository, keeps, self.workers)
            if changed is None:
                self.dockerfiles.read()  # git searches, meanwhile
            self.calls = read_calls(self.repository, self.paths, speakers, self.shown, self.workers)
            self._add_named(self.calls)
        if changed is not None:
            asked = self._concerned(changed)
            self.dockerfiles.left_out.update(index for index, path in enumerate(self.paths) if path not in asked)
        if changed is not None or keeps is None:
            self.dockerfiles.read()
        self.dockerfiles.read_whole(self.paths[self.given :])

    def _add_named(self, calls: Calls) -> None:
        """The files that calls build as Dockerfiles, below folders that were walked."""
        self.dockerfiles.named |= calls.named
        for path in sorted(calls.named.difference(self.paths)):
            subject = next((found for walk in self.walks if (found := walk.subject(path)) is not None), None)
            if subject is not None:
                self.dockerfiles.add(subject, path)

    @cached_property
    def order(self) -> Sequence[int]:
        """The numbers of the Dockerfiles as reports have them: each folder that was walked in the order of its paths."""
        walked: dict[Path | None, list[tuple[str, int]]] = {}
        for index, subject in enumerate(self.subjects[: self.given]):
            walked.setdefault(subject.walked, []).append((subject.shown, index))
        places = {index: (index, "") for index in range(self.given)}
        for index, subject in enumerate(self.subjects[self.given :], start=self.given):
            others = walked.get(subject.walked, [(subject.shown, self.given)])
            before = bisect_left(others, (subject.shown, -1))
            places[index] = (others[before - 1][1] if before else others[0][1] - 1, subject.shown)
        return sorted(places, key=places.__getitem__)

    def _concerned(self, changed: AbstractSet[str]) -> set[str]:
        """The Dockerfiles that changed, those that changed callers build, and those that share calls with them.

        What git ignores, and somebody has named, may have changed: nobody knows.
        """
        links = [(str(file.source.path), link) for file in (self.calls.files if self.calls else ()) for link in file.links]
        found = {path for path in self.paths if path in changed}.union({*self.paths}.difference(self.repository.files))
        found |= {path for caller, link in links if caller in changed for path in link.dockerfiles}
        while more := {path for _, link in links if link.call.passes and found & {*link.dockerfiles} for path in link.dockerfiles} - found:
            found |= more
        return found

    @property
    def results(self) -> Mapping[int, Result | ParseError | OSError]:
        """What the Dockerfiles have come to so far, by their numbers."""
        return self.dockerfiles.results

    def settle(self) -> None:
        if self.calls is not None:
            self.dockerfiles.read_whole(self._suspected(self.calls))
        self.dockerfiles.fix(self.dockerfiles.sources, self.links, self.refusals)
        while self.calls is not None and (new := self._new_refusals(self.calls)):
            for path, refusals in new.items():
                self.refusals.setdefault(path, {}).update(refusals)
            again = [index for index in self.dockerfiles.sources if self.paths[index] in new]
            self.dockerfiles.fix(again, self.links, self.refusals)
        if self.calls is not None:
            self._account(self.calls)

    def _suspected(self, calls: Calls) -> set[str]:
        """The Dockerfiles that calls pass what may be a secret."""
        links = (link for file in calls.files for link in file.links if link.call.passes)
        return {path for link in links if Surroundings(links=(link,)).has_suspects for path in link.dockerfiles}

    def outcome(self) -> Tree:
        """What is written together, Dockerfiles and callers that share a secret, directly or through others; and what is clean."""
        said = [index for index in self.order if index in self.results and not _is_clean(self.results[index])]
        others = self.dockerfiles.gone.union(said, self.dockerfiles.left_out)
        clean = tuple(self.subjects[index].shown for index in self.order if index not in others)
        is_cut = self.calls is not None and self.repository.is_cut
        return Tree(tuple(self._groups(said)), clean, is_cut, self.dockerfiles.is_beyond)

    def _groups(self, said: Sequence[int]) -> Iterator[Group]:
        indices = {self.paths[index]: index for index in said}
        for own, callers in together(indices, self.callers):
            files = tuple((self.repository.root / each.caller.source.path, each) for each in callers)
            yield Group(tuple(self._looked(indices[path], callers) for path in own), files, self.repository.root)

    def _looked(self, index: int, callers: Sequence[CallerResult]) -> Looked:
        path = self.paths[index]
        commands = tuple(command for caller in callers for command in caller.commands if path in command.dockerfiles)
        source = self.dockerfiles.sources.get(index)
        content = b"" if source is None else source.to_bytes()
        return Looked(self.subjects[index], content, self.results[index], commands, next(self._contexts(index), None))

    def _contexts(self, index: int) -> Iterator[Context]:
        """What it is built with: as calls say, or else where what it copies is."""
        from codemod.report.files import Context  # noqa: PLC0415  (…)

        path, result = self.paths[index], self.results[index]
        for link in self.links.get(path, ()):
            for place in link.call.places if link.sure and not link.call.documentation else ():
                if place.dockerfile == path and place.context is not None:
                    yield Context(self.shown(place.context), link.place)
        if isinstance(result, Result) and result.changed and (likely := self.dockerfiles.likely_context(index)):
            folder, copies = likely
            yield Context(self.shown(folder.relative_to(self.repository.root).as_posix()), copies=copies)

    @cached_property
    def links(self) -> Mapping[str, Sequence[Link]]:
        """The calls that build each of the Dockerfiles, or may."""
        found: dict[str, list[Link]] = {path: [] for path in self.paths}
        for file in self.calls.files if self.calls is not None else ():
            for link in file.links:
                for path in found.keys() & {*link.dockerfiles}:
                    found[path].append(link)
        return found

    def _new_refusals(self, calls: Calls) -> Refusals:
        """What the plans of this round cannot keep; where there is nothing, the callers' files as they will be."""
        phase = self.subjects[0].settings.phase if self.subjects else None
        results = {self.paths[index]: result for index, result in self.results.items() if isinstance(result, Result)}
        if phase is None and not any(result.plans for result in results.values()):
            return {}
        from codemod import migration  # noqa: PLC0415  (…)

        new = migration.clashes(calls.files, results, calls.known)
        if new:
            return new
        wanted = migration.moves(calls.files, results, calls.known, phase)
        self.callers = []
        files = [(file, wanted[file.shown], calls.tree) for file in calls.files if file.shown in wanted]
        for (file, moves, _), result in zip(files, self.workers.map_cached(_rewritten, files, worth=SOME), strict=True):
            if isinstance(result, str):
                new |= self._failed(file.shown, moves, results, result)
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

    def _account(self, calls: Calls) -> None:
        """Add every other place that has a name of what is acted on."""
        results = {index: result for index, result in self.results.items() if isinstance(result, Result)}
        names = {outcome.finding.name for result in results.values() for outcome in result.outcomes if _is_moved(outcome)}
        if not names:
            return
        from codemod.accounting import Accounts  # noqa: PLC0415

        accounts = Accounts(self.repository, names, calls, self.workers)
        for index, result in results.items():
            outcomes = tuple(
                replace(outcome, calls=(*outcome.calls, *accounts.elsewhere(outcome.finding.name, outcome.calls)))
                if _is_moved(outcome)
                else outcome
                for outcome in result.outcomes
            )
            self.dockerfiles.results[index] = replace(result, outcomes=outcomes)


def _rewritten(item: tuple[CallerFile, Sequence[Move], CallerTree]) -> CallerResult | str:
    """A caller's file as it becomes, or what is wrong with it."""
    from codemod.migration import rewritten  # noqa: PLC0415  (…)

    return rewritten(*item)


def _is_moved(outcome: Outcome) -> bool:
    """Whether it is about a build arg that somebody has to see to."""
    from codemod.findings import Entry  # noqa: PLC0415  (most files have no outcome)

    return outcome.finding.acted_on and outcome.finding.entry is Entry.ARG


def _is_clean(result: Result | ParseError | OSError) -> bool:
    return isinstance(result, Result) and not result.outcomes and not result.changed


def _from(root: Path, path: Path) -> str:
    """The path from the root of the tree, by the folder's real name."""
    folder = Path(os.path.realpath(path.parent))
    return (folder / path.name).relative_to(root).as_posix() if folder.is_relative_to(root) else path.as_posix()


class _Shown:
    """A path of the tree as people read it: as seen from the current folder, where that has to do with the tree."""

    def __init__(self, root: Path) -> None:
        self.root, self.here = root, Path.cwd().resolve()
        self.related = self.here.is_relative_to(root) or root.is_relative_to(self.here)

    def __call__(self, path: str) -> str:
        if self.root == self.here:
            return normpath(path)
        return os.path.relpath(self.root / path, self.here) if self.related else normpath(self.root / path)
