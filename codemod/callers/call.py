"""A call: a place that runs a build, and the build args and secrets that it passes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from codemod.text import Span

# stands in a suggestion where the secret's id goes, which is known when the plan is made
ID = "\x00"


class Engine(Enum):
    """Who builds. Buildah, podman's builder as well, has `env=` in mounts only since 1.44."""

    BUILDKIT = "BuildKit"
    BUILDAH = "buildah"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a build may find its Dockerfile: paths from the root of the tree; `context` is None where it is no folder of it."""

    dockerfile: str
    context: str | None


@dataclass(frozen=True, slots=True)
class Passed:
    """A build arg that a call passes. `span` is all that says so, `line` counts from 1.

    `value` is what stands in the file for it, None where the environment's variable of that name is meant; `credential` says
    what in it shows that it is a secret, such as `${{ secrets.X }}`, and never has a value. Where it cannot be moved `obstacle`
    says why, and `suggestion` what to put there, with ID for the id. `notes` are what to know once it is moved. Where something
    decides whether it is passed at all it is `conditional`: builds without it have to go on.
    """

    name: str
    span: Span
    line: int
    value: str | None = field(default=None, repr=False)
    credential: str = ""
    obstacle: str = ""
    suggestion: str = ""
    notes: tuple[str, ...] = ()
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A place that runs a build: `kind` is what one calls such a place, `span` all of it.

    `places` are where its Dockerfile may be, the likeliest first; none where nobody can tell; `elsewhere` says that it is certainly
    none of this tree, as with a remote context. `feeds` are the ids of the secrets that it passes already, `target` the stage it
    asks for. `blocks` says why it can never pass one, and the way out; a call in `documentation` keeps nothing from being moved.
    `command` is what one would type, on one line, and builds what is at `own` of the places, or at any of them where that is None;
    `keeps` are files that it needs as they are: those of a `docker stack deploy`, or for what `keeps_why` says. `inherits` are the build
    args and the secrets' ids that other calls of the file, which move them, pass to its build as well.
    """

    kind: str
    span: Span
    line: int
    places: tuple[Place, ...] = ()
    passes: tuple[Passed, ...] = ()
    feeds: tuple[str, ...] = ()
    target: str | None = None
    engine: Engine = Engine.BUILDKIT
    blocks: str = ""
    documentation: bool = False
    command: str = field(default="", repr=False)
    keeps: tuple[str, ...] = ()
    keeps_why: str = ""
    elsewhere: bool = False
    inherits: frozenset[str] = frozenset()
    own: tuple[Place, ...] | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of a build arg that a call passes: the secret `id` is passed as well, the build arg goes, or both.

    Where builds without the secret have to go on it is `optional`.
    """

    passed: Passed
    id: str
    optional: bool
    adds: bool = True
    removes: bool = True


@dataclass(frozen=True, slots=True)
class Tree:
    """What a caller has to know of the files around it: paths from the root of those that another script sources."""

    sourced: frozenset[str] = frozenset()


class NotUnderstoodError(Exception):
    """A caller that its reader cannot read; `message` says why, in words that follow a path and a line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message
