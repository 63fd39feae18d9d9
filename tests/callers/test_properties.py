"""What holds for callers of every kind, on the callers of all cases and on what is left of them when characters are lost or added."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemod.callers.call import Call, Move, NotUnderstoodError, Passed, Tree
from codemod.callers.files import CallerFile
from codemod.callers.kinds import KINDS, SHEBANGS, UNKNOWN, Kind, kind_of
from codemod.callers.links import link
from codemod.filenames import is_dockerfile
from codemod.migration import CallerResult, rewritten
from codemod.text import Source

CASES = Path(__file__).parents[1] / "cases"
TREE = Tree()
PIECES = (
    "'",
    '"',
    "\\",
    "\n",
    "\r\n",
    "$",
    "{",
    "}",
    "(",
    ")",
    " ",
    "\t",
    ":",
    "-",
    "#",
    "|",
    ">",
    "&",
    "*a",
    "\udcff",
    "é",
    "\0",
    "`",
    "<<EOF",
)


def callers() -> Iterator[tuple[str, bytes]]:
    """The callers of the cases, by their paths in them."""
    seen: set[tuple[str, bytes]] = set()
    for case in sorted(CASES.iterdir()):
        for path in sorted((case / "before").rglob("*")):
            name = path.relative_to(case / "before").as_posix()
            if path.is_file() and not is_dockerfile(path.name) and kind_of(name, path.read_bytes()) is not None:
                seen.add((name, path.read_bytes()))
    yield from sorted(seen)


CALLERS = list(callers())


def read(path: str, text: str) -> tuple[Source, Kind, tuple[Call, ...]]:
    """The calls of a file; none where it cannot be read."""
    source = Source(PurePosixPath(path), text)
    kind = kind_of(path, source.to_bytes())
    assert kind is not None
    try:
        return source, kind, kind.calls(source, TREE)
    except NotUnderstoodError as error:
        assert error.line >= 1  # noqa: PT017  (what it says, not that it is raised)
        assert error.message  # noqa: PT017  (…)
        return source, kind, ()


def movable(calls: tuple[Call, ...]) -> list[Passed]:
    """What could be moved."""
    free = [call for call in calls if not (call.blocks or call.documentation)]
    return [passed for call in free for passed in call.passes if not passed.obstacle]


def moved(source: Source, kind: Kind, calls: tuple[Call, ...], moves: list[Move]) -> CallerResult | str:
    """The file with these moves."""
    path = str(source.path)
    return rewritten(CallerFile(source, path, kind, tuple(link(path, call, {}) for call in calls)), moves, TREE)


def test_the_cases_have_callers_of_every_kind() -> None:
    kinds = {kind_of(path, content) for path, content in CALLERS}
    assert {*KINDS, UNKNOWN, *(kind for _, kind in SHEBANGS)} - kinds == set()


@pytest.mark.parametrize("kind", [*KINDS, UNKNOWN], ids=lambda kind: kind.module)
def test_a_reader_has_what_its_kind_promises(kind: Kind) -> None:
    assert kind.rewrites <= hasattr(kind._reader(), "edits")  # noqa: SLF001  (the module that is loaded by name)


@pytest.mark.parametrize(("path", "content"), CALLERS, ids=[f"{index}-{path}" for index, (path, _) in enumerate(CALLERS)])
def test_spans_and_lines(path: str, content: bytes) -> None:
    """A call is a part of its file, and what it passes a part of that; lines are theirs."""
    source, _, calls = read(path, Source.from_bytes(PurePosixPath(path), content).text)
    for call in calls:
        assert 0 <= call.span.start <= call.span.end <= len(source.text)
        assert call.line == source.line(call.span.start)
        for passed in call.passes:
            assert 0 <= passed.span.start < passed.span.end <= len(source.text)
            assert source.line(passed.span.start) <= passed.line <= source.line(passed.span.end)


@given(caller=st.sampled_from(CALLERS), data=st.data())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_moves_come_out_as_planned_and_a_second_time_is_idle(caller: tuple[str, bytes], data: st.DataObject) -> None:
    path, content = caller
    source, kind, calls = read(path, Source.from_bytes(PurePosixPath(path), content).text)
    names = sorted({passed.name for passed in movable(calls)})
    if not (names and kind.rewrites):
        return
    chosen = data.draw(st.sets(st.sampled_from(names), min_size=1))
    adds, removes = data.draw(st.sampled_from([(True, True), (True, False)]))
    other = data.draw(st.booleans())
    optional = data.draw(st.booleans())
    moves = [
        Move(passed, f"{passed.name}_ID" if other else passed.name, optional=optional, adds=adds, removes=removes)
        for passed in movable(calls)
        if passed.name in chosen
    ]
    result = moved(source, kind, calls, moves)
    assert isinstance(result, CallerResult), (result, source.text)


@given(caller=st.sampled_from(CALLERS), data=st.data())
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_text_is_read_or_not_understood(caller: tuple[str, bytes], data: st.DataObject) -> None:
    """And what is read can be moved, or has an obstacle."""
    path, content = caller
    text = content.decode("utf-8", "surrogateescape")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    broken = text[:start] + data.draw(st.sampled_from(("", *PIECES))) + text[end:]
    if kind_of(path, broken.encode("utf-8", "surrogateescape")) is None:
        return
    source, kind, calls = read(path, broken)
    moves = [Move(passed, passed.name, optional=False) for passed in movable(calls)]
    if moves and kind.rewrites:
        assert isinstance(result := moved(source, kind, calls, moves), CallerResult), (result, broken)
