"""A patch as a mail, in the form of `git format-patch`: `git am` commits it with its message, `git apply` takes it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.header import Header
from email.utils import formataddr

from codemod import __version__
from codemod.report.patch import patch

# what separates mails; git writes this date for all of them
SEPARATOR = "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001"
MIME = ("MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit")
KEEP_CR = "Lines of it end in carriage returns: git am --keep-cr takes it."


@dataclass(frozen=True, slots=True)
class Author:
    """Who a commit is by; `date` is as mails have it, empty where it is not known."""

    name: str
    address: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said with a patch; `notes` are for those who read the mail, and no part of the commit."""

    subject: str
    body: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file, by its path from the root of its tree, before and after."""

    path: str
    before: str = field(repr=False)
    after: str = field(repr=False)


def printable(path: str) -> str:
    """A path on one line of UTF-8, whatever characters it has."""
    return "".join(character if character.isprintable() else character.encode("unicode_escape").decode() for character in path)


def mail(author: Author, message: Message, changes: Sequence[FileChange]) -> str:
    """The whole mail."""
    diffs = [_diff(change) for change in changes]
    notes = [*message.notes, *([KEEP_CR] if any("\r\n" in diff for diff, _ in diffs) else [])]
    lines = (
        SEPARATOR,
        f"From: {_address(author)}",
        *([f"Date: {author.date}"] if author.date else []),
        f"Subject: {_header('[PATCH] ' + message.subject, 'Subject')}",
        *MIME,
        "",
        message.body,
        "---",
        *([*notes, ""] if notes else []),
        *(counted for _, counted in diffs),
        "",
    )
    return "\n".join(lines) + "\n" + "".join(diff for diff, _ in diffs) + f"-- \ndockerfix {__version__}\n\n"


def _address(author: Author) -> str:
    if not author.address.isascii():
        return f"{author.name} <{author.address}>"  # no mail's, but git's
    return formataddr((author.name, author.address))


def _header(text: str, name: str) -> str:
    return Header(text, "us-ascii" if text.isascii() else "utf-8", header_name=name).encode()


def _diff(change: FileChange) -> tuple[str, str]:
    """The diff with git's own first line, by which it takes the paths from the root of the tree, and a line of what it counts."""
    made = patch(change.path, change.before, change.after)
    before, after = (line[4:].removesuffix("\t") for line in made.text.split("\n", 2)[:2])
    return f"diff --git {before} {after}\n{made.text}", f" {printable(change.path)} | {made.added} +, {made.removed} -"
