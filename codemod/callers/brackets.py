"""Items between two brackets, on one line or on several: edits that take some away, and put others behind one of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from codemod.text import Edit, Span

BLANKS = re.compile(r"[ \t]*")
STEP = "  "


@dataclass(frozen=True, slots=True)
class Brackets:
    """`span` has both brackets; `comments` are those between them. Between two items is a `separator`, or just a line end."""

    span: Span
    items: tuple[Span, ...]
    comments: tuple[Span, ...] = ()
    separator: str = ","


@dataclass(frozen=True, slots=True)
class New:
    """An item to put in; where it has lines of its own it has comments `above` it, and one `behind` it."""

    text: str
    above: tuple[str, ...] = ()
    behind: str = ""

    def lines(self, before: str, separator: str) -> str:
        """It, with all before each line, and a separator behind it."""
        return "".join(before + line for line in self.above) + before + self.text + separator + self.behind


def newline(text: str) -> str:
    """How the lines of a text end: as its first one does."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def indentation(text: str, offset: int) -> str:
    """The blanks that the line of `offset` begins with."""
    start = text.rfind("\n", 0, offset) + 1
    blanks = BLANKS.match(text, start)
    return blanks[0] if blanks else ""


def starts_line(text: str, offset: int) -> bool:
    """Whether only blanks stand before `offset` in its line."""
    return not text[text.rfind("\n", 0, offset) + 1 : offset].strip(" \t\ufeff")


def with_comment(text: str, brackets: Brackets, end: int) -> int:
    """Where a comment ends that stands behind `end` in its line; `end` where there is none."""
    blanks = BLANKS.match(text, end)
    start = blanks.end() if blanks else end
    return next((comment.end for comment in brackets.comments if comment.start == start), end)


def ends_line(text: str, end: int) -> bool:
    """Whether only blanks stand behind `end` in its line."""
    rest = text[end:].split("\n", 1)
    return len(rest) > 1 and not rest[0].strip()


def separator_behind(text: str, brackets: Brackets, index: int) -> Span | None:
    """The separator behind an item; None where there is none."""
    offset = brackets.items[index].end
    limit = brackets.items[index + 1].start if index + 1 < len(brackets.items) else brackets.span.end - 1
    while offset < limit and brackets.separator:
        comment = next((comment for comment in brackets.comments if comment.start == offset), None)
        if text.startswith(brackets.separator, offset):
            return Span(offset, offset + len(brackets.separator))
        offset = comment.end if comment else offset + 1
    return None


def item_end(text: str, brackets: Brackets, index: int) -> int:
    """Where an item ends, with its separator."""
    separator = separator_behind(text, brackets, index)
    return separator.end if separator else brackets.items[index].end


def removals(text: str, brackets: Brackets, gone: Collection[int], above: Collection[Span] = ()) -> tuple[Edit, ...]:
    """Take away the items with the numbers `gone`, and the comment lines `above` them; whole lines where they stand alone."""
    return tuple(edit for run in _runs(gone) for edit in _removal(text, brackets, run, above))


def _runs(gone: Collection[int]) -> Iterator[tuple[int, int]]:
    """First and last of neighbours."""
    for index in sorted(gone):
        if index - 1 not in gone:
            last = index
            while last + 1 in gone:
                last += 1
            yield index, last


def _removal(text: str, brackets: Brackets, run: tuple[int, int], above: Collection[Span]) -> Iterator[Edit]:
    first, last = run
    start, end = brackets.items[first].start, item_end(text, brackets, last)
    is_last = last + 1 == len(brackets.items)
    behind = with_comment(text, brackets, end)
    if starts_line(text, start) and ends_line(text, behind):
        yield from _without_comma_before(text, brackets, run)
        opened = min((comment.start for comment in above if comment.end <= start), default=start)
        yield Edit(Span(text.rfind("\n", 0, opened) + 1, text.index("\n", behind) + 1), "")
    elif not is_last and (starts_line(text, start) or not ends_line(text, behind)):
        yield Edit(Span(start, brackets.items[last + 1].start), "")
    elif first and not starts_line(text, start):
        comma = separator_behind(text, brackets, last)
        left = brackets.items[first - 1].end if comma is None else item_end(text, brackets, first - 1)
        yield Edit(Span(left, end), "")
    elif ends_line(text, behind):
        yield Edit(Span(len(text[:start].rstrip(" \t")), behind), "")
    else:
        yield from _without_comma_before(text, brackets, run)
        yield Edit(Span(start, end), "")


def _without_comma_before(text: str, brackets: Brackets, run: tuple[int, int]) -> Iterator[Edit]:
    """Where the last item had no separator behind it, the one that is the last now has none either."""
    first, last = run
    comma = separator_behind(text, brackets, first - 1) if first else None
    if comma and last + 1 == len(brackets.items) and separator_behind(text, brackets, last) is None:
        yield Edit(comma, "")


def insertions(text: str, brackets: Brackets, index: int, new: Sequence[New]) -> tuple[Edit, ...]:
    """Put items behind the one with the number `index`, on lines of their own where it stands on one."""
    item = brackets.items[index]
    if starts_line(text, item.start) or not brackets.separator:
        return tuple(_lines_behind(text, brackets, index, new))
    joined = "".join(f"{brackets.separator} {each.text}" for each in new)
    return (Edit(Span(item.end, item.end), joined),)


def _lines_behind(text: str, brackets: Brackets, index: int, new: Sequence[New]) -> Iterator[Edit]:
    item, comma = brackets.items[index], separator_behind(text, brackets, index)
    end = item_end(text, brackets, index)
    behind = with_comment(text, brackets, end)
    if comma is None and brackets.separator:
        yield Edit(Span(item.end, item.end), brackets.separator)
    before = newline(text) + indentation(text, item.start)
    is_last = ends_line(text, behind)  # else there is no room for a comment
    items = new if is_last else [*new[:-1], New(new[-1].text, new[-1].above)]
    place = behind if is_last else end
    yield Edit(Span(place, place), listed(items, before, brackets.separator, last=brackets.separator if comma else ""))


def listed(new: Sequence[New], before: str, separator: str, last: str = "") -> str:
    """A line for each item, with `last` behind the last of them."""
    return "".join(each.lines(before, separator) for each in new[:-1]) + new[-1].lines(before, last)


def filled(text: str, brackets: Brackets, new: Sequence[New]) -> tuple[Edit, ...]:
    """Put items between brackets that have none; comments between them stay."""
    start = brackets.span.start + 1
    if "\n" in brackets.span.of(text):
        before = newline(text) + indentation(text, brackets.span.start) + STEP
        return (Edit(Span(start, start), listed(new, before, brackets.separator)),)
    joined = f"{brackets.separator} ".join(each.text for each in new)
    return (Edit(Span(start, start if brackets.comments else brackets.span.end - 1), joined),)
