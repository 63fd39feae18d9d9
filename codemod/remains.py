"""Which copies of a secret the image keeps, however its build was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.dataflow import Sight, lineage, shell_text, trace
from codemod.detect import Confidence, Entry, Evidence, Finding
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction, Mount
from codemod.leftovers import Leftover, leftovers
from codemod.shell import read


@dataclass(frozen=True, slots=True)
class Remain:
    """One copy; `line` counts from 1 in the file as read, `reason` is one of the JSON's words."""

    line: int
    reason: str
    path: str | None
    detail: str


def of_argument(dockerfile: Dockerfile, finding: Finding) -> tuple[tuple[Remain, ...], tuple[str, ...]]:
    """What the final image keeps of a build arg, and, as warnings, what only stages keep that it is not made from."""
    if finding.flow is None:
        return (), ()
    names = frozenset({finding.name, *(word.variable.name for word in finding.flow.derived)})
    sights = {sight.run.span.start: sight for name in names for sight in trace(dockerfile, name).sights}
    final = lineage(dockerfile)
    remains: list[Remain] = []
    warnings: list[str] = []
    for sight in sights.values():
        for remain in _of_run(dockerfile, sight, names):
            if sight.stage.index in final:
                remains.append(remain)
            else:
                warnings.append(f"line {remain.line}: {remain.detail}; that is the build cache's, the final image has none of that stage")
    return tuple(remains), tuple(warnings)


def _of_run(dockerfile: Dockerfile, sight: Sight, names: frozenset[str]) -> Iterator[Remain]:
    run = sight.run
    if run.json is not None:
        return
    for leftover in leftovers(read(shell_text(run, dockerfile.source.text).text), names, elsewhere=_elsewhere(run)):
        yield _remain(dockerfile, run, leftover)


def _remain(dockerfile: Dockerfile, run: Instruction, leftover: Leftover) -> Remain:
    place = shell_text(run, dockerfile.source.text).origin(leftover.offset)
    return Remain(dockerfile.source.line(place), leftover.reason, leftover.path, leftover.detail)


def _elsewhere(run: Instruction) -> tuple[str, ...]:
    """Folders that are no part of the layer while the RUN runs."""
    return tuple(mount.target for mount in mounts(run) if mount.target and mount.type != "secret")


def of_mounts(dockerfile: Dockerfile, planned: frozenset[str]) -> Iterator[tuple[Finding, tuple[Remain, ...]]]:
    """The secret mounts that are there already and leave something behind; those of `planned` ids have had their turn."""
    found: dict[str, list[Remain]] = {}
    lines: dict[str, int] = {}
    for index in sorted(lineage(dockerfile)):
        for run in dockerfile.stages[index].instructions:
            for mount in mounts(run) if run.json is None else ():
                if mount.type == "secret" and mount.id not in planned:
                    lines.setdefault(mount.id, run.line)
                    found.setdefault(mount.id, []).extend(_of_mount(dockerfile, run, mount))
    for name, remains in found.items():
        if remains:
            evidence = (Evidence("use", lines[name], "a secret mount brings it in", 4),)
            yield Finding(name, Entry.MOUNT, lines[name], Confidence.CERTAIN, evidence), tuple(remains)


def _of_mount(dockerfile: Dockerfile, run: Instruction, mount: Mount) -> Iterator[Remain]:
    text = shell_text(run, dockerfile.source.text).text
    names = {mount.env} if mount.env else set()
    if mount.target:
        names |= set(re.findall(rf"\b(\w+)=[\"']?(?:\$\(\s*(?:cat|<)\s*|`cat\s+){re.escape(mount.target)}\b", text))
    if names:
        for leftover in leftovers(read(text), frozenset(names), elsewhere=_elsewhere(run)):
            yield _remain(dockerfile, run, leftover)
