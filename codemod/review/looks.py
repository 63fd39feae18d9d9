"""Lines for a terminal, before anyone knows its colours: parts of text, each with what it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from codemod.terminal import visible


class Look(Enum):
    """What a part of a line is."""

    PLAIN = auto()
    RULE = auto()
    TITLE = auto()
    FILE = auto()
    PLACE = auto()
    ADDED = auto()
    ADDED_WORD = auto()
    REMOVED = auto()
    REMOVED_WORD = auto()
    SUPPORT = auto()
    AGAINST = auto()
    WARNING = auto()
    COMMAND = auto()
    QUESTION = auto()
    ERROR = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """Some text that has one look."""

    text: str = field(repr=False)
    look: Look = Look.PLAIN


Line = tuple[Part, ...]
EMPTY: Line = ()


def line(text: str, look: Look = Look.PLAIN) -> Line:
    """A line of one look."""
    return (Part(visible(text), look),)


def wrapped(text: str, width: int, *, indent: str = "", mark: Sequence[Part] = (), look: Look = Look.PLAIN) -> Iterator[Line]:
    """Prose, behind `indent` and a `mark`, in as many lines as it takes; the next ones begin where the text of the first does."""
    margin = len(indent) + sum(len(part.text) for part in mark)
    lines = textwrap.wrap(visible(text), max(20, width - margin), break_long_words=False, break_on_hyphens=False)
    for number, each in enumerate(lines):
        yield (Part(indent), *mark, Part(each, look)) if number == 0 else (Part(" " * margin), Part(each, look))
