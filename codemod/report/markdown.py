"""The body of a pull request: what moved, what to do when merging, what stays and why, and the evidence."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codemod.passing import CallStatus
from codemod.report.files import Report
from codemod.report.json_v1 import document
from codemod.report.markdown_text import block, cell, code, in_html, prose
from codemod.report.regions import width
from codemod.report.rules import LITERAL_CREDENTIAL
from codemod.report.text import CACHE
from codemod.result import Status

# GitHub takes no more in the body of a pull request
LONGEST = 65_536
# kept free for the lines that say what is left out
RESERVE = 1_000
# of so many callers a row of the table has the place
MOST_PLACES = 3
ROTATE = "Rotate these secrets: the images, the build cache and the provenance made so far have the values."
REVOKE = "Revoke these credentials: they stand in the repository's history with their values."
WHOLE = (
    "Merged whole, the Dockerfiles and their callers go together. Where callers are in other repositories, or where a running build must "
    "not see half of it, go in three steps, each of which can be merged by itself: `dockerfix --phase callers`, `--phase dockerfile`, "
    "`--phase cleanup`."
)
SHELL = ("sh", "-c")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what stands below it, and the items, which may be cut at the end."""

    title: str
    items: tuple[str, ...]
    head: str = ""


def dumps(report: Report) -> str:
    """The body, with a final newline; never longer than GitHub takes."""
    said = document(report)
    sections = [section for section in _sections(report, said) if section.items]
    parts = [_summary(report, said)]
    for index, section in enumerate(sections):
        free = LONGEST - RESERVE - sum(width(part) + 2 for part in parts)
        is_last = index == len(sections) - 1
        parts += _fitting(section, free if is_last else free // 2)
    return "\n\n".join(parts) + "\n"


def _fitting(section: Section, free: int) -> Iterator[str]:
    """A section with as many of its items as there is room for, and how many there is none for."""
    head = f"### {section.title}\n" + (f"\n{section.head}\n" if section.head else "")
    separator = "\n" if section.items[0].startswith(("- ", "|")) else "\n\n"
    kept: list[str] = []
    for item in section.items:
        free -= width(item) + len(separator)
        if free < width(head):
            break
        kept.append(item)
    glue = "" if section.head.startswith("|") else "\n"
    left_out = len(section.items) - len(kept)
    yield (head + glue + separator.join(kept)).rstrip("\n")
    if left_out:
        yield f"… and {left_out} more."


def _summary(report: Report, said: Mapping[str, Any]) -> str:
    counts = said["summary"]
    done = "rewritten" if report.writing else "to rewrite"
    callers = "callers moved" if report.writing else "callers to move"
    cells = {
        "Dockerfiles": counts["dockerfiles"],
        f"secrets {done}": counts["rewritten"],
        callers: len(report.callers),
        "refused": counts["refused"],
        "reported": counts["reported"],
        "left over": counts["leftovers"],
        "errors": counts["errors"],
    }
    return "\n".join((_row(cells), _row("---:" for _ in cells), _row(map(str, cells.values()))))


def _sections(report: Report, said: Mapping[str, Any]) -> Iterator[Section]:
    findings = said["findings"]
    moved = [finding for finding in findings if finding["status"] == Status.REWRITTEN.value]
    table = "\n".join((_row(("Dockerfile", "secret", "id", "callers")), _row(["---"] * 4)))
    yield Section("Moved to build secrets" if report.writing else "To move to build secrets", tuple(map(_moved, moved)), table)
    yield Section("When you merge this", tuple(_steps(report, findings, moved)))
    yield Section("Build commands", tuple(_commands(said["build_commands"])), prose(CACHE))
    yield Section("What stays, and why", tuple(f"- {line}" for finding in findings for line in _refused(finding)))
    yield Section("Left behind", tuple(f"- {line}" for finding in findings for line in _left_behind(finding)))
    yield Section("Not read or not written", tuple(_error(error) for error in said["errors"]))
    yield Section("Evidence", tuple(_details(path, own) for path, own in _by_file(findings).items()))


def _moved(finding: Mapping[str, Any]) -> str:
    calls = [code(_place(call)) for call in finding["calls"] if call["status"] == CallStatus.REWRITTEN.value]
    more = f" and {len(calls) - MOST_PLACES} more" if len(calls) > MOST_PLACES else ""
    return _row((code(finding["dockerfile"]), code(finding["secret"]), code(finding["id"]), ", ".join(calls[:MOST_PLACES]) + more))


def _steps(report: Report, findings: Sequence[Mapping[str, Any]], moved: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    literal = [finding for finding in findings if finding["rule"] == LITERAL_CREDENTIAL.id]
    if report.callers:
        yield f"- {prose(WHOLE)}"
    for what, which in ((ROTATE, moved), (REVOKE, literal)):
        names = dict.fromkeys(finding["secret"] for finding in which if finding["status"] != Status.IGNORED.value)
        if names:
            yield f"- [ ] {prose(what)}"
            yield from (f"  - {code(name)}" for name in names)
    for finding in findings:
        yield from (f"- [ ] {line}" for line in _by_hand(finding))


def _by_hand(finding: Mapping[str, Any]) -> Iterator[str]:
    """The callers that somebody has to change."""
    for call in finding["calls"]:
        if call["status"] == CallStatus.REPORTED.value:
            suggestion = f": {code(call['suggestion'])}" if call["suggestion"] else ""
            yield f"{code(_place(call))} has to be changed by hand for {code(finding['secret'])}{suggestion}"


def _commands(commands: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for command in commands:
        *shell, text = command["argv"]
        text = text if tuple(shell) == SHELL else shlex.join(command["argv"])
        origin = f", as {code(command['from'])} has it" if command["from"] else ""
        yield f"{code(command['dockerfile'])}{origin}:\n\n{block(text, 'sh')}"


def _refused(finding: Mapping[str, Any]) -> Iterator[str]:
    refusal = finding["refusal"]
    if refusal:
        place = code(f"{finding['dockerfile']}:{refusal['line']}")
        yield f"{place}: {code(finding['secret'])} ({code(refusal['reason'])}): {prose(refusal['detail'])}. {prose(refusal['hint'])}"


def _left_behind(finding: Mapping[str, Any]) -> Iterator[str]:
    for remain in finding["remains"]:
        yield f"{code(finding['dockerfile'] + ':' + str(remain['line']))}: {code(finding['secret'])}: {prose(remain['detail'])}"


def _error(error: Mapping[str, Any]) -> str:
    place = f"{error['path']}:{error['line']}" if error["line"] else error["path"]
    return f"- {code(place)}: {prose(error['message'])}"


def _by_file(findings: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for finding in findings:
        found.setdefault(finding["dockerfile"], []).append(finding)
    return found


def _details(path: str, findings: Iterable[Mapping[str, Any]]) -> str:
    lines = [line for finding in findings for line in _evidence(finding)]
    return "\n".join((f"<details><summary><code>{in_html(path)}</code></summary>", "", *lines, "", "</details>"))


def _evidence(finding: Mapping[str, Any]) -> Iterator[str]:
    yield f"- {code(finding['secret'])}: {finding['status']}, {finding['confidence']}"
    for evidence in finding["evidence"]:
        against = " (against it)" if evidence["weight"] < 0 else ""
        yield f"  - line {evidence['line']}: {prose(evidence['detail'])}{against}"
    if finding["mounts"]:
        lines = ", ".join(str(mount["line"]) for mount in finding["mounts"])
        yield f"  - mounted for the RUN on line {lines}" if len(finding["mounts"]) == 1 else f"  - mounted for the RUNs on lines {lines}"
    yield from (f"  - {prose(warning)}" for warning in finding["warnings"])


def _place(call: Mapping[str, Any]) -> str:
    return f"{call['path']}:{call['line']}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(cell, cells))} |"
