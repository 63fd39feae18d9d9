"""RUNs that have a secret already, from a mount that somebody wrote before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from codemod.configuration import is_configuration
from codemod.consumers import curious
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction, Mount
from codemod.script import script_of
from codemod.shell import Reading, Shell
from codemod.text import Span


def existing_mount(run: Instruction, identifier: str) -> Mount | None:
    """The secret mount with this id that a RUN has already."""
    return next((mount for mount in _secrets(run) if mount.id == identifier), None)


def id_in_use(dockerfile: Dockerfile, name: str, others: frozenset[str]) -> str | None:
    """The id by which RUNs mount this secret already: one that sets the variable, or one with its name in another spelling.

    `others` are the names of the file's other build args.
    """
    every = [(run, mount) for run in dockerfile.instructions for mount in _secrets(run) if not _is_a_file_of_its_own(mount)]
    setting = (mount.id for run, mount in every if _sets(dockerfile, run, mount, name))
    alike = (mount.id for _, mount in every if _plain(mount.id) == _plain(name) and mount.id not in others)
    return next(chain(setting, alike), None)


def is_taken(dockerfile: Dockerfile, identifier: str) -> bool:
    """Whether the id is that of something else: of a tool's whole configuration file."""
    return any(mount.id == identifier and _is_a_file_of_its_own(mount) for run in dockerfile.instructions for mount in _secrets(run))


def has_arrived(dockerfile: Dockerfile, run: Instruction, name: str) -> bool:
    """Whether a secret mount sets the variable already, or feeds an `export` of it; both beat the ARG.

    BuildKit appends a mount's `env=` last (solver/llbsolver/ops/exec.go).
    """
    return any(
        mount.env == name or (mount.target is not None and _is_read_into(dockerfile, run, mount.target, name)) for mount in _secrets(run)
    )


def _secrets(run: Instruction) -> Iterator[Mount]:
    return (mount for mount in mounts(run) if mount.type == "secret")


def _is_a_file_of_its_own(mount: Mount) -> bool:
    return mount.target is not None and is_configuration(mount.target)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]", "", name).lower()


def _sets(dockerfile: Dockerfile, run: Instruction, mount: Mount, name: str) -> bool:
    return mount.env == name or (mount.target is not None and bool(_assigned(dockerfile, run, mount.target, name)))


def _assigned(dockerfile: Dockerfile, run: Instruction, path: str, name: str) -> list[Span]:
    """Where the text of a RUN gives the variable the content of a file."""
    file = re.escape(path)
    content = rf"{re.escape(name)}=(?:\$\(\s*(?:cat\s+|<\s*){file}\s*\)|`cat\s+{file}\s*`)"
    shell = script_of(run, dockerfile.source.text).shell
    return [word.span for target, word in shell.assignments if target == name and re.fullmatch(content, word.plain)]


def _is_read_into(dockerfile: Dockerfile, run: Instruction, path: str, name: str) -> bool:
    """Whether the RUN itself sets the variable from the file, for all that could look for it."""
    shell = script_of(run, dockerfile.source.text).shell
    return any(_serves_all(shell, name, place) for place in _assigned(dockerfile, run, path, name))


def _serves_all(shell: Shell, name: str, place: Span) -> bool:
    """Whether what is set at `place` reaches every command that could look: as the first statement, or for one command alone."""
    could_look = curious(shell, name)
    holder = shell.command_at(place)
    if holder is not None and holder.name != "export":  # `NAME=… command`
        expanded = any(mention.reading is Reading.EXPANDED for mention in shell.mentions(name))
        return not expanded and all(command.span in holder.span for command in could_look)
    comes_first = shell.sets_first(name) and all(command.span.start >= place.end for command in could_look)
    return comes_first and (holder is not None or not could_look)
