"""Commands that run others: what `sudo`, `sh -c`, a shell's heredoc and the like start, as commands of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from codemod.shell import SHELLS, Command, Redirect, Shell, Word, read

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
# they run what they read where they are given no file: with the options that take a word behind them
READERS = {**dict.fromkeys(("sh", "bash", "dash", "ash", "zsh", "ksh"), "-o -O +o +O --rcfile --init-file"), "su": "-s -g -G -w"}


def started(shell: Shell) -> tuple[Command, ...]:
    """The commands of a shell text and those that they start, each behind the one that starts it."""
    return tuple(inner for command in _fed(shell) for inner in _unwrapped(command, depth=3))


def _fed(shell: Shell) -> Iterator[Command]:
    """The commands of a text; one behind `cat <<EOF |` has the heredoc itself."""
    texts: dict[Command, tuple[Redirect, ...]] = {}
    for command in shell.commands:
        given = tuple(redirect for redirect in command.redirects if redirect.is_text)
        if command.name == "cat" and len(command.words) == 1 and given:
            texts |= dict.fromkeys([*shell.fed_by(command)][:1], given)
        yield replace(command, redirects=command.redirects + texts.get(command, ()))


def _unwrapped(command: Command, depth: int) -> Iterator[Command]:
    yield command
    if depth:
        for inner in (*_behind_a_prefix(command), *_in_a_string(command), *_in_a_heredoc(command)):
            yield from _unwrapped(inner, depth - 1)


def reads_commands(command: Command) -> bool:
    """Whether a command is a shell that runs what it reads from its standard input."""
    name = (command.name or "").rpartition("/")[2]
    if name not in READERS:
        return False
    operand = _command_word(command.words, READERS[name], 0)
    options = [word.text for word in command.words[1:operand]]
    given = any(_gives_a_command(option) for option in options)
    if name == "su":  # its operand is a user
        return not given and not any(_gives_a_command(word.text) for word in command.words)
    return not given and (operand >= len(command.words) or any(re.fullmatch(r"-\w*s\w*", option) for option in options))


def _gives_a_command(option: str) -> bool:
    return re.fullmatch(r"-\w*c|--command(?:=.*)?", option) is not None


def _in_a_heredoc(command: Command) -> Iterator[Command]:
    """What a shell runs of its heredoc or here-string: the words stand where the text does."""
    texts = [redirect.target for redirect in command.redirects if redirect.is_text] if reads_commands(command) else []
    for text in texts[-1:]:
        yield from _read_from(text, replace(command, redirects=tuple(part for part in command.redirects if not part.is_text)))


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
        if _gives_a_command(command.words[index - 1].text) or (name in EVALUATORS and index == 1):
            yield from _read_from(word, command)


def _read_from(text: Word, outer: Command) -> Iterator[Command]:
    """The commands of a word that a shell runs; what they write goes where the shell's output goes."""
    for inner in read(text.plain).commands:
        words = tuple(replace(part, span=text.span) for part in inner.words)
        piped, captured = inner.piped or outer.piped, inner.captured or outer.captured
        redirects = tuple(replace(part, target=replace(part.target, span=text.span)) for part in inner.redirects) or outer.redirects
        yield replace(inner, span=text.span, words=words, redirects=redirects, piped=piped, captured=captured)
