"""What was found before and is accepted: what belongs together and has nothing new in it stays as it is, and is not spoken of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from codemod.groups import Group, Looked
from codemod.passing import CallStatus
from codemod.report.baseline import Known, counts, known, read
from codemod.result import Outcome, Result
from codemod.terminal import reason, shown, top
from codemod.user_configuration import Mistake

Entries = Mapping[str, Sequence[Known]]
# findings, each with what the baseline has of it; None where it is new, or has left a copy that is
Matches = Sequence[tuple[Outcome, Known | None]]
# of what is no longer there, so much is named
MOST_GONE = 10


class BaselineError(Exception):
    """A baseline that cannot be read, or that is none; `line` is None where the whole file is meant."""

    def __init__(self, path: Path, line: int | None, message: str) -> None:
        super().__init__(message)
        self.path, self.line, self.message = path, line, message


class Baseline:
    """A file of findings that are accepted, and what a run has left aside for it so far."""

    def __init__(self, file: Path) -> None:
        """Raises BaselineError."""
        self.file = file
        try:
            found = read(file.read_bytes())
        except OSError as error:
            raise BaselineError(file, None, reason(error)) from None
        if isinstance(found, Mistake):
            raise BaselineError(file, found.line, found.message)
        self.entries = _by_dockerfile(found)
        self.seen: set[str] = set()
        self.known = self.along = 0
        self.gone: list[str] = []

    def without_known(self, groups: Iterable[Group]) -> Iterator[Group]:
        """The groups with what is new in them."""
        for group in groups:
            self.seen.update(_path(looked) for looked in group.dockerfiles)
            compared = compare(group, self.entries)
            self.known += compared.known
            self.along += compared.along
            self.gone += compared.gone
            yield compared.group

    def said(self, clean: Collection[str]) -> Iterator[str]:
        """What a person wants to know of it when all groups have been seen; `clean` Dockerfiles were looked at and have nothing."""
        along = f", {self.along} of them changed together with what is new" if self.along else ""
        yield f"{shown(self.file)}: {self.known} known finding{'s' * (self.known != 1)} left aside{along}"
        empty = [path for path in self.entries.keys() - self.seen if path in clean or not Path(path).exists()]
        gone = sorted([*self.gone, *(f"{path}: {entry.secret}" for path in empty for entry in self.entries[path])])
        if gone:
            yield f"{shown(self.file)}: {len(gone)} of it no longer there; --format baseline makes a new one:"
            yield from (f"    {line}" for line in gone[:MOST_GONE])
            yield from [f"    … and {len(gone) - MOST_GONE} more"] if len(gone) > MOST_GONE else []


def _by_dockerfile(known: Iterable[Known]) -> Entries:
    """What is known of each Dockerfile, by its path as messages have it; the baseline's is from the top of the tree."""
    found: dict[str, list[Known]] = {}
    for entry in known:
        found.setdefault(shown(top() / entry.dockerfile), []).append(entry)
    return found


def _path(looked: Looked) -> str:
    """The Dockerfile's path as messages have it."""
    return shown(looked.subject.path)


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


def compare(group: Group, entries: Entries) -> Compared:
    """Leave aside what is known: all of the group, unless there is something new in it."""
    matches = [_matches(looked, entries) for looked in group.dockerfiles]
    pairs = [pair for each in matches for pair in each]
    number = sum(entry is not None for _, entry in pairs)
    is_new = any(entry is None and counts(outcome) for outcome, entry in pairs)
    gone = tuple(line for looked, each in zip(group.dockerfiles, matches, strict=True) for line in _gone(looked, each, entries))
    if not number:
        return Compared(group, gone=gone)
    reduced = tuple(_reduced(looked, each, is_new=is_new) for looked, each in zip(group.dockerfiles, matches, strict=True))
    along = sum(entry is not None and _changes(outcome) for outcome, entry in pairs) if is_new else 0
    return Compared(replace(group, dockerfiles=reduced, callers=group.callers if is_new else ()), number, along, gone)


def _matches(looked: Looked, entries: Entries) -> Matches:
    if not isinstance(looked.result, Result):
        return []
    path = _path(looked)
    free = list(entries.get(path, ()))
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


def _gone(looked: Looked, matches: Matches, entries: Entries) -> Iterator[str]:
    """What the baseline has of a Dockerfile that could be read, and that is not in it."""
    if not isinstance(looked.result, Result):
        return
    path = _path(looked)
    left = Counter(entry.key for entry in entries.get(path, ())) - Counter(known(path, outcome).key for outcome, _ in matches)
    for secret, _ in sorted(left.elements()):
        yield f"{path}: {secret}"
    for outcome, entry in matches:
        if entry is not None:
            copies = Counter(entry.remains) - Counter(known(path, outcome).remains)
            yield from (f"{path}: {entry.secret}: {copy}" for copy in copies.elements())


def _reduced(looked: Looked, matches: Matches, *, is_new: bool) -> Looked:
    """A Dockerfile without what is known: as it is or, beside something new, with what is said of a part of the change."""
    result = looked.result
    kept = ((outcome, entry) for outcome, entry in matches if entry is None or (is_new and _changes(outcome)))
    outcomes = tuple(outcome if entry is None else _along(outcome) for outcome, entry in kept)
    commands = looked.commands if is_new else ()
    return replace(looked, result=_with(result, outcomes, is_new=is_new), commands=commands) if isinstance(result, Result) else looked


def _with(result: Result, outcomes: tuple[Outcome, ...], *, is_new: bool) -> Result:
    return replace(result, text=result.text if is_new else result.source.text, outcomes=outcomes)


def _changes(outcome: Outcome) -> bool:
    """Whether files change for it."""
    return outcome.plan is not None or any(call.status is CallStatus.REWRITTEN for call in outcome.calls)


def _along(outcome: Outcome) -> Outcome:
    """A known finding whose copies are known too: they are a note, and nothing left to do."""
    notes = tuple(f"line {remain.line}: {remain.detail}; that is known" for remain in outcome.remains)
    return replace(outcome, remains=(), warnings=(*outcome.warnings, *notes))
