"""Which RUNs need a secret: those that name it, those whose tools look for it, and, where nothing shows, all that could."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from posixpath import basename

from codemod.consumers import curious, reader_of, runs_only_git
from codemod.context import Mention, arrives, reads, written
from codemod.dataflow import Flow, Sight
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Stage
from codemod.existing import has_arrived
from codemod.script import Form, Script, script_of
from codemod.shell import Command, Reading, Shell
from codemod.users import UNIX_SHELLS, shell_of
from codemod.wrappers import started

Mentions = Mapping[str, Sequence[Mention]]
# what ends a program that looks for a variable which is not there: os.environ["X"] and ENV.fetch("X")
DEMANDS = r"environ\[\s*['\"]{name}['\"]\s*\]|\.fetch\(\s*['\"]{name}['\"]\s*\)"


class How(Enum):
    """How a RUN comes to read the secret; the values are the JSON's."""

    SHELL = "shell"
    HEREDOC = "heredoc"
    EXEC = "exec"
    ENVIRONMENT = "environment"
    IMPLICIT = "implicit"
    BROAD = "broad"


BY_FORM = {Form.SHELL: How.SHELL, Form.SCRIPT: How.HEREDOC, Form.EXEC: How.EXEC}


@dataclass(frozen=True, slots=True)
class Use:
    """A RUN that reads the secret, or what is made from it, by `names`. `demands` says that it cannot do without.

    `interpreter` is who reads the text: the words of SHELL or of a shebang; None for an exec form.
    """

    sight: Sight
    script: Script
    interpreter: tuple[str, ...] | None
    names: tuple[str, ...]
    how: How
    demands: bool

    @property
    def is_foreign(self) -> bool:
        """Whether the text is no shell's."""
        return self.interpreter is not None and not is_shell(self.interpreter)

    @property
    def consumes(self) -> bool:
        """Whether it does more with the value than ask whether it is there."""
        mentions = [mention for name in self.names for mention in self.script.shell.mentions(name)]
        return self.how in (How.ENVIRONMENT, How.IMPLICIT) or self.is_foreign or any(not mention.guards for mention in mentions)


def is_shell(words: tuple[str, ...]) -> bool:
    """Whether the first of `words` reads sh."""
    return bool(words) and basename(words[0]) in UNIX_SHELLS


def find_uses(dockerfile: Dockerfile, flows: Mapping[str, Flow], sights: Sequence[Sight], mentions: Mentions) -> tuple[Use, ...]:
    """The uses of a secret in the order of the file. `mentions` are the places of the build context that have its names."""
    finder = _Finder(dockerfile, flows, mentions)
    seen = {sight.run.span.start: use for sight in sights if (use := finder.use(sight)) is not None}
    served = {finder.reach(use.sight.stage) for use in seen.values() if use.consumes}
    for sight in sights:
        if sight.run.span.start not in seen and finder.reach(sight.stage) not in served and (use := finder.broad(sight)) is not None:
            seen[sight.run.span.start] = use
    return tuple(seen[start] for start in sorted(seen))


