"""What of a file is accounted for: spans, asked many times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from codemod.text import Span


class Covered:
    """Spans, and whether another one has something in common with them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in sorted(spans):
            if self._ends and span.start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end)
            else:
                self._starts.append(span.start)
                self._ends.append(span.end)

    def touches(self, span: Span) -> bool:
        """Whether one of the spans overlaps this one; an empty one has to be inside."""
        before = bisect_right(self._starts, max(span.start, span.end - 1)) - 1
        return before >= 0 and self._ends[before] > span.start
