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
    """The lines about one Dockerfile; none where there is nothing to say."""
    result = file.result
    if not result.outcomes:
        return
    from codemod.report.outcome import said_of  # noqa: PLC0415  (most files have none)

    for outcome in result.outcomes:
        yield from said_of(outcome, file.path, written=file.written, callers_first=not result.changed)
    if result.changed or file.commands:
        yield ""
        for heading, command in said_of_commands(file):
            yield f"{heading}:\n    {command}" if command else heading


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
    return "the context is the Dockerfile's own folder" if file.context is None else f"the context is that of {file.context[1]}"


def closing(report: Report) -> Iterator[str]:
    """What holds for all secrets that were moved, said once."""
    if any(file.result.changed for file in report.dockerfiles):
        yield ROTATE
        yield CACHE


def summary(report: Report) -> str:
    """One line of counts."""
    outcomes = [outcome for file in report.dockerfiles for outcome in file.result.outcomes]
    count = {status: sum(outcome.status is status for outcome in outcomes) for status in Status}
    looked_at, callers, errors = len(report.dockerfiles) + len(report.clean), len(report.callers), len(report.problems)
    waiting = {file.group for file in report.changes if not file.written}
    rewritten = [
        file.group not in waiting for file in report.dockerfiles for outcome in file.result.outcomes if outcome.status is Status.REWRITTEN
    ]
    parts = [
        f"{looked_at} Dockerfile{'s' * (looked_at != 1)}",
        *_done(rewritten, "", ("rewritten", "to rewrite"), writing=report.writing),
        f"{count[Status.REFUSED]} refused{_reasons(outcomes)}",
        f"{count[Status.REPORTED]} reported",
        f"{sum(len(outcome.remains) for outcome in outcomes)} left over",
    ]
    parts += _done([file.written for file in report.callers], " caller", ("moved", "to move"), writing=report.writing) if callers else []
    parts += [f"{errors} error{'s' * (errors != 1)}"] if errors else []
    return ", ".join(parts) + (f", in {report.seconds:.1f} s" if looked_at >= MANY else "")


def _reasons(outcomes: Sequence[Outcome]) -> str:
    """Why secrets stay, the most frequent reason first."""
    counts = Counter(outcome.refusal.reason.value for outcome in outcomes if outcome.status is Status.REFUSED and outcome.refusal)
    if len(counts) == 1:
        return f" ({next(iter(counts))})"
    return f" ({', '.join(f'{count} {reason}' for reason, count in counts.most_common())})" if counts else ""


def _done(done: Sequence[bool], noun: str, words: tuple[str, str], *, writing: bool) -> Iterator[str]:
    """How many are done, in a run that writes, and how many are still to do."""
    counts = (sum(done), len(done) - sum(done)) if writing else (None, len(done))
    for count, word, is_said in zip(counts, words, (writing, not writing or not all(done)), strict=True):
        if is_said:
            yield f"{count}{noun}{'s' * (noun != '' and count != 1)} {word}"
