"""SARIF 2.1.0, as GitHub's code scanning and other readers of it take it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter
from posixpath import join, normpath
from typing import Any

from codemod import __version__
from codemod.report.alerts import Alert, Place, alerts
from codemod.report.files import CallerReport, FileReport, Problem, Report
from codemod.report.redaction import literals, names, redacted
from codemod.report.regions import region, replacements
from codemod.report.rules import RULES, Level, Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
# GitHub drops what is beyond them (its page on limits of SARIF results)
MOST_RESULTS, MOST_RELATED, MOST_STEPS = 5_000, 100, 1_000
# what is longer is cut: nobody reads it at a line of a pull request
LONGEST_MESSAGE = 1_000
# a message has a link to so many of its places
MOST_LINKS = 5
# the fix of a larger group stands at the first of its results only, or the output would grow with the square of it
MOST_COPIES = 20
UNRESERVED = frozenset(b"/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
NOT_READ, LEFT_OUT, WRITTEN = "file-not-read", "results-left-out", "lines-of-before"
NOTIFICATIONS = {
    NOT_READ: "A file could not be read, parsed or written",
    LEFT_OUT: f"Code scanning takes {MOST_RESULTS} results: the most important ones are there",
    WRITTEN: "The lines are those of the files before they were written",
}
PROBLEM_SEVERITY = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "recommendation"}


def dumps(report: Report) -> str:
    """The whole output as text, with a final newline."""
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The whole output: one run, in a category of its own."""
    every = list(alerts(report))
    kept = _most_important(every)
    writer = _Writer(report, kept)
    run = {
        "tool": {"driver": _driver()},
        "automationDetails": {"id": "dockerfix/"},
        "invocations": [_invocation(report, writer, len(every) - len(kept))],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that dockerfix was run in."}}},
        "columnKind": "utf16CodeUnits",
        "artifacts": [{"location": writer.artifact(path), "roles": ["analysisTarget"]} for path in _paths(report)],
        "results": [writer.result(alert) for alert in kept],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _most_important(every: Sequence[Alert]) -> list[Alert]:
    """As many as are taken, in the order that they have."""
    ranked = sorted(range(len(every)), key=lambda index: every[index].rank)
    return [every[index] for index in sorted(ranked[:MOST_RESULTS])]


def _paths(report: Report) -> list[str]:
    """The files that anything is said of."""
    return sorted({file.path for files in (report.dockerfiles, report.callers, report.problems) for file in files})


def _driver() -> dict[str, Any]:
    return {
        "name": "dockerfix",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in RULES],
        "notifications": [_described(name, text) for name, text in NOTIFICATIONS.items()],
    }


def _described(name: str, text: str) -> dict[str, Any]:
    """A kind of notification; GitHub asks for all three texts."""
    said = {"text": f"{text}."}
    return {"id": name, "shortDescription": said, "fullDescription": said, "help": said}


def _rule(rule: Rule) -> dict[str, Any]:
    score = {"security-severity": rule.score} if rule.score else {}
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.short},
        "fullDescription": {"text": rule.full.replace("`", "")},
        "help": {"text": rule.help.replace("`", ""), "markdown": rule.help},
        "defaultConfiguration": {"level": rule.level.value},
        "properties": {
            "tags": list(rule.tags),
            "precision": rule.precision,
            "problem.severity": PROBLEM_SEVERITY[rule.level],
            **score,
        },
    }


def _invocation(report: Report, writer: _Writer, left_out: int) -> dict[str, Any]:
    notes = [_notification(NOT_READ, "error", problem.message, [writer.problem(problem)]) for problem in report.problems]
    if left_out:
        notes.append(_notification(LEFT_OUT, "warning", f"{left_out} results are left out, the least important ones.", []))
    if any(file.written for file in report.changes):
        notes.append(_notification(WRITTEN, "note", f"{NOTIFICATIONS[WRITTEN]}.", []))
    return {"executionSuccessful": not report.problems, "toolExecutionNotifications": notes}


def _notification(name: str, level: str, text: str, locations: list[dict[str, Any]]) -> dict[str, Any]:
    described = {"id": name, "index": list(NOTIFICATIONS).index(name)}
    return {"descriptor": described, "level": level, "message": {"text": _plain(text)}, "locations": locations}


