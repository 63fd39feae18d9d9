"""What the tests of readers that only report ask of a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from codemod.callers.call import ID, Call, Engine, Tree
from codemod.callers.kinds import kind_of
from codemod.text import Source

Reader = Callable[[Source, Tree], tuple[Call, ...]]


def is_read_by(module: str, path: str) -> bool:
    """Whether files of this path are for the reader that is called so."""
    kind = kind_of(path, b"")
    return kind is not None and kind.module == module


@dataclass(frozen=True)
class Expected:
    """A call's line and kind, the first place, what it passes with its line, value and what is suggested; words of `blocks`."""

    line: int
    kind: str
    place: tuple[str, str | None] | None = None
    passes: list[tuple[str, int, str | None, str]] = field(default_factory=list)
    feeds: tuple[str, ...] = ()
    target: str | None = None
    credentials: list[str] = field(default_factory=list)
    blocks: str = ""
    engine: Engine = Engine.BUILDKIT


def check(reader: Reader, path: str, text: str, expected: list[Expected]) -> None:
    """The calls of a text are those expected, with any line end and behind a BOM; none has a value where it is said."""
    for changed in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
        found = reader(Source(PurePosixPath(path), changed), Tree())
        assert [_seen(call, wanted) for call, wanted in zip(found, expected, strict=True)] == expected
        for call in found:
            assert all(passed.obstacle for passed in call.passes)
            assert not any("canary" in passed.obstacle + passed.suggestion + passed.credential for passed in call.passes)
            assert all(passed.name in passed.span.of(changed) for passed in call.passes)


def _seen(call: Call, wanted: Expected) -> Expected:
    place = call.places[0] if call.places else None
    return Expected(
        call.line,
        call.kind,
        (place.dockerfile, place.context) if place else None,
        [(passed.name, passed.line, passed.value, passed.suggestion.replace(ID, "ID")) for passed in call.passes],
        call.feeds,
        call.target,
        [passed.credential for passed in call.passes if passed.credential],
        wanted.blocks if wanted.blocks and wanted.blocks in call.blocks else call.blocks,
        call.engine,
    )
