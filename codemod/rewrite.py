"""Plans to edits: spells what was decided, in the file's own layout, and decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from codemod.comments import goes_with
from codemod.dataflow import without_comment
from codemod.derived import Value
from codemod.dockerfile.lex import Reference
from codemod.dockerfile.nodes import Dockerfile, Instruction, Line, LineKind, Variable
from codemod.plan import NewMount, Plan, Step
from codemod.shell import read
from codemod.text import Edit, Span

SAFE_PATH = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
# what double quotes leave special (POSIX shell, 2.2.3)
SPECIAL_IN_DOUBLE = re.compile(r'([\\"$`])')


def rewrite(dockerfile: Dockerfile, plans: Sequence[Plan]) -> tuple[Edit, ...]:
    """All edits of all `plans`, spelled together; they refer to the file as read."""
    ordered = sorted(plans, key=lambda plan: plan.order)
    removed = {word.variable for plan in ordered for word in plan.removed}
    runs: dict[int, list[Step]] = {}
    for step in (step for plan in ordered for step in plan.steps):
        runs.setdefault(step.run.span.start, []).append(step)
    return (*_removals(dockerfile, removed), *(edit for steps in runs.values() for edit in _RunEdit(dockerfile, steps).edits()))


# --- ARG -------------------------------------------------------------------------------------------------------------


def _removals(dockerfile: Dockerfile, removed: set[Variable]) -> Iterator[Edit]:
    emptied: list[Instruction] = []
    for instruction in dockerfile.instructions:
        words = [word for word in instruction.variables if word in removed]
        if instruction.name != "ARG" or not words:
            continue
        if all(word in removed for word in without_comment(instruction.variables)):
            emptied.append(instruction)
        else:
            yield from (Edit(span, "") for span in _word_gaps(instruction.variables, removed))
    yield from _line_removals(dockerfile, emptied)


def _word_gaps(words: tuple[Variable, ...], removed: set[Variable]) -> Iterator[Span]:
    """Each removed word with the blanks before it; with those behind it where it is the first."""
    kept_before = None
    for index, word in enumerate(words):
        if word not in removed:
            kept_before = word
        elif kept_before is not None:
            yield Span(words[index - 1].span.end, word.span.end)
        else:
            yield Span(word.span.start, words[index + 1].span.start)


def _line_removals(dockerfile: Dockerfile, emptied: list[Instruction]) -> Iterator[Edit]:
    gone = {line.number for instruction in emptied for line in instruction.lines}
    for instruction in emptied:
        gone |= {line.number for line in goes_with(dockerfile, instruction, gone)}
    for block in _blocks(dockerfile.lines, gone):
        yield Edit(Span(block[0].span.start, _blanks_after(dockerfile.lines, block)), "")


def _blanks_after(lines: tuple[Line, ...], block: list[Line]) -> int:
    """Where the removal ends: two blank lines that would meet are one, and a file does not begin with any."""
    first, end = block[0].number, block[-1].span.end
    for line in lines[block[-1].number :]:
        if line.kind is not LineKind.BLANK or (first > 1 and lines[first - 2].kind is not LineKind.BLANK):
            return end
        end = line.span.end
        if first > 1:
            return end
    return end


def _blocks(lines: tuple[Line, ...], gone: set[int]) -> Iterator[list[Line]]:
    """The lines that go, in runs of neighbours."""
    block: list[Line] = []
    for line in lines:
        if line.number in gone:
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


# --- RUN -------------------------------------------------------------------------------------------------------------


class Layout(NamedTuple):
    """How a RUN is laid out: what breaks a line, and whether `&&` ends lines or starts them."""

    line_break: str
    trailing: bool


class _RunEdit:
    """The mounts and the prelude of one RUN, for all secrets that it reads."""

    def __init__(self, dockerfile: Dockerfile, steps: list[Step]) -> None:
        self.dockerfile, self.steps, self.run = dockerfile, steps, steps[0].run
        self.layout = _layout(dockerfile, self.run)

    def edits(self) -> Iterator[Edit]:
        mounts = [mount_flag(step.mount) for step in self.steps if step.mount]
        prelude = self._prelude()
        command = self.run.arguments.origin(0)
        line_break = self.layout.line_break
        if self.run.insertion != command:  # a bare `--` ends the flags: mounts before it, the prelude behind
            yield Edit(Span(self.run.insertion, self.run.insertion), "".join(mount + line_break for mount in mounts))
            mounts = []
        text = "".join(part + line_break for part in mounts) + prelude
        if prelude and not mounts and self._follows_a_flag():
            text = line_break.lstrip(" ") + text
        if text:
            yield Edit(Span(command, command), text)

    def _follows_a_flag(self) -> bool:
        """Whether a flag stands before the command on its line."""
        command = self.run.arguments.origin(0)
        holder = next(line for line in self.run.lines if command < line.span.end)
        return any(flag.span.start >= holder.span.start for flag in self.run.flags)

    def _prelude(self) -> str:
        """What goes before the command: one and-list with it, or statements of their own."""
        readers = self.steps
        exported = any(step.exported for step in self.steps)
        derived = {assignment.name: assignment for step in self.steps for assignment in step.derived}
        joins = read(self.run.arguments.text).joins and not any(step.optional for step in readers)
        parts = (
            [_joined(step.name, _cat(step.path), exported=step.exported) for step in readers]
            if joins
            else [_statement(step) for step in readers]
        )
        for assignment in derived.values():
            spelled = _joined(assignment.name, _double_quoted(assignment.value), exported=exported)
            parts.append(spelled if joins else f"{spelled} || exit 1;")
        return self._laid_out(parts, joins=joins)

    def _laid_out(self, parts: list[str], *, joins: bool) -> str:
        line_break = self.layout.line_break
        if not joins or self.layout.trailing:
            return "".join(part + (" &&" if joins else "") + line_break for part in parts)
        return "".join(part + line_break + "&& " for part in parts)


def mount_flag(mount: NewMount) -> str:
    """`--mount=type=secret,…`; options in the order BuildKit documents them (`required` only behind the type)."""
    options = [f"id={mount.id}"]
    if mount.required:
        options.append("required=true")
    if mount.uid is not None:
        options.append(f"uid={mount.uid}")
    if mount.world_readable:
        options.append("mode=0444")
    return "--mount=type=secret," + ",".join(options)


def _joined(name: str, value: str, *, exported: bool) -> str:
    # never `export NAME="$(…)"`: its status is export's, so a failure would go unseen
    return f"{name}={value} && export {name}" if exported else f"{name}={value}"


def _statement(step: Step) -> str:
    """A prelude that stands alone, whatever the command does: it stops the RUN itself where the file cannot be read."""
    name, path = step.name, _path(step.path)
    end = f"&& export {name} || exit 1" if step.exported else "|| exit 1"
    if not step.optional:
        return f"{name}={_cat(step.path)} {end};"
    if step.default is None:
        return f"if [ -s {path} ]; then {name}={_cat(step.path)} {end}; fi;"
    return f"if [ -s {path} ]; then {name}={_cat(step.path)}; else {name}={_quoted(step.default)}; fi {end};"


def _cat(path: str) -> str:
    return f'"$(cat {_path(path)})"'


def _path(path: str) -> str:
    return path if SAFE_PATH.fullmatch(path) else _single_quoted(path)


def _quoted(value: Value) -> str:
    if all(isinstance(piece, str) for piece in value):
        return _single_quoted("".join(piece for piece in value if isinstance(piece, str)))
    return _double_quoted(value)


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _double_quoted(value: Value) -> str:
    return '"' + "".join(map(_in_double_quotes, value)) + '"'


def _in_double_quotes(piece: str | Reference) -> str:
    if isinstance(piece, Reference):
        return f"${{{piece.name}{piece.operator}{piece.operand}}}"
    return SPECIAL_IN_DOUBLE.sub(r"\\\1", piece)


def _layout(dockerfile: Dockerfile, run: Instruction) -> Layout:
    text = dockerfile.source.text
    code = [line.span.of(text) for line in run.lines if line.kind is LineKind.CODE and not _inside_a_word(run, line)]
    command = run.arguments.origin(0)
    holder = next(line for line in run.lines if command < line.span.end)
    if holder is not run.lines[0]:
        indent = _indent(holder.span.of(text))
    else:
        # the shallowest: deeper ones are inside an `if` or a quote
        indent = min(map(_indent, code[1:]), key=len, default=_indent(code[0]) + "    ")
    newline = "\r\n" if text[: text.find("\n") + 1 or None].endswith("\r\n") else "\n"
    if "\n" in code[0]:
        newline = "\r\n" if code[0].endswith("\r\n") else "\n"
    return Layout(f" {dockerfile.escape}{newline}{indent}", _trails(code, dockerfile.escape))


def _inside_a_word(run: Instruction, line: Line) -> bool:
    """Whether a line goes on with a quoted text or a word, so that its start says nothing of the layout."""
    arguments = run.arguments
    start = next((start for start, origin in zip(arguments.starts, arguments.origins, strict=True) if origin == line.span.start), 0)
    if not start:
        return False
    in_quotes = any(quote.start < start < quote.end for quote in read(arguments.text).quotes)
    return in_quotes or not (arguments.text[start].isspace() or arguments.text[start - 1].isspace())


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _trails(code: Iterable[str], escape: str) -> bool:
    """Whether the RUN ends its lines with `&&` rather than starting them with it."""
    lines = [line.strip().removesuffix(escape).strip() for line in code]
    return sum(line.endswith("&&") for line in lines) > sum(line.startswith("&&") for line in lines)
