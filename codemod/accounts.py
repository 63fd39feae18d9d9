"""What a command does to the accounts of an image: which number a user's name has from then on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from getopt import GetoptError, gnu_getopt
from posixpath import normpath
from typing import NamedTuple

from codemod.dockerfile.nodes import Instruction

Numbers = Mapping[str, int]
NOTHING_KNOWN: Numbers = {}
# what changes accounts, or the file that has them
CHANGES_ACCOUNTS = re.compile(r"\b(?:useradd|adduser|usermod|userdel|deluser|newusers|vipw|l(?:useradd|usermod|userdel))\b|etc/\S*passwd")
# they may name such a tool, or the package that has it
ONLY_NAME_THEM = frozenset({"apk", "apt", "apt-get", "dnf", "microdnf", "yum", "zypper"})
NUMBER = re.compile(r"0|[1-9][0-9]{0,9}")
LARGEST = 2**31 - 1  # runtimes take no larger one
NAME = re.compile(r"[A-Za-z_][\w.-]*\$?", re.ASCII)
IS_A_FILE = re.compile(r".+\.(?:bash|cfg|conf|crt|ini|jar|js|json|key|lock|md|pem|py|rb|sh|toml|txt|ya?ml)")
ELSEWHERE = frozenset({"-R", "--root", "-P", "--prefix"})


class _Tool(NamedTuple):
    """A tool's options, as getopt wants them."""

    short: str
    long: tuple[str, ...]


# shadow's useradd, Debian's adduser and BusyBox's: no letter takes a word in one and none in another, but for `-h`
_CREATES = _Tool(
    "b:c:d:e:f:g:h:k:p:s:u:G:K:R:P:Z:DFHMNSUlmnor",
    (
        *("base-dir=", "comment=", "conf=", "expiredate=", "firstgid=", "firstuid=", "gecos=", "gid=", "groups=", "home=", "home-dir="),
        *("inactive=", "ingroup=", "key=", "lastgid=", "lastuid=", "password=", "prefix=", "root=", "selinux-user=", "shell=", "skel="),
        *("uid=", "add-extra-groups", "add_extra_groups", "allow-bad-names", "allow-badname", "badname", "badnames", "create-home"),
        *("debug", "defaults", "disabled-login", "disabled-password", "empty-password", "encrypt-home", "force-badname", "group", "help"),
        *("no-create-home", "no-log-init", "no-user-group", "non-unique", "quiet", "system", "user-group"),
    ),
)
_MODIFIES = _Tool(
    "c:d:e:f:g:G:l:p:R:P:s:u:v:V:w:W:Z:LUabmor",
    (
        *("comment=", "home=", "expiredate=", "inactive=", "gid=", "groups=", "login=", "password=", "root=", "prefix=", "shell=", "uid="),
        *("add-subuids=", "del-subuids=", "add-subgids=", "del-subgids=", "selinux-user=", "append", "badname", "lock", "move-home"),
        *("non-unique", "remove", "unlock"),
    ),
)
_REMOVES = _Tool(
    "R:P:Zfr",
    (
        *("root=", "prefix=", "backup-to=", "conf=", "force", "remove", "selinux-user", "backup", "debug", "quiet", "system"),
        *("remove-home", "remove-all-files"),
    ),
)
TOOLS = {"useradd": _CREATES, "adduser": _CREATES, "usermod": _MODIFIES, "userdel": _REMOVES, "deluser": _REMOVES}


def number(text: str) -> int | None:
    """A user's number, where every tool and runtime reads it as the same one."""
    return int(text) if NUMBER.fullmatch(text) and int(text) <= LARGEST else None


def after(numbers: Numbers, words: tuple[str, ...]) -> Numbers:
    """The numbers once a command that deals with accounts has run and gone well; none where it may have changed any."""
    name, *arguments = words
    if name in ONLY_NAME_THEM:
        return numbers
    tool = TOOLS.get(name)
    try:
        options, users = gnu_getopt(arguments, tool.short, tool.long) if tool else ([], [])
    except GetoptError:
        return NOTHING_KNOWN
    given = dict(options)
    joins_a_group = name == "adduser" and len(users) == 2  # noqa: PLR2004  (the user and the group)
    if tool is None or given.keys() & ELSEWHERE or not all(map(NAME.fullmatch, users)) or len(users) != 1 + joins_a_group:
        return NOTHING_KNOWN
    renames = tool is _MODIFIES and bool(given.keys() & {"-l", "--login"})
    if joins_a_group or (tool is _MODIFIES and not renames and not given.keys() & {"-u", "--uid"}):
        return numbers
    others = {user: known for user, known in numbers.items() if user != users[0]}
    uid = number(given.get("-u", given.get("--uid", "")))
    return others if uid is None or renames else {**others, users[0]: uid}


def may_replace_accounts(copy: Instruction) -> bool:
    """Whether a COPY or ADD may bring an /etc/passwd of its own: by its name, or in a folder or an archive."""
    *sources, target = (word.strip("\"'") for word in copy.json or copy.arguments.text.split())
    if any(word.rpartition("/")[2] == "passwd" for word in (*sources, target)):
        return True
    return normpath(target) in ("/", "/etc") and not all(map(IS_A_FILE.fullmatch, sources))
