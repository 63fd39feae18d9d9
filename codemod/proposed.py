"""What belongs together, as what there is to report of it and what there is to write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from codemod.groups import Group
from codemod.headers import Headers
from codemod.report.files import CallerReport, FileReport
from codemod.result import Result
from codemod.text import Source


def file_reports(group: Group, number: int, headers: Headers, *, written: bool = False) -> Iterator[FileReport]:
    """The Dockerfiles with anything to say."""
    for each in group.dockerfiles:
        path, result = each.subject.path, each.result
        if isinstance(result, Result) and not is_clean(result):
            diff = _diff(headers.path(path), result.source.text, result.text) if result.changed else ""
            yield FileReport(each.subject.shown, result, diff, written, each.commands, each.context, number)


def caller_reports(group: Group, number: int, headers: Headers, *, written: bool = False) -> Iterator[CallerReport]:
    """The files of callers that change."""
    for path, moved in group.callers:
        before = moved.caller.source.text
        diff = _diff(headers.path(path), before, moved.text)
        yield CallerReport(moved.caller.shown, diff, written, moved.literals, before, moved.text, number)


def is_clean(result: Result) -> bool:
    """Whether there is nothing to say of a Dockerfile."""
    return not (result.outcomes or result.changed)


def changes(group: Group) -> list[tuple[Path, Source, str]]:
    """The files that change: where they are, what they have, and what they are to have."""
    looked = [(each.subject.path, each.result) for each in group.dockerfiles if isinstance(each.result, Result)]
    own = [(path, result.source, result.text) for path, result in looked if result.changed]
    return own + [(path, result.caller.source, result.text) for path, result in group.callers]


def _diff(path: str, before: str, after: str) -> str:
    from codemod.report.patch import patch  # noqa: PLC0415  (only where something changes)

    return patch(path, before, after).text
