"""The fewest builds that show a case does the same: each side once for each stage that nothing is built from, and once without.

Measured on two cores: an image as an OCI archive takes half the time of one that the store has to unpack, save and remove, and many
targets in one `docker buildx bake` take as long as as many `docker build`s, which are what a person is told to run.
"""

from __future__ import annotations

import re
import secrets
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from .builds import ALWAYS, Build, Builder, with_options
from .images import Image, read_archive
from .reports import Moved
from .standins import contexts, leaves
from .subjects import Rewritten, Subject

AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Sides:
    """The same build, before and after."""

    before: Build
    after: Build


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was built of one Dockerfile.

    `without` has the optional secrets left out, and no image of a stage that fails then; `missing` is what each required one said.
    """

    case: Rewritten
    canaries: Mapping[str, str] = field(repr=False)
    given: Sides
    without: Sides | None
    missing: Mapping[Moved, subprocess.CompletedProcess[str]]


@dataclass(frozen=True, slots=True)
class LightBuilder:
    """Builds cases with the builder's engine and stand-in; `arguments` are what a case is given beside its secrets."""

    builder: Builder
    arguments: Mapping[str, tuple[str, ...]]

    def outcome(self, case: Rewritten) -> Outcome:
        """Build it in every way there is; several at once, for a build waits more than it computes."""
        names = {each.name for each in case.told.moved} | {secret.variable for secret in case.subject.secrets()}
        canaries = {name: f"canary-{secrets.token_hex(8)}" for name in names}
        present = {name: canary for name, canary in canaries.items() if name not in {each.name for each in case.optional()}}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            given = pool.submit(self._sides, case, canaries)
            missing = {each: pool.submit(self._missing, case, each, canaries) for each in case.required()}
            without = pool.submit(self._sides, case, present) if case.optional() else None
            return Outcome(
                case=case,
                canaries=canaries,
                given=given.result(),
                without=without.result() if without else None,
                missing={each: done.result() for each, done in missing.items()},
            )

    def _sides(self, case: Rewritten, values: Mapping[str, str]) -> Sides:
        """Before with build args for what the report moves, after as it is printed; mounts that were there get theirs in both."""
        args = tuple(f"--build-arg={each.name}={values[each.name]}" for each in case.told.moved if each.name in values)
        command = with_options(case.subject.command, self.arguments.get(case.folder, ()))
        return Sides(
            before=self._build(case.subject, case.subject.before, with_options(command, args), values),
            after=self._build(case.subject, case.subject.after, command, values),
        )

    def _build(self, subject: Subject, dockerfile: str, command: str, values: Mapping[str, str]) -> Build:
        built = [self._built(subject, dockerfile, command, target, values) for target in leaves(dockerfile)]
        return Build("".join(log for log, _ in built), tuple(image for _, image in built if image))

    def _built(
        self, subject: Subject, dockerfile: str, command: str, target: tuple[str, ...], values: Mapping[str, str]
    ) -> tuple[str, Image | None]:
        with TemporaryDirectory() as folder:
            archive = Path(folder) / "image.tar"
            options = (*target, f"--output=type=oci,dest={archive}")
            done = self._run(subject, dockerfile, with_options(command, options), values)
            return done.stdout + done.stderr, read_archive(archive) if done.returncode == 0 else None

    def _missing(self, case: Rewritten, moved: Moved, values: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """The printed command without one secret; where the final image can do without it, the stage that cannot."""
        command = re.sub(rf"--secret id={re.escape(str(moved.id))}(?=[,\s])\S* ", "", case.subject.command)
        commands = [with_options(command, (*target, "--output=type=cacheonly")) for target in leaves(case.subject.after)]
        done = [self._run(case.subject, case.subject.after, each, values) for each in reversed(commands)]
        return next((each for each in done if each.returncode != 0), done[-1])

    def _run(self, subject: Subject, dockerfile: str, command: str, values: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run as this build alone: BuildKit makes one step of equal steps that run at the same time, though their secrets differ."""
        nonce = f"--add-host=build-{secrets.token_hex(6)}:127.0.0.1"
        options = (*ALWAYS, nonce, *contexts(dockerfile, self.builder.standin))
        with TemporaryDirectory() as folder:
            root = subject.lay_out(Path(folder) / "copy", dockerfile)
            return self.builder.engine.shell(with_options(command, options), folder=root, variables=values, check=False)
