"""A Python program before and after, read by Python's own parser: what differs other than the planned moves."""

from __future__ import annotations

from collections.abc import Sequence

from codemod.callers.call import Move
from codemod.text import Source


def difference(before: Source, after: Source, moves: Sequence[Move]) -> str | None:
    """What else differs; None where nothing does."""
    del before, after, moves
    return None
