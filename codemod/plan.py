"""Findings to plans and refusals: decides what will be done with each secret, and spells nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codemod import values
from codemod.consumers import curious, reader_of, runs_only_git
from codemod.dataflow import Declaration, Flow, Sight, shell_text, trace
from codemod.detect import Finding, plain_value
from codemod.dockerfile.lex import LexError, Reference, lex
from codemod.dockerfile.mounts import default_target, mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction, Mount
from codemod.refusal import Reason, Refusal
from codemod.settings import Settings
from codemod.shell import Command, Mention, Reading, Shell, read
from codemod.users import is_windows, shell_of, takes_a_prelude, user_of
from codemod.values import ValueSays

Value = tuple[str | Reference, ...]
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# the builder itself picks these up (solver/pb and source/git, source/http of BuildKit)
RESERVED_IDS = re.compile(r"GIT_AUTH_(?:TOKEN|HEADER)|HTTP_AUTH_(?:TOKEN|HEADER)_.*")
# modifiers that sh and the builder take alike
SHARED_OPERATORS = frozenset({"", ":-", "-", ":+", "+"})


@dataclass(frozen=True, slots=True)
class NewMount:
    """A secret mount to write; `uid` and `world_readable` let the RUN's user read the file."""

    id: str
    required: bool
    uid: int | None
    world_readable: bool


@dataclass(frozen=True, slots=True)
class Assignment:
    """A derived build arg, as the shell has to build it."""

    name: str
    value: Value
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """One RUN that gets the secret. `mount` is None where one is there to use; `path` is None where that sets the variable."""

    name: str
    run: Instruction
    stage: int
    mount: NewMount | None
    path: str | None
    exported: bool
    optional: bool
    default: Value | None
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
    """Decide about one build arg. `mentioned` are files of the build context that have its name, as path:line."""
    flow = finding.flow
    if flow is None:
        return Refusal(Reason.LITERAL_CREDENTIAL, finding.line, f"{finding.name} stands in the file with its value")
    return _Planner(dockerfile, flow, settings, mentioned).plan()


class _Refused(Exception):  # noqa: N818  (control flow inside this module: a refusal found deep inside)
    def __init__(self, reason: Reason, line: int, detail: str) -> None:
        super().__init__(detail)
        self.refusal = Refusal(reason, line, detail)


