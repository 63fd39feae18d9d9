"""Findings to plans and refusals: decides what will be done with each secret, and spells nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from codemod import values
from codemod.consumers import curious
from codemod.dataflow import Declaration, Flow, Sight
from codemod.derived import Assignment, Value, assignments, default_value, derived_flows, references
from codemod.detect import Finding, plain_value
from codemod.dockerfile.mounts import default_target
from codemod.dockerfile.nodes import Dockerfile, Instruction
from codemod.frontend import check_frontend
from codemod.readers import check_unseen, existing_mount, has_arrived, run_shell
from codemod.refusal import Reason, Refusal, Refused
from codemod.settings import Settings
from codemod.shell import Mention, Reading, Shell
from codemod.users import is_windows, shell_of, takes_a_prelude, user_of
from codemod.values import ValueSays

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# the builder itself picks these up (client/llb/source.go and source/http of BuildKit)
RESERVED_IDS = re.compile(r"GIT_AUTH_(?:TOKEN|HEADER)|HTTP_AUTH_(?:TOKEN|HEADER)_.*")


@dataclass(frozen=True, slots=True)
class NewMount:
    """A secret mount to write; `uid` and `world_readable` let the RUN's user read the file."""

    id: str
    required: bool
    uid: int | None
    world_readable: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One RUN that gets the secret: from a mount to write, or, where `mount` is None, from the one it has."""

    name: str
    run: Instruction
    stage: int
    mount: NewMount | None
    path: str
    exported: bool
    optional: bool
    default: Value | None = field(repr=False)
    derived: tuple[Assignment, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is done for one secret: words of ARG that go, RUNs that change.

    `mounted` says that a RUN mounts it already, `order` is the place of its first ARG.
    """

    name: str
    id: str
    optional: bool
    removed: tuple[Declaration, ...]
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]
    mounted: bool
    order: int


def make_plan(dockerfile: Dockerfile, finding: Finding, settings: Settings, mentioned: Sequence[str]) -> Plan | Refusal:
    """Decide about one finding. `mentioned` are places of the build context that have its name, as path:line."""
    if finding.flow is None:
        return Refusal(Reason.LITERAL_CREDENTIAL, finding.line, f"{finding.name} stands in the file with its value")
    try:
        return _Planner(dockerfile, finding.flow, settings).plan(mentioned)
    except Refused as refused:
        return refused.refusal


def identifier(name: str, settings: Settings) -> str:
    """The secret's id: what the user said, else the build arg's name unless the builder claims that."""
    given = dict(settings.ids).get(name)
    return given or (f"{name}_BUILD_SECRET" if RESERVED_IDS.fullmatch(name) else name)


class _Use(NamedTuple):
    """A RUN that reads the secret, or values derived from it, by these names."""

    sight: Sight
    shell: Shell
    names: tuple[str, ...]
    derived: tuple[Assignment, ...]

    @property
    def consumes(self) -> bool:
        """Whether it does more with the value than ask whether it is there."""
        mentions = [mention for name in self.names for mention in self.shell.mentions(name)]
        return any(not mention.guards for mention in mentions)


