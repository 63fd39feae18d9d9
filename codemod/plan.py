"""Findings to plans and refusals: decides what will be done with each secret, and spells nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from codemod.callers.links import passings
from codemod.dataflow import Declaration, Flow, Sight, ancestry, argument_names
from codemod.derived import Deriver, flows_of, references
from codemod.dockerfile.nodes import Dockerfile
from codemod.existing import existing_mount, has_arrived, id_in_use, is_taken
from codemod.findings import Finding
from codemod.frontend import MOUNTS, MOUNTS_WITH_ENV, raised
from codemod.passing import builds_with_buildah, check_callers, goes_without
from codemod.refusal import Reason, Refusal, Refused
from codemod.runtime import check_runtime, final_copies
from codemod.script import script_of
from codemod.settings import Settings, Style
from codemod.shell import Reading
from codemod.steps import Step, make_step
from codemod.surroundings import Surroundings
from codemod.users import is_windows
from codemod.uses import How, Use, find_uses, mentions_of

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# the builder itself picks these up (client/llb/source.go and source/http of BuildKit)
RESERVED_IDS = re.compile(r"GIT_AUTH_(?:TOKEN|HEADER)|HTTP_AUTH_(?:TOKEN|HEADER)_.*")


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is done for one secret: words of ARG and ENV that go, RUNs that change.

    `names` are the secret's and those of what is made from it; `mounted` says that a RUN mounts it already, `order` is the
    place of its first ARG; `frontend` is what `# syntax=` has to be, None where it stays.
    """

    name: str
    id: str
    names: tuple[str, ...]
    optional: bool
    removed: tuple[Declaration, ...]
    steps: tuple[Step, ...]
    frontend: str | None
    warnings: tuple[str, ...]
    mounted: bool
    order: int


def make_plan(dockerfile: Dockerfile, finding: Finding, settings: Settings, around: Surroundings) -> Plan | Refusal:
    """Decide about one finding."""
    if finding.flow is None:
        return Refusal(Reason.LITERAL_CREDENTIAL, finding.line, f"{finding.name} stands in the file with its value")
    if finding.name in around.refusals:
        return around.refusals[finding.name]
    try:
        return _Planner(dockerfile, finding.flow, settings, around).plan()
    except Refused as refused:
        return refused.refusal


def identifier(dockerfile: Dockerfile, name: str, settings: Settings) -> str:
    """The secret's id: what the user said, what RUNs mount it by, else the build arg's name unless that is somebody else's."""
    given = dict(settings.ids).get(name) or id_in_use(dockerfile, name, frozenset(argument_names(dockerfile)) - {name})
    taken = RESERVED_IDS.fullmatch(name) is not None or is_taken(dockerfile, name)
    return given or (f"{name}_BUILD_SECRET" if taken else name)


