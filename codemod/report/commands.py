"""The commands that build a rewritten Dockerfile: the callers' own, or the `docker build` that goes with it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from posixpath import dirname
from typing import TYPE_CHECKING

from codemod.report.files import FileReport

# what is more than words: variables, other commands, redirects, globs, an assignment in front
SHELLS = re.compile(r"[$`;&|<>(){}*?~\n]|\A\s*\w+=")

if TYPE_CHECKING:  # a run without a change needs no plan
    from codemod.plan import Plan


@dataclass(frozen=True, slots=True)
class BuildCommand:
    """A command as one types it, with its words; `origin` is the place of the call that it is, or that its context is from."""

    dockerfile: str
    text: str = field(repr=False)
    argv: tuple[str, ...] = field(repr=False)
    origin: str | None = None


def build_commands(file: FileReport) -> Iterator[BuildCommand]:
    """The commands of the callers; without any, one that passes what the rewritten file mounts."""
    for command in file.commands:
        yield BuildCommand(file.path, command.text, _words(command.text), command.place)
    if not file.commands:
        yield _own(file)


def _own(file: FileReport) -> BuildCommand:
    """The command for a Dockerfile that no command line builds: its context is a call's, else the folder that has what it copies.

    It passes the secrets that were mounted before as well.
    """
    result = file.result
    planned = {plan.id: plan for plan in result.plans if plan.id in result.mounted}
    others = [identifier for identifier in result.mounted if identifier not in planned]
    secrets = [*map(_secret, planned.values()), *(f"id={identifier}" for identifier in others)]
    context, origin = (file.context.folder, file.context.place) if file.context else (dirname(file.path) or ".", None)
    argv = ("docker", "build", *(part for secret in secrets for part in ("--secret", secret)), "-f", file.path, context)
    needs = [plan.name for plan in planned.values() if not plan.optional and plan.id != plan.name]
    # with `env=`, docker passes an unset variable as an empty secret: a shell has to ask first
    return BuildCommand(file.path, "".join(f': "${{{name}:?}}" && ' for name in needs) + shlex.join(argv), argv, origin)


def _words(text: str) -> tuple[str, ...]:
    """The words of a command; one that only a shell understands is a shell's."""
    if not SHELLS.search(text):
        with suppress(ValueError):  # a quote that nothing closes
            return tuple(shlex.split(text))
    return ("sh", "-c", text)


def _secret(plan: Plan) -> str:
    """`id=NAME` alone stops the build where NAME is unset; an optional one may be missing (buildx, util/buildflags/secrets.go)."""
    return f"id={plan.id},env={plan.name}" if plan.optional or plan.id != plan.name else f"id={plan.id}"
