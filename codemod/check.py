"""Our own output read back before anyone sees it: what it must still be, and what it must no longer have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from codemod.dataflow import without_comment
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction, Line, LineKind, Mount, ParseError, Variable
from codemod.dockerfile.parser import parse
from codemod.plan import NewMount, Plan, Step
from codemod.shell import read
from codemod.text import Source

TRIVIA = (LineKind.BLANK, LineKind.COMMENT, LineKind.DIRECTIVE)


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
    steps = [step for plan in plans for step in plan.steps]
    for old, new in zip(kept, after.instructions, strict=True):
        own = [step for step in steps if step.run.span == old.span]
        if own:
            yield from _run_failures(old, new, own, _inserted(old.span.of(before.source.text), new.span.of(after.source.text)))
        elif set(old.variables) & removed:
            yield from _argument_failures(old, new, {word for word in old.variables if word not in removed})
        elif old.span.of(before.source.text) != new.span.of(after.source.text):
            yield f"line {old.line}: an instruction changed that was not to"
    yield from _name_failures(after, removed)
    yield from _trivia_failures(before, after, removed)


def _keeps_a_word(instruction: Instruction, removed: AbstractSet[Variable]) -> bool:
    words = without_comment(instruction.variables)
    return not set(words) & removed or any(word not in removed for word in words)


def _inserted(old: str, new: str) -> bool:
    """Whether `new` is `old` with one thing put in."""
    start = next((place for place, (left, right) in enumerate(zip(old, new, strict=False)) if left != right), len(old))
    return new.endswith(old[start:])


def _run_failures(old: Instruction, new: Instruction, steps: Sequence[Step], inserted: bool) -> Iterator[str]:  # noqa: FBT001  (a fact)
    if new.name != "RUN" or not new.arguments.text.endswith(old.arguments.text):
        yield f"line {old.line}: the command of a RUN changed"
    if [flag.text for flag in new.flags[: len(old.flags)]] != [flag.text for flag in old.flags]:
        yield f"line {old.line}: the flags of a RUN changed"
    if not inserted and old.insertion == old.arguments.origin(0):  # before a bare `--` and behind it are two things
        yield f"line {old.line}: the lines of a RUN changed"
    if [_options(mount) for mount in mounts(new)[len(mounts(old)) :]] != [_planned(step.mount) for step in steps if step.mount]:
        yield f"line {old.line}: the mounts of a RUN are not those that were planned"
    prelude = new.arguments.text.removesuffix(old.arguments.text)
    if not read(new.arguments.text).understood:
        yield f"line {old.line}: the shell would not read the result"
    elif any(f"{step.name}=" not in prelude or step.path not in prelude for step in steps):
        yield f"line {old.line}: the secret does not arrive"


def _options(mount: Mount) -> tuple[str, str, bool, str | None, str | None]:
    options = dict(mount.fields)
    return mount.type, mount.id, mount.required, options.get("uid"), options.get("mode")


def _planned(mount: NewMount) -> tuple[str, str, bool, str | None, str | None]:
    uid = None if mount.uid is None else str(mount.uid)
    return "secret", mount.id, mount.required, uid, "0444" if mount.world_readable else None


def _argument_failures(old: Instruction, new: Instruction, kept: AbstractSet[Variable]) -> Iterator[str]:
    if [(word.name, word.value) for word in new.variables] != [(word.name, word.value) for word in old.variables if word in kept]:
        yield f"line {old.line}: other words of an ARG changed"


def _name_failures(after: Dockerfile, removed: AbstractSet[Variable]) -> Iterator[str]:
    names = {variable.name for variable in removed}
    for instruction in after.instructions:
        left = [word.name for word in instruction.variables if word.name in names and instruction.name == "ARG"]
        if left:
            yield f"line {instruction.line} of the result: {left[0]} is still an ARG"


def _trivia_failures(before: Dockerfile, after: Dockerfile, removed: AbstractSet[Variable]) -> Iterator[str]:
    """Comments and blank lines may go with an ARG that goes, and nothing else may come, go or move."""
    may_go = _beside_what_goes(before, removed)
    old = [line for line in before.lines if line.kind in TRIVIA]
    new = [line.span.of(after.source.text) for line in after.lines if line.kind in TRIVIA]
    every = [line.span.of(before.source.text) for line in old]
    needed = [line.span.of(before.source.text) for line in old if line.number not in may_go]
    if not _is_part_of(new, every):
        yield "a comment or blank line moved"
    elif not _is_part_of(needed, new):
        yield "a comment or blank line is gone that had to stay"


def _beside_what_goes(before: Dockerfile, removed: AbstractSet[Variable]) -> set[int]:
    """The comments directly above an ARG that goes, and the blank lines around it; and what is inside of an ARG that changes."""
    numbers: set[int] = set()
    for instruction in before.instructions:
        if instruction.name != "ARG" or not set(instruction.variables) & removed:
            continue
        numbers |= {line.number for line in instruction.lines}
        if _keeps_a_word(instruction, removed):
            continue
        numbers |= _run_of(before.lines[instruction.lines[-1].number :], LineKind.BLANK)
        above = before.lines[: instruction.line - 1][::-1]
        numbers |= _run_of(above, LineKind.COMMENT)
    return numbers


def _run_of(lines: Sequence[Line], kind: LineKind) -> set[int]:
    """The numbers of the lines of one kind that `lines` begin with."""
    end = next((place for place, line in enumerate(lines) if line.kind is not kind), len(lines))
    return {line.number for line in lines[:end]}


def _is_part_of(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether `part` is `whole` with some left out."""
    rest = iter(whole)
    return all(line in rest for line in part)
