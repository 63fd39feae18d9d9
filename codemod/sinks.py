"""What a use says about a value's being a secret: where the words of a command carry it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codemod.consumers import known_name
from codemod.names import NameSays, judge
from codemod.shell import Command, Reading, Shell


@dataclass(frozen=True, slots=True)
class Sink:
    """A place that only secrets go to (`secret`), or that no secret goes to; `offset` is in the shell text."""

    secret: bool
    detail: str
    offset: int


# stands for the variable once a word is looked at, and as § in the table's patterns
MARK = "\ufffc"
# the password of a URL, or a token in the place of the user: not the user's name before a password
USERINFO = r"://(?:[^/\s@:]*:[^/\s@]*§[^/\s@]*|§(?::[^$@/\s]*)?)@"


@dataclass(frozen=True, slots=True)
class Row:
    """Which commands (empty: any), which words, and what that means."""

    commands: frozenset[str]
    pattern: str
    detail: str
    secret: bool = True


def _row(commands: str, pattern: str, detail: str, *, secret: bool = True) -> Row:
    return Row(frozenset(commands.split()), pattern.replace("§", MARK), detail, secret)


# Matched against a word with the word before it, quotes gone: `-u user:$X`.
ROWS = (
    _row("", USERINFO, "a URL carries it as a credential"),
    _row("", r"(?i:authorization|(?:private|job|deploy)-token|x-[\w-]*(?:key|token|auth|secret))['\"]?\s*[:=]\s*.*§",
         "it is sent in a credential header"),
    _row("", r"(?i:bearer|basic)\s+§", "it is sent in a credential header"),
    _row("", r"_(?:authToken|auth|password)\s*[= ]\s*[\"']?§", "npm sends it as a credential"),
    _row("curl", r"(?:\A|\s)(?:-u|--user|-U|--proxy-user)[ =]?(?:§(?::(?!\$)|\Z)|[^:\s]*:\S*§)", "curl sends it as a password"),
    _row("wget", r"--(?:http-|ftp-|proxy-)?password[= ]§", "wget sends it as a password"),
    _row("docker podman skopeo crane helm buildah", r"(?:\A|\s)(?:-p|--password)[ =]?§", "it is a registry's password"),
    _row("mysql mysqldump mysqladmin mariadb sshpass", r"(?:\A|\s)-p ?§", "it is given as a password"),
    _row("", r"(?:\A|\s)--(?:[\w-]*-)?(?:password|passwd|token|api-?key|secret|secret-key|passphrase|pat)[ =]§",
         "an option takes it as a credential"),
    _row("", r"(?i:password|passwd|token|secret|api_?key)[\"']?\s*[:=]\s*[\"']?§", "it is written behind a credential's name"),
    _row("", r"[?&](?:access_token|private_token|token|api_key|apikey|key|auth|sig)=§", "a URL carries it as a credential"),
    _row("gpg gpg2 apt-key rpm", r"(?:--recv-keys?|--receive-keys|--recv|--keyserver|--import|--export|--fingerprint)\b.*§|\A§|\s§",
         "gpg takes it as a key's fingerprint", secret=False),
    _row("git", r"(?:-b|--branch|checkout|reset|--hard|fetch|tag) §", "git takes it as a branch or tag", secret=False),
    _row("useradd adduser groupadd addgroup usermod chown chgrp id su gosu", r"(?:\A|\s)§", "it is a user's or group's name",
         secret=False),
    _row("mkdir cd cp mv rm ls chmod tar unzip", r"\A(?:\S+ )?§(?:/|\Z)", "it is a path", secret=False),
    _row("apk apt apt-get yum dnf pip pip3 npm gem go", r"[\w\]]+(?:==?|@|~=|-)§", "it is a version", secret=False),
    _row("curl wget", r"(?:/v?|[-_])§(?:[/.\-_]|\Z)", "it is part of a download's name", secret=False),
)  # fmt: skip


def sinks(shell: Shell, name: str) -> Iterator[Sink]:
    """Where a RUN's commands carry the variable `name`, as far as that tells."""
    expanded = [mention for mention in shell.mentions(name) if mention.reading in (Reading.EXPANDED, Reading.CHILD)]
    for command in shell.commands:
        if any(mention.span in command.span for mention in expanded):
            yield from _command_sinks(command, name)
    for match in re.finditer(rf"\b(\w+)=(\"?)(?:\${re.escape(name)}|\$\{{{re.escape(name)}\}})\2(?=[\s;&|)]|\Z)", shell.text):
        if is_copy(match[1], name):
            yield Sink(secret=True, detail=f"it is copied into {match[1]}", offset=match.start())


def is_copy(target: str, name: str) -> bool:
    """Whether a variable that is given the value of `name`, whole, says by its own name that it is a secret."""
    return target != name and judge(target) is NameSays.SECRET


def is_userinfo(text: str, name: str) -> bool:
    """Whether a URL in `text` carries the variable as its credential."""
    return re.search(USERINFO.replace("§", MARK), _variable(name).sub(MARK, text)) is not None


def _variable(name: str) -> re.Pattern[str]:
    return re.compile(rf"\$\{{{re.escape(name)}\b[^}}]*\}}|\${re.escape(name)}\b")


def _command_sinks(command: Command, name: str) -> Iterator[Sink]:
    tool = known_name(command)
    variable = _variable(name)
    before = ""
    for word in command.words[1:]:
        marked = variable.sub(MARK, word.plain)
        if MARK in marked:
            in_context = f"{before} {marked}" if before.startswith("-") or tool == "git" else marked
            yield from _word_sinks(tool, in_context, word.span.start)
        before = word.plain


def _word_sinks(tool: str | None, text: str, offset: int) -> Iterator[Sink]:
    for row in ROWS:
        if (not row.commands or tool in row.commands) and re.search(row.pattern, text):
            yield Sink(row.secret, row.detail, offset)
            return
