"""What a use says about a value's being a secret: where the words of a command carry it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from codemod.consumers import known_name
from codemod.names import NameSays, judge
from codemod.shell import Command, Shell, Word
from codemod.wrappers import started

# stands for the variable once a word is looked at, and as § in the table's patterns
MARK = "\ufffc"
FOR, A_BIT_FOR, A_BIT_AGAINST, AGAINST = 3, 1, -1, -2
# the password of a URL, or a token in the place of the user: not the user's name before a password
USERINFO = r"://(?:[^/\s@:]*:[^/\s@]*§[^/\s@]*|§(?::[^$@/\s]*)?)@"


class Sink(NamedTuple):
    """A place that only secrets go to (`weight` above 0), or that none goes to; `offset` is in the shell text."""

    weight: int
    detail: str
    offset: int


class Row(NamedTuple):
    """Which commands (empty: any), which words, and what that means."""

    commands: frozenset[str]
    pattern: str
    detail: str
    weight: int


def _row(commands: str, pattern: str, detail: str, weight: int = FOR) -> Row:
    return Row(frozenset(commands.split()), pattern.replace("§", MARK), detail, weight)


# Matched against a word behind the word before it, quotes gone: `-u user:$X`. The first row that fits counts.
ROWS = (
    _row("", USERINFO, "a URL carries it as a credential"),
    _row("", r"(?i:authorization|(?:private|job|deploy)-token|x-[\w-]*(?:key|token|auth|secret))['\"]?\s*[:=]\s*.*§",
         "it is sent in a credential header"),
    _row("", r"(?i:bearer|basic)\s+§", "it is sent in a credential header"),
    _row("", r"_(?:authToken|auth|password)\s*[= ]\s*[\"']?§", "npm sends it as a credential"),
    _row("curl", r"(?:\A|\s)(?:-u|--user|-U|--proxy-user)[ =]?(?:§(?::(?!\$)|\Z)|[^:\s]*:\S*§)", "curl sends it as a password"),
    _row("wget", r"--(?:http-|ftp-|proxy-)?password[= ]§", "wget sends it as a password"),
    _row("docker podman skopeo crane helm buildah", r"(?:\A|\s)(?:-p|--password)[ =]?§", "it is a registry's password"),
    _row("mysql mysqldump mysqladmin mariadb sshpass useradd usermod", r"(?:\A|\s)-p ?§", "it is given as a password"),
    _row("unzip zip 7z", r"(?:\A|\s)-[pP] ?§", "it is given as a password"),
    _row("openssl", r"passwd.*§|(?:-\w|-salt|\w+) §", "it is hashed as a password"),
    _row("nuget dotnet", r"(?:-k|--api-key|-ApiKey) §", "an option takes it as a credential"),
    _row("composer", r"oauth\S* §", "composer sends it as a credential"),
    _row("", r"--(?:[\w-]*-)?(?:secret|key|password|token)-(?:id|name|file|path)[ =]§", "it is a name", AGAINST),
    _row("", r"(?:\A|\s)--(?:[\w-]*-)?(?:password|passwd|token|api-?key|secret|secret-key|passphrase|pat)[ =]§",
         "an option takes it as a credential"),
    _row("", r"--(?:max|min|num)[\w-]*[ =]§", "it is a number", AGAINST),
    _row("", r"(?i:password|passwd|token|secret|api_?key)[\"']?\s*[:=]\s*[\"']?§", "it is written behind a credential's name"),
    _row("", r"(?i:password|passwd)\s+§", "it is written behind a credential's name"),
    _row("", r"[?&](?:access_token|private_token|token|api_key|apikey|key|auth|sig)=§", "a URL carries it as a credential"),
    _row("", r"--(?:extra-)?index-url[ =]§", "it is a package index, and may carry a password", A_BIT_FOR),
    _row("gpg gpg2 apt-key rpm", r"(?:--recv-keys?|--receive-keys|--recv|--keyserver|--export|--fingerprint)\b.*§|(?:\A|\s)§",
         "gpg takes it as a key's fingerprint", AGAINST),
    _row("git", r"(?:-b|--branch|checkout|reset|--hard|fetch|tag) §", "git takes it as a branch or tag", AGAINST),
    _row("useradd adduser groupadd addgroup usermod chown chgrp id gosu", r"(?:\A|\s)§\Z", "it is a user's or group's name", A_BIT_AGAINST),
    _row("mkdir cd cp mv rm ls chmod tar", r"(?:\A|\s)§(?:/|\Z)", "it is a path", A_BIT_AGAINST),
    _row("apk apt apt-get yum dnf pip pip3 npm gem go", r"(?:\A|\s)[A-Za-z@][^\s=~]*(?:==?|@|~=)v?§\Z", "it is a version", A_BIT_AGAINST),
    _row("curl wget", r"/[^/\s]*[-_v]§[^/\s]*\.(?:tar|tgz|zip|gz|xz|deb|rpm|apk|jar)", "it is part of a download's name", A_BIT_AGAINST),
)  # fmt: skip

# Programs that take what they read for a credential, with the words that make them.
STDIN = (
    ("ssh-add", r"-"),
    ("chpasswd", r""),
    ("passwd", r"--stdin"),
    ("docker podman skopeo helm crane", r"--password-stdin"),
    ("gh", r"--with-token"),
    ("gpg gpg2", r"--import"),
)
# Files that hold credentials, and files that hold what everybody may see.
SECRET_FILES = re.compile(
    r"(?:.*/)?(?:\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.pgpass|auth\.json|id_(?:rsa|dsa|ecdsa|ed25519)|credentials)"
)
PUBLIC_FILES = re.compile(r".*(?:known_hosts|authorized_keys|\.pub)")


def sinks(shell: Shell, name: str) -> Iterator[Sink]:
    """Where a RUN's commands carry the variable `name`, as far as that tells."""
    before = None
    for command in started(shell):
        yield from _command_sinks(command, name)
        if before is not None and before.piped and _has(before, name):
            yield from _stdin_sinks(command)
        before = command
    for target, word in shell.assignments:
        if name in word.names and word.plain in (f"{target}=${name}", f"{target}=${{{name}}}") and is_copy(target, name):
            yield Sink(FOR, f"it is copied into {target}", word.span.start)
        elif name in word.names:
            yield from _word_sinks(None, _variable(name).sub(MARK, word.plain.removeprefix(f"{target}=")), word)


