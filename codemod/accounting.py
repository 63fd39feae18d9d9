"""The places of a tree that have a build arg's name, and are no call's: all of them are accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codemod.calls import Calls
from codemod.filenames import OWN_CONFIGURATION, is_dockerfile
from codemod.passing import CallOutcome, CallStatus
from codemod.repository import Repository


def elsewhere(repository: Repository, name: str, calls: Sequence[CallOutcome], read: Calls) -> Iterator[CallOutcome]:
    """Each line that has the word `name` outside of Dockerfiles and of `calls`, whose places are as messages have them."""
    spans = {str(file.source.path): [link.call.span for link in file.links] for file in read.files}
    shown = {str(file.source.path): file.shown for file in read.files}
    told = {(call.path, call.line) for call in calls}
    word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])")
    for path in repository.having(re.escape(name)):
        if is_dockerfile(path.rpartition("/")[2]) or path.rpartition("/")[2] == OWN_CONFIGURATION:
            continue
        text = (repository.read(path) or b"").decode("utf-8", "surrogateescape")
        place = shown.get(path, f"{read.shown}{path}")
        for line, offset in _lines(text, word):
            inside = any(span.start <= offset < span.end for span in spans.get(path, ()))
            if not inside and (place, line) not in told:
                told.add((place, line))
                yield CallOutcome(place, line, "mention", CallStatus.IRRELEVANT)


def _lines(text: str, word: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    line, counted = 1, 0
    for match in word.finditer(text):
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        yield line, match.start()
