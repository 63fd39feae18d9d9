"""What stays the same of a finding when lines move and others come or go: who it is, in a word that has no value in it."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.dockerfile.parser import parse
from codemod.findings import Entry
from codemod.report.rules import rule_of
from codemod.result import Outcome, Result

# the version of what is hashed: a change of it makes every known finding a new one
VERSION = "1"
DIGITS = 32
# where the file says it more than once: in each stage, by its line
BY_STAGE = frozenset({Entry.DEFAULT, Entry.ENV})


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The finding's own, and one for each of its copies that stay behind."""

    finding: str
    remains: tuple[str, ...]


def fingerprints(path: str, result: Result) -> tuple[Fingerprints, ...]:
    """Those of the outcomes of the Dockerfile at `path`, each of its own."""
    seen: Counter[tuple[str, ...]] = Counter()
    stages = _Stages(result)
    return tuple(_of(path, outcome, stages, seen) for outcome in result.outcomes)


def fingerprint(*parts: str) -> str:
    """The word for what `parts` say."""
    text = "\0".join((VERSION, *parts)).encode("utf-8", "surrogateescape")
    return hashlib.sha256(text).hexdigest()[:DIGITS]


def _of(path: str, outcome: Outcome, stages: _Stages, seen: Counter[tuple[str, ...]]) -> Fingerprints:
    finding = outcome.finding
    kind = rule_of(outcome).id if finding.entry is Entry.CALL else finding.entry.name
    place = stages.at(finding.line) if finding.entry in BY_STAGE else ""
    own = _numbered((path, kind, finding.name, place), seen)
    return Fingerprints(own, tuple(_remains(path, outcome, stages, seen)))


def _remains(path: str, outcome: Outcome, stages: _Stages, seen: Counter[tuple[str, ...]]) -> Iterator[str]:
    for remain in outcome.remains:
        yield _numbered((path, remain.reason, outcome.finding.name, stages.at(remain.line), remain.path or ""), seen)


def _numbered(parts: tuple[str, ...], seen: Counter[tuple[str, ...]]) -> str:
    """What is said twice of one stage is told apart by its order."""
    seen[parts] += 1
    return fingerprint(*parts, str(seen[parts]))


class _Stages:
    """What stages are called: by their name, else by their image and its how-manieth stage without a name this is."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.lines: list[int] = []
        self.names: list[str] = []

    def at(self, line: int) -> str:
        """The stage that has `line`; empty before the first."""
        if not self.names:
            self._read()
        index = bisect_right(self.lines, line)
        return self.names[index - 1] if index else ""

    def _read(self) -> None:
        counts: Counter[str] = Counter()
        for stage in parse(self.result.source).stages:
            counts[stage.base] += stage.name is None
            self.lines.append(stage.start.line)
            self.names.append(stage.name or f"{stage.base}\0{counts[stage.base]}")
