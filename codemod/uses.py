"""Which RUNs need a secret: those that name it, those whose tools look for it, and, where nothing shows, all that could."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from codemod import context
from codemod.configuration import is_configuration, reads
from codemod.consumers import curious, reader_of, runs_only_git
from codemod.context import Origin, Travel, travel
from codemod.dataflow import Flow, Sight
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Stage
from codemod.existing import has_arrived
from codemod.script import Form, Script, script_of
from codemod.shell import Command, Mention, Reading, Shell, read
from codemod.users import is_shell, shell_of
from codemod.wrappers import started, texts
from codemod.written import written

Mentions = Mapping[str, Sequence[context.Mention]]
# how programs ask whether they have a value, or take another where they have none, in a line that names it
ASKS = re.compile(r"\b(?:if|unless|or|not|getenv|exists|defined)\b|\|\||&&|//|\?|\.get\(|[!=]=")


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

    `interpreter` is who reads the text: the words of SHELL or of a shebang; None for an exec form. `why` says in words who
    reads it where the text of the RUN does not; `is_looked_up` that somebody looks for it, be it named as well.
    """

    sight: Sight
    script: Script
    interpreter: tuple[str, ...] | None
    names: tuple[str, ...]
    how: How
    demands: bool
    why: str = ""
    is_looked_up: bool = False

    @property
    def is_foreign(self) -> bool:
        """Whether the text is no shell's."""
        return self.interpreter is not None and not is_shell(self.interpreter)

    @property
    def consumes(self) -> bool:
        """Whether it does more with the value than ask whether it is there."""
        mentions = [mention for name in self.names for mention in self.script.shell.mentions(name)]
        return self.is_looked_up or self.how is How.IMPLICIT or self.is_foreign or any(not mention.guards for mention in mentions)


def mentions_of(shell: Shell, name: str) -> tuple[Mention, ...]:
    """The places that have `name`; those in a text that another shell is handed (`sh -c`, `bash <<EOF`) as that one reads them."""
    handed = [text for command in shell.commands for text in texts(command)]
    own = [mention for mention in shell.mentions(name) if not any(mention.span in text.span for text in handed)]
    return (*own, *(mention for text in handed for mention in mentions_of(read(text.plain), name)))


def find_uses(dockerfile: Dockerfile, flows: Mapping[str, Flow], sights: Sequence[Sight], mentions: Mentions) -> tuple[Use, ...]:
    """The uses of a secret in the order of the file. `mentions` are the places of the build context that have its names."""
    finder = _Finder(dockerfile, flows, mentions)
    seen = {sight.run.span.start: use for sight in sights if (use := finder.use(sight)) is not None}
    served = {finder.reach(use.sight.stage) for use in seen.values() if use.consumes}
    for sight in sights:
        if sight.run.span.start not in seen and finder.reach(sight.stage) not in served and (use := finder.broad(sight)) is not None:
            seen[sight.run.span.start] = use
    return tuple(seen[start] for start in sorted(seen))


class _Look(NamedTuple):
    """Somebody looks for the variable whom the text of the RUN does not show."""

    how: How
    demands: bool
    why: str


class _File(NamedTuple):
    """A file that has a name in it for a tool to look up, at `place`, and where it is when the image is built."""

    place: str
    travel: Travel
    demands: bool

    def is_read_by(self, command: Command) -> bool:
        """Whether the command may look at it, by any of its paths; at one whose path nobody knows, each may."""
        return not self.travel.names or any(reads(command, name) for name in self.travel.names)


def _files(dockerfile: Dockerfile, name: str, mentions: Sequence[context.Mention]) -> Iterator[_File]:
    for mention in mentions:
        yield _File(f"{mention.place},", travel(dockerfile, Origin(mention.path)), mention.demands)
    for writing in written(dockerfile, name):
        place = f"{writing.path or 'a file'}, written in line {writing.line},"
        yield _File(place, travel(dockerfile, writing.origin), writing.demands)


class _Finder:
    def __init__(self, dockerfile: Dockerfile, flows: Mapping[str, Flow], mentions: Mentions) -> None:
        self.dockerfile, self.flows = dockerfile, flows
        self.files = {name: tuple(_files(dockerfile, name, mentions.get(name, ()))) for name in flows}

    def use(self, sight: Sight) -> Use | None:
        """What shows of the secret in a RUN; None where nothing does, or where a mount serves it already."""
        script, interpreter = self._read(sight)
        names = self._names(sight)
        if not names:
            return None
        foreign = interpreter is not None and not is_shell(interpreter)
        named = [name for name in names if _has_word(name, script.text.text) and (foreign or _is_used(script.shell, name))]
        found = {name: self._look(name, sight, script.shell) for name in names if not foreign}
        looks = {name: look for name, look in found.items() if look is not None and name not in named}
        if not named and not looks:
            return None
        how = _how(named, script, foreign=foreign) if named else min((look.how for look in looks.values()), key=lambda how: how.value)
        demands = any(_demands(name, script, foreign=foreign) for name in named) or any(look.demands for look in looks.values())
        why = "; ".join(dict.fromkeys(look.why for look in looks.values()))
        return Use(
            sight, script, interpreter, tuple(name for name in names if name in {*named, *looks}), how, demands, why, any(found.values())
        )

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

    def _look(self, name: str, sight: Sight, shell: Shell) -> _Look | None:
        """Who looks for `name` in a RUN that does not name it."""
        commands = _looking(shell, name)
        reader = reader_of(name, commands)
        if reader is not None:
            return _Look(How.ENVIRONMENT, demands=True, why=f"`{reader.name}` reads {name} from its environment")
        found = [
            (file, command)
            for file in self.files[name]
            if sight.run.span.start in file.travel.runs
            for command in commands
            if file.is_read_by(command)
        ]
        if not found:
            return None
        file, command = max(found, key=lambda pair: pair[0].demands)
        why = f"`{command.name or 'a command'}` may look at {file.place} which names {name}"
        return _Look(How.IMPLICIT, demands=file.demands, why=why)

    def _is_configured(self, command: Command, sight: Sight) -> bool:
        """Whether the file that a tool looks for its credentials in is mounted as a secret."""
        targets = [mount.target for mount in mounts(sight.run) if mount.type == "secret" and mount.target]
        return any(is_configuration(target) and reads(command, target) for target in targets)


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
    """Whether a text that names the variable needs it: a guard in another language than sh is only guessed at."""
    lines = [line for line in script.text.text.splitlines() if _has_word(name, line)]
    return not foreign or not any(ASKS.search(line) for line in lines)


def _has_word(name: str, text: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", text) is not None


def _is_used(shell: Shell, name: str) -> bool:
    """Whether a RUN would do something else without the variable."""
    mentions = shell.mentions(name) if shell.commands or shell.assignments else ()  # heredocs that nothing reads
    if mentions and (curious(shell, name) or shell.indirect):
        return True
    return any(mention.reading is Reading.EXPANDED for mention in mentions) and not shell.sets_first(name)