def is_copy(target: str, name: str) -> bool:
    """Whether a variable that is given the value of `name`, whole, says by its own name that it is a secret."""
    return target != name and judge(target) is NameSays.SECRET


def is_userinfo(text: str, name: str) -> bool:
    """Whether a URL in `text` carries the variable as its credential."""
    return re.search(USERINFO.replace("§", MARK), _variable(name).sub(MARK, text)) is not None


def _variable(name: str) -> re.Pattern[str]:
    return re.compile(rf"\$\{{{re.escape(name)}\b[^}}]*\}}|\${re.escape(name)}\b")


def _has(command: Command, name: str) -> bool:
    return any(name in word.names for word in command.words)


def _command_sinks(command: Command, name: str) -> Iterator[Sink]:
    variable = _variable(name)
    for before, word in zip(("", *(word.plain for word in command.words[1:])), command.words[1:], strict=False):
        if name in word.names:
            said = before if not re.search(r"[\s$]", before) else ""  # what is quoted speaks for itself
            yield from _word_sinks(known_name(command), f"{said} {variable.sub(MARK, word.plain)}".strip(), word)
    for redirect in command.redirects if _has(command, name) else ():
        if not redirect.takes_output:
            continue
        if SECRET_FILES.fullmatch(redirect.target.plain):
            yield Sink(FOR, f"it is written to {redirect.target.plain}", redirect.target.span.start)
        elif PUBLIC_FILES.fullmatch(redirect.target.plain):
            yield Sink(AGAINST, f"it is written to {redirect.target.plain}", redirect.target.span.start)


def _word_sinks(tool: str | None, text: str, word: Word) -> Iterator[Sink]:
    for row in ROWS:
        if (not row.commands or tool in row.commands) and re.search(row.pattern, text):
            yield Sink(row.weight, row.detail, word.span.start)
            return


def _stdin_sinks(command: Command) -> Iterator[Sink]:
    words = " ".join(word.plain for word in command.words[1:])
    for tools, pattern in STDIN:
        if known_name(command) in tools.split() and re.search(pattern, words):
            yield Sink(FOR, f"{known_name(command)} reads it as a credential", command.span.start)