class _Finder:
    def __init__(self, dockerfile: Dockerfile, flows: Mapping[str, Flow], mentions: Mentions) -> None:
        self.dockerfile, self.flows, self.mentions = dockerfile, flows, mentions
        self.written = {name: written(dockerfile, name) for name in flows}

    def use(self, sight: Sight) -> Use | None:
        """What shows of the secret in a RUN; None where nothing does, or where a mount serves it already."""
        script, interpreter = self._read(sight)
        names = self._names(sight)
        if not names:
            return None
        foreign = interpreter is not None and not is_shell(interpreter)
        named = [name for name in names if _has_word(name, script.text.text) and (foreign or _is_used(script.shell, name))]
        found = {name: self._looked_up(name, sight, script.shell) for name in names if name not in named and not foreign}
        looked_up = {name: demands for name, demands in found.items() if demands is not None}
        if not named and not looked_up:
            return None
        how = _how(named, script, foreign=foreign) if named else self._how_looked_up(looked_up, script.shell)
        demands = any(_demands(name, script, foreign=foreign) for name in named) or any(looked_up.values())
        return Use(sight, script, interpreter, tuple(name for name in names if name in {*named, *looked_up}), how, demands)

    def broad(self, sight: Sight) -> Use | None:
        """A RUN that could read the secret, although nothing shows it."""
        script, interpreter = self._read(sight)
        names = self._names(sight)
        if not names or self._arrived_names(sight):
            return None
        if interpreter is None or is_shell(interpreter):
            could = [command for name in names for command in curious(script.shell, name)]
            could = [command for command in could if not self._is_configured(command, sight)]
            if not could or runs_only_git(tuple(could)):
                return None
        return Use(sight, script, interpreter, names, How.BROAD, demands=False)

    def reach(self, stage: Stage) -> int:
        """The stage whose ARG or ENV brings the secret into `stage`."""
        declared = {word.stage for flow in self.flows.values() for word in flow.declarations}
        while stage.index not in declared and stage.parent is not None:
            stage = self.dockerfile.stages[stage.parent]
        return stage.index

    def _read(self, sight: Sight) -> tuple[Script, tuple[str, ...] | None]:
        script = script_of(sight.run, self.dockerfile.source.text)
        if script.form is Form.EXEC:
            return script, None
        return script, script.shebang.words if script.shebang else shell_of(self.dockerfile, sight.stage, sight.run)

    def _names(self, sight: Sight) -> tuple[str, ...]:
        """The names that have the secret in a RUN, but those that a mount sets already; none where it sets the secret's own."""
        seen = [name for name, flow in self.flows.items() if any(other.run is sight.run for other in flow.sights)]
        arrived = self._arrived_names(sight)
        return () if next(iter(self.flows)) in arrived else tuple(name for name in seen if name not in arrived)

    def _arrived_names(self, sight: Sight) -> list[str]:
        return [name for name in self.flows if has_arrived(self.dockerfile, sight.run, name)]

    def _looked_up(self, name: str, sight: Sight, shell: Shell) -> bool | None:
        """Whether a command that looks for `name`, without the RUN naming it, cannot do without; None where none looks."""
        commands = _looking(shell, name)
        if reader_of(name, commands):
            return True
        files = [*self._written_before(name, sight), *self._arrived(name, sight)]
        found = [demands for path, demands in files if any(not path or reads(command, path) for command in commands)]
        return any(found) if found else None

    def _written_before(self, name: str, sight: Sight) -> Iterator[tuple[str, bool]]:
        for mention in self.written[name]:
            if mention.instruction.span.start < sight.run.span.start:
                yield mention.path, mention.demands

    def _arrived(self, name: str, sight: Sight) -> Iterator[tuple[str, bool]]:
        for mention in self.mentions.get(name, ()):
            if arrives(self.dockerfile, sight.stage, sight.run, mention.path):
                yield mention.path, mention.demands

    def _how_looked_up(self, names: Mapping[str, bool], shell: Shell) -> How:
        by_a_tool = any(reader_of(name, _looking(shell, name)) for name in names)
        return How.ENVIRONMENT if by_a_tool else How.IMPLICIT

    def _is_configured(self, command: Command, sight: Sight) -> bool:
        """Whether the file that a tool looks for its credentials in is mounted as a secret."""
        secrets = [mount for mount in mounts(sight.run) if mount.type == "secret" and mount.target]
        return any(reads(command, mount.target or "") for mount in secrets)


def _looking(shell: Shell, name: str) -> tuple[Command, ...]:
    """The commands that could look for a variable, and those that they start."""
    places = [command.span for command in curious(shell, name)]
    return tuple(command for command in started(shell) if any(command.span in place for place in places))


def _how(names: Sequence[str], script: Script, *, foreign: bool) -> How:
    if foreign:
        return How.IMPLICIT
    expanded = any(mention.reading is Reading.EXPANDED for name in names for mention in script.shell.mentions(name))
    return BY_FORM[script.form] if expanded or script.form is Form.EXEC else How.IMPLICIT


def _demands(name: str, script: Script, *, foreign: bool) -> bool:
    """Whether a text that names the variable cannot do without it, as far as that shows."""
    return not foreign or re.search(DEMANDS.replace("{name}", re.escape(name)), script.text.text) is not None


def _has_word(name: str, text: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", text) is not None


def _is_used(shell: Shell, name: str) -> bool:
    """Whether a RUN would do something else without the variable."""
    mentions = shell.mentions(name)
    if mentions and (curious(shell, name) or shell.indirect):
        return True
    return any(mention.reading is Reading.EXPANDED for mention in mentions) and not shell.sets_first(name)
