"""The `docker build` that goes with a rewritten Dockerfile."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from posixpath import dirname

from codemod.plan import Plan


@dataclass(frozen=True, slots=True)
class BuildCommand:
    """argv, and the variables that a shell has to check first: with `env=`, docker passes an unset one as empty."""

    dockerfile: str
    argv: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The command as one types it."""
        return "".join(f': "${{{name}:?}}" && ' for name in self.needs) + shlex.join(self.argv)


def build_command(dockerfile: str, plans: Sequence[Plan]) -> BuildCommand:
    """The command for a Dockerfile without a known call: its own folder is the context."""
    context = dirname(dockerfile) or "."
    secrets = [part for plan in plans for part in ("--secret", _secret(plan))]
    argv = ("docker", "build", *secrets, "-f", dockerfile, context)
    return BuildCommand(dockerfile, argv, tuple(plan.name for plan in plans if not plan.optional and plan.id != plan.name))


def _secret(plan: Plan) -> str:
    """`id=NAME` alone stops the build where NAME is unset; an optional one may be missing (buildx, util/buildflags/secrets.go)."""
    return f"id={plan.id},env={plan.name}" if plan.optional or plan.id != plan.name else f"id={plan.id}"