class _Planner:
    def __init__(self, dockerfile: Dockerfile, flow: Flow, settings: Settings, mentioned: Sequence[str]) -> None:
        self.dockerfile, self.flow, self.settings, self.mentioned = dockerfile, flow, settings, mentioned
        self.name = flow.name
        self.id = identifier(flow.name, settings)
        self.text = dockerfile.source.text
        self.warnings: list[str] = []

    def plan(self) -> Plan | Refusal:
        try:
            return self._plan()
        except _Refused as refused:
            return refused.refusal

    def _plan(self) -> Plan:
        flows = {self.name: self.flow, **self._derived_flows()}
        for flow in flows.values():
            self._check_reach(flow)
        uses = [use for sight in self._sights(flows) if (use := self._use(sight, flows))]
        self._check_unseen(uses)
        optional = self._is_optional(uses)
        removed = {word.variable: word for flow in flows.values() for word in flow.declarations}
        self._warn(uses, flows)
        return Plan(
            name=self.name,
            id=self.id,
            optional=optional,
            removed=tuple(removed.values()),
            steps=tuple(step for use in uses if (step := self._step(use, optional))),
            warnings=tuple(self.warnings),
            mounted=any(_existing(sight.run, self.id) or self._has_arrived(sight.run) for sight in self.flow.sights),
            order=self.flow.declarations[0].variable.span.start,
        )

    def _derived_flows(self) -> dict[str, Flow]:
        """The build args that are made from the secret, and those made from them."""
        found: dict[str, Flow] = {}
        waiting = list(self.flow.derived)
        while waiting:
            word = waiting.pop(0).variable
            if word.name == self.name:
                raise _Refused(Reason.DERIVED_VALUE_TOO_COMPLEX, word.line, f"{word.name} is made from itself")
            if word.name not in found:
                found[word.name] = trace(self.dockerfile, word.name)
                waiting += found[word.name].derived
        return found

    def _sights(self, flows: dict[str, Flow]) -> list[Sight]:
        """Every RUN that has the secret or a value made from it, as the secret would stand there."""
        own = {sight.run.span.start: sight for sight in self.flow.sights}
        for flow in flows.values():
            for sight in flow.sights:
                own.setdefault(sight.run.span.start, replace(sight, default=self._last_default(), falls_back=False))
        return [own[start] for start in sorted(own)]

    def _last_default(self) -> Declaration | None:
        return next((word for word in reversed(self.flow.declarations) if word.variable.value is not None), None)

    def _check_reach(self, flow: Flow) -> None:
        """Whether only RUNs of this build, in a shell that can be helped, have the value."""
        if not IDENTIFIER.fullmatch(flow.name):
            raise _Refused(Reason.NAME_NOT_A_VARIABLE, flow.declarations[0].variable.line, f"no shell can read a variable called {flow.name}")
        for stage in {word.stage for word in flow.declarations if word.stage is not None}:
            if is_windows(self.dockerfile, self.dockerfile.stages[stage]):
                raise _Refused(Reason.WINDOWS, self.dockerfile.stages[stage].start.line, f"{flow.name} is used in a stage of Windows")
        for trigger in flow.triggers:
            raise _Refused(Reason.ONBUILD, trigger.line, f"a trigger has {flow.name}")
        for expansion in flow.expansions:
            raise _Refused(Reason.USED_BY_INSTRUCTION, expansion.instruction.line, f"{expansion.what} expands {flow.name}")
        for copy in flow.copies:
            raise _Refused(Reason.NOT_SUPPORTED_YET, copy.instruction.line, f"ENV copies {flow.name} into the image's environment")

    def _use(self, sight: Sight, flows: dict[str, Flow]) -> _Use | None:
        """What the RUN of `sight` does with the secret or what is derived from it; None where it does nothing."""
        run = sight.run
        if self._has_arrived(run):
            return None
        text = shell_text(run, self.text).text
        present = [name for name in flows if self._in_sight(flows[name], run) and _has_word(name, text if run.json is None else " ".join(run.json))]
        if not present:
            return None
        self._check_form(sight, present[0])
        shell = read(text)
        if not shell.understood:
            raise _Refused(Reason.SHELL_NOT_UNDERSTOOD, run.line, f"the command that has {present[0]} is no sh or bash that we can read")
        used = [name for name in present if _is_used(shell, name)]
        return _Use(sight, shell, tuple(used), tuple(self._assignments(used, flows, run))) if used else None

    def _has_arrived(self, run: Instruction) -> bool:
        """Whether a secret mount sets the variable already, or feeds an `export` of it; both beat the ARG (executor, exec.go)."""
        secrets = [mount for mount in mounts(run) if mount.type == "secret"]
        exports = re.search(rf"\bexport\s+{re.escape(self.name)}=", run.arguments.text) is not None
        return any(mount.env == self.name or (exports and mount.target and mount.target in run.arguments.text) for mount in secrets)

    def _in_sight(self, flow: Flow, run: Instruction) -> bool:
        return any(sight.run is run for sight in flow.sights)

    def _check_form(self, sight: Sight, name: str) -> None:
        run = sight.run
        if run.json is not None:
            raise _Refused(Reason.NOT_SUPPORTED_YET, run.line, f"a RUN in exec form has {name}")
        if run.heredocs:
            raise _Refused(Reason.NOT_SUPPORTED_YET, run.line, f"a RUN with a heredoc has {name}")
        shell = shell_of(self.dockerfile, sight.stage, run)
        if not takes_a_prelude(shell):
            raise _Refused(Reason.SHELL_NOT_UNDERSTOOD, run.line, f"SHELL {shell[0]} is no plain sh or bash, or prints each command")

    def _assignments(self, used: list[str], flows: dict[str, Flow], run: Instruction) -> Iterator[Assignment]:
        """The derived values that a RUN needs, those that others are made from first."""
        wanted = [name for name in flows if name != self.name and name in used]
        needed: dict[str, Assignment] = {}
        while wanted:
            name = wanted.pop(0)
            sight = next(sight for sight in flows[name].sights if sight.run is run)
            assignment = self._assignment(name, sight, frozenset(flows))
            needed = {name: assignment, **{key: value for key, value in needed.items() if key != name}}
            wanted += [piece.name for piece in assignment.value if isinstance(piece, Reference) and piece.name in flows and piece.name != self.name]
        yield from needed.values()

    def _assignment(self, name: str, sight: Sight, tainted: frozenset[str]) -> Assignment:
        word = sight.default
        if word is None or word.variable.value is None:
            line = sight.run.line
            raise _Refused(Reason.DERIVED_VALUE_TOO_COMPLEX, line, f"{name} is made from {self.name} in one place and passed in another")
        value = self._value(word, name)
        references = [piece for piece in value if isinstance(piece, Reference)]
        foreign = [piece for piece in references if piece.name not in tainted]
        if foreign and word.stage != sight.stage.index or not self._same_later(word, references, sight):
            raise _Refused(Reason.DERIVED_VALUE_TOO_COMPLEX, word.variable.line, f"{name} is made from {foreign[0].name} as well, which changes or is out of reach later")
        return Assignment(name, value, word.variable.line)

    def _value(self, word: Declaration, name: str) -> Value:
        try:
            lexed = lex(word.variable.value or "", self.dockerfile.escape)
        except LexError as error:
            raise _Refused(Reason.DERIVED_VALUE_TOO_COMPLEX, word.variable.line, f"the value of {name}: {error}") from None
        wrong = [reference for reference in lexed.references if not _is_shared(reference)]
        if wrong:
            raise _Refused(Reason.DERIVED_VALUE_TOO_COMPLEX, word.variable.line, f"{name} has ${{{wrong[0].name}…}} in a form that sh has not")
        return lexed.pieces

    def _same_later(self, word: Declaration, foreign: list[Reference], sight: Sight) -> bool:
        """Whether a RUN reads in `foreign` what the ARG did: nothing of its stage sets them in between."""
        between = [
            variable.name
            for instruction in sight.stage.instructions
            if instruction.name in ("ARG", "ENV") and instruction.span.start < sight.run.span.start
            for variable in instruction.variables
            if variable.span.start > word.variable.span.start and variable.value is not None
        ]
        return not any(reference.name in between for reference in foreign)

    def _check_unseen(self, uses: list[_Use]) -> None:
        """Whether a RUN that does not name the secret may read it all the same."""
        if Reason.UNSEEN_READER in self.settings.allow:
            return
        used = [use.sight.run for use in uses]
        deferred = any(self._defers(sight.run) for sight in self.flow.sights)
        for sight in self.flow.sights:
            if sight.run in used or self._has_arrived(sight.run):
                continue
            commands = self._curious(sight.run)
            reader = reader_of(self.name, commands)
            if reader:
                self._refuse_unseen(sight, f"`{reader.name}` reads {self.name} from its environment")
            if commands and self.mentioned and not runs_only_git(commands):
                self._refuse_unseen(sight, f"it may read {self.name}, which {self.mentioned[0]} mentions")
            if commands and deferred:
                self._refuse_unseen(sight, f"it may read {self.name}, whose name an earlier RUN wrote down for later")
            if commands and not uses and not runs_only_git(commands):
                self._refuse_unseen(sight, f"no RUN names {self.name}, and `{commands[0].name or 'a command'}` may read it from its environment")

    def _refuse_unseen(self, sight: Sight, detail: str) -> None:
        raise _Refused(Reason.UNSEEN_READER, sight.run.line, detail)

    def _curious(self, run: Instruction) -> tuple[Command, ...]:
        if run.json is not None:
            text = " ".join("'" + word.replace("'", "'\\''") + "'" for word in run.json)
            return curious(read(text), self.name)
        return curious(read(shell_text(run, self.text).text), self.name)

    def _defers(self, run: Instruction) -> bool:
        """Whether a RUN writes the name, not the value: for a tool to look up when it runs."""
        if run.json is not None:
            return False
        shell = read(shell_text(run, self.text).text)
        return any(mention.reading is Reading.LITERAL for mention in shell.mentions(self.name))

    def _is_optional(self, uses: list[_Use]) -> bool:
        guarded = any(mention.guards for use in uses for name in use.names for mention in use.shell.mentions(name))
        pieces = [piece for use in uses for assignment in use.assignments for piece in assignment.value]
        copes = any(isinstance(piece, Reference) and piece.name == self.name and piece.operator for piece in pieces)
        return guarded or copes or any(use.sight.falls_back or self._default(use.sight) is not None for use in uses)

    def _default(self, sight: Sight) -> Value | None:
        """The default that builds without the secret have had; a credential is none to keep."""
        word = sight.default
        if word is None or word.variable.value is None:
            return None
        if values.judge(plain_value(word.variable, self.dockerfile.escape)) is ValueSays.CREDENTIAL:
            return None
        value = self._value(word, self.name)
        foreign = [piece for piece in value if isinstance(piece, Reference)]
        if foreign and (word.stage != sight.stage.index or not self._same_later(word, foreign, sight)):
            raise _Refused(Reason.DERIVED_VALUE_TOO_COMPLEX, word.variable.line, f"the default of {self.name} is made from {foreign[0].name}, which changes or is out of reach later")
        return value

    def _step(self, use: _Use, optional: bool) -> Step:  # noqa: FBT001  (a fact of the plan, not a switch)
        run, stage = use.sight.run, use.sight.stage
        existing = _existing(run, self.id)
        user = user_of(self.dockerfile, stage, run)
        new = NewMount(self.id, not optional, user.uid or None, user.uid is None)
        return Step(
            name=self.name,
            run=run,
            stage=stage.index,
            mount=None if existing else new,
            path=existing.target if existing else default_target(self.id),
            exported=any(curious(use.shell, name) for name in (self.name, *use.names)),
            optional=optional,
            default=self._default(use.sight),
            derived=use.assignments,
            mentions=tuple(mention for name in use.names for mention in use.shell.mentions(name)),
        )

    def _warn(self, uses: list[_Use], flows: dict[str, Flow]) -> None:
        for word in self.flow.declarations:
            said = values.judge(plain_value(word.variable, self.dockerfile.escape))
            if said is ValueSays.CREDENTIAL:
                self.warnings.append(f"line {word.variable.line}: the default of {self.name} is a credential: it is dropped; revoke it, the repository's history has it")
            elif said is ValueSays.OTHER:
                self.warnings.append(f"line {word.variable.line}: the default of {self.name} moves into the RUN; if it is a real credential, drop it")
        for name in flows:
            if name != self.name:
                self.warnings.append(f"{name} is now made inside the RUN: --build-arg {name}=… has no effect any more")
        for run in self.flow.undeclared:
            shell = read(shell_text(run, self.text).text)
            if any(mention.reading is Reading.EXPANDED for mention in shell.mentions(self.name)) and not shell.sets_first(self.name):
                self.warnings.append(f"line {run.line}: {self.name} is empty here, before and after: no ARG of this stage declares it")


