"""The git commands that write a URL into the configuration of a repository, and those that take it out."""

from __future__ import annotations

from itertools import pairwise
from posixpath import basename, join, normpath
from typing import NamedTuple

from codemod.acts import Act
from codemod.shell import Word

# options that take a word behind them
OF_GIT = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--exec-path", "--namespace"})
OF_CLONE = frozenset({"-b", "--branch", "-o", "--origin", "--depth", "-c", "--config", "--reference", "--separate-git-dir", "-j", "--jobs",
                      "-u", "--upload-pack", "--template", "--filter", "--server-option", "--shallow-since", "--shallow-exclude",
                      "-t", "-m", "--track", "--name"})  # fmt: skip
ADDS = frozenset({"clone", "remote add", "remote set-url", "submodule add"})
REMOVES = frozenset({"remote set-url", "remote remove", "remote rm"})


class Remote(NamedTuple):
    """What a git command says of a remote: `path` is the file that has its URL, `given` are the words that go there."""

    verb: str
    name: str
    path: str
    given: tuple[Word, ...]


def remote(act: Act) -> Remote | None:
    """The remote that a git command is about, if it is about one."""
    options, words = _split(act.command.words[1:], OF_GIT)
    top = next((value for name, value in options if name == "-C"), "")
    if not words:
        return None
    verb, rest = words[0].plain, words[1:]
    if verb in ("remote", "submodule") and rest:
        verb, rest = f"{verb} {rest[0].plain}", rest[1:]
    if verb not in ADDS | REMOVES:
        return None
    own, operands = _split(rest, OF_CLONE)
    if verb == "clone":
        return _clone(top, own, operands, rest)
    if verb == "submodule add":
        return Remote(verb, "", join(top, ".git/config"), operands)
    return Remote(verb, operands[0].plain if operands else "", join(top, ".git/config"), operands[1:])


def _clone(top: str, options: list[tuple[str, str]], operands: tuple[Word, ...], words: tuple[Word, ...]) -> Remote | None:
    if not operands:
        return None
    said = dict(options)
    bare = "--bare" in said or "--mirror" in said
    url = operands[0]
    own_name = basename(url.plain.rstrip("/")).removesuffix(".git") + ".git" * bare
    folder = operands[1].plain if operands[1:] else "" if own_name.startswith("$") else own_name
    kept = tuple(word for before, word in pairwise(words) if before.plain in ("-c", "--config"))
    path = normpath(join(top, folder, "config" if bare else ".git/config"))
    return Remote("clone", said.get("-o", said.get("--origin", "origin")), path, (url, *kept))


def _split(words: tuple[Word, ...], with_a_word: frozenset[str]) -> tuple[list[tuple[str, str]], tuple[Word, ...]]:
    """The options before the first operand, or between operands, and the operands, for git up to its command."""
    options: list[tuple[str, str]] = []
    operands: list[Word] = []
    index = 0
    while index < len(words):
        text = words[index].plain
        if with_a_word is OF_GIT and operands:
            operands.append(words[index])
        elif text in with_a_word:
            options.append((text, words[index + 1].plain if words[index + 1 :] else ""))
            index += 1
        elif text.startswith("-"):
            name, _, value = text.partition("=")
            options.append((name, value))
        else:
            operands.append(words[index])
        index += 1
    return options, tuple(operands)
