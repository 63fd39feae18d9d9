"""A unified diff of one file as lines for a terminal, with the words that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from codemod.review.looks import Line, Look, Part, line
from codemod.review.words import Pieces, compared
from codemod.terminal import visible

HEADERS = 2
SIDES = {"-": (Look.REMOVED, Look.REMOVED_WORD), "+": (Look.ADDED, Look.ADDED_WORD)}


def shown(diff: str) -> Iterator[Line]:
    """All of its lines, none of them cut."""
    lines = diff.removesuffix("\n").split("\n")
    yield from (line(text.rstrip("\t"), Look.FILE) for text in lines[:HEADERS])
    blocks = [(sign, [text[1:] for text in texts]) for sign, texts in groupby(_with_ends(lines[HEADERS:]), key=lambda text: text[:1])]
    for place, (sign, texts) in enumerate(blocks):
        if sign not in SIDES:
            yield from (line(sign + text, Look.PLACE if sign == "@" else Look.PLAIN) for text in texts)
            continue
        removed, added = _beside(blocks, place)
        before, after = compared(removed, added)
        yield from (_line(sign, pieces) for pieces in (before if sign == "-" else after))


def _beside(blocks: Sequence[tuple[str, list[str]]], place: int) -> tuple[list[str], list[str]]:
    """The removed and the added lines that stand in each other's place, the block at `place` on one side."""
    if blocks[place][0] == "-":
        follows = blocks[place + 1 : place + 2]
        return blocks[place][1], follows[0][1] if follows and follows[0][0] == "+" else []
    precedes = blocks[max(0, place - 1) : place]
    return precedes[0][1] if precedes and precedes[0][0] == "-" else [], blocks[place][1]


def _line(sign: str, pieces: Pieces) -> Line:
    plain, marked = SIDES[sign]
    return (Part(sign, plain), *(Part(visible(text), marked if differs else plain) for text, differs in pieces))


def _with_ends(lines: Sequence[str]) -> list[str]:
    """The lines; the carriage returns of a file that has one at each line's end are nothing to look at."""
    own = [text for text in lines if text[:1] in (" ", "+", "-")]
    return [text.removesuffix("\r") for text in lines] if all(text.endswith("\r") for text in own) else list(lines)
