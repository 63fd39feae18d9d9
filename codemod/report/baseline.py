"""The file of a baseline: findings, each by what stays when lines move, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import join, relpath
from typing import Any

from codemod.findings import Entry
from codemod.report.files import Report
from codemod.result import Outcome
from codemod.user_configuration import Mistake

# the first line: what the file is, and the version of its form
TITLE = {"dockerfix-baseline": 1}
# the copy that an image has of what is shipped
HISTORY = "history"
ENTRIES = {entry.name.lower() for entry in Entry}


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A finding: its Dockerfile, its name, how it enters the file, and the copies of it that the image keeps."""

    dockerfile: str
    secret: str
    enters: str
    remains: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What makes two findings of a Dockerfile the same."""
        return self.secret, self.enters


def counts(outcome: Outcome) -> bool:
    """Whether it asks for anything, so that a baseline can accept it; what is only noted, or ignored, it need not."""
    return outcome.finding.acted_on or bool(outcome.remains)


def known(path: str, outcome: Outcome) -> Known:
    """What a baseline has of a finding: no line and no value."""
    finding = outcome.finding
    remains = [remain.reason if remain.path is None else f"{remain.reason} {remain.path}" for remain in outcome.remains]
    return Known(path, finding.name, finding.entry.name.lower(), tuple(sorted(remains + [HISTORY] * finding.shipped)))


def dumps(report: Report) -> str:
    """All that was found, as a baseline: Dockerfiles by their paths from the top of the tree, wherever in it one is."""
    paths = {file.path: relpath(join(report.here, file.path), report.top) for file in report.dockerfiles}
    found = sorted(known(paths[file.path], outcome) for file in report.dockerfiles for outcome in file.result.outcomes if counts(outcome))
    return "".join(json.dumps(line) + "\n" for line in (TITLE, *map(_entry, found)))


def _entry(each: Known) -> dict[str, Any]:
    remains = {"remains": list(each.remains)} if each.remains else {}
    return {"dockerfile": each.dockerfile, "secret": each.secret, "enters": each.enters, **remains}


def read(content: bytes) -> tuple[Known, ...] | Mistake:
    """The findings of a baseline, or its first mistake."""
    lines = _lines(content)
    number, title = next(lines, (1, b""))
    if _parsed(title) != TITLE:
        return Mistake(number, f"no baseline: it has to begin with {json.dumps(TITLE)}; --format baseline prints one")
    found: list[Known] = []
    for number, line in lines:
        each = _known(_parsed(line))
        if isinstance(each, str):
            return Mistake(number, each)
        found.append(each)
    return tuple(found)


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that say anything, each with its number."""
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _parsed(line: bytes) -> Any:  # noqa: ANN401  (whatever JSON has)
    """What a line says; None where it is no JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _known(entry: Any) -> Known | str:  # noqa: ANN401  (…)
    """The finding of a line, or what is wrong with it; keys of the user's own are left alone."""
    if not isinstance(entry, dict):
        return "no JSON object, as each line of a baseline is"
    for key in ("dockerfile", "secret", "enters"):
        if not isinstance(entry.get(key), str):
            return f"{key!r} has to be a string"
    if entry["enters"] not in ENTRIES:
        return f"'enters' has to be one of {', '.join(sorted(ENTRIES))}"
    remains = entry.get("remains", [])
    if not isinstance(remains, list) or not all(isinstance(remain, str) for remain in remains):
        return "'remains' has to be a list of strings"
    return Known(entry["dockerfile"], entry["secret"], entry["enters"], tuple(sorted(remains)))
