"""Our own output read back before anyone sees it: what it must still be, and what it must no longer have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codemod.dataflow import without_comment
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction, LineKind, ParseError
from codemod.dockerfile.parser import parse
from codemod.plan import Plan
from codemod.shell import read
from codemod.text import Source


def failure(before: Dockerfile, after: Source, plans: Sequence[Plan]) -> str | None:
    """What is wrong with `after`, in words, or None."""
    try:
        rewritten = parse(after)
    except ParseError as error:
        return f"line {error.line} of the result: {error.message}"
    return next(_failures(before, rewritten, plans), None)


def _failures(before: Dockerfile, after: Dockerfile, plans: Sequence[Plan]) -> Iterator[str]:
    removed = {word.variable for plan in plans for word in plan.removed}
    kept = [instruction for instruction in before.instructions if instruction.name != "ARG" or _keeps_a_word(instruction, removed)]
    if len(kept) != len(after.instructions):
        yield "the result has other instructions than were planned"
        return
    changed = {step.run.span.start for plan in plans for step in plan.steps}
    for old, new in zip(kept, after.instructions, strict=True):
        if old.span.start in changed:
            yield from _run_failures(old, new, [step.name for plan in plans for step in plan.steps if step.run is old])
        elif set(old.variables) & removed:
            yield from _argument_failures(old, new, {word for word in old.variables if word not in removed})
        elif _text(before, old) != _text(after, new):
            yield f"line {old.line}: an instruction changed that was not to"
    yield from _name_failures(after, plans)
    yield from _trivia_failures(before, after)


def _keeps_a_word(instruction: Instruction, removed: set) -> bool:  # type: ignore[type-arg]
    return any(word not in removed for word in without_comment(instruction.variables))


def _text(dockerfile: Dockerfile, instruction: Instruction) -> str:
    return instruction.span.of(dockerfile.source.text)


def _run_failures(old: Instruction, new: Instruction, names: list[str]) -> Iterator[str]:
    if new.name != "RUN" or not new.arguments.text.endswith(old.arguments.text):
        yield f"line {old.line}: the command of a RUN changed"
    if [flag.text for flag in new.flags[: len(old.flags)]] != [flag.text for flag in old.flags]:
        yield f"line {old.line}: the flags of a RUN changed"
    if any(mount.type != "secret" for mount in mounts(new)[len(mounts(old)) :]):
        yield f"line {old.line}: a mount is none of a secret"
    shell = read(new.arguments.text)
    if not shell.understood:
        yield f"line {old.line}: the shell would not read the result"
    elif any(not shell.mentions(name) for name in names):
        yield f"line {old.line}: the secret does not arrive"


def _argument_failures(old: Instruction, new: Instruction, kept: set) -> Iterator[str]:  # type: ignore[type-arg]
    if [(word.name, word.value) for word in new.variables] != [(word.name, word.value) for word in old.variables if word in kept]:
        yield f"line {old.line}: other words of an ARG changed"


def _name_failures(after: Dockerfile, plans: Sequence[Plan]) -> Iterator[str]:
    names = {word.variable.name for plan in plans for word in plan.removed}
    for instruction in after.instructions:
        left = [word.name for word in instruction.variables if word.name in names and instruction.name == "ARG"]
        if left:
            yield f"line {instruction.line} of the result: {left[0]} is still an {instruction.name}"


def _trivia_failures(before: Dockerfile, after: Dockerfile) -> Iterator[str]:
    """Comments and blank lines may go with an ARG, but none may come or move."""
    kinds = (LineKind.BLANK, LineKind.COMMENT, LineKind.DIRECTIVE)
    old = iter([line.span.of(before.source.text) for line in before.lines if line.kind in kinds])
    new = [line.span.of(after.source.text) for line in after.lines if line.kind in kinds]
    if not all(line in old for line in new):
        yield "a comment or blank line moved"
