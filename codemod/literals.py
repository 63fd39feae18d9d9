"""Credentials that stand in the file itself: values of ENV, defaults of ARG. The repository's history has them, whatever the build does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codemod import values
from codemod.dataflow import lineage, plain_value, trace
from codemod.dockerfile.nodes import Dockerfile, Instruction, Variable
from codemod.evidence import Confidence, Evidence, confidence, evidence_of, is_ignored
from codemod.findings import Entry, Finding
from codemod.names import public_prefix
from codemod.settings import Settings
from codemod.values import ValueSays

# what is a credential only where something else says that the variable holds one
BARE = values.UNKNOWN | {ValueSays.NUMBER}


def of_env(dockerfile: Dockerfile, settings: Settings) -> Iterator[Finding]:
    """The words of ENV whose value is a credential."""
    for stage in dockerfile.stages:
        for instruction in stage.instructions:
            for variable in instruction.variables if instruction.name == "ENV" else ():
                said = values.judge(plain_value(variable, dockerfile.escape))
                if (said is ValueSays.CREDENTIAL or said in BARE) and not public_prefix(variable.name):
                    found = _of_word(dockerfile, instruction, variable, settings)
                    yield from (replace(each, shipped=stage.index in lineage(dockerfile)) for each in found)


def _of_word(dockerfile: Dockerfile, instruction: Instruction, variable: Variable, settings: Settings) -> Iterator[Finding]:
    evidence = evidence_of(dockerfile, trace(dockerfile, variable.name, (variable,)), settings)
    sure = confidence(evidence)
    if sure is None:
        return
    if values.judge(plain_value(variable, dockerfile.escape)) is ValueSays.CREDENTIAL:
        sure = Confidence.CERTAIN  # whatever it is called, and wherever it goes
    ignored = is_ignored(dockerfile, variable.name, (instruction,))
    yield Finding(variable.name, Entry.ENV, variable.line, sure, evidence, ignored=ignored, literal=spellings(variable, dockerfile.escape))


def of_default(dockerfile: Dockerfile, finding: Finding) -> Iterator[Finding]:
    """The defaults of a build arg that are credentials; under a secret's name, whatever is no placeholder."""
    for word in finding.flow.declarations if finding.flow and not finding.public else ():
        said = values.judge(plain_value(word.variable, dockerfile.escape))
        is_likely = finding.confidence is not Confidence.POSSIBLE and said in values.UNKNOWN
        if word.is_copy or not (said is ValueSays.CREDENTIAL or is_likely):
            continue
        evidence = Evidence("value", word.variable.line, f"its default {said.value}", values.WEIGHTS.get(said, 0))
        if said is ValueSays.CREDENTIAL:
            sure = Confidence.CERTAIN
        else:
            sure, evidence = finding.confidence, max(finding.evidence, key=lambda item: item.weight)
        literal = spellings(word.variable, dockerfile.escape)
        yield replace(
            finding, entry=Entry.DEFAULT, line=word.variable.line, confidence=sure, evidence=(evidence,), flow=None, literal=literal
        )


def spellings(variable: Variable, escape: str) -> tuple[str, ...]:
    """How a value is written: without its quotes, and with them."""
    return tuple(dict.fromkeys(filter(None, (plain_value(variable, escape), variable.value))))
