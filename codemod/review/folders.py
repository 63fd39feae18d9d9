"""Which changes one answer is for: those of the same folder, where the run's files lie in several."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from pathlib import PurePosixPath

# of so many folders the names are said
MOST_NAMES = 2


def folders(changes: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """For each change, given by the paths of its files, where it is, in words; empty for all where they are all in one place.

    The folders are those in which the paths part: `team-a` and `team-b`, or `services/api` and `services/web`.
    """
    every = [[PurePosixPath(path).parent.parts for path in paths] for paths in changes]
    columns = zip(*(parts for change in every for parts in change), strict=False)
    shared = sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, columns))
    places = [tuple(dict.fromkeys(parts[: shared + 1] for parts in change)) for change in every]
    is_one = len(set(places)) == 1
    return tuple("" if is_one else _said(place, shared) for place in places)


def _said(place: Sequence[Sequence[str]], shared: int) -> str:
    if len(place) > MOST_NAMES:
        return f"in the same {len(place)} folders"
    return " and ".join(f"below {PurePosixPath(*parts)}" if len(parts) > shared else _directly(parts) for parts in place)


def _directly(parts: Sequence[str]) -> str:
    return f"directly in {PurePosixPath(*parts) if parts else 'this folder'}"
