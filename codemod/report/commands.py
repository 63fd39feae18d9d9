"""The `docker build` that goes with a rewritten Dockerfile."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from posixpath import dirname
from typing import TYPE_CHECKING

from codemod.result import Result

if TYPE_CHECKING:  # a run without a change needs no plan
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


def build_command(dockerfile: str, result: Result) -> BuildCommand:
    """The command for a Dockerfile without a known call: its own folder is the context.

    It passes what the rewritten file mounts, secrets included that were mounted before.
    """
    planned = {plan.id: plan for plan in result.plans if plan.id in result.mounted}
    others = [identifier for identifier in result.mounted if identifier not in planned]
    secrets = [*map(_secret, planned.values()), *(f"id={identifier}" for identifier in others)]
    argv = ("docker", "build", *(part for secret in secrets for part in ("--secret", secret)), "-f", dockerfile, dirname(dockerfile) or ".")
    needs = tuple(plan.name for plan in planned.values() if not plan.optional and plan.id != plan.name)
    return BuildCommand(dockerfile, argv, needs)


def _secret(plan: Plan) -> str:
    """`id=NAME` alone stops the build where NAME is unset; an optional one may be missing (buildx, util/buildflags/secrets.go)."""
    return f"id={plan.id},env={plan.name}" if plan.optional or plan.id != plan.name else f"id={plan.id}"
