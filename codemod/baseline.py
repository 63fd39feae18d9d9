"""What was found before and is accepted: what belongs together and has nothing new in it stays as it is, and is not spoken of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from codemod.passing import CallStatus
from codemod.report.baseline import Known, counts, known
from codemod.result import Outcome, Result
from codemod.run import Group, Looked

Baseline = Mapping[str, Sequence[Known]]


@dataclass(frozen=True, slots=True)
class Compared:
    """A group without what is known, and how many findings that are.

    `along` of them stay in it all the same: they are written together with something new. `gone` says what the baseline has and the
    group no longer does.
    """

    group: Group
    known: int = 0
    along: int = 0
    gone: tuple[str, ...] = ()


def baseline_of(entries: Iterable[Known]) -> Baseline:
    """What is known, Dockerfile by Dockerfile."""
    found: dict[str, list[Known]] = {}
    for entry in entries:
        found.setdefault(entry.dockerfile, []).append(entry)
    return found


def compare(group: Group, baseline: Baseline) -> Compared:
    """Leave aside what is known."""
    matches = [_matches(looked, baseline) for looked in group.dockerfiles]
    accepted = [[entry is not None for _, entry in each] for each in matches]
    known = sum(map(sum, accepted))
    gone = tuple(line for looked, each in zip(group.dockerfiles, matches, strict=True) for line in _gone(looked, each, baseline))
    if not known:
        return Compared(group, gone=gone)
    if not any(entry is None and counts(outcome) for each in matches for outcome, entry in each):
        untouched = tuple(_untouched(looked, each) for looked, each in zip(group.dockerfiles, accepted, strict=True))
        return Compared(replace(group, dockerfiles=untouched, callers=()), known, gone=gone)
    kept = tuple(_kept(looked, each) for looked, each in zip(group.dockerfiles, accepted, strict=True))
    along = sum(entry is not None and _changes(outcome) for each in matches for outcome, entry in each)
    return Compared(replace(group, dockerfiles=kept), known, along, gone)


def no_longer_looked_at(baseline: Baseline, seen: Iterable[str]) -> Iterator[str]:
    """The Dockerfiles of a baseline that a run had nothing to do with."""
    yield from sorted(baseline.keys() - set(seen))


def _matches(looked: Looked, baseline: Baseline) -> list[tuple[Outcome, Known | None]]:
    """Each finding with what the baseline has of it; None where it is new, or has left a copy that is."""
    if not isinstance(looked.result, Result):
        return []
    path = str(looked.subject.source.path)
    free = list(baseline.get(path, ()))
    found: list[tuple[Outcome, Known | None]] = []
    for outcome in looked.result.outcomes:
        entry = _entry(known(path, outcome), free) if counts(outcome) else None
        if entry is not None:
            free.remove(entry)
        found.append((outcome, entry))
    return found


def _entry(finding: Known, free: Sequence[Known]) -> Known | None:
    """What is known of the finding, and of no other: all copies that it leaves, and as few others as can be."""
    remains = Counter(finding.remains)
    fitting = [entry for entry in free if entry.key == finding.key and remains <= Counter(entry.remains)]
    return min(fitting, key=lambda entry: len(entry.remains), default=None)


def _gone(looked: Looked, matches: Sequence[tuple[Outcome, Known | None]], baseline: Baseline) -> Iterator[str]:
    """What the baseline has of a Dockerfile that could be read, and that is not in it."""
    if not isinstance(looked.result, Result):
        return
    path = str(looked.subject.source.path)
    left = Counter(entry.key for entry in baseline.get(path, ())) - Counter(known(path, outcome).key for outcome, _ in matches)
    for secret, _ in sorted(left.elements()):
        yield f"{path}: {secret}"
    for outcome, entry in matches:
        if entry is not None:
            copies = Counter(entry.remains) - Counter(known(path, outcome).remains)
            yield from (f"{path}: {entry.secret}: {copy}" for copy in copies.elements())


def _untouched(looked: Looked, accepted: Sequence[bool]) -> Looked:
    """A Dockerfile that stays as it is; only what is no finding to act on is still said of it."""
    result = looked.result
    if not isinstance(result, Result):
        return looked
    outcomes = tuple(outcome for outcome, is_known in zip(result.outcomes, accepted, strict=True) if not is_known)
    return replace(looked, result=replace(result, text=result.source.text, outcomes=outcomes), commands=())


def _kept(looked: Looked, accepted: Sequence[bool]) -> Looked:
    """A Dockerfile that is written with something new; what is known is said where it is a part of the change."""
    result = looked.result
    if not isinstance(result, Result):
        return looked
    pairs = zip(result.outcomes, accepted, strict=True)
    outcomes = (_along(outcome) if is_known else outcome for outcome, is_known in pairs if not is_known or _changes(outcome))
    return replace(looked, result=replace(result, outcomes=tuple(outcomes)))


def _changes(outcome: Outcome) -> bool:
    """Whether files change for it."""
    return outcome.plan is not None or any(call.status is CallStatus.REWRITTEN for call in outcome.calls)


def _along(outcome: Outcome) -> Outcome:
    """A known finding whose copies are known too: they are a note, and nothing left to do."""
    notes = tuple(f"line {remain.line}: {remain.detail}; that is known" for remain in outcome.remains)
    return replace(outcome, remains=(), warnings=(*outcome.warnings, *notes))
