"""Texts without the credentials that stand in the files: what machines print goes to logs."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from codemod.report.files import CallerReport, FileReport, Report

# what is shorter stands in any file for something else
SHORTEST = 4
# a variable alone, which is no value
REFERENCE = re.compile(r"[\"']?\$(?:\w+|\{\w+\})[\"']?")


def names(report: Report) -> frozenset[str]:
    """What the secrets are called: a caller that passes one by its name passes no literal."""
    return frozenset(outcome.finding.name for file in report.dockerfiles for outcome in file.result.outcomes)


def literals(file: FileReport | CallerReport, known: Collection[str]) -> tuple[str, ...]:
    """The values that stand in a file for secrets, the longest first; `known` are the secrets' names."""
    found = file.literals if isinstance(file, CallerReport) else _of_dockerfile(file)
    values = {text for text in found if len(text) >= SHORTEST and text not in known and not REFERENCE.fullmatch(text)}
    return tuple(sorted(values, key=lambda text: (-len(text), text)))


def _of_dockerfile(file: FileReport) -> list[str]:
    return [text for outcome in file.result.outcomes for text in outcome.finding.literal]


def redacted(text: str, values: Sequence[str]) -> str:
    """The text with `…` in the place of each of `values`."""
    for value in values:
        is_word = value.isalpha() and value.islower()  # a part of other words, and of paths
        text = re.sub(rf"(?<![\w/]){value}(?![\w/])", "…", text) if is_word else text.replace(value, "…")
    return text
