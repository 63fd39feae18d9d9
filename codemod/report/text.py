"""What is said to a person: findings with their evidence, what was done, what remains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from codemod.report.files import FileReport, Report
from codemod.result import Outcome, Status

ROTATE = "The values are in the history of every image built so far, in provenance and in build logs: rotate these secrets."
# looking at fewer Dockerfiles takes no time worth speaking of
MANY = 100
# of so many callers the commands are shown; JSON has all
MOST_COMMANDS = 4
CACHE = "A changed secret alone no longer reruns a cached step: use --no-cache-filter where it must."


def describe(file: FileReport) -> Iterator[str]:
    """The lines about one Dockerfile."""
    from codemod.report.outcome import said_of  # noqa: PLC0415  (most runs have nothing to say)

    result = file.result
    for outcome in result.outcomes:
        yield from said_of(outcome, file.path, written=file.written, callers_first=not result.changed)
    if result.changed or file.commands:
        yield ""
        for heading, command in said_of_commands(file):
            yield f"{heading}:" if command else heading
            yield from (f"    {line}" for line in command.split("\n") if command)


def said_of_commands(file: FileReport) -> Iterator[tuple[str, str]]:
    """How to build it from now on: the commands, each behind what it is; at the end, without one, where there are more."""
    from codemod.report.commands import build_commands  # noqa: PLC0415  (only where something changes)

    commands = tuple(build_commands(file))
    for command in commands[:MOST_COMMANDS]:
        where = f"as {command.origin} does" if file.commands else _context(file)
        yield f"Build it with ({where})", command.text
    others = [str(command.origin) for command in commands[MOST_COMMANDS:]]
    if others:
        yield f"… or as {', '.join(others)} do{'es' * (len(others) == 1)}", ""


def _context(file: FileReport) -> str:
    if file.context is None:
        return "the context is the Dockerfile's own folder"
    if file.context.place is not None:
        return f"the context is that of {file.context.place}"
    return f"the context has {file.context.copies}, which it copies and its own folder has not"


def closing(report: Report) -> Iterator[str]:
    """What holds for all secrets that were moved, said once."""
    if any(file.result.changed for file in report.dockerfiles):
        yield ROTATE
        yield CACHE


def summary(report: Report) -> str:
    """One line of counts, of what there is any of."""
    outcomes = [outcome for file in report.dockerfiles for outcome in file.result.outcomes if outcome.status is not Status.IGNORED]
    looked_at = len(report.dockerfiles) + len(report.clean)
    found = ": ".join(filter(None, (_found(outcomes), ", ".join(_became(report, outcomes)))))
    return ", ".join((_counted(looked_at, "Dockerfile"), found, *_beside(report, outcomes, looked_at)))


def _found(outcomes: Sequence[Outcome]) -> str:
    """How many secrets there are, and in how many places where one is in several: a place for each Dockerfile, and way into it."""
    secrets = len({outcome.finding.name for outcome in outcomes})
    return f"{_counted(secrets, 'secret')} found" + (f" in {len(outcomes)} places" if len(outcomes) > secrets else "")


def _became(report: Report, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What becomes of them, place by place."""
    waiting = {file.group for file in report.changes if not file.written}
    groups = [file.group for file in report.dockerfiles for outcome in file.result.outcomes if outcome.status is Status.REWRITTEN]
    yield from _done([group not in waiting for group in groups], "", ("rewritten", "to rewrite"), writing=report.writing)
    refused, reported = (sum(outcome.status is status for outcome in outcomes) for status in (Status.REFUSED, Status.REPORTED))
    yield from [f"{refused} refused ({_reasons(outcomes)})"] if refused else []
    yield from [f"{reported} reported"] if reported else []


def _beside(report: Report, outcomes: Sequence[Outcome], looked_at: int) -> Iterator[str]:
    """What else there is to count: findings of a baseline, copies that images keep, callers, errors, and time."""
    left_over, errors = sum(len(outcome.remains) for outcome in outcomes), len(report.problems)
    yield from [f"{report.known} known"] if report.known else []
    yield from [f"{left_over} left over"] if left_over else []
    yield from _done([file.written for file in report.callers], " caller", ("moved", "to move"), writing=report.writing)
    yield from [_counted(errors, "error")] if errors else []
    yield from [f"in {report.seconds:.1f} s"] if looked_at >= MANY else []


def _reasons(outcomes: Sequence[Outcome]) -> str:
    """Why secrets stay, the most frequent reason first."""
    counts = Counter(outcome.refusal.reason.value for outcome in outcomes if outcome.status is Status.REFUSED and outcome.refusal)
    return next(iter(counts)) if len(counts) == 1 else ", ".join(f"{count} {reason}" for reason, count in counts.most_common())


def _done(done: Sequence[bool], noun: str, words: tuple[str, str], *, writing: bool) -> Iterator[str]:
    """How many are done, in a run that writes, and how many are still to do."""
    counts = (sum(done), len(done) - sum(done)) if writing else (0, len(done))
    for count, word in zip(counts, words, strict=True):
        if count:
            yield f"{count}{noun}{'s' * (noun != '' and count != 1)} {word}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
