"""Python programs that run builds: `subprocess` and its like, python-on-whales, and clients that can pass no secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from warnings import catch_warnings, simplefilter

from codemod.callers.call import Call, Move, Tree
from codemod.text import Edit, Source

# a file without one of these runs no build
TOOL = re.compile(r"docker|podman|buildah|nerdctl|whales|pulumi|aws_cdk|\bdepot\b|kaniko", re.IGNORECASE)
BUILD = re.compile(r"[\"'\s](?:build|bud|buildx)[\"'\s]|build\(|build[-_]?args?|DockerImage|from_asset|kaniko|bake", re.IGNORECASE)


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:
    """The builds that a program runs; raises NotUnderstoodError where it may run one and cannot be read."""
    if not TOOL.search(source.text) or not BUILD.search(source.text):
        return ()
    # libcst takes longer to load than most files to read
    from codemod.callers.python.program import program  # noqa: PLC0415

    with _silence():
        return program(source, tree)


def edits(source: Source, tree: Tree, moves: Sequence[Move]) -> tuple[Edit, ...]:
    """What passes the secrets instead of the build args."""
    from codemod.callers.python.program import changed  # noqa: PLC0415  (as above)

    with _silence():
        return changed(source, tree, moves)


def mistake(before: Source, after: Source, moves: Sequence[Move]) -> str | None:
    """What differs other than the moves, as Python's own parser reads both."""
    from codemod.callers.python.check import difference  # noqa: PLC0415  (as above)

    with _silence():
        return difference(before, after, moves)


@contextmanager
def _silence() -> Iterator[None]:
    """What Python warns of in a file, as of a backslash that escapes nothing, is between it and its authors."""
    with catch_warnings():
        simplefilter("ignore")
        yield
