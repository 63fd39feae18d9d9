"""What holds for every file: its lines tile it, every node lies in its parent, and nothing crashes."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.dockerfile.error import ParseError
from codemod.dockerfile.lines import LineReader
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction, LineKind
from codemod.dockerfile.parser import parse, read_instructions
from codemod.text import Source, SourceMap, Span

from .strategies import FEWER, dockerfiles, spliced

EVERYTHING = st.one_of(dockerfiles(), spliced(), st.binary(max_size=60))
HEAD = "FROM a\n"
EXTREMES = {
    "deep array": "RUN " + "[" * 60_000,
    "deep array, closed": "RUN " + "[" * 30_000 + "]" * 30_000,
    "deep objects": "RUN [" + '{"a":' * 10_000,
    "deep substitutions": "RUN <<A " + "${x:-" * 12_000,
    "deep substitutions, closed": "ENV a=" + "${x:-" * 8_000 + "}" * 8_000,
    "many ONBUILDs": "ONBUILD " * 8_000 + "RUN a",
    "many dollars": "RUN <<A " + "$" * 60_000,
    "many heredocs": "RUN " + "<<A " * 15_000,
    "many flags": "RUN " + "--a " * 15_000,
    "many words": "ARG " + "a " * 30_000,
    "many digits": "RUN " + "9" * 60_000 + "<<A",
    "many lines": "RUN a \\\n" * 5_000,
    "many instructions": "RUN a\n" * 5_000,
    "many stages": "FROM a AS b\n" * 5_000,
    "many blanks after a directive": "# escape=" + " " * 60_000,
}


def source_of(content: bytes) -> Source:
    """A file under the usual name."""
    return Source.from_bytes(PurePosixPath("Dockerfile"), content)


def read(content: bytes) -> Dockerfile | None:
    """The Dockerfile, if it is one that could be built."""
    try:
        return parse(source_of(content))
    except ParseError:
        return None


@FEWER
@given(EVERYTHING)
def test_a_dockerfile_or_an_error_with_a_line(content: bytes) -> None:
    """Never another exception, and never a line that the file has not."""
    source = source_of(content)
    for error in (_error(parse, source), _error(lambda given: read_instructions(LineReader(given)), source)):
        if error is not None:
            assert 1 <= error.line <= source.text.count("\n") + 1
            assert error.message


def _error(reading: Callable[[Source], object], source: Source) -> ParseError | None:
    try:
        reading(source)
    except ParseError as error:
        return error
    return None


@pytest.mark.parametrize("content", EXTREMES.values(), ids=EXTREMES)
def test_extremes(content: str) -> None:
    """The same for what would exhaust a stack, or the patience of whoever waits: each takes well under a second."""
    for text in (content, HEAD + content + "\nA\n"):
        read(text.encode())


@FEWER
@given(EVERYTHING)
def test_lines_tile_the_file(content: bytes) -> None:
    """Each character stands in exactly one line, and lines count from 1."""
    source = source_of(content)
    reader = LineReader(source)
    try:
        read_instructions(reader)
    except ParseError:
        return
    assert "".join(line.span.of(source.text) for line in reader.lines) == source.text
    assert [line.number for line in reader.lines] == list(range(1, len(reader.lines) + 1))
    assert [line.span for line in reader.lines] == [source.line_span(line.number) for line in reader.lines]
    position = 0
    for line in reader.lines:
        assert line.span.start == position
        position = line.span.end


@FEWER
@given(EVERYTHING)
def test_instructions_hold_their_lines_in_order(content: bytes) -> None:
    """No instruction overlaps another, each begins with code, and between them there is none."""
    reader = LineReader(source_of(content))
    try:
        found = read_instructions(reader)
    except ParseError:
        return
    taken = [line for instruction in found for line in instruction.lines]
    assert taken == sorted(taken, key=lambda line: line.number)
    between = {line.kind for line in reader.lines if line not in taken}
    assert between <= {LineKind.BLANK, LineKind.COMMENT, LineKind.DIRECTIVE}
    assert all(instruction.lines[0].kind is LineKind.CODE for instruction in found)
    assert all(instruction.line == instruction.lines[0].number for instruction in found)
    assert [line.kind for line in reader.lines].count(LineKind.DIRECTIVE) == len(reader.directives)


@FEWER
@given(EVERYTHING)
def test_spans_lie_in_their_parents(content: bytes) -> None:
    """Keyword, flags, arguments, words and heredocs in the instruction, one after the other."""
    source = source_of(content)
    try:
        found = read_instructions(LineReader(source))
    except ParseError:
        return
    for instruction in found:
        assert instruction.span == Span(instruction.lines[0].span.start, instruction.lines[-1].span.end)
        _check_spans(instruction, source.text)


def _check_spans(instruction: Instruction, text: str) -> None:
    arguments = instruction.arguments.span(Span(0, len(instruction.arguments.text)))
    order = [instruction.keyword, *(flag.span for flag in instruction.flags), arguments]
    assert all(span in instruction.span for span in order)
    assert all(one.end <= other.start for one, other in pairwise(order))
    last_flag = instruction.flags[-1].span.end if instruction.flags else instruction.keyword.end
    assert last_flag <= instruction.insertion <= arguments.start
    assert all(word.span in arguments for word in instruction.variables)
    words = [word.span for word in instruction.variables]
    assert all(one.end <= other.start for one, other in pairwise(words))
    bodies = [span for doc in instruction.heredocs for span in (doc.body, doc.terminator.span)]
    assert all(span in instruction.span for span in bodies)
    assert all(one.end == other.start for one, other in pairwise(bodies))
    for joined in (instruction.joined, instruction.arguments):
        _check_map(joined, text)
    if instruction.trigger:
        assert instruction.trigger.heredocs == instruction.heredocs
        assert instruction.trigger.span == instruction.span
        assert instruction.trigger.keyword in arguments
        _check_spans(instruction.trigger, text)


def _check_map(joined: SourceMap, text: str) -> None:
    origins = [joined.origin(offset) for offset in range(len(joined.text))]
    assert "".join(text[origin] for origin in origins) == joined.text
    assert origins == sorted(set(origins))


@FEWER
@given(EVERYTHING)
def test_stages_hold_every_instruction_once(content: bytes) -> None:
    """The head, then each stage's FROM and what follows it."""
    dockerfile = read(content)
    if dockerfile is None:
        return
    held = [*dockerfile.head, *(one for stage in dockerfile.stages for one in (stage.start, *stage.instructions))]
    assert held == list(dockerfile.instructions)
    assert [stage.index for stage in dockerfile.stages] == list(range(len(dockerfile.stages)))
    assert all(stage.parent is None or stage.parent < stage.index for stage in dockerfile.stages)
    assert all(mount.span in one.span for one in dockerfile.instructions for mount in mounts(one))