@dataclass(frozen=True, slots=True)
class _Use:
    """A RUN that reads the secret, or values derived from it, by these names."""

    sight: Sight
    shell: Shell
    names: tuple[str, ...]
    assignments: tuple[Assignment, ...]


def identifier(name: str, settings: Settings) -> str:
    """The secret's id: what the user said, else the build arg's name unless the builder claims that."""
    given = dict(settings.ids).get(name)
    return given or (f"{name}_BUILD_SECRET" if RESERVED_IDS.fullmatch(name) else name)


def _is_shared(reference: Reference) -> bool:
    """Whether sh expands it as the builder does, written between double quotes."""
    plain = not any(character in reference.operand for character in "}\"'$`\\")
    return not reference.nested and reference.operator in SHARED_OPERATORS and plain and IDENTIFIER.fullmatch(reference.name) is not None


def _has_word(name: str, text: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", text) is not None


def _is_used(shell: Shell, name: str) -> bool:
    """Whether a RUN would do something else without the variable."""
    mentions = shell.mentions(name)
    if mentions and (curious(shell, name) or shell.indirect):
        return True
    return any(mention.reading is Reading.EXPANDED for mention in mentions) and not shell.sets_first(name)


def _existing(run: Instruction, wanted: str) -> Mount | None:
    return next((mount for mount in mounts(run) if mount.type == "secret" and mount.id == wanted), None)

