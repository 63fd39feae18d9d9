"""What is done to one RUN: the mounts that it gets, and what its text has to begin with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from codemod.consumers import curious, reads_only_known_names
from codemod.derived import Arrival, Assignment, Deriver
from codemod.dockerfile.lex import Reference
from codemod.dockerfile.mounts import default_target
from codemod.dockerfile.nodes import Dockerfile, Instruction, Mount
from codemod.existing import existing_mount
from codemod.refusal import Reason, Refused
from codemod.script import Script
from codemod.settings import Settings, Style
from codemod.shell import Mention
from codemod.users import is_shell, prints_commands, takes_a_prelude, user_of
from codemod.uses import How, Use

# how a program asks whether a variable is there at all, empty or not
TELLS_UNSET = (
    r"['\"]{name}['\"]\s+(?:not\s+)?in\s+os\.environ|\b{name}\b[^\n]*\b(?:is (?:not )?None|undefined|key\?|has_key)|"
    r"(?:exists|defined)\b[^\n]*\b{name}\b"
)
UNSET_OPERATORS = frozenset({"-", "+", "=", "?"})


@dataclass(frozen=True, slots=True)
class NewMount:
    """A secret mount to write; `env` is the variable that it sets, else `uid` and `world_readable` let the RUN's user read the file."""

    id: str
    required: bool
    uid: int | None = None
    world_readable: bool = False
    env: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One RUN that gets the secret: from `mounts` to write, or, where there are none, from the one it has, at `path`.

    `amended` is a mount that is there and gets options that let the RUN's user read it. `arrival` is what the text begins with;
    None where the mount says it all. `why` says who reads it where the text of the RUN does not.
    """

    name: str
    run: Instruction
    stage: int
    script: Script
    how: How
    mounts: tuple[NewMount, ...]
    amended: tuple[Mount, NewMount] | None
    path: str
    style: Style
    arrival: Arrival | None = field(repr=False)
    exported: bool
    optional: bool
    mentions: tuple[Mention, ...]
    why: str


def make_step(dockerfile: Dockerfile, use: Use, deriver: Deriver, identifier: str, settings: Settings, *, optional: bool) -> Step:
    """Decide how one RUN gets the secret. Raises Refused where it cannot have it as it did."""
    maker = _Maker(dockerfile, use, deriver, identifier, optional=optional)
    if settings.style is Style.ENV or not maker.takes_a_prelude:
        return maker.by_variable()
    return maker.by_file()


class _Maker:
    def __init__(self, dockerfile: Dockerfile, use: Use, deriver: Deriver, identifier: str, *, optional: bool) -> None:
        self.dockerfile, self.use, self.deriver, self.id, self.optional = dockerfile, use, deriver, identifier, optional
        self.run, self.shell = use.sight.run, use.script.shell
        self.arrival = self._arrival()

    @property
    def takes_a_prelude(self) -> bool:
        """Whether the text can begin with a command of ours that nobody sees."""
        words = self.use.interpreter
        if words is None:
            return False
        if self.use.script.shebang:
            return is_shell(words) and not prints_commands(words)
        return takes_a_prelude(words)

    def by_file(self) -> Step:
        """The secret as a file that the text reads."""
        if not self.shell.understood:
            detail = f"the command that has {self.use.names[0]} is no sh or bash that dockerfix can read"
            raise Refused(Reason.SHELL_NOT_UNDERSTOOD, self.run.line, detail)
        user = user_of(self.dockerfile, self.use.sight.stage, self.run)
        new = NewMount(self.id, not self.optional, user.uid or None, user.uid is None)
        existing = existing_mount(self.run, self.id)
        if existing is None or existing.target is None:
            return self._step((new,), path=default_target(self.id), style=Style.FILE)
        return self._step((), path=existing.target, style=Style.FILE, amended=(existing, new) if _is_closed(existing, user.uid) else None)

    def by_variable(self) -> Step:
        """The secret as a variable that the mount sets, empty where a build goes without it."""
        self._check_missing()
        arrival, variable = self.arrival, Reference(self.arrival.variable, "", "", nested=False)
        names = [arrival.variable, *(made.name for made in arrival.made if made.value == (variable,))]
        made = tuple(assignment for assignment in arrival.made if assignment.value != (variable,))
        default = arrival.default or None
        if not self.takes_a_prelude and (made or default):
            what = f"{made[0].name} has to be made" if made else f"the default of {self.deriver.secret} has to be chosen"
            raise Refused(Reason.DEFAULT_NEEDS_SHELL, self.run.line, f"{what} by a shell that this RUN has not")
        mounts = tuple(NewMount(self.id, not self.optional, env=name) for name in names)
        needed = replace(arrival, default=default, made=made) if made or default else None
        return replace(self._step(mounts, path="", style=Style.ENV), arrival=needed)

    def _check_missing(self) -> None:
        """Refuse where the RUN does something else for an empty variable than for none. Raises Refused."""
        if not self.optional:
            return
        secret, line = self.deriver.secret, self.run.line
        if self.use.sight.falls_back:
            raise Refused(Reason.DEFAULT_NEEDS_SHELL, line, f"an ENV gives {secret} where it is not passed, and an env= mount hides it")
        if self.arrival.set_anyway or self.arrival.default is not None:
            return
        text = self.use.script.text.text
        for name in self.use.names:
            asked = any(mention.operator in UNSET_OPERATORS for mention in self.shell.mentions(name))
            if asked or re.search(TELLS_UNSET.replace("{name}", re.escape(name)), text):
                raise Refused(Reason.DEFAULT_NEEDS_SHELL, line, f"this RUN asks whether {name} is set, and an env= mount always sets it")

    def _step(self, mounts: tuple[NewMount, ...], *, path: str, style: Style, amended: tuple[Mount, NewMount] | None = None) -> Step:
        names = {self.arrival.variable, *self.use.names, *(made.name for made in self.arrival.made)}
        return Step(
            name=self.deriver.secret,
            run=self.run,
            stage=self.use.sight.stage.index,
            script=self.use.script,
            how=self.use.how,
            mounts=mounts,
            amended=amended,
            path=path,
            style=style,
            arrival=self.arrival,
            exported=any(curious(self.shell, name) for name in names),
            optional=self.optional,
            mentions=tuple(mention for name in self.use.names for mention in self.shell.mentions(name)),
            why=self.use.why,
        )

    def _arrival(self) -> Arrival:
        """How the text comes by its names; under `set -u` an optional one that is missing must not end it."""
        secret = self.deriver.secret
        alone = secret not in self.use.names and reads_only_known_names(curious(self.shell, secret))
        arrival = self.deriver.arrival(self.use.names, alone=alone)
        if self.optional and _fails_for_unset(self.use.interpreter or ()):
            made = tuple(Assignment(each.name, tuple(map(_tolerant, each.value))) for each in arrival.made)
            return replace(arrival, made=made)
        return arrival


def _is_closed(mount: Mount, uid: int | None) -> bool:
    """Whether a mount's file is root's alone, and the RUN's user is another, or may be."""
    options = dict(mount.fields)
    return uid != 0 and "mode" not in options and options.get("uid", "0") != str(uid)


def _fails_for_unset(shell: tuple[str, ...]) -> bool:
    return "nounset" in shell or any(re.fullmatch(r"-[a-z]*u[a-z]*", word) for word in shell[1:])


def _tolerant(piece: str | Reference) -> str | Reference:
    return replace(piece, operator="-") if isinstance(piece, Reference) and not piece.operator else piece
