"""The Dockerfiles of one tree: which can hold a secret at all, who names their build args, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from codemod.candidates import may_hold_a_secret
from codemod.dockerfile.error import ParseError
from codemod.fix import fix
from codemod.repository import Repository
from codemod.result import Result
from codemod.settings import Settings
from codemod.subject import Subject
from codemod.surroundings import Surroundings
from codemod.text import Source
from codemod.workers import Workers

if TYPE_CHECKING:  # most files have no secret, and need no callers
    from codemod.callers.links import Link
    from codemod.context import Mention
    from codemod.migration import Refusals

# fewer Dockerfiles than these are read here, and fewer than those decided
MANY, SOME = 400, 24
# what the cache has of Dockerfiles that can hold no secret
DISMISSED = "dismissed"


class Dockerfiles:
    """Those of a tree, by the numbers of its `subjects`; `paths` are theirs from the root.

    `results` has those of which there may be something to say, `gone` those that git has and the disk has not, `left_out` those that
    nobody asks about, `named` all that calls build as well, whatever their names. It `is_beyond` where a context was not the tree's own.
    """

    def __init__(self, repository: Repository, subjects: Sequence[Subject], paths: Sequence[str], workers: Workers) -> None:
        self.repository, self.subjects, self.paths, self.workers = repository, [*subjects], [*paths], workers
        self.sources: dict[int, Source] = {}
        self.results: dict[int, Result | ParseError | OSError] = {}
        self.gone: set[int] = set()
        self.left_out: set[int] = set()
        self.named = {*paths}
        self.is_beyond = False

    def read(self) -> None:
        """Read all of them, and keep those that can hold a secret; of those that are as git has recorded them, an earlier run may know."""
        blobs = self.repository.blobs if self.workers.cache is not None else {}
        keys = {settings: self._key(settings) for settings in {subject.settings for subject in self.subjects}}
        cache = self.workers.cache if blobs else None
        known: dict[bytes, frozenset[bytes]] = {key: cache.get(key, frozenset()) for key in keys.values()} if cache is not None else {}
        of = [keys[subject.settings] for subject in self.subjects]
        is_known = [cache is not None and blobs.get(path) in known[of[i]] for i, path in enumerate(self.paths)]
        dismissed = self._read([i for i, known_already in enumerate(is_known) if not known_already], whole=False)
        if cache is not None:
            kept = [i for i, path in enumerate(self.paths) if path in blobs and (i in dismissed or is_known[i])]
            for key in known:
                cache[key] = frozenset(blobs[self.paths[i]] for i in kept if of[i] == key)

    def read_whole(self, paths: Iterable[str]) -> None:
        """Read those that have to be looked at whatever they say themselves."""
        wanted = {*paths}
        self._read(
            [i for i, path in enumerate(self.paths) if path in wanted and i not in self.sources and i not in self.results], whole=True
        )

    def add(self, subject: Subject, path: str) -> None:
        """One more, which has to be looked at whatever it says itself."""
        self.subjects.append(subject)
        self.paths.append(path)

    def _key(self, settings: Settings) -> bytes:
        return self.workers.cache.key(DISMISSED, _patterns(settings), settings.show_possible) if self.workers.cache is not None else b""

    def _read(self, wanted: Sequence[int], *, whole: bool) -> set[int]:
        """Read some of them; those that can hold no secret are given back."""
        wanted = [index for index in wanted if index not in self.left_out]
        subjects = [self.subjects[index] for index in wanted]
        items = [
            (each.content if each.content is not None else str(each.path), _patterns(each.settings), whole or each.settings.show_possible)
            for each in subjects
        ]
        dismissed = set()
        for index, found in zip(wanted, self.workers.map(screened, items, worth=MANY, is_local=True), strict=True):
            if isinstance(found, bytes):
                self.sources[index] = Source.from_bytes(PurePosixPath(self.subjects[index].shown), found)
            elif found is None:
                dismissed.add(index)
            elif isinstance(found, FileNotFoundError) and self.subjects[index].walked is not None:
                self.gone.add(index)
            else:
                self.results[index] = found
        return dismissed

    def fix(self, indices: Iterable[int], links: Mapping[str, Sequence[Link]], refusals: Refusals) -> None:
        """Decide what becomes of some of those that were kept; `links` are the calls of each, `refusals` what others have decided."""
        todo = [*indices]
        items = [
            (
                self.sources[i],
                self.subjects[i].settings,
                Surroundings(links=links.get(self.paths[i], ()), refusals=refusals.get(self.paths[i], {})),
            )
            for i in todo
        ]
        first = dict(zip(todo, self.workers.map_cached(fixed, items, worth=SOME), strict=True))
        self.results.update(first)
        mentions = self._mentions({i: found for i, each in first.items() if (found := _names(each))}, links)
        again = {
            index: (source, settings, replace(around, mentions=mentions[index]))
            for index, (source, settings, around) in zip(todo, items, strict=True)
            if mentions.get(index)
        }
        self.results.update(zip(again, self.workers.map_cached(fixed, [*again.values()], worth=SOME), strict=True))

    def _mentions(
        self, names: Mapping[int, tuple[str, ...]], links: Mapping[str, Sequence[Link]]
    ) -> Mapping[int, Mapping[str, Sequence[Mention]]]:
        """Who names the variables in the contexts that calls give, or else in the Dockerfile's own folder."""
        if not names:
            return {}
        from codemod.build_context import Contexts, leads_beyond, mentions  # noqa: PLC0415  (most runs have no plan)

        folders = {index: self._contexts(index, links) for index in names}
        every = {folder for each in folders.values() for folder in each}
        self.is_beyond = self.is_beyond or any(leads_beyond(folder, self.repository.root) for folder in every)
        together = Contexts(every, chain(*names.values()), self.repository, self.workers) if len(names) >= SOME else None
        look = mentions if together is None else together.mentions
        found: dict[int, dict[str, list[Mention]]] = {index: {} for index in names}
        for index, own in names.items():
            for folder in folders[index]:
                for name, each in look(folder, own, self.subjects[index].path).items():
                    found[index].setdefault(name, []).extend(mention for mention in each if not self._is_one(folder, mention))
        return found

    def _is_one(self, folder: Path, mention: Mention) -> bool:
        """Whether it stands in a Dockerfile, whose name need not say that it is one: a build reads none of them."""
        return f"{folder}/{mention.path}".removeprefix(f"{self.repository.root}/") in self.named

    def _contexts(self, index: int, links: Mapping[str, Sequence[Link]]) -> list[Path]:
        subject, path = self.subjects[index], self.paths[index]
        places = {place.context for link in links.get(path, ()) if link.sure for place in link.call.places if place.dockerfile == path}
        if known := sorted(filter(None, places)):
            return [self.repository.root / place for place in known]
        from codemod.build_context import likely_contexts  # noqa: PLC0415  (…)
        from codemod.context import asked_for  # noqa: PLC0415  (…)
        from codemod.dockerfile.parser import parse  # noqa: PLC0415  (…)

        return likely_contexts(subject.path.parent, self.repository.root, asked_for(parse(self.sources[index])))

    def likely_context(self, index: int) -> tuple[Path, str] | None:
        """The folder above a Dockerfile's own that has what it copies, where that has not, and the first such path."""
        from codemod.build_context import likely_context  # noqa: PLC0415  (…)
        from codemod.context import asked_for  # noqa: PLC0415  (…)
        from codemod.dockerfile.parser import parse  # noqa: PLC0415  (…)

        own, root = self.subjects[index].path.parent, self.repository.root
        return likely_context(own, root, asked_for(parse(self.sources[index])))


def _patterns(settings: Settings) -> tuple[str, ...]:
    return tuple(word.pattern for word in settings.words if word.is_secret)


def screened(item: tuple[str | bytes, tuple[str, ...], bool]) -> bytes | OSError | None:
    """What a Dockerfile has, given with its path or as it is, with what the user calls secrets; None where it can hold none.

    It is read in any case where the last part says so.
    """
    given, patterns, whole = item
    try:
        content = given if isinstance(given, bytes) else _content(given)
    except OSError as error:
        return error
    return content if whole or may_hold_a_secret(content, patterns) else None


def _content(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123  (ten thousand of them)
        return file.read()


def _names(result: Result | ParseError) -> tuple[str, ...]:
    """The names that a plan moves."""
    return tuple(name for plan in result.plans for name in plan.names) if isinstance(result, Result) else ()


def fixed(item: tuple[Source, Settings, Surroundings]) -> Result | ParseError:
    """What becomes of a Dockerfile."""
    try:
        return fix(*item)
    except ParseError as error:
        return error
