"""Build args of a file that its reader cannot read, such as a template: what stands below `args`, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from codemod.callers.call import Call, NotUnderstoodError, Passed
from codemod.callers.credentials import credential
from codemod.text import Source, Span

ARGS = re.compile(r"""(?:^[ \t]*|[{,][ \t]*)["']?args["']?[ \t]*[:=]""")
NAMED = re.compile(r"""(?:^[ \t]*(?:-[ \t]+)?|[{\[,][ \t]*)["']?(?P<name>[A-Za-z_]\w*)["']?[ \t]*[:=][ \t]*(?P<value>[^,}\]\r\n]*)""")
LISTED = re.compile(r"""^[ \t]*-[ \t]+["']?(?P<name>[A-Za-z_]\w*)["']?[ \t]*(?:#.*)?$""")


def guesses(source: Source, kind: str, error: NotUnderstoodError, suggestion: Callable[[str], str]) -> tuple[Call, ...]:
    """A call for each `args`, whose build args cannot be moved. Raises the error where there are none."""
    found = tuple(call for call in _calls(source, kind, f"the file cannot be read: line {error.line} {error.message}", suggestion))
    if not found:
        raise error
    return found


def _calls(source: Source, kind: str, why: str, suggestion: Callable[[str], str]) -> Iterator[Call]:
    for number in range(1, source.line(len(source.text)) + 1):
        line = source.line_span(number)
        match = ARGS.search(line.of(source.text))
        if match is None:
            continue
        passes = tuple(
            Passed(name, span, source.line(span.start), value, credential(value or ""), why, suggestion(name))
            for part in (Span(line.start + match.end(), line.end), *_below(source, number))
            for name, value, span in _entries(source, part)
        )
        if passes:
            yield Call(kind, line, number, passes=passes)


def _below(source: Source, number: int) -> Iterator[Span]:
    """The lines that are further in than one, or items of its list."""
    indent = _indent(source.line_span(number).of(source.text))
    for below in range(number + 1, source.line(len(source.text)) + 1):
        span = source.line_span(below)
        line = span.of(source.text)
        if line.strip() and _indent(line) <= indent and not line.lstrip().startswith("- "):
            return
        yield span


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _entries(source: Source, part: Span) -> Iterator[tuple[str, str | None, Span]]:
    line = part.of(source.text).rstrip("\r\n")
    if line.lstrip().startswith(("#", "//")):
        return
    if listed := LISTED.match(line):
        yield listed["name"], None, Span(part.start + listed.start("name"), part.start + listed.end("name"))
    for match in NAMED.finditer(line):
        value = match["value"].strip().strip("\"'")
        yield match["name"], value, Span(part.start + match.start("name"), part.start + match.end())
