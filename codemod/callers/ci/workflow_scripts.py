"""Steps that run a script: the shell text with what is around it, and the variables that its step gets for templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from codemod.callers.call import Call, Move
from codemod.callers.ci.embedded import SHELLS, Script, joined, masked, script_calls, script_edits
from codemod.callers.ci.pipeline_variables import builder
from codemod.callers.ci.step_environment import TEMPLATE, additions, planned, takes_variables, templates, variables
from codemod.callers.ci.workflow_evidence import evidence
from codemod.callers.ci.workflow_steps import Step
from codemod.callers.shell.text import ShellText
from codemod.callers.yaml.tree import Scalar, Yaml, text_at
from codemod.text import Edit

ANCHORED = "YAML anchors share it with other places"


def run_calls(tree: Yaml, step: Step) -> Iterator[Call]:
    """The builds of a step's script."""
    script = _script(tree, step)
    for call in script_calls(script, tree.source) if script is not None else ():
        told = (replace(passed, credential=passed.credential or evidence(step, passed.name, passed.value)) for passed in call.passes)
        yield replace(call, passes=tuple(told))


def _script(tree: Yaml, step: Step) -> Script | None:
    pair = step.mapping.get("run")
    scalar = tree.resolved(pair.value) if pair is not None else None
    if pair is None or not isinstance(scalar, Scalar):
        return None
    text = joined([scalar])
    values = _lasting(step)
    new = planned(text.text, values) if takes_variables(tree, step.mapping) else {}
    foreign = _foreign(step)
    return Script(
        text=ShellText(
            text=text,
            masked=masked(text.text, TEMPLATE),
            kind=step.kind,
            folders=step.folders(),
            environment={**templates(text.text, values, text.text), **new},
            exported=frozenset(step.values),
            templates_in_prefixes=True,
            values=_known(step, text.text),
        ),
        pieces=(scalar,),
        values=step.values,
        obstacle=foreign or (ANCHORED if tree.shared(pair.span) else ""),
        builder=builder("", (), step.values, text.text),
        shell=not foreign,
    )


def _lasting(step: Step) -> dict[str, str]:
    """The variables of a step, without the values of those that another one may change by `$GITHUB_ENV`."""
    own = step.mapping.get("env")
    kept = variables([own.value if own else None])
    texts = [text for sibling in step.siblings if "GITHUB_ENV" in (text := text_at(sibling, "run") or "")]
    return {
        name: "" if name not in kept and any(re.search(rf"\b{re.escape(name)}(?:=|<<)", text) for text in texts) else value
        for name, value in step.values.items()
    }


def _foreign(step: Step) -> str:
    """Why its script is none of a POSIX shell."""
    if step.shell and not SHELLS.match(step.shell):
        return f"its shell is {step.shell.split()[0]}, which is not read here"
    return "its shell is PowerShell, that of Windows, which is not read here" if not step.shell and "windows" in step.system.lower() else ""


def _known(step: Step, text: str) -> dict[str, str]:
    """The templates whose text is known."""
    found = {template: step.path(template) for template in TEMPLATE.findall(text)}
    return {template: known for template, known in found.items() if known is not None and known != template}


def run_edits(tree: Yaml, step: Step, moves: Sequence[Move]) -> Iterator[Edit]:
    """The edits of a step's script, and of its `env:`."""
    script = _script(tree, step)
    if script is None:
        return
    edits = tuple(script_edits(script, tree.source, moves))
    yield from edits
    new = "\n".join(edit.new for edit in edits)
    given = {
        name: template
        for template, name in planned(script.text.text.text, _lasting(step)).items()
        if takes_variables(tree, step.mapping) and re.search(rf"--secret[ =]\"?id=(?:{name}(?![\w,])|[\w.-]+,env={name}(?!\w))", new)
    }
    yield from additions(tree, step.mapping, "run", given)
