"""RUNs of an edited Dockerfile that read a secret which nothing gives them any more."""

from __future__ import annotations

from collections.abc import Iterator

from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction
from codemod.dockerfile.parser import parse
from codemod.plan import Plan
from codemod.result import Result
from codemod.script import script_of
from codemod.shell import Reading
from codemod.text import Source


def unserved(result: Result, after: Dockerfile) -> Iterator[str]:
    """What is wrong: the line, and what it reads. What our own text would be blamed for as well is no mistake of the person's."""
    proposed = parse(Source(result.source.path, result.text))
    for plan in result.plans:
        if not any(_lacking(proposed, plan)):
            yield from (f"{run.line}: reads {plan.name}, and no mount gives it" for run in _lacking(after, plan))


def _lacking(dockerfile: Dockerfile, plan: Plan) -> Iterator[Instruction]:
    """The RUNs whose shell expands the variable, and neither sets it nor has it from a mount."""
    for run in dockerfile.instructions:
        if run.name == "RUN":
            readings = {mention.reading for mention in script_of(run, dockerfile.source.text).shell.mentions(plan.name)}
            if Reading.EXPANDED in readings and not (Reading.ASSIGNED in readings or _is_given(dockerfile, run, plan)):
                yield run


def _is_given(dockerfile: Dockerfile, run: Instruction, plan: Plan) -> bool:
    text = run.span.of(dockerfile.source.text)
    own = [mount for mount in mounts(run) if mount.type == "secret" and mount.id == plan.id]
    return any(mount.env == plan.name or (mount.target is not None and mount.target in text) for mount in own)
