"""A text that a person edited, read back: what it may have, and what it must no longer have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from codemod.callers.call import NotUnderstoodError, Tree
from codemod.detect import find_secrets
from codemod.dockerfile.error import ParseError
from codemod.dockerfile.mounts import secret_mounts
from codemod.dockerfile.nodes import Dockerfile
from codemod.dockerfile.parser import parse
from codemod.groups import Group, Looked
from codemod.migration import CallerResult, Command, read_back
from codemod.remains import of_mounts
from codemod.result import Outcome, Result
from codemod.review.unserved import unserved
from codemod.settings import Settings
from codemod.text import Source


def texts(group: Group) -> Mapping[str, str]:
    """The files that change with the texts they are to have, by their paths as messages have them."""
    results = [each.result for each in group.dockerfiles if isinstance(each.result, Result)]
    own = {str(result.source.path): result.text for result in results if result.changed}
    return own | {result.caller.shown: result.text for _, result in group.callers}


def with_text(group: Group, path: str, text: str) -> Group | str:
    """The group with another text for the file at `path`; or what is wrong with it, in words that follow the path."""
    try:
        dockerfiles = tuple(
            replace(each, result=_result(each.result, text, each.subject.settings))
            if isinstance(each.result, Result) and str(each.result.source.path) == path
            else each
            for each in group.dockerfiles
        )
        callers = tuple((file, _caller(each, text) if each.caller.shown == path else each) for file, each in group.callers)
    except _WrongError as wrong:
        return str(wrong)
    was = [command for _, each in group.callers for command in each.commands]
    now = [command for _, each in callers for command in each.commands]
    renewed = dict(zip(was, now, strict=True)) if len(was) == len(now) else {}
    return replace(group, dockerfiles=tuple(_renewed(each, renewed) for each in dockerfiles), callers=callers)


def _renewed(looked: Looked, commands: Mapping[Command, Command]) -> Looked:
    return replace(looked, commands=tuple(commands[command] for command in looked.commands if command in commands))


class _WrongError(Exception):
    """Raised where a text cannot be taken; `with_text` turns it into words."""


def _result(result: Result, text: str, settings: Settings) -> Result:
    try:
        after = parse(Source(result.source.path, text))
    except ParseError as error:
        raise _WrongError(f"{error.line}: {error.message}") from None
    wrong = next(_mistakes(result, after, settings), None)
    if wrong:
        raise _WrongError(wrong)
    mounted = tuple(dict.fromkeys(mount.id for _, mount in secret_mounts(after)))
    return replace(result, text=text, mounted=mounted, outcomes=_outcomes(result, after))


def _mistakes(result: Result, after: Dockerfile, settings: Settings) -> Iterator[str]:
    yield from _still_there(result, after)
    yield from _other_mounts(result, after)
    yield from unserved(result, after)
    yield from _others(result, after, settings)


def _still_there(result: Result, after: Dockerfile) -> Iterator[str]:
    """Words of ARG and ENV that were to go, and stand there again."""
    was = parse(result.source)
    gone = Counter((word.instruction.name, word.variable.name) for plan in result.plans for word in plan.removed)
    left = Counter((each.name, variable.name) for each in was.instructions for variable in each.variables)
    left.subtract(gone)
    for instruction in after.instructions:
        for variable in instruction.variables:
            word = (instruction.name, variable.name)
            left[word] -= 1
            if word in gone and left[word] < 0:
                yield f"{variable.line}: {variable.name} is still {'an ENV' if word[0] == 'ENV' else 'a build arg'}"


def _other_mounts(result: Result, after: Dockerfile) -> Iterator[str]:
    """The callers pass the secrets by the ids that were planned."""
    mounts = [(run.line, mount.id) for run, mount in secret_mounts(after)]
    for plan in result.plans:
        if plan.id in result.mounted and plan.id not in {identifier for _, identifier in mounts}:
            yield f"{mounts[0][0] if mounts else 1}: no RUN mounts the secret {plan.id} any more"
    for line, identifier in mounts:
        if identifier not in result.mounted:
            yield f"{line}: nobody passes a secret {identifier}: the callers pass {', '.join(result.mounted)}"


def _others(result: Result, after: Dockerfile, settings: Settings) -> Iterator[str]:
    """Secrets that the file did not have: nobody would see them before the next run."""
    left = Counter((finding.name, finding.entry) for finding in find_secrets(parse(result.source), settings))
    for finding in find_secrets(after, settings):
        left[finding.name, finding.entry] -= finding.acted_on
        if left[finding.name, finding.entry] < 0:
            yield f"{finding.line}: {finding.name} is another secret, and would be for everybody to read in the image"


def _outcomes(result: Result, after: Dockerfile) -> tuple[Outcome, ...]:
    """What was decided, with the copies that the image keeps of what is mounted now."""
    remains = {finding.name: found for finding, found in of_mounts(after, frozenset())}
    return tuple(
        replace(outcome, remains=remains.get(outcome.plan.id, ())) if outcome.plan and outcome.plan.steps else outcome
        for outcome in result.outcomes
    )


def _caller(result: CallerResult, text: str) -> CallerResult:
    try:
        after = read_back(result.caller, Source(result.caller.source.path, text), result.moves, Tree())
    except NotUnderstoodError as error:
        raise _WrongError(f"{error.line}: {error.message}") from None
    if isinstance(after, str):
        raise _WrongError(f" {after}")
    return after
