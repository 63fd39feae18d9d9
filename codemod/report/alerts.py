"""What machines show at a line of a file: one alert a finding, and one for each copy of a secret that stays behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codemod.findings import Entry
from codemod.passing import CallStatus
from codemod.report.files import FileReport, Report
from codemod.report.json_v1 import findings
from codemod.report.outcome import verdict
from codemod.report.rules import LEFTOVERS, RULES, Level, Rule, level_of, rule_of
from codemod.result import Outcome, Status
from codemod.text import Source, Span

LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Place:
    """A line that has to do with it, and what is there."""

    path: str
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Alert:
    """What is said at a place of a Dockerfile; `region` is in `source`, the file as read.

    `title` is a sentence, `more` are others. `uses` are where the secret is read, `related` other places. `group` is that of the change
    that mends it, None where there is none.
    """

    rule: Rule
    level: Level
    path: str
    line: int
    region: Span
    source: Source
    secret: str
    title: str
    more: tuple[str, ...]
    fingerprint: str
    uses: tuple[Place, ...] = ()
    related: tuple[Place, ...] = ()
    ignored: bool = False
    group: int | None = None

    @property
    def text(self) -> str:
        """All that is said."""
        return " ".join((self.title, *self.more))

    @property
    def rank(self) -> tuple[int, int]:
        """What sorts the most important first."""
        return LEVELS.index(self.level), RULES.index(self.rule)


def alerts(report: Report) -> Iterator[Alert]:
    """All that is left to say, in the order of files; what was written is done, and was said of a text that is no more."""
    for file in report.dockerfiles:
        for outcome, finding in zip(file.result.outcomes, findings(file), strict=True):
            if outcome.finding.entry is not Entry.MOUNT and not _is_done(file, outcome):
                yield _of_finding(file, outcome, finding)
            yield from _of_remains(file, outcome, finding)


def _is_done(file: FileReport, outcome: Outcome) -> bool:
    """Whether what was written has mended it."""
    if outcome.finding.entry is Entry.CALL:
        return file.written and all(call.status is CallStatus.REWRITTEN for call in outcome.calls)
    goes_with_it = outcome.finding.entry is Entry.DEFAULT and outcome.status is Status.REPORTED and outcome.refusal is None
    return file.written and file.result.changed and (outcome.status is Status.REWRITTEN or goes_with_it)


def _of_finding(file: FileReport, outcome: Outcome, finding: Mapping[str, Any]) -> Alert:
    rule, found = rule_of(outcome), outcome.finding
    uses = tuple(Place(file.path, use["line"], f"{found.name} is read here") for use in finding["uses"])
    return Alert(
        rule,
        level_of(outcome),
        file.path,
        found.line,
        _word(file, outcome),
        file.result.source,
        found.name,
        rule.message.format(name=found.name),
        tuple(_more(file, outcome)),
        finding["fingerprint"],
        uses,
        (*_calls(finding["calls"]), *_copies(file, finding["remains"])),
        ignored=outcome.status is Status.IGNORED,
        group=file.group if outcome.plan and file.result.changed else None,
    )


def _of_remains(file: FileReport, outcome: Outcome, finding: Mapping[str, Any]) -> Iterator[Alert]:
    for remain, said in zip(outcome.remains, finding["remains"], strict=True):
        rule, source = LEFTOVERS[remain.reason], file.result.source
        title, region = rule.message.format(name=outcome.finding.name), _trimmed(source, remain.line)
        more = (_sentence(remain.detail),)
        yield Alert(rule, rule.level, file.path, remain.line, region, source, outcome.finding.name, title, more, said["fingerprint"])


def _more(file: FileReport, outcome: Outcome) -> Iterator[str]:
    finding, refusal = outcome.finding, outcome.refusal
    if outcome.plan:
        said = verdict(outcome, written=False, callers_first=not file.result.changed)
        yield f"{finding.name} {said}."
    if refusal:
        yield f"It stays ({refusal.reason.value}): line {refusal.line}: {refusal.detail}."
        yield refusal.hint
    yield from map(_sentence, outcome.warnings if not finding.public else ())
    if finding.entry is not Entry.CALL:
        yield f"Evidence: {'; '.join(f'line {item.line}: {item.detail}' for item in finding.evidence)}."
    else:
        yield from (f"{call.place}: {call.why}." for call in outcome.calls)


def _calls(calls: Sequence[Mapping[str, Any]]) -> Iterator[Place]:
    """Those that do more than have the name."""
    said = {"rewritten": "passes it, and moves with it", "reported": "has to be changed by hand", "blocking": "cannot pass a secret"}
    for call in calls:
        if call["status"] in said:
            yield Place(call["path"], call["line"], f"{call['kind']}: {said[call['status']]}")


def _copies(file: FileReport, remains: Sequence[Mapping[str, Any]]) -> Iterator[Place]:
    return (Place(file.path, remain["line"], remain["detail"]) for remain in remains)


def _word(file: FileReport, outcome: Outcome) -> Span:
    """The word that declares it, where one does; else its line."""
    flow, source = outcome.finding.flow, file.result.source
    return flow.declarations[0].variable.span if flow else _trimmed(source, outcome.finding.line)


def _trimmed(source: Source, line: int) -> Span:
    """A line without the blanks around it."""
    span = source.line_span(line)
    text = span.of(source.text).lstrip("\ufeff \t")
    start = span.end - len(text)
    return Span(start, start + len(text.rstrip()))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
