"""The words that differ between lines that were replaced and the lines in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter

TOKEN = re.compile(r"\w+|\s+|.")
# lines that have less in common are others, not changed ones
ALIKE = 0.5
# more than a person compares by eye, and than is compared in no time
MOST_PAIRS, MOST_TOKENS = 400, 200

Pieces = tuple[tuple[str, bool], ...]
"""A line in parts; True for those that the other line does not have."""


def compared(removed: Sequence[str], added: Sequence[str]) -> tuple[list[Pieces], list[Pieces]]:
    """The lines in parts; those that resemble none on the other side are one part, that is not marked."""
    before: list[Pieces] = [((text, False),) for text in removed]
    after: list[Pieces] = [((text, False),) for text in added]
    for old, new in _pairs(removed, added) if len(removed) * len(added) <= MOST_PAIRS else ():
        before[old], after[new] = _differing(removed[old], added[new])
    return before, after


def _pairs(removed: Sequence[str], added: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Lines that belong together, the most alike first, each with one other at most."""
    every = ((_likeness(old, new), i, j) for i, old in enumerate(removed) for j, new in enumerate(added))
    seen: tuple[set[int], set[int]] = set(), set()
    for likeness, i, j in sorted(every, key=lambda found: (-found[0], found[1], found[2])):
        if likeness >= ALIKE and i not in seen[0] and j not in seen[1]:
            seen[0].add(i)
            seen[1].add(j)
            yield i, j


def _likeness(old: str, new: str) -> float:
    """How much of both lines is the same, blanks aside; 0 for what is too long to say."""
    left, right = ([token for token in TOKEN.findall(text) if not token.isspace()] for text in (old, new))
    if max(len(left), len(right)) > MOST_TOKENS:
        return 0
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


def _differing(old: str, new: str) -> tuple[Pieces, Pieces]:
    left, right = TOKEN.findall(old), TOKEN.findall(new)
    before: list[tuple[str, bool]] = []
    after: list[tuple[str, bool]] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        before.append(("".join(left[i:i_end]), kind != "equal"))
        after.append(("".join(right[j:j_end]), kind != "equal"))
    return _joined(before), _joined(after)


def _joined(pieces: Sequence[tuple[str, bool]]) -> Pieces:
    """What differs, in one part with signs and blanks between two such parts: a mark a thought, not a mark a sign; no indentation."""
    marks = [differs for _, differs in pieces]
    for place in range(1, len(pieces) - 1):
        marks[place] |= marks[place - 1] and pieces[place + 1][1] and not re.search(r"\w", pieces[place][0])
    whole = _runs((text, marked) for (text, _), marked in zip(pieces, marks, strict=True))
    return _runs(inner for piece in whole for inner in _without_margins(piece))


def _runs(pieces: Iterable[tuple[str, bool]]) -> Pieces:
    """Neighbours with the same mark as one."""
    return tuple(("".join(text for text, _ in run), marked) for marked, run in groupby(filter(itemgetter(0), pieces), key=itemgetter(1)))


def _without_margins(piece: tuple[str, bool]) -> Iterator[tuple[str, bool]]:
    text, marked = piece
    inner = text.strip()
    start = text.index(inner)
    yield from ((text[:start], False), (inner, marked), (text[start + len(inner) :], False))
