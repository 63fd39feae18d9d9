"""Our own output read back before anyone sees it: what it must still be, and what it must no longer have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from codemod.dataflow import trace_all
from codemod.dockerfile.error import ParseError
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Flag, Instruction, Line, LineKind, Mount, Variable
from codemod.dockerfile.parser import parse
from codemod.plan import Plan
from codemod.removals import keeps_a_word
from codemod.script import Form, script_of
from codemod.settings import Style
from codemod.steps import NewMount, Step
from codemod.text import Source

TRIVIA = (LineKind.BLANK, LineKind.COMMENT, LineKind.DIRECTIVE)


def failure(before: Dockerfile, after: Source, plans: Sequence[Plan]) -> str | None:
    """What is wrong with `after`, in words, or None."""
    try:
        rewritten = parse(after)
    except ParseError as error:
        return f"line {error.line} of the result: {error.message}"
    found = tuple(_failures(before, rewritten, plans))
    return found[0] if found else None


def _failures(before: Dockerfile, after: Dockerfile, plans: Sequence[Plan]) -> Iterator[str]:
    removed = {word.variable for plan in plans for word in plan.removed}
    kept = [instruction for instruction in before.instructions if keeps_a_word(instruction, removed)]
    if len(kept) != len(after.instructions):
        yield "the result has other instructions than were planned"
        return
    steps = [step for plan in plans for step in plan.steps]
    for old, new in zip(kept, after.instructions, strict=True):
        own = [step for step in steps if step.run.span == old.span]
        if own:
            yield from _RunCheck(before, after, old, new, own).failures()
        elif set(old.variables) & removed:
            yield from _word_failures(old, new, {word for word in old.variables if word not in removed})
        elif old.span.of(before.source.text) != new.span.of(after.source.text):
            yield f"line {old.line}: an instruction changed that was not to"
    yield from _name_failures(after, removed)
    yield from _left_failures(before, plans, removed)
    yield from _trivia_failures(before, after, removed, next((plan.frontend for plan in plans if plan.frontend), None))


class _RunCheck:
    """One RUN before and after, and what was planned for it."""

    def __init__(self, before: Dockerfile, after: Dockerfile, old: Instruction, new: Instruction, steps: Sequence[Step]) -> None:
        self.old, self.new, self.steps = old, new, steps
        self.texts = old.span.of(before.source.text), new.span.of(after.source.text)
        self.scripts = script_of(old, before.source.text), script_of(new, after.source.text)

    def failures(self) -> Iterator[str]:
        line = self.old.line
        prelude = self._prelude()
        if self.new.name != "RUN" or prelude is None:
            yield f"line {line}: the command of a RUN changed"
            return
        if not self._keeps_flags():
            yield f"line {line}: the flags of a RUN changed"
        if not self._keeps_lines():
            yield f"line {line}: the lines of a RUN changed"
        wanted = [_planned(mount) for step in self.steps for mount in step.mounts]
        if [_options(mount) for mount in mounts(self.new)[len(mounts(self.old)) :]] != wanted:
            yield f"line {line}: the mounts of a RUN are not those that were planned"
        if prelude and not self.scripts[1].shell.understood:
            yield f"line {line}: the shell would not read the result"
        elif not all(_arrives(step, prelude) for step in self.steps):
            yield f"line {line}: the secret does not arrive"

    def _prelude(self) -> str | None:
        """What was put before the text, or None where more than that happened to it."""
        old, new = (script.text.text for script in self.scripts)
        start = self.scripts[0].start
        rest = old[start:]
        is_script = self.scripts[0].form is Form.SCRIPT
        if self.old.json != self.new.json or (is_script and self.old.arguments.text != self.new.arguments.text):
            return None
        if not (new.startswith(old[:start]) and new.endswith(rest)) or len(new) < len(old):
            return None
        return new[start : len(new) - len(rest)]

    def _keeps_flags(self) -> bool:
        amended = {mount.span for mount, _ in (step.amended for step in self.steps if step.amended)}
        pairs = zip(self.old.flags, self.new.flags, strict=False)
        return len(self.new.flags) >= len(self.old.flags) and all(_is_kept(old, new, amended=old.span in amended) for old, new in pairs)

    def _keeps_lines(self) -> bool:
        """Whether the text of the instruction is the old one with one thing put in; where more was, its parts are looked at alone."""
        several = self.old.insertion != self.old.arguments.origin(0) or self.scripts[0].form is Form.SCRIPT
        if several or any(step.amended for step in self.steps):
            return True
        old, new = self.texts
        start = next((place for place, (left, right) in enumerate(zip(old, new, strict=False)) if left != right), len(old))
        return new.endswith(old[start:])


def _is_kept(old: Flag, new: Flag, *, amended: bool) -> bool:
    return new.text.startswith(old.text + ",") if amended else new.text == old.text


def _arrives(step: Step, prelude: str) -> bool:
    """Whether the prelude gives the variable what the mount holds."""
    if step.arrival is None:
        return True
    from_file = step.style is Style.FILE
    names = [each.name for each in step.arrival.made]
    if step.arrival.default and not from_file:
        names.append(step.arrival.variable)
    read = re.search(rf"\b{step.arrival.variable}=\"\$\(cat '?{re.escape(step.path)}", prelude)
    return all(f"{name}=" in prelude for name in names) and (not from_file or read is not None)


def _options(mount: Mount) -> tuple[str, str, bool, str | None, str | None, str | None]:
    options = dict(mount.fields)
    return mount.type, mount.id, mount.required, mount.env, options.get("uid"), options.get("mode")


def _planned(mount: NewMount) -> tuple[str, str, bool, str | None, str | None, str | None]:
    uid = None if mount.uid is None else str(mount.uid)
    return "secret", mount.id, mount.required, mount.env, uid, "0444" if mount.world_readable else None


def _word_failures(old: Instruction, new: Instruction, kept: AbstractSet[Variable]) -> Iterator[str]:
    if [(word.name, word.value) for word in new.variables] != [(word.name, word.value) for word in old.variables if word in kept]:
        yield f"line {old.line}: other words of an {old.name} changed"


def _name_failures(after: Dockerfile, removed: AbstractSet[Variable]) -> Iterator[str]:
    """No ARG may have a name that went."""
    names = {variable.name for variable in removed}
    for instruction in after.instructions:
        left = [word.name for word in instruction.variables if word.name in names and instruction.name == "ARG"]
        if left:
            yield f"line {instruction.line} of the result: {left[0]} is still an ARG"


def _left_failures(before: Dockerfile, plans: Sequence[Plan], removed: AbstractSet[Variable]) -> Iterator[str]:
    """No word may stay that is made from a secret that went."""
    for plan in plans:
        for name, flow in trace_all(before, plan.name).items():
            for word in flow.derived:
                if word.variable not in removed:
                    yield f"line {word.variable.line}: {word.variable.name} is still made from {name}"


def _trivia_failures(before: Dockerfile, after: Dockerfile, removed: AbstractSet[Variable], frontend: str | None) -> Iterator[str]:
    """Comments and blank lines may go with what goes, and nothing else may come, go or move."""
    may_go = _beside_what_goes(before, removed)
    old = [line for line in before.lines if line.kind in TRIVIA]
    new = [line.span.of(after.source.text) for line in after.lines if line.kind in TRIVIA]
    every = [_as_planned(before, line, frontend) for line in old]
    needed = [text for text, line in zip(every, old, strict=True) if line.number not in may_go]
    if not _is_part_of(new, every):
        yield "a comment or blank line moved"
    elif not _is_part_of(needed, new):
        yield "a comment or blank line is gone that had to stay"


def _as_planned(before: Dockerfile, line: Line, frontend: str | None) -> str:
    """A line as it has to be: only a `# syntax=` may have another value."""
    text = line.span.of(before.source.text)
    value = next((found.value for found in before.directives if found.line == line and found.name == "syntax"), None)
    return text.replace(value, frontend) if value and frontend else text


def _beside_what_goes(before: Dockerfile, removed: AbstractSet[Variable]) -> set[int]:
    """The comments directly above what goes, and the blank lines around it; and what is inside of an instruction that changes."""
    numbers: set[int] = set()
    for instruction in before.instructions:
        if not set(instruction.variables) & removed:
            continue
        numbers |= {line.number for line in instruction.lines}
        if keeps_a_word(instruction, removed):
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
