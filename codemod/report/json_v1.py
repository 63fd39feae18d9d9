"""The machine-readable output, version 1; its shape is its own, so that inner types may change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from codemod import __version__
from codemod.findings import Entry, Finding
from codemod.passing import CallOutcome
from codemod.refusal import Refusal
from codemod.remains import Remain
from codemod.report.commands import BuildCommand, build_commands
from codemod.report.files import CallerReport, FileReport, Report
from codemod.report.fingerprints import Fingerprints, fingerprints
from codemod.report.redaction import literals, names, redacted
from codemod.report.rules import rule_of
from codemod.result import Outcome, Status
from codemod.shell import Reading
from codemod.steps import Step
from codemod.text import Source

INSTRUCTIONS = {Entry.ARG: "ARG", Entry.DEFAULT: "ARG", Entry.ENV: "ENV", Entry.MOUNT: "RUN", Entry.CALL: "RUN"}


def dumps(report: Report) -> str:
    """The whole output as text, with a final newline."""
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The whole output, as JSON has it."""
    files = report.dockerfiles
    outcomes = [outcome for file in files for outcome in file.result.outcomes]
    known = names(report)
    entries = [*(_file(file, known) for file in files), *(_caller(file, known) for file in report.callers), *map(_clean, report.clean)]
    return {
        "version": 1,
        "tool": {"name": "dockerfix", "version": __version__},
        "summary": _summary(report, outcomes),
        "files": sorted(entries, key=itemgetter("path")),
        "findings": [finding for file in files for finding in findings(file)],
        "build_commands": [_build_command(command) for file in files if file.result.plans for command in build_commands(file)],
        "errors": [{"path": problem.path, "line": problem.line, "message": problem.message} for problem in report.problems],
    }


def _summary(report: Report, outcomes: Sequence[Outcome]) -> dict[str, int]:
    count = {status.value: sum(outcome.status is status for outcome in outcomes) for status in Status}
    dockerfiles = len(report.dockerfiles) + len(report.clean)
    return {
        "files": dockerfiles + len(report.callers) + len(report.problems),
        "dockerfiles": dockerfiles,
        "findings": len(outcomes),
        **count,
        "known": report.known,
        "leftovers": sum(len(outcome.remains) for outcome in outcomes),
        "errors": len(report.problems),
    }


def _file(file: FileReport, known: frozenset[str]) -> dict[str, Any]:
    return _entry(file, "dockerfile", known, changed=file.result.changed)


def _caller(file: CallerReport, known: frozenset[str]) -> dict[str, Any]:
    return _entry(file, "caller", known, changed=True)


def _entry(file: FileReport | CallerReport, kind: str, known: frozenset[str], *, changed: bool) -> dict[str, Any]:
    """A file; its diff is without credentials, and `git apply` has the other outputs."""
    diff = redacted(file.diff, literals(file, known))
    return {
        "path": file.path,
        "kind": kind,
        "group": file.group,
        "changed": changed,
        "written": file.written and changed,
        "diff": diff,
        "redacted": diff != file.diff,
    }


def _clean(path: str) -> dict[str, Any]:
    return {"path": path, "kind": "dockerfile", "group": None, "changed": False, "written": False, "diff": "", "redacted": False}


def findings(file: FileReport) -> list[dict[str, Any]]:
    """The findings of one Dockerfile, as JSON has them."""
    outcomes = file.result.outcomes
    return [_finding(file, *each) for each in zip(outcomes, fingerprints(file.path, file.result), strict=True)]


def _finding(file: FileReport, outcome: Outcome, known_by: Fingerprints) -> dict[str, Any]:
    source = file.result.source
    finding, plan = outcome.finding, outcome.plan
    return {
        "dockerfile": file.path,
        "secret": finding.name,
        "rule": rule_of(outcome).id,
        "fingerprint": known_by.finding,
        "id": plan.id if plan else None,
        "status": outcome.status.value,
        "confidence": finding.confidence.value,
        "evidence": [{"kind": item.kind, "line": item.line, "detail": item.detail, "weight": item.weight} for item in finding.evidence],
        "declared": _declared(finding),
        "uses": [use for step in (plan.steps if plan else ()) for use in _uses(step, source)],
        "mounts": [{"line": step.run.line, "style": step.style.value} for step in (plan.steps if plan else ())],
        "calls": [_call(call) for call in outcome.calls],
        "refusal": _refusal(outcome.refusal),
        "remains": [_remain(*each) for each in zip(outcome.remains, known_by.remains, strict=True)],
        "warnings": list(outcome.warnings),
    }


def _declared(finding: Finding) -> list[dict[str, Any]]:
    if finding.flow is None:
        return [{"line": finding.line, "instruction": INSTRUCTIONS[finding.entry], "stage": None}]
    words = finding.flow.declarations
    return [{"line": word.variable.line, "instruction": word.instruction.name, "stage": word.stage} for word in words]


def _uses(step: Step, source: Source) -> list[dict[str, Any]]:
    """The places that name the variable, each once a line; the RUN's first line where none does."""
    read = {
        (source.line(step.script.text.origin(mention.span.start)), step.how.value if mention.reading is Reading.EXPANDED else "implicit")
        for mention in step.mentions
        if mention.reading is not Reading.ASSIGNED
    }
    return [{"line": line, "stage": step.stage, "how": how} for line, how in sorted(read or {(step.run.line, step.how.value)})]


def _remain(remain: Remain, known_by: str) -> dict[str, Any]:
    return {"line": remain.line, "reason": remain.reason, "path": remain.path, "detail": remain.detail, "fingerprint": known_by}


def _refusal(refusal: Refusal | None) -> dict[str, Any] | None:
    if refusal is None:
        return None
    return {"reason": refusal.reason.value, "line": refusal.line, "detail": refusal.detail, "hint": refusal.hint}


def _call(call: CallOutcome) -> dict[str, Any]:
    place = {"path": call.path, "line": call.line, "kind": call.kind, "status": call.status.value}
    return {**place, "why": call.why or None, "suggestion": call.suggestion, "notes": list(call.notes)}


def _build_command(command: BuildCommand) -> dict[str, Any]:
    return {"dockerfile": command.dockerfile, "argv": list(command.argv), "text": command.text, "from": command.origin}
