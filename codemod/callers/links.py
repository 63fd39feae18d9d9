"""Which Dockerfiles a call builds, and what the calls of a Dockerfile pass to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from codemod.callers.call import Call, Passed


@dataclass(frozen=True, slots=True)
class Link:
    """A call of the file at `path` with the Dockerfiles that it builds, or may build where it is not `sure`.

    `missing` is the Dockerfile that it names where the tree has none there.
    """

    path: str
    call: Call
    dockerfiles: tuple[str, ...]
    sure: bool
    missing: str = ""

    @property
    def place(self) -> str:
        """`path:line`."""
        return f"{self.path}:{self.call.line}"

    def obstacle(self, passed: Passed) -> str:
        """Why a build arg of the call cannot be moved; empty where it can."""
        return passed.obstacle or (f"it builds {self.missing}, which is not here" if self.missing else "")


def link(path: str, call: Call, declared: Mapping[str, Collection[str]]) -> Link:
    """Link a call to Dockerfiles of its tree; `declared` are the build args of each, by its path from the root.

    One whose Dockerfile nobody can tell may build each that declares what it passes.
    """
    found = tuple(dict.fromkeys(place.dockerfile for place in call.places if place.dockerfile in declared))
    if found or call.elsewhere:
        return Link(path, call, found, sure=len(found) == 1)
    names = {passed.name for passed in call.passes}
    takers = tuple(dockerfile for dockerfile, arguments in declared.items() if not names.isdisjoint(arguments))
    return Link(path, call, takers, sure=False, missing=call.places[0].dockerfile if call.places else "")


def passings(links: Sequence[Link], name: str) -> Iterator[tuple[Link, Passed]]:
    """Every place that passes the build arg `name`."""
    for each in links:
        for passed in each.call.passes:
            if passed.name == name:
                yield each, passed
