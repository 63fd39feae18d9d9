"""A small model of BuildKit: what every RUN of a Dockerfile starts with, told by BuildKit's own parser.

ARG, ENV, USER, SHELL and FROM follow frontend/dockerfile/dockerfile2llb/convert.go; mounts follow convert_secrets.go.
Nothing of `codemod` is used here: the judge must not share the defendant's parser.
"""

from __future__ import annotations

import csv
import importlib
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Protocol, cast

from .run import BIN, HOME, PIPES, Run, SecretFile, SecretMount
from .words import NotModelledError, expand

SHELL = ("/bin/sh", "-c")
# What every image's /etc/passwd has: uid and gid. Any other name is the last one's.
USERS = {"root": (0, 0), "node": (1000, 1000), "app": (1001, 1001)}
DIRECTIVE = re.compile(r"#\s*(\w+)\s*=\s*(\S*)")
# They change nothing that a RUN starts with: files from elsewhere are the same before and after.
WITHOUT_EFFECT = frozenset({"COPY", "LABEL", "EXPOSE", "VOLUME", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "MAINTAINER"})
# parser.go, reHeredoc; what stands behind it must be one word
HEREDOC = re.compile(r"\d*<<(-?)\s*([^<]+)")


class Heredoc(Protocol):
    """A heredoc as BuildKit's parser tells it."""

    name: str
    content: str


class Instruction(Protocol):
    """An instruction as BuildKit's parser tells it: continuations joined, quotes kept."""

    cmd: str
    original: str
    json: bool
    start_line: int
    end_line: int
    flags: tuple[str, ...]
    value: tuple[str, ...]
    heredocs: tuple[Heredoc, ...]


def instructions(text: str) -> tuple[Instruction, ...]:
    """Read a file. The parser has no types, and not every machine has the parser."""
    return cast("tuple[Instruction, ...]", importlib.import_module("dockerfile").parse_string(text))


@dataclass(frozen=True)
class Given:
    """What the caller of a build passes."""

    args: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    # Names whose default is taken as not written: a credential as a default is dropped, never moved.
    without_default: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Names:
    """The names that a Dockerfile declares, with the defaults of its ARGs as written."""

    args: dict[str, list[str | None]]
    envs: frozenset[str]


@dataclass
class _Stage:
    env: dict[str, str] = field(default_factory=lambda: {"PATH": BIN, "HOME": HOME})
    uid: int = 0
    gid: int = 0
    shell: tuple[str, ...] = SHELL
    folder: str = "/"
    # Its number, and those of the stages that it is FROM, nearest first.
    line: tuple[int, ...] = (0,)

    def child(self, number: int) -> _Stage:
        return replace(self, env=dict(self.env), line=(number, *self.line))


def names(text: str) -> Names:
    """Every name that an ARG or ENV anywhere in the file declares."""
    found = Names({}, frozenset(_envs(text)))
    for command in instructions(text):
        if command.cmd.upper() == "ARG":
            for name, default in map(_declared, command.value):
                found.args.setdefault(name, []).append(default)
    return found


def runs(text: str, given: Given) -> tuple[Run, ...]:
    """Every RUN, stage after stage, as BuildKit would start it."""
    return _Builder(given, _escape(text)).read(text)


def _envs(text: str) -> list[str]:
    return [name for command in instructions(text) if command.cmd.upper() == "ENV" for name in command.value[::2]]


def _escape(text: str) -> str:
    for line in text.lstrip("\ufeff").splitlines():
        directive = DIRECTIVE.match(line.strip())
        if not directive or directive[1].lower() not in {"syntax", "escape", "check"}:
            break
        if directive[1].lower() == "escape":
            return directive[2]
    return "\\"


def _declared(word: str) -> tuple[str, str | None]:
    name, equals, default = word.partition("=")
    return name, default if equals else None


