"""Words of ARG and ENV that go: with their line, and with what only spoke of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from codemod.comments import goes_with
from codemod.dataflow import without_comment
from codemod.dockerfile.nodes import Dockerfile, Instruction, Line, LineKind, Variable
from codemod.text import Edit, Span


def removals(dockerfile: Dockerfile, removed: Collection[Variable]) -> Iterator[Edit]:
    """The edits that take the words `removed` out of the file."""
    emptied: list[Instruction] = []
    for instruction in dockerfile.instructions:
        words = [word for word in instruction.variables if word in removed]
        if not words:
            continue
        if not keeps_a_word(instruction, removed):
            emptied.append(instruction)
        else:
            yield from (Edit(span, "") for span in _word_gaps(dockerfile, instruction, removed))
    yield from _line_removals(dockerfile, emptied)


def keeps_a_word(instruction: Instruction, removed: Collection[Variable]) -> bool:
    """Whether an instruction still says something without the words `removed`: a comment that BuildKit takes for words does not."""
    words = without_comment(instruction.variables) if instruction.name == "ARG" else instruction.variables
    return not any(word in removed for word in words) or any(word not in removed for word in words)


def _word_gaps(dockerfile: Dockerfile, instruction: Instruction, removed: Collection[Variable]) -> Iterator[Span]:
    """Each removed word with the blanks before it; with those behind it where it is the first, unless a comment stands between."""
    words, text = instruction.variables, dockerfile.source.text
    kept_before = False
    for index, word in enumerate(words):
        if word not in removed:
            kept_before = True
        elif kept_before:
            yield Span(words[index - 1].span.end, word.span.end)
        else:
            behind = Span(word.span.end, words[index + 1].span.start)
            comment = any(line.kind is LineKind.COMMENT and line.span in behind for line in instruction.lines)
            blanks = len(behind.of(text)) - len(behind.of(text).lstrip(" \t"))
            yield Span(word.span.start, behind.start + blanks if comment else behind.end)


def _line_removals(dockerfile: Dockerfile, emptied: list[Instruction]) -> Iterator[Edit]:
    gone = {line.number for instruction in emptied for line in instruction.lines}
    for instruction in emptied:
        gone |= {line.number for line in goes_with(dockerfile, instruction, gone)}
    for block in _blocks(dockerfile.lines, gone):
        yield Edit(Span(block[0].span.start, _blanks_after(dockerfile.lines, block)), "")


def _blanks_after(lines: tuple[Line, ...], block: list[Line]) -> int:
    """Where the removal ends: two blank lines that would meet are one, and a file does not begin with any."""
    first, end = block[0].number, block[-1].span.end
    for line in lines[block[-1].number :]:
        if line.kind is not LineKind.BLANK or (first > 1 and lines[first - 2].kind is not LineKind.BLANK):
            return end
        end = line.span.end
        if first > 1:
            return end
    return end


def _blocks(lines: tuple[Line, ...], gone: set[int]) -> Iterator[list[Line]]:
    """The lines that go, in runs of neighbours."""
    block: list[Line] = []
    for line in lines:
        if line.number in gone:
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block
