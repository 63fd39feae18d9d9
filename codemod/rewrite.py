"""Plans to edits: spells what was decided, in the file's own layout, and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from codemod.dockerfile.nodes import Dockerfile, Instruction, Line, LineKind
from codemod.plan import Plan
from codemod.prelude import prelude_of
from codemod.removals import removals
from codemod.script import Form
from codemod.shell import read
from codemod.steps import NewMount, Step
from codemod.text import Edit, Span


def rewrite(dockerfile: Dockerfile, plans: Sequence[Plan]) -> tuple[Edit, ...]:
    """All edits of all `plans`, spelled together; they refer to the file as read."""
    ordered = sorted(plans, key=lambda plan: plan.order)
    removed = {word.variable for plan in ordered for word in plan.removed}
    runs: dict[int, list[Step]] = {}
    for step in (step for plan in ordered for step in plan.steps):
        runs.setdefault(step.run.span.start, []).append(step)
    return (
        *_frontend(dockerfile, plans),
        *removals(dockerfile, removed),
        *(edit for steps in runs.values() for edit in _RunEdit(dockerfile, steps).edits()),
    )


def _frontend(dockerfile: Dockerfile, plans: Sequence[Plan]) -> Iterator[Edit]:
    """The `# syntax=` that what is written needs."""
    wanted = next((plan.frontend for plan in plans if plan.frontend), None)
    for directive in dockerfile.directives:
        if wanted and directive.name == "syntax":
            start = directive.line.span.start + directive.line.span.of(dockerfile.source.text).rindex(directive.value)
            yield Edit(Span(start, start + len(directive.value)), wanted)


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
        yield from self._amendments()
        mounts = [mount_flag(mount) for step in self.steps for mount in step.mounts]
        if self.steps[0].script.form is Form.SCRIPT:
            if mounts:
                yield Edit(Span(self.run.insertion, self.run.insertion), self.layout.line_break.join(mounts) + " ")
            yield from self._first_lines()
            return
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

    def _amendments(self) -> Iterator[Edit]:
        """Options for mounts that are there; a flag may stand in quotes as a whole."""
        for mount, new in (step.amended for step in self.steps if step.amended):
            closing = mount.span.of(self.dockerfile.source.text)[-1:] in ("'", '"')
            end = mount.span.end - closing
            yield Edit(Span(end, end), "," + ",".join(_readable(new)))

    def _follows_a_flag(self) -> bool:
        """Whether a flag stands before the command on its line."""
        command = self.run.arguments.origin(0)
        holder = next(line for line in self.run.lines if command < line.span.end)
        return any(flag.span.start >= holder.span.start for flag in self.run.flags)

    def _prelude(self) -> str:
        """What goes before the command: one and-list with it, or statements of their own."""
        prelude = prelude_of(self.steps)
        line_break = self.layout.line_break
        if not prelude.joins:
            return "".join(part + ";" + line_break for part in prelude.parts)
        if self.layout.trailing:
            return "".join(part + " &&" + line_break for part in prelude.parts)
        return "".join(part + line_break + "&& " for part in prelude.parts)

    def _first_lines(self) -> Iterator[Edit]:
        """Statements that a script begins with, each on a line, behind its shebang."""
        source, script = self.dockerfile.source, self.steps[0].script
        line = source.line_span(source.line(script.text.origin(script.start)))
        text = line.of(source.text)
        # the shell takes a carriage return for part of a word, so a comment takes it
        newline = " #\r\n" if text.endswith("\r\n") else "\n"
        indent = text[: len(text) - len(text.lstrip("\t"))] if self.run.heredocs[0].chomp else ""
        lines = "".join(indent + part + newline for part in prelude_of(self.steps).parts)
        if lines:
            yield Edit(Span(line.start, line.start), lines)


def mount_flag(mount: NewMount) -> str:
    """`--mount=type=secret,…`; options in the order BuildKit documents them (`required` only behind the type)."""
    options = [f"id={mount.id}"]
    if mount.env is not None:
        options.append(f"env={mount.env}")
    if mount.required:
        options.append("required=true")
    return "--mount=type=secret," + ",".join((*options, *_readable(mount)))


def _readable(mount: NewMount) -> Iterator[str]:
    """The options that let the RUN's user read the file."""
    if mount.uid is not None:
        yield f"uid={mount.uid}"
    if mount.world_readable:
        yield "mode=0444"


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
