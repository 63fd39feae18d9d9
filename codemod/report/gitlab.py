"""GitLab's Code Quality report: what a merge request shows at the lines that it changes."""

from __future__ import annotations

import json
from typing import Any

from codemod.report.alerts import Alert, alerts
from codemod.report.files import Problem, Report
from codemod.report.fingerprints import fingerprint
from codemod.report.rules import Level

SEVERITIES = {Level.ERROR: "critical", Level.WARNING: "major", Level.NOTE: "info"}
NOT_READ = "file-not-read"


def dumps(report: Report) -> str:
    """A JSON list of what is left to do, with a final newline."""
    entries = [*map(_problem, report.problems), *(_alert(alert) for alert in alerts(report) if not alert.ignored)]
    return json.dumps(entries, indent=2) + "\n"


def _alert(alert: Alert) -> dict[str, Any]:
    return _entry(alert.text, alert.rule.id, alert.fingerprint, SEVERITIES[alert.level], (alert.path, alert.line))


def _problem(problem: Problem) -> dict[str, Any]:
    known_by = fingerprint(NOT_READ, problem.path, problem.message)
    return _entry(problem.message, NOT_READ, known_by, "blocker", (problem.path, problem.line or 1))


def _entry(text: str, name: str, known_by: str, severity: str, place: tuple[str, int]) -> dict[str, Any]:
    path, line = (part.encode("utf-8", "backslashreplace").decode() if isinstance(part, str) else part for part in place)
    return {
        "description": text.encode("utf-8", "backslashreplace").decode(),
        "check_name": name,
        "fingerprint": known_by,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
