"""Which copies of a secret the image keeps, however its build was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod import values
from codemod.copies import reaches_the_image, workdir
from codemod.dataflow import Flow, plain_value, trace_all
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction, Mount, Stage
from codemod.evidence import Confidence, Evidence
from codemod.findings import Entry, Finding
from codemod.leftovers import Leftover, leftovers
from codemod.script import Form, script_of
from codemod.users import is_shell, prints_commands, shell_of
from codemod.values import ValueSays

# what is shorter stands in any sentence for something else
SHORTEST = 4


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
    flows = trace_all(dockerfile, finding.name)
    names = frozenset(flows)
    sights = {sight.run.span.start: sight for flow in flows.values() for sight in flow.sights}
    defaults = _defaults(dockerfile, finding.flow)
    remains: list[Remain] = []
    warnings: list[str] = []
    for sight in sights.values():
        for leftover in _of_run(dockerfile, sight.stage, sight.run, names):
            remain = _remain(dockerfile, sight.run, leftover, defaults)
            if leftover.path is None or reaches_the_image(dockerfile, sight.stage, leftover.place):
                remains.append(remain)
            else:
                warnings.append(f"line {remain.line}: {remain.detail}; no later stage was seen to copy it, so only the build cache has it")
    return tuple(remains), tuple(warnings)


def _of_run(
    dockerfile: Dockerfile, stage: Stage, run: Instruction, names: frozenset[str], files: frozenset[str] = frozenset()
) -> tuple[Leftover, ...]:
    """What a RUN leaves of the variables `names` and the mounted `files`; what another interpreter does is not known."""
    script = script_of(run, dockerfile.source.text)
    words = script.shebang.words if script.shebang else shell_of(dockerfile, stage, run)
    if not is_shell(words) and script.form is not Form.EXEC:
        return ()
    traced = script.form is not Form.EXEC and prints_commands(words)
    folder = workdir(dockerfile, stage, run)
    return leftovers(script.shell, names, elsewhere=_elsewhere(run), folder=folder, files=files, traced=traced)


def _defaults(dockerfile: Dockerfile, flow: Flow) -> tuple[str, ...]:
    """The literal values that a message must not repeat; placeholders and numbers are none."""
    found = [plain_value(word.variable, dockerfile.escape) for word in flow.declarations]
    shown = (ValueSays.SWITCH, ValueSays.HARMLESS, ValueSays.PUBLIC)
    return tuple(value for value in found if value and len(value) >= SHORTEST and values.judge(value) not in shown)


def _remain(dockerfile: Dockerfile, run: Instruction, leftover: Leftover, defaults: tuple[str, ...] = ()) -> Remain:
    place = script_of(run, dockerfile.source.text).text.origin(leftover.offset)
    path, detail = leftover.path, leftover.detail
    for value in defaults:
        path, detail = path and path.replace(value, "…"), detail.replace(value, "…")
    return Remain(dockerfile.source.line(place), leftover.reason, path, detail)


def _elsewhere(run: Instruction) -> tuple[str, ...]:
    """Folders that are no part of the layer while the RUN runs."""
    return tuple(mount.target for mount in mounts(run) if mount.target and mount.type != "secret")


def of_mounts(dockerfile: Dockerfile, planned: frozenset[str]) -> Iterator[tuple[Finding, tuple[Remain, ...]]]:
    """The secret mounts that are there already and leave something behind; those of `planned` ids have had their turn."""
    found: dict[str, list[Remain]] = {}
    lines: dict[str, int] = {}
    for stage in dockerfile.stages:
        for run in stage.instructions:
            for mount in mounts(run):
                if mount.type == "secret" and mount.id not in planned:
                    lines.setdefault(mount.id, run.line)
                    found.setdefault(mount.id, []).extend(_of_mount(dockerfile, stage, run, mount))
    for name, remains in found.items():
        if remains:
            evidence = (Evidence("use", lines[name], "a secret mount brings it in", 4),)
            yield Finding(name, Entry.MOUNT, lines[name], Confidence.CERTAIN, evidence), tuple(remains)


def _of_mount(dockerfile: Dockerfile, stage: Stage, run: Instruction, mount: Mount) -> Iterator[Remain]:
    text = script_of(run, dockerfile.source.text).text.text
    names = {mount.env} if mount.env else set()
    if mount.target:
        names |= set(re.findall(rf"\b(\w+)=[\"']?(?:\$\(\s*(?:cat|<)\s*|`cat\s+){re.escape(mount.target)}\b", text))
    files = frozenset({mount.target} if mount.target else ())
    for leftover in _of_run(dockerfile, stage, run, frozenset(names), files) if names or files else ():
        if leftover.path is None or reaches_the_image(dockerfile, stage, leftover.place):
            yield _remain(dockerfile, run, leftover)
