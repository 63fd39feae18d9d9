"""What a final image takes from stages that it is not made FROM: files that COPY --from and bind mounts bring over."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import join

from codemod.dataflow import lineage
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction, Stage
from codemod.places import normal


def reaches_the_image(dockerfile: Dockerfile, stage: Stage, place: str | None) -> bool:
    """Whether a file of `stage` may come into the final image; `place` is its path from the root, None where nobody can tell.

    Where a source cannot be resolved, it may.
    """
    return any(_takes(source, place) for source in _sources(dockerfile, stage.index, frozenset()))


def takes_from(dockerfile: Dockerfile, stage: Stage, index: int) -> bool:
    """Whether `stage` needs stage `index`: it is FROM that, or takes files of it."""
    return stage.parent == index or any(True for _ in (*_copied(dockerfile, stage, index), *_mounted(dockerfile, stage, index)))


def workdir(dockerfile: Dockerfile, stage: Stage, before: Instruction) -> str | None:
    """The folder that `before` starts in, or None where a variable or the base image decides."""
    folder = None
    if stage.parent is not None:
        parent = dockerfile.stages[stage.parent]
        folder = workdir(dockerfile, parent, dockerfile.instructions[-1])
    for instruction in stage.instructions:
        if instruction.name == "WORKDIR" and instruction.span.start < before.span.start:
            path = instruction.arguments.text.strip("\"'")
            folder = None if "$" in path or (folder is None and not path.startswith("/")) else join(folder or "/", path)
    return folder


def _sources(dockerfile: Dockerfile, index: int, seen: frozenset[int]) -> Iterator[str]:
    """The paths that the image takes from stage `index`, or `/` for all of it."""
    if index in lineage(dockerfile):
        yield "/"
    for other in dockerfile.stages:
        if other.index == index or other.index in seen:
            continue
        taken = [*_copied(dockerfile, other, index), *_mounted(dockerfile, other, index)]
        if other.parent == index:
            taken.append("/")
        if taken and any(True for _ in _sources(dockerfile, other.index, seen | {index})):
            yield from taken


def _copied(dockerfile: Dockerfile, stage: Stage, index: int) -> Iterator[str]:
    for copy in stage.instructions:
        origin = next((flag.value for flag in copy.flags if flag.name == "from"), None) if copy.name in ("COPY", "ADD") else None
        if origin is not None and _is_stage(dockerfile, origin, index):
            yield from (copy.json or copy.arguments.text.split())[:-1]


def _mounted(dockerfile: Dockerfile, stage: Stage, index: int) -> Iterator[str]:
    """A RUN may copy what it mounts."""
    for run in stage.instructions:
        for mount in mounts(run):
            options = dict(mount.fields)
            if mount.type == "bind" and _is_stage(dockerfile, options.get("from", ""), index):
                yield options.get("source", options.get("src", "/"))


def _is_stage(dockerfile: Dockerfile, name: str, index: int) -> bool:
    """By name or by number, and in case a variable stands there: perhaps."""
    return "$" in name or name.lower() in (dockerfile.stages[index].name, str(index))


def _takes(source: str, place: str | None) -> bool:
    if place is None or "$" in source:
        return True
    path = normal(join("/", source))
    return path in ("/", place) or place.startswith(path + "/") or fnmatchcase(place, path) or fnmatchcase(place, path + "/*")
