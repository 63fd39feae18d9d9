"""The places of a tree that have a build arg's name, and are no call's: all of them are accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from codemod.callers.kinds import DIFFS, DOCUMENTS
from codemod.calls import Calls
from codemod.passing import IN_DOCUMENTS, CallOutcome, CallStatus
from codemod.repository import Repository
from codemod.workers import Workers

# what runs a build, and how many lines away it is still about that
BUILDS = re.compile(r"build[-_]?args?\b|\b(?:docker|podman|buildah|nerdctl|depot)\b[^\n]{0,40}\b(?:build|bud|bake)\b", re.IGNORECASE)
NEIGHBOURHOOD = 8


class Accounts:
    """Every line of a tree that has one of `names` as a word, close to a build and outside of Dockerfiles and calls."""

    def __init__(self, repository: Repository, names: Iterable[str], read: Calls, workers: Workers) -> None:
        self._read = read
        self._spans = {str(file.source.path): [link.call.span for link in file.links] for file in read.files}
        items = [(repository, path, tuple(sorted(names))) for path in sorted(read.candidates)]
        self._found: dict[str, list[tuple[str, int, int]]] = {}
        for (_, path, _), mentions in zip(items, workers.map(_mentions, items, is_local=True), strict=True):
            for name, line, offset in mentions:
                self._found.setdefault(name, []).append((path, line, offset))

    def elsewhere(self, name: str, calls: Sequence[CallOutcome]) -> Iterator[CallOutcome]:
        """The places of a name that are none of `calls`, whose paths are as messages have them."""
        told = {(call.path, call.line) for call in calls}
        for path, line, offset in self._found.get(name, ()):
            place = self._read.shown(path)
            inside = any(span.start <= offset < span.end for span in self._spans.get(path, ()))
            if not inside and (place, line) not in told:
                told.add((place, line))
                kind = IN_DOCUMENTS if DOCUMENTS.fullmatch(path) or DIFFS.fullmatch(path) else "mention"
                yield CallOutcome(place, line, kind, CallStatus.IRRELEVANT)


def _mentions(item: tuple[Repository, str, tuple[str, ...]]) -> list[tuple[str, int, int]]:
    """The names that a file has close to a build, each with its line and its offset."""
    repository, path, names = item
    text = (repository.read(path) or b"").decode("utf-8", "surrogateescape")
    word = _word(names)
    if word.search(text) is None:
        return []
    near = _near(text)
    return [(text[offset : offset + length], line, offset) for line, offset, length in _lines(text, word) if near & _around(line)]


@lru_cache(4)
def _word(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(map(re.escape, longest_first))})(?![A-Za-z0-9_])")


def _around(line: int) -> set[int]:
    return {line // NEIGHBOURHOOD, (line + NEIGHBOURHOOD) // NEIGHBOURHOOD, (line - NEIGHBOURHOOD) // NEIGHBOURHOOD}


def _near(text: str) -> set[int]:
    """The parts of a text, each of so many lines, that run a build."""
    return {line // NEIGHBOURHOOD for line, _, _ in _lines(text, BUILDS)}


def _lines(text: str, word: re.Pattern[str]) -> Iterator[tuple[int, int, int]]:
    """The lines of what is found, with its offsets and lengths."""
    line, counted = 1, 0
    for match in word.finditer(text):
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        yield line, match.start(), len(match[0])
