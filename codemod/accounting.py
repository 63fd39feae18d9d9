"""The places of a tree that have a build arg's name, and are no call's: all of them are accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codemod.callers.kinds import DIFFS, DOCUMENTS
from codemod.calls import Calls
from codemod.passing import IN_DOCUMENTS, CallOutcome, CallStatus
from codemod.repository import Repository

# what runs a build, and how many lines away it is still about that
BUILDS = re.compile(r"build[-_]?args?\b|\b(?:docker|podman|buildah|nerdctl|depot)\b[^\n]{0,40}\b(?:build|bud|bake)\b", re.IGNORECASE)
NEIGHBOURHOOD = 8


def elsewhere(repository: Repository, name: str, calls: Sequence[CallOutcome], read: Calls) -> Iterator[CallOutcome]:
    """Each line that has the word `name` close to a build, outside of Dockerfiles and of `calls`.

    The places of `calls` are as messages have them.
    """
    spans = {str(file.source.path): [link.call.span for link in file.links] for file in read.files}
    shown = {str(file.source.path): file.shown for file in read.files}
    told = {(call.path, call.line) for call in calls}
    word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])")
    for path in sorted(read.candidates.intersection(repository.having(re.escape(name)))):
        text = (repository.read(path) or b"").decode("utf-8", "surrogateescape")
        place = shown.get(path) or read.shown(path)
        kind = IN_DOCUMENTS if DOCUMENTS.fullmatch(path) or DIFFS.fullmatch(path) else "mention"
        near = _near(text)
        for line, offset in _lines(text, word):
            if not near & {line // NEIGHBOURHOOD, (line + NEIGHBOURHOOD) // NEIGHBOURHOOD, (line - NEIGHBOURHOOD) // NEIGHBOURHOOD}:
                continue
            inside = any(span.start <= offset < span.end for span in spans.get(path, ()))
            if not inside and (place, line) not in told:
                told.add((place, line))
                yield CallOutcome(place, line, kind, CallStatus.IRRELEVANT)


def _near(text: str) -> set[int]:
    """The parts of a text, each of so many lines, that run a build."""
    return {line // NEIGHBOURHOOD for line, _ in _lines(text, BUILDS)}


def _lines(text: str, word: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    line, counted = 1, 0
    for match in word.finditer(text):
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        yield line, match.start()