@FEWER
@given(EVERYTHING)
def test_results_pickle(content: bytes) -> None:
    """A process pool gives back what one process would."""
    dockerfile = read(content)
    assert pickle.loads(pickle.dumps(dockerfile)) == dockerfile


def test_an_error_pickles() -> None:
    """With its line and its message."""
    with pytest.raises(ParseError) as caught:
        parse(source_of(b"FROM a\nRUN [1]\n"))
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.message, copy.line, str(copy)) == (caught.value.message, 2, str(caught.value))


def _reprs(dockerfile: Dockerfile) -> Iterator[str]:
    yield repr(dockerfile)
    yield from map(repr, dockerfile.instructions)


HIDDEN = {
    "an unknown instruction": "FROM a\nhunter2=hunter2\n",
    "a word without a value": "FROM a\nENV A=b hunter2\n",
    "a heredoc": "FROM a\nRUN cat << hunter2\n",
    "an escape": "# escape=hunter2\nFROM a\n",
    "a stage": "FROM a AS $hunter2\n",
    "an array": 'FROM a\nRUN ["hunter2", 1]\n',
    "an open quote": 'FROM a\nRUN ${x-a <<"hunter2 b"}\n',
    "a long line": "FROM a\nRUN " + "hunter2" * 10_000,
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_no_message_quotes_the_file(text: str) -> None:
    """Of an error one sees the line's number and the reason."""
    with pytest.raises(ParseError) as caught:
        parse(source_of(text.encode()))
    assert "hunter2" not in caught.value.message.lower()


def test_no_repr_shows_a_value() -> None:
    """What may be a secret is in no log: of a node one sees the place, never the text."""
    text = 'FROM a\nARG T=hunter2\nENV U="hunter2"\nRUN --x=hunter2 <<E\nhunter2\nE\nRUN ["hunter2"]\nONBUILD RUN hunter2\n'
    dockerfile = read(text.encode())
    assert dockerfile is not None
    assert not any("hunter2" in shown for shown in _reprs(dockerfile))