class _Planner:
    def __init__(self, dockerfile: Dockerfile, flow: Flow, settings: Settings, around: Surroundings) -> None:
        self.dockerfile, self.flow, self.around = dockerfile, flow, around
        self.buildah = builds_with_buildah(around.links)
        self.style, self.settings = settings.style, replace(settings, style=Style.FILE) if self.buildah else settings
        self.name, self.id = flow.name, identifier(dockerfile, flow.name, settings)
        self.flows: Mapping[str, Flow] = flows_of(dockerfile, flow)

    def plan(self) -> Plan:
        mentions = self.around.mentions
        for flow in self.flows.values():
            self._check_reach(flow)
        if Reason.RUNTIME_ENVIRONMENT not in self.settings.allow:
            check_runtime(self.dockerfile, self.flows, mentions)
        self._check_callers()
        uses = find_uses(self.dockerfile, self.flows, self._sights(), mentions)
        without = goes_without(self.around.links, (self.name, self.id), self.dockerfile, {use.sight.stage.index for use in uses})
        optional = bool(without) or self._is_optional(uses)
        needed = frozenset() if optional else frozenset(use.sight.stage.index for use in uses if use.demands)
        steps = tuple(self._step(use, needed) for use in uses)
        self._check_mounts(steps)
        return Plan(
            name=self.name,
            id=self.id,
            names=tuple(self.flows),
            optional=optional,
            removed=tuple({word.variable: word for word in self._removed()}.values()),
            steps=steps,
            frontend=self._frontend(steps),
            warnings=(*self._warnings(uses), *self._caller_warnings(without)),
            mounted=any(self._is_mounted(sight) for sight in self.flow.sights),
            order=self.flow.declarations[0].variable.span.start,
        )

    def _step(self, use: Use, needed: frozenset[int]) -> Step:
        """What is done to one RUN; a build of the stages in `needed` has the secret in any case."""
        required = use.how is not How.BROAD and any(stage.index in needed for stage in ancestry(self.dockerfile, use.sight.stage))
        deriver = Deriver(self.dockerfile, self.flows, use.sight)
        return make_step(self.dockerfile, use, deriver, self.id, self.settings, optional=not required)

    def _sights(self) -> list[Sight]:
        """Every RUN that has the secret or a value made from it, as the secret would stand there."""
        own = {sight.run.span.start: sight for sight in self.flow.sights}
        last = next((word for word in reversed(self.flow.declarations) if not word.is_copy and word.variable.value is not None), None)
        for sight in (sight for flow in self.flows.values() for sight in flow.sights):
            own.setdefault(sight.run.span.start, replace(sight, default=last, falls_back=False))
        return [own[start] for start in sorted(own)]

    def _removed(self) -> Iterator[Declaration]:
        """The words that go: every ARG of these names, and every ENV that is made from the secret."""
        made = {word.variable for flow in self.flows.values() for word in flow.derived}
        for flow in self.flows.values():
            yield from (word for word in flow.declarations if not word.is_copy or word.variable in made)

    def _is_mounted(self, sight: Sight) -> bool:
        return existing_mount(sight.run, self.id) is not None or has_arrived(self.dockerfile, sight.run, self.name)

    def _check_callers(self) -> None:
        """Refuse what a caller cannot pass, and a value that is made from the secret and that somebody passes as well."""
        line = self.flow.declarations[0].variable.line
        check_callers(self.around.links, (self.name, self.id), line, self.settings)
        for name in self.flows:
            link = next((link for link, _ in passings(self.around.links, name) if not link.call.documentation), None)
            if name != self.name and link is not None:
                raise Refused(Reason.DERIVED_VALUE_TOO_COMPLEX, line, f"{name} is made from {self.name}, and {link.place} passes it")

    def _check_mounts(self, steps: Sequence[Step]) -> None:
        """Refuse `env=` where somebody builds with what does not know it."""
        for step in steps:
            if self.buildah is not None and any(mount.env for mount in step.mounts):
                why = f"{self.buildah.place} builds with podman or buildah, which know no env= before buildah 1.44"
                raise Refused(Reason.CALLER_CANNOT_PASS_SECRETS, step.run.line, why)

    def _caller_warnings(self, without: str) -> Iterator[str]:
        if without:
            yield f"{without} may build it without {self.name}: the secret is none that has to be passed"
        if self.buildah is not None and self.style is Style.ENV:
            yield f"{self.buildah.place} builds with podman or buildah: files, not env=, which they do not know before buildah 1.44"

    def _check_reach(self, flow: Flow) -> None:
        """Refuse what reaches further than the RUNs of this build."""
        name, first = flow.name, flow.declarations[0].variable
        if not IDENTIFIER.fullmatch(name):
            raise Refused(Reason.NAME_NOT_A_VARIABLE, first.line, f"no shell can read a variable called {name}")
        for stage in (self.dockerfile.stages[word.stage] for word in flow.declarations if word.stage is not None):
            if is_windows(self.dockerfile, stage):
                raise Refused(Reason.WINDOWS, stage.start.line, f"{name} is used in a stage of Windows")
        for trigger in flow.triggers:
            raise Refused(Reason.ONBUILD, trigger.line, f"a trigger has {name}")
        for expansion in flow.expansions:
            raise Refused(Reason.USED_BY_INSTRUCTION, expansion.instruction.line, f"{expansion.what} expands {name}")

    def _is_optional(self, uses: Sequence[Use]) -> bool:
        """Whether builds without the secret have to go on: a default, a guard, an ENV that shows instead, or nobody seen who needs it."""
        mentions = [mention for use in uses if not use.is_foreign for name in use.names for mention in mentions_of(use.script.shell, name)]
        expanded = [mention for mention in mentions if mention.reading is Reading.EXPANDED]
        guarded = any(mention.guards for mention in mentions) or (bool(expanded) and all(mention.conditional for mention in expanded))
        derivers = [(use, Deriver(self.dockerfile, self.flows, use.sight)) for use in uses]
        made = [assignment.value for use, deriver in derivers for assignment in deriver.arrival(use.names, alone=True).made]
        copes = any(piece.name == self.name and piece.operator for value in made for piece in references(value))
        replaced = any(use.sight.falls_back or deriver.default() is not None for use, deriver in derivers)
        return guarded or copes or replaced or not any(use.demands for use in uses)

    def _frontend(self, steps: Sequence[Step]) -> str | None:
        mounts = [mount for step in steps for mount in step.mounts]
        if not mounts:
            return None
        needed = MOUNTS_WITH_ENV if any(mount.env for mount in mounts) else MOUNTS
        return raised(self.dockerfile, needed, self.settings.frontend)

    def _warnings(self, uses: Sequence[Use]) -> Iterator[str]:
        yield from self._copy_warnings()
        broad = [str(use.sight.run.line) for use in uses if use.how is How.BROAD]
        if broad:
            runs = f"the RUN on line {broad[0]} has" if len(broad) == 1 else f"the RUNs on lines {', '.join(broad)} have"
            yield f"nothing shows who reads {self.name}: {runs} it because a command there could; take the mount from those that need none"
        for run in self.flow.undeclared:
            shell = script_of(run, self.dockerfile.source.text).shell
            read = any(mention.reading is Reading.EXPANDED for mention in shell.mentions(self.name))
            if read and not shell.sets_first(self.name):
                yield f"line {run.line}: {self.name} is empty here, before and after: no ARG of this stage declares it"

    def _copy_warnings(self) -> Iterator[str]:
        final = final_copies(self.dockerfile, self.flows)
        for word in final:
            name = word.variable.name
            yield f"line {word.variable.line}: containers no longer have {name}: one that needs it is started with docker run -e {name}"
        for name, flow in self.flows.items():
            if name != self.name and any(not word.is_copy for word in flow.declarations):
                yield f"{name} is now made inside the RUN: --build-arg {name}=… has no effect any more"