class _Writer:
    """Results, with what they share: where paths are seen from, and the fixes of groups."""

    def __init__(self, report: Report, kept: Sequence[Alert]) -> None:
        self.here, self.known = report.here, names(report)
        groups = {number: tuple(files) for number, files in groupby(report.changes, key=attrgetter("group"))}
        mended = [alert.group for alert in kept if alert.group is not None]
        self.fixes = {number: self._fix(groups[number]) for number in dict.fromkeys(mended)}
        self.turns = {number: 1 if mended.count(number) > MOST_COPIES else MOST_COPIES for number in self.fixes}

    def result(self, alert: Alert) -> dict[str, Any]:
        related = [*alert.uses, *alert.related][:MOST_RELATED]
        fix = self._turn(alert.group)
        withheld = " Its change is not given here: it has a credential, or characters that are no text." if fix == {} else ""
        return {
            "ruleId": alert.rule.id,
            "ruleIndex": RULES.index(alert.rule),
            "level": alert.level.value,
            "message": {"text": _message(alert, related, withheld)},
            "locations": [self._location(alert.path, region(alert.source, alert.region))],
            "relatedLocations": [{"id": number, **self._place(place)} for number, place in enumerate(related, start=1)],
            **({"codeFlows": [self._flow(alert)]} if alert.uses else {}),
            "partialFingerprints": {"dockerfixFinding/v1": alert.fingerprint},
            **({"fixes": [fix]} if fix else {}),
            "suppressions": [{"kind": "inSource", "status": "accepted"}] if alert.ignored else [],
        }

    def problem(self, problem: Problem) -> dict[str, Any]:
        return self._location(problem.path, {"startLine": problem.line} if problem.line else None)

    def artifact(self, path: str) -> dict[str, str]:
        """A path below the root, or the URI of a file elsewhere."""
        if path.startswith("../") and self.here:
            path = normpath(join(self.here, path))
        uri = _quoted(path)
        return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": ROOT}

    def _location(self, path: str, where: Mapping[str, int] | None) -> dict[str, Any]:
        return {"physicalLocation": {"artifactLocation": self.artifact(path), **({"region": where} if where else {})}}

    def _place(self, place: Place) -> dict[str, Any]:
        return {**self._location(place.path, {"startLine": place.line}), "message": {"text": _plain(place.what)}}

    def _flow(self, alert: Alert) -> dict[str, Any]:
        """From where it enters to where it is read."""
        places = (Place(alert.path, alert.line, f"{alert.secret} enters here"), *alert.uses)
        return {"threadFlows": [{"locations": [{"location": self._place(place)} for place in places[:MOST_STEPS]]}]}

    def _turn(self, group: int | None) -> dict[str, Any] | None:
        """The fix for the next result of a group; None where it has one, or needs none."""
        if group is None or not self.turns[group]:
            return None
        self.turns[group] -= 1
        return self.fixes[group]

    def _fix(self, files: Sequence[FileReport | CallerReport]) -> dict[str, Any]:
        """The change of all files that are written together; empty where it cannot, or must not, be given."""
        values = [value for file in files for value in literals(file, self.known)]
        changes = []
        for file in files:
            before, after = _texts(file)
            own = list(replacements(before, after))
            inserted = "".join(each["insertedContent"]["text"] for each in own if "insertedContent" in each)
            if _has_no_text(before + after) or redacted(inserted, values) != inserted:
                return {}
            changes.append({"artifactLocation": self.artifact(file.path), "replacements": own})
        names = ", ".join(file.path for file in islice(files, MOST_LINKS)) + (" …" if len(files) > MOST_LINKS else "")
        return {"description": {"text": _plain(f"Pass it as a build secret: {names}")}, "artifactChanges": changes}


def _has_no_text(text: str) -> bool:
    """Whether bytes of a file are no UTF-8."""
    return text.encode("utf-8", "ignore") != text.encode("utf-8", "surrogateescape")


def _quoted(path: str) -> str:
    """A path as a URI has it, byte for byte (RFC 3986, 2.3)."""
    return "".join(chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in path.encode("utf-8", "surrogateescape"))


def _texts(file: FileReport | CallerReport) -> tuple[str, str]:
    return (file.before, file.after) if isinstance(file, CallerReport) else (file.result.source.text, file.result.text)


def _message(alert: Alert, related: Sequence[Place], withheld: str) -> str:
    """What is said, with links to the first places; GitHub shows no place that has none."""
    links = [
        f"[line {place.line}]({number})" if place.path == alert.path else f"[{_plain(place.path)}:{place.line}]({number})"
        for number, place in enumerate(related[:MOST_LINKS], start=1)
    ]
    see = f" See {', '.join(links)}." if links else ""
    return _plain(_cut(alert.text, LONGEST_MESSAGE)) + withheld + see


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _plain(text: str) -> str:
    """As a message of SARIF has it: brackets are for links, and bytes that are no text are spelled out."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return text.replace("[", "\\[").replace("]", "\\]")
