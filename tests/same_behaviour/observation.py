"""What one RUN did, in the form that is compared: without what differs from run to run, or may differ."""

from __future__ import annotations

import re

from .pair import Pair
from .run import Call, Outcome, Run

# Order of calls and of lines is the scheduler's where commands run side by side.
SIDE_BY_SIDE = re.compile(r"(?<![&|>])(?:\||&)(?![&|>])|\|&|>\(|<\(")
# What a shell calls itself, and the line it is in.
PLACE = re.compile(r"(?m)^\S*?\b(?:ba)?sh: (?:line )?\d+: |\bline \d+|(?<=: )\d+(?=: )")
# bash shows the line that it cannot read, and that line is the rewritten one.
SHOWN_LINE = re.compile(r"(?m)^.*: -c: line \d+: `.*'\n")
TIMES = re.compile(r"(?m)^(?:real|user|sys)\s+[\dms. ]+\n|^\n(?=real)")
# bash tells each command its name and how many shells it is in: one less where it execs the last command.
BASH_TELLS = frozenset({"_", "SHLVL"})


def seen(pair: Pair, run: Run, outcome: Outcome) -> dict[str, object]:
    """Status, calls, output and files; `run` is the rewritten one."""
    stdout, stderr = _lines(outcome.stdout), _lines(outcome.stderr)
    calls = [_call(pair, run, call) for call in outcome.calls]
    if SIDE_BY_SIDE.search(run.text):
        stdout, stderr, calls = sorted(stdout), sorted(stderr), sorted(calls, key=repr)
    return {"status": outcome.status, "calls": calls, "stdout": stdout, "stderr": stderr, "files": outcome.files}


def _lines(text: str) -> list[str]:
    return PLACE.sub("sh: ", TIMES.sub("", SHOWN_LINE.sub("", text))).split("\n")


def _call(pair: Pair, run: Run, call: Call) -> tuple[object, ...]:
    ignored = BASH_TELLS
    if call.name in pair.expected.never_read:
        ignored |= pair.moved
    if pair.expected.narrowed:
        mounted = {mount.id for mount in run.mounts}
        ignored |= {name for name in pair.moved if pair.expected.id(name) not in mounted}
    environ = sorted((name, value) for name, value in call.environ if name not in ignored and (value or name not in unset(run)))
    return call.name, call.argv, call.stdin, environ


def unset(run: Run) -> set[str]:
    """The variables that BuildKit could not leave unset where the secret is missing."""
    return {mount.env for mount in run.mounts if mount.env and not mount.required and not run.env[mount.env]}


def became(before: object, after: object) -> str:
    """The innermost thing that differs, for a person to read."""
    if isinstance(before, list | tuple) and isinstance(after, list | tuple) and len(before) == len(after):
        where = f"{before[0]}: " if before and isinstance(before[0], str) and before[0] == after[0] else ""
        return where + next(became(old, new) for old, new in zip(before, after, strict=True) if old != new)
    return f"{before!r} became {after!r}"
