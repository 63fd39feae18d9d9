"""One change as a person sees it before answering: what it is about, the diff, the evidence, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codemod.evidence import USERS_WORD, Confidence, Evidence
from codemod.findings import Entry, Finding
from codemod.report.files import CallerReport, FileReport
from codemod.report.outcome import said_of, said_of_calls
from codemod.report.text import said_of_commands
from codemod.result import Outcome
from codemod.review import diff
from codemod.review.looks import EMPTY, Line, Look, Part, line, wrapped

SURE = {Confidence.CERTAIN: "certainly a secret", Confidence.LIKELY: "likely a secret", Confidence.POSSIBLE: "possibly a secret"}
TWO = 2
STEP = "    "
ROTATE = "Rotate {} afterwards: the images built so far, their provenance and the logs of their builds keep the old value{}."


def card(dockerfiles: Sequence[FileReport], callers: Sequence[CallerReport], position: str, width: int) -> Iterator[Line]:
    """The lines about files that are written together; `position` is the change's among all."""
    yield EMPTY
    yield line("─" * width, Look.RULE)
    yield from _head(dockerfiles, callers, position, width)
    for text in (*(file.diff for file in dockerfiles), *(file.diff for file in callers)):
        if text:
            yield EMPTY
            yield from diff.shown(text)
    for each in dockerfiles:
        for outcome in each.result.outcomes:
            yield EMPTY
            yield from _outcome(outcome, each, width)
        if each.result.changed or each.commands:
            yield EMPTY
            yield from _commands(each, width)
    yield from _rotation(dockerfiles, width)


def _head(dockerfiles: Sequence[FileReport], callers: Sequence[CallerReport], position: str, width: int) -> Iterator[Line]:
    """What it is about."""
    paths = [*(file.path for file in dockerfiles if file.diff), *(file.path for file in callers)]
    names = _moved(dockerfiles)
    yield from wrapped(_title(dockerfiles, paths), width, mark=(Part(f"{position} ", Look.TITLE),), look=Look.TITLE)
    yield from wrapped(f"{'Secrets' if len(names) > 1 else 'Secret'}: {', '.join(names)}", width) if names else ()
    yield from wrapped(f"Callers that go along: {', '.join(file.path for file in callers)}", width) if callers and len(paths) > 1 else ()
    yield from (
        wrapped(f"{'Both' if len(paths) == TWO else f'All {len(paths)}'} files are written, or none.", width) if len(paths) > 1 else ()
    )


def _title(dockerfiles: Sequence[FileReport], paths: Sequence[str]) -> str:
    others = sum(bool(file.diff) for file in dockerfiles) - 1
    return f"{paths[0]} and {others} other Dockerfile{'s' * (others > 1)}" if others > 0 else paths[0]


def _outcome(outcome: Outcome, file: FileReport, width: int) -> Iterator[Line]:
    """One secret: what becomes of it, why, and what stays to be done."""
    is_changed = file.result.changed
    heading = next(said_of(outcome, file.path, written=False, callers_first=not is_changed))
    yield from wrapped(heading, width, look=Look.FILE)
    yield from _evidence(outcome.finding, width) if outcome.finding.entry is not Entry.CALL else ()
    for step in outcome.plan.steps if outcome.plan and is_changed else ():
        yield from wrapped(f"line {step.run.line}: {step.why}", width, indent=STEP) if step.why else ()
    for text in said_of_calls(outcome, written=False):
        deeper = text.startswith(STEP + STEP)  # what is to be put there, as it is
        yield from (line(text),) if deeper else wrapped(text.strip(), width, indent=STEP)
    yield from _warnings(outcome, width)


def _evidence(finding: Finding, width: int) -> Iterator[Line]:
    """What speaks for it, and against it, with what it weighs."""
    total = sum(item.weight for item in finding.evidence)
    told = any(abs(item.weight) >= USERS_WORD for item in finding.evidence)
    yield line(f"{STEP}{SURE[finding.confidence]}{'' if told else f' ({total:+})'}")
    for item in finding.evidence:
        yield from wrapped(f"line {item.line}: {item.detail}", width, indent=STEP, mark=(_weight(item), Part(" ")))


def _weight(item: Evidence) -> Part:
    text = f"{item.weight:+}" if abs(item.weight) < USERS_WORD else "you"
    return Part(f"{text:>5}", Look.SUPPORT if item.weight > 0 else Look.AGAINST)


def _warnings(outcome: Outcome, width: int) -> Iterator[Line]:
    """What a person has to see to."""
    refusal = outcome.refusal
    if refusal:
        yield from _warned(f"{refusal.reason.value}: line {refusal.line}: {refusal.detail}", width)
        yield from wrapped(refusal.hint, width, indent=STEP + "  ")
    for remain in outcome.remains:
        yield from _warned(f"left over: line {remain.line}: {remain.reason}: {remain.detail}", width)
    for warning in outcome.warnings:
        yield from _warned(warning, width)


def _warned(text: str, width: int) -> Iterator[Line]:
    return wrapped(text, width, indent=STEP, mark=(Part("! ", Look.WARNING),))


def _commands(file: FileReport, width: int) -> Iterator[Line]:
    """How it is built from now on."""
    for heading, command in said_of_commands(file):
        yield from wrapped(f"{heading}{':' * bool(command)}", width)
        yield from (line(f"{STEP}{text}", Look.COMMAND) for text in command.splitlines())


def _rotation(dockerfiles: Sequence[FileReport], width: int) -> Iterator[Line]:
    """What no change of files takes back."""
    names = _moved(dockerfiles)
    if names:
        yield EMPTY
        yield from wrapped(ROTATE.format(", ".join(names), "s" * (len(names) > 1)), width)


def _moved(dockerfiles: Sequence[FileReport]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(outcome.finding.name for file in dockerfiles for outcome in file.result.outcomes if outcome.plan))
