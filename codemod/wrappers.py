"""Commands that run others: what `sudo`, `sh -c` and the like start, as commands of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from codemod.shell import SHELLS, Command, Shell, Word, read

# Each with the options that take a word behind them, and how many words stand before the command.
PREFIXES: dict[str, tuple[str, int]] = {
    "sudo": ("-u -g -h -p -C -D -R -T -U", 0),
    "doas": ("-u -C", 0),
    "env": ("-u -C -S", 0),
    "timeout": ("-k -s --signal --kill-after", 1),
    "nice": ("-n", 0),
    "ionice": ("-c -n -p", 0),
    "stdbuf": ("-i -o -e", 0),
    "nohup": ("", 0),
    "setsid": ("", 0),
    "exec": ("-a", 0),
    "command": ("", 0),
    "builtin": ("", 0),
    "time": ("-f -o", 0),
    "gosu": ("", 1),
    "su-exec": ("", 1),
    "chroot": ("", 1),
    "corepack": ("", 0),
    "xargs": ("-n -I -P -L -s -d -E", 0),
}
ASSIGNMENT = re.compile(r"\w+=")
# they run their argument themselves, without `-c`
EVALUATORS = frozenset({"eval", "trap"})


def started(shell: Shell) -> tuple[Command, ...]:
    """The commands of a shell text and those that they start, each behind the one that starts it."""
    return tuple(inner for command in shell.commands for inner in _unwrapped(command, depth=3))


def _unwrapped(command: Command, depth: int) -> Iterator[Command]:
    yield command
    if depth:
        for inner in (*_behind_a_prefix(command), *_in_a_string(command)):
            yield from _unwrapped(inner, depth - 1)


def _behind_a_prefix(command: Command) -> Iterator[Command]:
    words = command.words
    start = next((index + 1 for index, word in enumerate(words) if word.text in ("-exec", "-execdir")), None)
    if start is None:
        name = (command.name or "").rpartition("/")[2]
        start = _command_word(words, *PREFIXES[name]) if name in PREFIXES else None
    if start is not None and start < len(words):
        yield replace(command, name=words[start].plain, words=words[start:])


def _command_word(words: tuple[Word, ...], with_a_word: str, positional: int) -> int:
    index = 1
    while index < len(words):
        text = words[index].text
        if text.startswith("-"):
            index += 1 + (text in with_a_word.split())
        elif ASSIGNMENT.match(text):
            index += 1
        elif positional:
            positional -= 1
            index += 1
        else:
            break
    return index


def _in_a_string(command: Command) -> Iterator[Command]:
    """What `sh -c '…'` runs: its words stand where the string does."""
    name = (command.name or "").rpartition("/")[2]
    if name not in SHELLS:
        return
    for index, word in enumerate(command.words[1:], 1):
        behind_c = re.fullmatch(r"-\w*c|--command", command.words[index - 1].text) is not None
        if behind_c or (name in EVALUATORS and index == 1):
            for inner in read(word.plain).commands:
                words = tuple(replace(part, span=word.span) for part in inner.words)
                piped, captured = inner.piped or command.piped, inner.captured or command.captured
                redirects = inner.redirects or command.redirects
                yield replace(inner, span=word.span, words=words, redirects=redirects, piped=piped, captured=captured)
