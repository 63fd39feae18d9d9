"""Who runs a RUN, and through which shell: what a secret file's mode and a prelude depend on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from codemod.consumers import known_name
from codemod.dockerfile.nodes import Dockerfile, Instruction, Stage
from codemod.shell import read

# Docker's official images that start as root, read off their Dockerfiles: they hold no USER, or end with USER root.
ROOT_IMAGES = frozenset({
    "alpine", "amazonlinux", "almalinux", "archlinux", "bash", "buildpack-deps", "busybox", "caddy", "centos", "clojure", "composer",
    "dart", "debian", "docker", "drupal", "eclipse-temurin", "elixir", "erlang", "fedora", "gcc", "golang", "haskell", "httpd", "julia",
    "maven", "nginx", "node", "openjdk", "oraclelinux", "perl", "php", "pypy", "python", "r-base", "rockylinux", "ruby", "rust",
    "sapmachine", "scratch", "swift", "ubuntu", "wordpress",
})  # fmt: skip
# they fail for anyone else, so a build that gets past them has root
ROOT_COMMANDS = frozenset({"apk", "apt", "apt-get", "dnf", "microdnf", "yum", "zypper", "adduser", "useradd", "addgroup", "groupadd"})
WINDOWS_IMAGE = re.compile(r"mcr\.microsoft\.com/(?:windows|dotnet/framework)|windowsservercore|nanoserver|^microsoft/", re.IGNORECASE)
WINDOWS_SHELLS = frozenset({"powershell", "powershell.exe", "pwsh", "pwsh.exe", "cmd", "cmd.exe"})
UNIX_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh"})
DEFAULT_SHELL = ("/bin/sh", "-c")


class User(NamedTuple):
    """`uid` is None where the file does not tell it; 0 is root."""

    uid: int | None


def user_of(dockerfile: Dockerfile, stage: Stage, run: Instruction) -> User:
    """The user that `run` has, inherited through FROM."""
    for instruction in _before(dockerfile, stage, run):
        if instruction.name == "USER":
            return _user(instruction.arguments.text)
        if instruction.name == "RUN" and instruction.json is None and _needs_root(instruction):
            return User(0)
    base = _root_of(dockerfile, stage).base.removeprefix("docker.io/").removeprefix("library/")
    name = re.split("[:@]", base, maxsplit=1)[0]
    return User(0 if name in ROOT_IMAGES and "rootless" not in base else None)


def shell_of(dockerfile: Dockerfile, stage: Stage, run: Instruction) -> tuple[str, ...]:
    """The argv that a shell-form `run` is appended to: SHELL's, inherited through FROM (convert.go, dispatchShell)."""
    for instruction in _before(dockerfile, stage, run):
        if instruction.name == "SHELL" and instruction.json:
            return instruction.json
    return DEFAULT_SHELL


def is_windows(dockerfile: Dockerfile, stage: Stage) -> bool:
    """Whether the stage's image is one of Windows, or its commands go to a Windows shell."""
    root = _root_of(dockerfile, stage)
    shells = (instruction.json for instruction in stage.instructions if instruction.name == "SHELL" and instruction.json)
    return (
        WINDOWS_IMAGE.search(root.base) is not None
        or (root.platform or "").lower().startswith("windows")
        or any(re.split(r"[/\\]", shell[0])[-1].lower() in WINDOWS_SHELLS for shell in shells)
    )


def takes_a_prelude(shell: tuple[str, ...]) -> bool:
    """Whether `shell` reads sh and says nothing of what it runs: under `-x` it would print the secret."""
    reads_a_text = any("c" in word for word in _options(shell))
    return shell[0].rpartition("/")[2] in UNIX_SHELLS and reads_a_text and not prints_commands(shell)


def prints_commands(shell: tuple[str, ...]) -> bool:
    """Whether a shell that is started with these words prints each command before it runs it."""
    return any("x" in word[1:] for word in _options(shell)) or "xtrace" in shell


def _options(shell: tuple[str, ...]) -> list[str]:
    return [word for word in shell[1:] if word.startswith("-") and not word.startswith("--")]


def _before(dockerfile: Dockerfile, stage: Stage, run: Instruction) -> Iterator[Instruction]:
    """What came before `run`, latest first, through the stages that its stage is FROM."""
    earlier = [instruction for instruction in stage.instructions if instruction.span.start < run.span.start]
    yield from reversed(earlier)
    while stage.parent is not None:
        stage = dockerfile.stages[stage.parent]
        yield from reversed(stage.instructions)


def _root_of(dockerfile: Dockerfile, stage: Stage) -> Stage:
    while stage.parent is not None:
        stage = dockerfile.stages[stage.parent]
    return stage


def _user(text: str) -> User:
    name = text.strip("\"'").partition(":")[0]
    if name == "root":
        return User(0)
    return User(int(name) if name.isascii() and name.isdigit() else None)


def _needs_root(run: Instruction) -> bool:
    return not run.heredocs and any(
        known_name(command) in ROOT_COMMANDS and {word.text for word in command.words} & ROOT_VERBS
        for command in read(run.arguments.text).commands
    )


ROOT_VERBS = frozenset({"install", "add", "update", "upgrade", "adduser", "useradd", "addgroup", "groupadd"})
