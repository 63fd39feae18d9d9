"""Elements of a list, a dict or a call in Python: how they are taken out and put in, with their commas, lines and comments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import libcst as cst

from codemod.callers.python.tree import PythonFile
from codemod.callers.remarks import remark_above
from codemod.text import Edit, Span


@dataclass(frozen=True, slots=True)
class Slot:
    """An element; `end` is that of its comma, where it has one."""

    node: cst.CSTNode
    span: Span
    end: int

    @property
    def has_comma(self) -> bool:
        """Whether a comma follows."""
        return self.end > self.span.end


def slots(file: PythonFile, holder: cst.CSTNode) -> tuple[Slot, ...]:
    """The elements of a list, a tuple, a dict or a call, in order."""
    if isinstance(holder, cst.Call):
        elements: Sequence[cst.BaseElement | cst.BaseDictElement | cst.Arg] = holder.args
    else:
        assert isinstance(holder, cst.List | cst.Tuple | cst.Dict)  # noqa: S101  (what else has none)
        elements = holder.elements
    return tuple(Slot(node, file.span(node), file.span(node.comma if isinstance(node.comma, cst.Comma) else node).end) for node in elements)


def without(file: PythonFile, holder: cst.CSTNode, gone: Collection[cst.CSTNode], names: Collection[str] = ()) -> Iterator[Edit]:
    """The edits that take elements out; a comment above them that speaks of one of the `names` goes with them."""
    every = slots(file, holder)
    indexes = range(len(every))
    for removed, run in groupby(indexes, lambda index: any(every[index].node is node for node in gone)):
        if removed:
            block = tuple(run)
            yield Edit(_hole(file, every, block[0], block[-1], names), "")


def appended(file: PythonFile, holder: cst.CSTNode, texts: Sequence[str], behind: cst.CSTNode | None = None) -> Iterator[Edit]:
    """The edits that put elements behind one of them (None: the last), on lines of their own where that has one."""
    every = slots(file, holder)
    if not every:
        place = file.span(holder).end - 1
        yield Edit(Span(place, place), ", ".join(texts))
        return
    last = next((slot for slot in every if slot.node is behind), every[-1])
    line = file.source.line_span(file.source.line(last.span.start))
    indentation = file.source.text[line.start : last.span.start]
    if indentation.strip() or not _ends_its_line(file, last.end):
        place = last.span.end
        yield Edit(Span(place, place), "".join(f", {text}" for text in texts))
        return
    if not last.has_comma:
        yield Edit(Span(last.span.end, last.span.end), ",")
    end = file.source.line_span(file.source.line(last.end)).end
    yield Edit(Span(end, end), "".join(f"{indentation}{text},{newline(file, end)}" for text in texts))


def before(file: PythonFile, first: Slot, second: Slot | None, texts: Sequence[str]) -> Edit:
    """The edit that puts elements before the `first`, laid out as it and the `second` are; on a line of their own where these have one."""
    text = file.source.text
    between = text[first.end : second.span.start] if second is not None else " "
    between = between if between.strip() == "" and between else " "
    line = file.source.line_span(file.source.line(first.span.start))
    indentation = text[line.start : first.span.start]
    alone = not indentation.strip() and _ends_its_line(file, (second or first).end)
    behind = newline(file, line.end) + indentation if alone else " "
    return Edit(Span(first.span.start, first.span.start), f",{between}".join(texts) + "," + behind)


def newline(file: PythonFile, end: int) -> str:
    """The line ending of the line that ends there."""
    return "\r\n" if file.source.text[:end].endswith("\r\n") else "\n"


def _ends_its_line(file: PythonFile, end: int) -> bool:
    line = file.source.line_span(file.source.line(end))
    rest = file.source.text[end : line.end]
    return rest.endswith("\n") and not rest.split("#", 1)[0].strip()


def _hole(file: PythonFile, every: tuple[Slot, ...], first: int, last: int, names: Collection[str]) -> Span:
    """All that goes with the elements from the `first` to the `last`."""
    text = file.source.text
    start, end = every[first].span.start, every[last].end
    line = file.source.line_span(file.source.line(start))
    begins = not text[line.start : start].strip()
    if begins and _ends_its_line(file, end):
        remarks = (remark_above(text, start, name, ()) for name in names)
        first_line = min((remark.start for remark in remarks if remark is not None), default=line.start)
        return Span(first_line, file.source.line_span(file.source.line(end)).end)
    if last + 1 < len(every) and (begins or not _ends_its_line(file, end)):
        following = every[last + 1].span.start
        return Span(start, following if not text[end:following].strip() else end)
    if first == 0:
        return Span(start, end)
    previous = every[first - 1]
    left = text[previous.end : start]
    if left.strip():  # a comment
        return Span(start - (len(left) - len(left.rstrip(" \t"))), end)
    return Span(previous.end, end) if previous.has_comma and every[last].has_comma else Span(previous.span.end, every[last].span.end)
