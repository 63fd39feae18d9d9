"""What a command of a shell text starts: a build, and what stands before it, such as `sudo`, `env` and `time`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from codemod.callers.call import Engine
from codemod.callers.shell.build_tools import PROGRAMS, SPEC, Tool
from codemod.callers.shell.command_line import Argument, BuildCommand, build_command
from codemod.shell import Command, Word
from codemod.text import Span
from codemod.wrappers import PREFIXES, prefixed


class Passing(Enum):
    """What a command that starts another makes of its environment."""

    ALL = "hands it on, and can stand behind an assignment"
    ENV = "sets variables itself"
    TIME = "a word of bash, a command of other shells"
    SUDO = "starts with an environment of its own"
    ELSEWHERE = "runs it in another place, with another environment"
    FUNCTION = "a function of the same text, that runs its arguments"
    OTHER = "who knows"


BY_NAME = {
    **dict.fromkeys(("nohup", "nice", "ionice", "timeout", "stdbuf", "setsid", "command", "exec"), Passing.ALL),
    "env": Passing.ENV,
    "time": Passing.TIME,
    **dict.fromkeys(("sudo", "doas"), Passing.SUDO),
    **dict.fromkeys(("su", "runuser", "gosu", "su-exec"), Passing.SUDO),
    **dict.fromkeys(
        ("ssh", "docker", "podman", "nerdctl", "kubectl", "oc", "vagrant", "chroot", "nsenter", "lxc", "multipass", "limactl", "lima",
         "wsl", "heroku", "fly", "flyctl", "minikube", "gcloud", "aws", "machinectl", "colima", "docker-compose", "toolbox", "flatpak"),
        Passing.ELSEWHERE,
    ),
}  # fmt: skip
# what they are told is text to them
PRINTERS = frozenset(
    """
    echo printf cat : true false test [ [[ log info warn warning error err fatal die fail debug notice note say print msg message section
    banner title header step usage help abort success ok grep egrep fgrep sed awk git which type hash export local declare typeset
    readonly set unset return exit trap read let alias figlet notify-send logger tee cowsay
    """.split()  # noqa: SIM905  (a table of words)
)
PRINTS = re.compile(r"_*(?:log|print|echo|show|info|warn|err|debug|notice|say|msg|message|die|fail|usage|help|step|title|banner)")
RUNS = re.compile(r"run|exec|eval|(?:^|_)(?:do|cmd|command)(?:_|$)|build")
NOT_KNOWN = "what is done with its --build-arg is not known"
BUILDERS_NAME = re.compile(r"docker|podman|buildah|nerdctl|container|oci|engine|builder", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A command that starts another: `words` are its own, the first one its name."""

    name: str
    passing: Passing
    words: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Started:
    """A build that a command starts: its words, and the wrappers before it.

    `engine` is the one that can do less, where that is a guess. Where the command calls a function, `through` is the build in it that
    is given the function's arguments.
    """

    build: BuildCommand
    words: tuple[Argument, ...] = field(repr=False)
    wrappers: tuple[Wrapper, ...]
    engine: Engine
    through: tuple[Command, Started] | None = None

    @property
    def takes_arguments(self) -> bool:
        """Whether the build is given the arguments of the script, or of the function around it."""
        return any(re.match(r"\$\{?[@*]", self.words[index].text) for index in self.build.spreads)


# the words that a word surely stands for, and whether that was a guess
Resolve = Callable[[Argument], tuple[Sequence[str], bool]]


def prints(name: str) -> bool:
    """Whether what a command is told is text to it, as its name has it."""
    return name in PRINTERS or (PRINTS.match(name) is not None and RUNS.search(name) is None)


def started(words: Sequence[Argument], resolve: Resolve, functions: frozenset[str]) -> Started | None:
    """The build that the `words` of a command start; None where they start none, or do not pass it anything."""
    wrappers: list[Wrapper] = []
    guessed = False
    if not words:
        return None
    while True:
        texts, is_guess = resolve(words[0])
        words = [*(Argument(text, words[0].span) for text in texts), *words[1:]]
        guessed = guessed or is_guess
        build = build_command(words)
        name = words[0].text.rpartition("/")[2]
        if build is not None:
            own = (Wrapper(name, Passing.OTHER, (words[0],)),) if name in functions else ()
            return Started(build, tuple(words), (*wrappers, *own), Engine.BUILDAH if guessed else build.engine)
        if prints(name):
            return None
        index = _inner(words) if name in PREFIXES and name not in functions else _later(words)
        if index is None:
            return _unknown(words, wrappers)
        passing = Passing.OTHER if name in functions else BY_NAME.get(name, Passing.OTHER)
        wrappers.append(Wrapper(name, passing, tuple(words[:index])))
        words = words[index:]


def _inner(words: Sequence[Argument]) -> int | None:
    """The index of the word that a known wrapper starts."""
    nowhere = Span(0, 0)
    own = tuple(Word(word.span, word.text, word.text, frozenset()) for word in words)
    inner = prefixed(Command(own[0].plain.rpartition("/")[2], nowhere, own, (), piped=False, captured=False))
    return len(words) - len(inner.words) if inner is not None else None


def _later(words: Sequence[Argument]) -> int | None:
    """The index of a build among the words of another command, if it passes anything."""
    for index in range(1, len(words) - 1):
        if words[index].text.rpartition("/")[2] in PROGRAMS:
            build = build_command(words[index:])
            if build is not None and (build.build_args or build.feeds):
                return index
    return None


def _unknown(words: Sequence[Argument], wrappers: list[Wrapper]) -> Started | None:
    """A program that is given `--build-arg`, and is no build tool that we know."""
    if not any(re.match(r"--build-arg(=|$)", word.text) for word in words[1:]):
        return None
    synthetic = (Argument("docker", words[0].span), Argument("build", words[0].span), *words[1:])
    found = build_command(synthetic)
    if found is None or not found.build_args:
        return None
    tool = Tool((words[0].text,), obstacle=NOT_KNOWN, suggestion=SPEC, has_places=False, is_unknown=True)
    return Started(replace(found, tool=tool), synthetic, tuple(wrappers), Engine.BUILDKIT)


def started_by(inner: tuple[Command, Started], words: Sequence[Argument]) -> Started:
    """What a call of a function starts with its `words`, which a build in it is given."""
    found = inner[1]
    tool = [Argument(word, words[0].span) for word in found.build.tool.words]
    synthetic = (*tool, *words[1:])
    build = replace(build_command(synthetic) or found.build, tool=found.build.tool)
    wrapper = Wrapper(words[0].text, Passing.OTHER, (words[0],))
    return Started(build, synthetic, (wrapper, *found.wrappers), found.engine, inner)


def merged(found: Started) -> BuildCommand:
    """What a build says together with the words that the function around it is called with."""
    own = found.build
    if found.through is None:
        return own
    inner = merged(found.through[1])
    context = inner.context if inner.context and not re.match(r"\$\{?[@*]", inner.context) else own.context
    return replace(own, file=own.file or inner.file, context=context, target=own.target or inner.target)
