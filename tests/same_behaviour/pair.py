"""Before and after, what is expected of the pair, and what can be told of it without running anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .buildkit import Given, names, runs
from .run import SecretMount


@dataclass(frozen=True)
class Expected:
    """What a reader of both must know; None: either is right."""

    # The names that must have gone.
    moved: frozenset[str] | None = None
    # Whether a build without the secret must go on.
    optional: bool | None = None
    # Names whose default is a credential, and must not have been moved along.
    without_default: frozenset[str] = frozenset()
    # A RUN without a mount need not see a secret that another RUN visibly uses (rule 12).
    narrowed: bool = False
    # Commands that never read their environment.
    never_read: frozenset[str] = frozenset()
    # The ids that are not the name itself.
    ids: Mapping[str, str] = field(default_factory=dict)
    # Build args that are no secrets: passed to both.
    args: Mapping[str, str] = field(default_factory=dict)

    def id(self, name: str) -> str:
        """The secret's id for a build arg."""
        return self.ids.get(name, name)


@dataclass(frozen=True)
class Pair:
    """The two texts."""

    before: str = field(repr=False)
    after: str = field(repr=False)
    expected: Expected

    @cached_property
    def moved(self) -> frozenset[str]:
        """The names that are no longer the ARG, or no longer the ENV, that they were."""
        before, after = names(self.before), names(self.after)
        return frozenset(before.args.keys() - after.args.keys()) | (before.envs - after.envs)

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The moved names that a caller passes: not an ENV, not an ARG made of another moved one."""
        declared = names(self.before).args
        mounted = {mount.id for mount in self.mounts()}
        passed = (n for n in self.moved & declared.keys() if self.expected.id(n) in mounted or not self._made(declared[n]))
        return tuple(sorted(passed))

    def mounts(self) -> list[SecretMount]:
        """All secret mounts of the rewritten file."""
        return [mount for run in runs(self.after, Given()) for mount in run.mounts]

    def _made(self, defaults: Sequence[str | None]) -> bool:
        made_of = re.compile(r"\$\{?(?:" + "|".join(self.moved) + r")\b")
        return any(made_of.search(default or "") for default in defaults)

    def problem(self) -> str | None:
        """What is wrong already on paper."""
        if not self.moved:
            return "nothing was rewritten"
        expected = self.expected
        if expected.moved is not None and self.moved != expected.moved:
            return f"moved {sorted(self.moved)}, not {sorted(expected.moved)}"
        before, after = (len(runs(text, Given())) for text in (self.before, self.after))
        if before != after:
            return f"{before} RUNs before, {after} after"
        ids = set(map(expected.id, self.secrets))
        required = any(mount.required for mount in self.mounts() if mount.id in ids)
        if expected.optional is not None and required == expected.optional:
            return "a required mount for an optional secret" if required else "no required mount for a required secret"
        return None
