"""The comparison: two Dockerfiles, every way a caller can pass the secrets, and the first thing that differs.

What may differ is written down here, and nothing else may (DESIGN, section 6):

- a required secret that is not passed ends the build at the first RUN that mounts it; before, that RUN ran;
- an optional one that is passed empty counts as not passed (the file form cannot tell them apart);
- an optional `env=` that is not passed is set and empty where it was unset (BuildKit cannot leave it so), as long as
  nothing but a command's environment shows it;
- a default that is a credential is gone, so the original is run as if it had none (`without_default`);
- a command that never reads its environment may see the variable or not (`never_read`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TypeAlias

from .buildkit import Given, runs
from .observation import became, seen
from .pair import Expected, Pair
from .run import TIMED_OUT, Build, Outcome, Run
from .sandbox import perform, shells
from .stand_ins import commands

State: TypeAlias = Mapping[str, "str | None"]

GIVEN = "canary-5c1d"
# Quotes, expansions, globs, options, escapes, a letter that is two bytes, line ends: nothing may be read twice.
NASTY = """-n canary-"d' $HOME ${X} `id` $(id) * ?\\n\\\\ %s é & ; | #\r\n EOF\nx"""
EMPTY = ""
MISSING = None
VALUES: Mapping[str, str | None] = {"given": GIVEN, "nasty": NASTY, "empty": EMPTY, "not passed": MISSING}
# The secret of a mount that was there before, and stays.
OTHER_SECRET = "another secret"
# Seconds for one RUN; nothing in the table takes one.
TIMEOUT = 10.0
ANYTHING = Expected()


def difference(
    before: str, after: str, expected: Expected = ANYTHING, shell: str = "dash", values: Mapping[str, str | None] = VALUES
) -> str | None:
    """What the Dockerfile `after` does that `before` did not, or None; `shell` is what its `/bin/sh` is."""
    pair = Pair(before, after, expected)
    if problem := pair.problem():
        return problem
    for label, state in states(pair.secrets, values):
        if found := _Comparison(pair, state, shells()[shell]).difference():
            return f"{label}: {found}"
    return None


def states(secrets: Sequence[str], values: Mapping[str, str | None] = VALUES) -> Iterator[tuple[str, State]]:
    """All alike in each of the ways, then each alone left out or empty."""
    for label, value in values.items():
        yield label, dict.fromkeys(secrets, value)
    for name in secrets if len(secrets) > 1 else ():
        yield f"only {name} not passed", dict.fromkeys(secrets, GIVEN) | {name: MISSING}
        yield f"only {name} empty", dict.fromkeys(secrets, GIVEN) | {name: EMPTY}


def outcomes(run_list: Sequence[Run], shell: str, recorded: Sequence[Run]) -> tuple[Outcome, ...]:
    """Run a build; what `recorded` names and nobody has is a recorder."""
    return perform(Build(tuple(run_list), shell, commands(" ".join(run.text for run in recorded)), TIMEOUT))


@dataclass(frozen=True)
class _Comparison:
    """Both builds under one state of the secrets."""

    pair: Pair
    state: State = field(repr=False)
    shell: str

    def difference(self) -> str | None:
        after = runs(self.pair.after, Given(self.pair.expected.args, self._secrets()))
        before = [self._as_before(run, index) for index, run in enumerate(after)]
        both = (outcomes(side, self.shell, before) for side in (before, after))
        for run, (was, is_) in zip(after, zip_longest(*both), strict=False):
            if found := self._difference_of(run, was, is_):
                return f"the RUN in line {run.line}: {found}"
        return None

    def _secrets(self) -> dict[str, str]:
        """What the caller of the rewritten build passes."""
        ids = {self.pair.expected.id(name): name for name in self.pair.secrets}
        others = {mount.id: OTHER_SECRET for mount in self.pair.mounts() if mount.id not in ids}
        return others | _passed({id_: self.state[name] for id_, name in ids.items()})

    def _as_before(self, after: Run, index: int) -> Run:
        """The original RUN, had it been given what the rewritten one makes of this state."""
        expected = self.pair.expected
        optional = {mount.id for mount in after.mounts} - {mount.id for mount in after.mounts if mount.required}
        # an optional one that is empty counts as not passed
        as_arg = {name: (value or MISSING) if expected.id(name) in optional else value for name, value in self.state.items()}
        given = Given({**expected.args, **_passed(as_arg)}, self._secrets(), expected.without_default)
        return replace(runs(self.pair.before, given)[index], missing=after.missing)

    def _difference_of(self, run: Run, was: Outcome | None, is_: Outcome | None) -> str | None:
        if was is None or is_ is None:
            return f"runs only {'after' if is_ else 'before'}"
        if TIMED_OUT in {was.status, is_.status}:
            return "does not end"
        before, after = (seen(self.pair, run, outcome) for outcome in (was, is_))
        for what, old in before.items():
            if old != after[what]:
                return f"{what}: {became(old, after[what])}"
        return None


def _passed(state: State) -> dict[str, str]:
    return {name: value for name, value in state.items() if value is not None}
