"""GitHub's annotations: commands that a step of a workflow prints, and that show at the line of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter

from codemod.report.alerts import Alert, alerts
from codemod.report.files import Problem, Report
from codemod.report.rules import Level
from codemod.report.text import summary

COMMANDS = {Level.ERROR: "warning", Level.WARNING: "warning", Level.NOTE: "notice"}
# of each kind GitHub shows so many a step (its page on limits of annotations); the log has all
MOST_SHOWN = 10
IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
IN_PROPERTIES = IN_MESSAGES | {":": "%3A", ",": "%2C"}


def dumps(report: Report) -> str:
    """A command a line, the most important first, and a line of counts."""
    said = sorted((alert for alert in alerts(report) if not alert.ignored), key=attrgetter("rank"))
    lines = [*map(_problem, report.problems), *map(_alert, said)]
    return "".join(f"{line}\n" for line in (*lines, _closing(report, lines)))


def _problem(problem: Problem) -> str:
    return _command("error", problem.path, problem.line, "file-not-read", problem.message)


def _alert(alert: Alert) -> str:
    return _command(COMMANDS[alert.level], alert.path, alert.line, alert.rule.id, alert.text)


def _command(name: str, path: str, line: int | None, title: str, message: str) -> str:
    properties = {"file": path, **({"line": str(line)} if line else {}), "title": f"dockerfix: {title}"}
    written = ",".join(f"{key}={_escaped(value, IN_PROPERTIES)}" for key, value in properties.items())
    return f"::{name} {written}::{_escaped(message, IN_MESSAGES)}"


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)


def _closing(report: Report, lines: list[str]) -> str:
    """What the log ends with; no command, so that it takes no annotation's place."""
    hidden = sum(_hidden(lines))
    more = f"; GitHub shows {MOST_SHOWN} annotations of a kind, {hidden} more are above" if hidden else ""
    return f"dockerfix: {summary(report)}{more}"


def _hidden(lines: list[str]) -> Iterator[int]:
    for name in ("error", "warning", "notice"):
        yield max(0, sum(line.startswith(f"::{name} ") for line in lines) - MOST_SHOWN)