class _Planner:
    def __init__(self, dockerfile: Dockerfile, flow: Flow, settings: Settings) -> None:
        self.dockerfile, self.flow, self.settings = dockerfile, flow, settings
        self.name, self.id = flow.name, identifier(flow.name, settings)
        self.flows = {flow.name: flow, **derived_flows(dockerfile, flow)}

    def plan(self, mentioned: Sequence[str]) -> Plan:
        for flow in self.flows.values():
            self._check_reach(flow)
        uses = [use for sight in self._sights() if (use := self._use(sight)) is not None]
        if Reason.UNSEEN_READER not in self.settings.allow:
            used = {use.sight.run.span.start for use in uses}
            check_unseen(self.dockerfile, self.flow, used, mentioned, seen=any(use.consumes for use in uses))
        if uses:
            check_frontend(self.dockerfile)
        optional = self._is_optional(uses)
        return Plan(
            name=self.name,
            id=self.id,
            optional=optional,
            removed=tuple({word.variable: word for flow in self.flows.values() for word in flow.declarations}.values()),
            steps=tuple(self._step(use, optional=optional) for use in uses),
            warnings=tuple(self._warnings()),
            mounted=any(existing_mount(sight.run, self.id) or has_arrived(sight.run, self.name) for sight in self.flow.sights),
            order=self.flow.declarations[0].variable.span.start,
        )

    def _sights(self) -> list[Sight]:
        """Every RUN that has the secret or a value made from it, as the secret would stand there."""
        own = {sight.run.span.start: sight for sight in self.flow.sights}
        last = next((word for word in reversed(self.flow.declarations) if word.variable.value is not None), None)
        for sight in (sight for flow in self.flows.values() for sight in flow.sights):
            own.setdefault(sight.run.span.start, replace(sight, default=last, falls_back=False))
        return [own[start] for start in sorted(own)]

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
        for copy in flow.copies:
            raise Refused(Reason.NOT_SUPPORTED_YET, copy.instruction.line, f"ENV copies {name} into the image's environment")

    def _use(self, sight: Sight) -> _Use | None:
        """What the RUN of `sight` does with the secret or what is derived from it; None where it does nothing."""
        run = sight.run
        if has_arrived(run, self.name):
            return None
        shell = run_shell(self.dockerfile, run)
        present = [name for name in self.flows if self._sees(run, name) and _has_word(name, shell.text)]
        if not present:
            return None
        self._check_form(sight, present[0])
        if not shell.understood:
            detail = f"the command that has {present[0]} is no sh or bash that dockerfix can read"
            raise Refused(Reason.SHELL_NOT_UNDERSTOOD, run.line, detail)
        used = [name for name in present if _is_used(shell, name)]
        derived = assignments(self.dockerfile, self.flows, used, run)
        return _Use(sight, shell, tuple(used), derived) if used else None

    def _sees(self, run: Instruction, name: str) -> bool:
        return any(sight.run is run for sight in self.flows[name].sights)

    def _check_form(self, sight: Sight, name: str) -> None:
        run = sight.run
        if run.json is not None:
            raise Refused(Reason.NOT_SUPPORTED_YET, run.line, f"a RUN in exec form has {name}")
        if run.heredocs:
            raise Refused(Reason.NOT_SUPPORTED_YET, run.line, f"a RUN with a heredoc has {name}")
        shell = shell_of(self.dockerfile, sight.stage, run)
        if not takes_a_prelude(shell):
            raise Refused(Reason.SHELL_NOT_UNDERSTOOD, run.line, f"SHELL {shell[0]} is no plain sh or bash, or prints each command")

    def _is_optional(self, uses: Sequence[_Use]) -> bool:
        """Whether builds without the secret have to go on: a default, a guard, or an ENV that shows instead."""
        mentions = [mention for use in uses for name in use.names for mention in use.shell.mentions(name)]
        expanded = [mention for mention in mentions if mention.reading is Reading.EXPANDED]
        guarded = any(mention.guards for mention in mentions) or (bool(expanded) and all(mention.conditional for mention in expanded))
        made = [piece for use in uses for assignment in use.derived for piece in references(assignment.value)]
        copes = any(piece.name == self.name and piece.operator for piece in made)
        return guarded or copes or any(use.sight.falls_back or self._default(use.sight) is not None for use in uses)

    def _default(self, sight: Sight) -> Value | None:
        return default_value(self.dockerfile, self.name, sight)

    def _step(self, use: _Use, *, optional: bool) -> Step:
        run, stage = use.sight.run, use.sight.stage
        existing = self._readable_mount(use.sight)
        user = user_of(self.dockerfile, stage, run)
        return Step(
            name=self.name,
            run=run,
            stage=stage.index,
            mount=None if existing else NewMount(self.id, not optional, user.uid or None, user.uid is None),
            path=existing or default_target(self.id),
            exported=any(curious(use.shell, name) for name in (self.name, *use.names)),
            optional=optional,
            default=self._default(use.sight),
            derived=use.derived,
            mentions=tuple(mention for name in use.names for mention in use.shell.mentions(name)),
        )

    def _readable_mount(self, sight: Sight) -> str | None:
        """The file of the secret mount that the RUN has, if it has one; it was written for its user, or it is refused."""
        mount = existing_mount(sight.run, self.id)
        if mount is None or mount.target is None:
            return None
        options = dict(mount.fields)
        uid = user_of(self.dockerfile, sight.stage, sight.run).uid
        if uid != 0 and "mode" not in options and options.get("uid", "0") != str(uid):
            detail = f"the mount of {self.id} is there, but root's alone: give it uid= or mode=0444"
            raise Refused(Reason.NOT_SUPPORTED_YET, sight.run.line, detail)
        return mount.target

    def _warnings(self) -> Iterator[str]:
        for word in (word.variable for word in self.flow.declarations):
            said = values.judge(plain_value(word, self.dockerfile.escape))
            if said is ValueSays.CREDENTIAL:
                yield f"line {word.line}: the default is a credential: it is dropped; revoke it, for the repository's history has it"
            elif said is ValueSays.OTHER:
                yield f"line {word.line}: the default moves into the RUN; if it is a real credential, drop it"
        for name in self.flows:
            if name != self.name:
                yield f"{name} is now made inside the RUN: --build-arg {name}=… has no effect any more"
        for run in self.flow.undeclared:
            shell = run_shell(self.dockerfile, run)
            read = any(mention.reading is Reading.EXPANDED for mention in shell.mentions(self.name))
            if read and not shell.sets_first(self.name):
                yield f"line {run.line}: {self.name} is empty here, before and after: no ARG of this stage declares it"


def _has_word(name: str, text: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", text) is not None


def _is_used(shell: Shell, name: str) -> bool:
    """Whether a RUN would do something else without the variable."""
    mentions = shell.mentions(name)
    if mentions and (curious(shell, name) or shell.indirect):
        return True
    return any(mention.reading is Reading.EXPANDED for mention in mentions) and not shell.sets_first(name)
