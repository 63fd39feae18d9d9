"""Who runs a RUN, and through which shell: what a secret file's mode and a prelude depend on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from codemod.accounts import CHANGES_ACCOUNTS, NOTHING_KNOWN, Numbers, after, may_replace_accounts, number
from codemod.certain import Part, parts, starts_with_errexit
from codemod.consumers import SYSTEM_FOLDERS
from codemod.dockerfile.lex import LexError, Reference, lex
from codemod.dockerfile.nodes import Dockerfile, Instruction, Stage
from codemod.script import Script, script_of

# Docker's official images that start as root, read off their Dockerfiles: they hold no USER, or end with USER root.
ROOT_IMAGES = frozenset({
    "almalinux", "alpine", "amazoncorretto", "amazonlinux", "archlinux", "bash", "buildpack-deps", "busybox", "caddy", "centos",
    "clojure", "composer", "dart", "debian", "docker", "drupal", "eclipse-temurin", "elixir", "erlang", "fedora", "gcc", "golang",
    "haskell", "httpd", "julia", "maven", "nginx", "node", "openjdk", "oraclelinux", "perl", "php", "pypy", "python", "r-base",
    "rockylinux", "ruby", "rust", "sapmachine", "scratch", "swift", "tomcat", "ubuntu", "wordpress",
})  # fmt: skip
# … but for these tags: docker:rootless, wordpress:cli
NOT_ROOT = re.compile(r"rootless|nonroot|unprivileged|\Awordpress:.*\bcli\b")
# Users of official images that have one number in every variant, read off their Dockerfiles: nodejs/docker-node makes `node`
# with --uid 1000 in all of them. gradle's has another in the ubi ones, www-data another in Alpine's.
IMAGE_USERS: dict[str, Numbers] = {"node": {"node": 1000}}
# they fail for anyone else, so a build that gets past them has root
ROOT_COMMANDS = frozenset({"apk", "apt", "apt-get", "dnf", "microdnf", "yum", "zypper", "adduser", "useradd", "addgroup", "groupadd"})
ROOT_VERBS = frozenset({"install", "add", "update", "upgrade", "adduser", "useradd", "addgroup", "groupadd"})
WINDOWS_IMAGE = re.compile(r"mcr\.microsoft\.com/(?:windows|dotnet/framework)|windowsservercore|nanoserver|^microsoft/", re.IGNORECASE)
WINDOWS_SHELLS = frozenset({"powershell", "powershell.exe", "pwsh", "pwsh.exe", "cmd", "cmd.exe"})
UNIX_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh"})
DEFAULT_SHELL = ("/bin/sh", "-c")


class User(NamedTuple):
    """`uid` is None where the file does not tell it; 0 is root."""

    uid: int | None


def user_of(dockerfile: Dockerfile, stage: Stage, run: Instruction) -> User:
    """The user that `run` has, inherited through FROM."""
    before = tuple(_before(dockerfile, stage, run))
    for index, instruction in enumerate(before):
        if instruction.name == "USER":
            name = _user_name(dockerfile, instruction, before[index + 1 :])
            return User(_number(dockerfile, stage, before, name))
        if instruction.name == "RUN" and _needs_root(dockerfile, instruction, before[index + 1 :]):
            return User(0)
    base = _root_of(dockerfile, stage).base.removeprefix("docker.io/").removeprefix("library/")
    return User(0 if _image_name(base) in ROOT_IMAGES and not NOT_ROOT.search(base) else None)


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


def is_shell(words: tuple[str, ...]) -> bool:
    """Whether the first of `words` reads sh."""
    return bool(words) and words[0].rpartition("/")[2] in UNIX_SHELLS


def takes_a_prelude(shell: tuple[str, ...]) -> bool:
    """Whether `shell` reads sh and says nothing of what it runs: under `-x` it would print the secret."""
    reads_a_text = any("c" in word for word in _options(shell))
    return is_shell(shell) and reads_a_text and not prints_commands(shell)


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


def _image_name(base: str) -> str:
    return re.split("[:@]", base, maxsplit=1)[0]


def _user_name(dockerfile: Dockerfile, user: Instruction, before: Sequence[Instruction]) -> str | None:
    """What a USER names, without the group; None where a build arg or the image decides. `before` is latest first."""
    try:
        pieces = lex(user.arguments.text, dockerfile.escape).pieces
        found = [_set_by_env(dockerfile, piece, before) if isinstance(piece, Reference) else piece for piece in pieces]
    except LexError:
        return None
    known = [piece for piece in found if piece is not None]
    return "".join(known).partition(":")[0] if len(known) == len(found) else None


def _set_by_env(dockerfile: Dockerfile, reference: Reference, before: Sequence[Instruction]) -> str | None:
    """The literal that the last ENV gives a variable which is no build arg as well. Raises LexError."""
    words = [
        (instruction.name, word.value or "")
        for instruction in before
        if instruction.name in ("ARG", "ENV")
        for word in reversed(instruction.variables)
        if word.name == reference.name
    ]
    if reference.operator or not words or any(name == "ARG" for name, _ in words):
        return None
    pieces = lex(words[0][1], dockerfile.escape).pieces
    return "".join(map(str, pieces)) if all(isinstance(piece, str) for piece in pieces) else None


def _number(dockerfile: Dockerfile, stage: Stage, before: Sequence[Instruction], name: str | None) -> int | None:
    if name == "root":
        return 0
    if name is None or name.isdecimal():
        return number(name or "")
    return _numbers(dockerfile, stage, before).get(name)


def _numbers(dockerfile: Dockerfile, stage: Stage, before: Sequence[Instruction]) -> Numbers:
    """The users whose numbers are known after all of `before`: those of the image, and those that its RUNs make."""
    root = _root_of(dockerfile, stage)
    base = root.base.removeprefix("docker.io/").removeprefix("library/")
    numbers = NOTHING_KNOWN if "$" in _image_name(root.start.arguments.text) else IMAGE_USERS.get(_image_name(base), NOTHING_KNOWN)
    shell: tuple[str, ...] = DEFAULT_SHELL
    for instruction in reversed(before):
        if instruction.name == "SHELL" and instruction.json:
            shell = instruction.json
        elif instruction.name in ("COPY", "ADD") and may_replace_accounts(instruction):
            numbers = NOTHING_KNOWN
        elif instruction.name == "RUN":
            for part in _account_commands(dockerfile, instruction, shell):
                numbers = after(numbers, part.words) if part.is_certain and part.words else NOTHING_KNOWN
    return numbers


def _account_commands(dockerfile: Dockerfile, run: Instruction, shell: tuple[str, ...]) -> Iterator[Part]:
    """The parts of a RUN that have to do with accounts."""
    script = script_of(run, dockerfile.source.text)
    if CHANGES_ACCOUNTS.search(script.text.text):
        found = (_exec_form(run.json),) if run.json else _shell_form(script, shell)
        yield from (part for part in found if CHANGES_ACCOUNTS.search(part.text))


def _exec_form(words: tuple[str, ...]) -> Part:
    folder, slash, name = words[0].rpartition("/")
    return Part((name if folder + slash in ("", *SYSTEM_FOLDERS) else "", *words[1:]), " ".join(words), is_certain=True)


def _shell_form(script: Script, shell: tuple[str, ...]) -> tuple[Part, ...]:
    words = script.shebang.words if script.shebang else shell
    found = parts(script.text.text, stops=starts_with_errexit(words)) if is_shell(words) else None
    return (Part((), script.text.text, is_certain=False),) if found is None else found


def _needs_root(dockerfile: Dockerfile, run: Instruction, before: Sequence[Instruction]) -> bool:
    """Whether a RUN cannot have gone well for anyone but root. `before` is latest first."""
    shell = next((earlier.json for earlier in before if earlier.name == "SHELL" and earlier.json), DEFAULT_SHELL)
    found = (_exec_form(run.json),) if run.json else _shell_form(script_of(run, dockerfile.source.text), shell)
    return any(part.is_certain and part.words[:1] and part.words[0] in ROOT_COMMANDS and ROOT_VERBS & set(part.words) for part in found)