class _Builder:
    """One walk over the instructions."""

    def __init__(self, given: Given, escape: str) -> None:
        self.given, self.escape = given, escape
        self.globals: dict[str, str] = {}
        self.stages: dict[str, _Stage] = {}
        self.number = -1
        self.stage: _Stage | None = None
        self.runs: list[Run] = []

    def read(self, text: str) -> tuple[Run, ...]:
        for command in instructions(text):
            match command.cmd.upper():
                case "FROM":
                    self._from(command)
                case "ARG":
                    self._arg(command)
                case "ENV":
                    self._env(command)
                case "USER":
                    self._user(command)
                case "WORKDIR":
                    self._workdir(command)
                case "SHELL":
                    self._now().shell = tuple(command.value)
                case "RUN":
                    self.runs.append(self._run(command))
                case instruction:
                    _check_without_effect(instruction)
        return tuple(self.runs)

    def _now(self) -> _Stage:
        if not self.stage:
            raise NotModelledError("an instruction before FROM")
        return self.stage

    def _expand(self, word: str) -> str:
        return expand(word, self.stage.env if self.stage else self.globals, self.escape)

    def _from(self, command: Instruction) -> None:
        image, *name = command.value
        parent = self.stages.get(expand(image, self.globals, self.escape).lower())
        self.number += 1
        self.stage = parent.child(self.number) if parent else _Stage(line=(self.number,))
        if name:
            self.stages[name[-1].lower()] = self.stage

    def _arg(self, command: Instruction) -> None:
        for word in command.value:
            name, default = _declared(word)
            value = self._arg_value(name, default)
            if value is not None:
                (self.stage.env if self.stage else self.globals)[name] = value

    def _arg_value(self, name: str, default: str | None) -> str | None:
        """Passed, else the default, else the global one; None leaves everything as it was."""
        if name in self.given.args:
            return self.given.args[name]
        if default is not None and name not in self.given.without_default:
            return self._expand(default)
        return self.globals.get(name) if self.stage else None

    def _env(self, command: Instruction) -> None:
        """One instruction sees the values from before it throughout."""
        pairs = zip(command.value[::2], command.value[1::2], strict=True)
        self._now().env.update([(name, self._expand(value)) for name, value in pairs])

    def _user(self, command: Instruction) -> None:
        user, _, group = self._expand(command.value[0].strip()).partition(":")
        stage = self._now()
        stage.uid, stage.gid = _account(user)
        if group:
            stage.gid = int(group) if group.isdigit() else _account(group)[1]

    def _workdir(self, command: Instruction) -> None:
        stage = self._now()
        stage.folder = normpath(PurePosixPath(stage.folder, self._expand(command.value[0])))

    def _run(self, command: Instruction) -> Run:
        stage = self._now()
        secrets = [flag for flag in command.flags if re.match(r"--mount=.*\btype=secret\b", flag, re.IGNORECASE)]
        mounts = tuple(self._mount(flag.removeprefix("--mount=")) for flag in secrets)
        argv, script = _argv(command, stage.shell)
        return Run(
            line=command.start_line,
            argv=argv,
            env=stage.env | self._secret_env(mounts),
            uid=stage.uid,
            gid=stage.gid,
            mounts=mounts,
            files=self._secret_files(mounts),
            script=script,
            missing=self._missing(mounts),
            folder=stage.folder,
            stages=stage.line,
        )

    def _mount(self, options: str) -> SecretMount:
        fields = [part.partition("=") for part in next(csv.reader([options]))]
        values = {key.lower(): self._expand(value) if equals else "true" for key, equals, value in fields}
        known = {"type", "id", "source", "src", "target", "dst", "destination", "env", "required", "mode", "uid", "gid"}
        if unknown := values.keys() - known:
            raise NotModelledError(f"mount options {unknown}")
        target = values.get("target") or values.get("dst") or values.get("destination")
        id_ = values.get("id") or values.get("source") or values.get("src") or PurePosixPath(target or "").name
        default = None if "env" in values else f"/run/secrets/{PurePosixPath(id_).name}"
        return SecretMount(
            id=id_,
            path=target or default,
            env=values.get("env"),
            required=values.get("required", "false").lower() in {"true", "1"},
            mode=int(values.get("mode", "0400"), 8),
            uid=int(values.get("uid", "0")),
            gid=int(values.get("gid", "0")),
        )

    def _secret_env(self, mounts: tuple[SecretMount, ...]) -> dict[str, str]:
        # A missing one is set, and empty: executor's loadSecretEnv appends `NAME=` all the same.
        return {mount.env: self.given.secrets.get(mount.id, "") for mount in mounts if mount.env}

    def _secret_files(self, mounts: tuple[SecretMount, ...]) -> tuple[SecretFile, ...]:
        given = self.given.secrets
        return tuple(
            SecretFile(mount.path, given[mount.id], mount.mode, mount.uid, mount.gid)
            for mount in mounts
            if mount.path and mount.id in given
        )

    def _missing(self, mounts: tuple[SecretMount, ...]) -> str | None:
        absent = [mount.id for mount in mounts if mount.required and mount.id not in self.given.secrets]
        return absent[0] if absent else None


def _check_without_effect(instruction: str) -> None:
    if instruction not in WITHOUT_EFFECT:
        raise NotModelledError(instruction)


def _account(user: str) -> tuple[int, int]:
    """Uid and gid; a number that /etc/passwd does not have is in root's group (executor/oci/user.go)."""
    if user.isdigit():
        return next((known for known in USERS.values() if known[0] == int(user)), (int(user), 0))
    return USERS.get(user, USERS["app"])


def _argv(command: Instruction, shell: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, str] | None]:
    """Exec form, shell form, or a heredoc (dispatchRun)."""
    if command.json:
        return tuple(command.value), None
    (text,) = command.value
    if not command.heredocs:
        return (*shell, text), None
    whole = HEREDOC.fullmatch(text.strip())
    if not whole or len(shlex.split(whole[2])) != 1:
        documents = "".join(f"\n{document.content}{document.name}" for document in command.heredocs)
        return (*shell, text + documents), None
    (document,) = command.heredocs
    content = re.sub(r"(?m)^\t+", "", document.content) if whole[1] else document.content
    # It is the text as written that must begin with it: behind a tab it is a comment, `<<-` or not.
    if not document.content.startswith("#!"):
        return (*shell, content), None
    path = f"{PIPES}/{document.name}"
    return (*shell, path), (path, content)
