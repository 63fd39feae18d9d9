"""Places and changes as SARIF has them: lines and columns from 1, columns in UTF-16 code units, a byte order mark left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from codemod.text import Source, Span

BOM = "\ufeff"


def region(source: Source, span: Span) -> dict[str, int]:
    """A range of a file that ends behind a character of a line."""
    (line, column), (end_line, end_column) = _at(source, span.start), _at(source, span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def replacements(before: str, after: str) -> Iterator[dict[str, Any]]:
    """What makes the one text the other, in whole lines."""
    old, new = _lines(before), _lines(after)
    for what, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            inserted = "".join(new[new_start:new_end])
            content = {"insertedContent": {"text": inserted}} if inserted else {}
            yield {"deletedRegion": _between(old, start, end), **content}


def width(text: str) -> int:
    """How many UTF-16 code units a text has."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _at(source: Source, offset: int) -> tuple[int, int]:
    line = source.line(offset)
    start = source.line_span(line).start or len(BOM) * source.text.startswith(BOM)
    return line, 1 + width(source.text[start:offset])


def _lines(text: str) -> list[str]:
    """Only a line feed ends a line, as in git."""
    return [line for line in re.split(r"(?<=\n)", text.removeprefix(BOM)) if line]


def _between(lines: list[str], start: int, end: int) -> dict[str, int]:
    (start_line, start_column), (end_line, end_column) = _position(lines, start), _position(lines, end)
    return {"startLine": start_line, "startColumn": start_column, "endLine": end_line, "endColumn": end_column}


def _position(lines: list[str], index: int) -> tuple[int, int]:
    """Where a line begins; the end of the text, where there is none."""
    if index < len(lines) or not lines or lines[-1].endswith("\n"):
        return index + 1, 1
    return index, 1 + width(lines[-1])
