"""The plainest right rewrite there is: an `env=` mount on each RUN that had the ARG. It tells whether a shape can be right at all."""

from __future__ import annotations

from .buildkit import Given, Instruction, instructions, runs
from .compare import GIVEN
from .shapes import Shape


def env_mounts(shape: Shape) -> str | None:
    """The file with `env=` mounts; None where it takes more than that."""
    if shape.optional is not False or any(not _goes(command, shape) for command in _copies(shape)):
        return None
    lines = shape.text.split("\n")
    for command, names in zip(_runs(shape), _seen(shape), strict=True):
        mounts = "".join(f" --mount=type=secret,id={shape.ids.get(name, name)},env={name},required=true" for name in sorted(names))
        before, keyword, behind = lines[command.start_line - 1].partition(command.cmd)
        lines[command.start_line - 1] = before + keyword + mounts + behind
    for command in reversed(_copies(shape)):
        del lines[command.start_line - 1]
    return "\n".join(lines)


def _copies(shape: Shape) -> list[Instruction]:
    """All that has one of the names and is no RUN."""
    return [command for command in instructions(shape.text) if command.cmd.upper() in {"ARG", "ENV"} and _mentions(command, shape)]


def _runs(shape: Shape) -> list[Instruction]:
    return [command for command in instructions(shape.text) if command.cmd.upper() == "RUN"]


def _mentions(command: Instruction, shape: Shape) -> bool:
    return any(name in command.original for name in shape.moved)


def _goes(command: Instruction, shape: Shape) -> bool:
    """Whether the whole line is `ARG NAME …` or `ENV NAME=$NAME` and can just go."""
    if command.start_line != command.end_line or "\n" in command.original:
        return False
    if command.cmd.upper() == "ARG":
        return shape.moved.issuperset(command.value)
    name, value = (*command.value, "", "")[:2]
    return len(command.value) <= 3 and name in shape.moved and value.strip('"') in {f"${name}", f"${{{name}}}"}


def _seen(shape: Shape) -> list[frozenset[str]]:
    """For each RUN the names that it had."""
    build = runs(shape.text, Given({**shape.args, **dict.fromkeys(sorted(shape.moved), GIVEN)}))
    return [shape.moved & run.env.keys() for run in build]
