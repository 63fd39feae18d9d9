"""RUNs that may read a secret without naming it, and those that have it already."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from codemod.consumers import curious, reader_of, runs_only_git
from codemod.dataflow import Flow, shell_text
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction, Mount
from codemod.refusal import Reason, Refused
from codemod.shell import Command, Reading, Shell, read
from codemod.text import Span


def existing_mount(run: Instruction, identifier: str) -> Mount | None:
    """The secret mount with this id that a RUN has already."""
    return next((mount for mount in mounts(run) if mount.type == "secret" and mount.id == identifier), None)


def has_arrived(run: Instruction, name: str) -> bool:
    """Whether a secret mount sets the variable already, or feeds an `export` of it; both beat the ARG.

    BuildKit appends a mount's `env=` last (solver/llbsolver/ops/exec.go).
    """
    secrets = [mount for mount in mounts(run) if mount.type == "secret"]
    return any(mount.env == name or (mount.target is not None and _is_read_into(run, mount.target, name)) for mount in secrets)


def _is_read_into(run: Instruction, path: str, name: str) -> bool:
    """Whether the RUN itself sets the variable from the file, for all that could look for it."""
    file = re.escape(path)
    content = rf"{re.escape(name)}=(?:\$\(\s*(?:cat\s+|<\s*){file}\s*\)|`cat\s+{file}\s*`)"
    shell = read(run.arguments.text)
    places = [word.span for target, word in shell.assignments if target == name and re.fullmatch(content, word.plain)]
    return any(_serves_all(shell, name, place) for place in places)


def _serves_all(shell: Shell, name: str, place: Span) -> bool:
    """Whether what is set at `place` reaches every command that could look: as the first statement, or for one command alone."""
    could_look = curious(shell, name)
    holder = shell.command_at(place)
    if holder is not None and holder.name != "export":  # `NAME=… command`
        expanded = any(mention.reading is Reading.EXPANDED for mention in shell.mentions(name))
        return not expanded and all(command.span in holder.span for command in could_look)
    comes_first = shell.sets_first(name) and all(command.span.start >= place.end for command in could_look)
    return comes_first and (holder is not None or not could_look)


def run_shell(dockerfile: Dockerfile, run: Instruction) -> Shell:
    """What a RUN's shell is given, understood; the words of an exec form as one command."""
    if run.json is not None:
        return read(" ".join("'" + word.replace("'", "'\\''") + "'" for word in run.json))
    return read(shell_text(run, dockerfile.source.text).text)


def check_unseen(dockerfile: Dockerfile, flow: Flow, used: Collection[int], mentioned: Sequence[str], *, seen: bool) -> None:
    """Refuse where a RUN that does not name the secret may read it all the same. Raises Refused.

    `used` are the offsets of the RUNs that name it, `seen` says that one of them does more than ask whether it is there;
    `mentioned` are places of the build context that name it, as path:line.
    """
    deferred = any(_defers(dockerfile, sight.run, flow.name) for sight in flow.sights)
    for sight in flow.sights:
        run = sight.run
        if run.span.start in used or has_arrived(run, flow.name):
            continue
        commands = curious(run_shell(dockerfile, run), flow.name)
        why = _why(flow.name, commands, mentioned, deferred=deferred, seen=seen)
        if why:
            raise Refused(Reason.UNSEEN_READER, run.line, why)


def _why(name: str, commands: tuple[Command, ...], mentioned: Sequence[str], *, deferred: bool, seen: bool) -> str | None:
    reader = reader_of(name, commands)
    if reader:
        return f"`{reader.name}` reads {name} from its environment"
    if commands and deferred:
        return f"it may read {name}, whose name an earlier RUN wrote down for later"
    if not commands or runs_only_git(commands):
        return None
    if mentioned:
        return f"it may read {name}, which {mentioned[0]} mentions"
    return (
        None
        if seen
        else f"no RUN does anything with {name} that shows, and `{commands[0].name or 'a command'}` may read it from its environment"
    )


def _defers(dockerfile: Dockerfile, run: Instruction, name: str) -> bool:
    """Whether a RUN writes the name, not the value: for a tool to look up when it runs."""
    return any(mention.reading is Reading.LITERAL for mention in run_shell(dockerfile, run).mentions(name)) and run.json is None
