"""Which Dockerfiles a call builds, and what the calls of a Dockerfile pass to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from codemod.callers.call import Call, Passed

# a build arg of another name is one that nobody can read
NAME = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Takes:
    """What a Dockerfile takes: the build args that it declares, and the ids of the secrets that it mounts."""

    arguments: frozenset[str]
    secrets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """A call of the file at `path` with the Dockerfiles that it builds, or may build where it is not `sure`.

    Where it passes any, `declared` are the build args that one of them declares;
    `missing` is the Dockerfile that it names where the tree has none there.
    """

    path: str
    call: Call
    dockerfiles: tuple[str, ...]
    sure: bool
    declared: frozenset[str] = frozenset()
    missing: str = ""

    @property
    def place(self) -> str:
        """`path:line`."""
        return f"{self.path}:{self.call.line}"

    def obstacle(self, passed: Passed) -> str:
        """Why a build arg of the call cannot be moved; empty where it can."""
        return passed.obstacle or (f"it builds {self.missing}, which is not here" if self.missing else "")


def link(path: str, call: Call, known: Mapping[str, Takes]) -> Link:
    """Link a call to Dockerfiles of its tree, which are `known` by their paths from its root.

    One whose Dockerfile nobody can tell may build each that takes what it passes, and any where that cannot be told either.
    """
    found = tuple(dict.fromkeys(place.dockerfile for place in call.places if place.dockerfile in known))
    is_known, missing = bool(found) or call.elsewhere, ""
    if not is_known:
        names = {passed.name for passed in call.passes} | set(call.feeds)
        hidden = any(NAME.fullmatch(passed.name) is None for passed in call.passes)
        if hidden or names:  # else it passes nothing, and all need not be read
            found = tuple(path for path, takes in known.items() if hidden or names & (takes.arguments | takes.secrets))
        missing = call.places[0].dockerfile if call.places else ""
    declared = frozenset(name for dockerfile in found for name in known[dockerfile].arguments) if call.passes else frozenset()
    return Link(path, call, found, is_known and len(found) == 1, declared, missing)


def passings(links: Sequence[Link], name: str) -> Iterator[tuple[Link, Passed]]:
    """Every place that passes the build arg `name`."""
    for each in links:
        for passed in each.call.passes:
            if passed.name == name:
                yield each, passed
