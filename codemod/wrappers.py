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
    "ssh-agent": ("-a -t -P", 0),
    "xargs": ("-n -I -P -L -s -d -E -a", 0),
}
ASSIGNMENT = re.compile(r"\w+=")
# they run their argument themselves, without `-c`
EVALUATORS = frozenset({"eval", "trap"})
# they run what they read where they are given no file: with the options that take a word behind them
READERS = {**dict.fromkeys(("sh", "bash", "dash", "ash", "zsh", "ksh"), "-o -O +o +O --rcfile --init-file"), "su": "-s -g -G -w"}


def started(shell: Shell) -> tuple[Command, ...]:
    """The commands of a shell text and those that they start, each behind the one that starts it."""
    return tuple(inner for command in fed(shell) for inner in _unwrapped(command, depth=3))


def fed(shell: Shell) -> Iterator[Command]:
    """The commands of a text; one behind `cat <<EOF |` has the heredoc itself."""
    texts: dict[Command, tuple[Redirect, ...]] = {}
    for command in shell.commands:
        given = tuple(redirect for redirect in command.redirects if redirect.is_text)
        if command.name == "cat" and len(command.words) == 1 and given:
            texts |= dict.fromkeys([*shell.fed_by(command)][:1], given)
        yield replace(command, redirects=command.redirects + texts.get(command, ()))


def prefixed(command: Command) -> Command | None:
    """What `sudo`, `env`, `find -exec` and the like start."""
    words = command.words
    start = next((index + 1 for index, word in enumerate(words) if word.text in ("-exec", "-execdir")), None)
    if start is None:
        name = (command.name or "").rpartition("/")[2]
        start = _command_word(words, *PREFIXES[name]) if name in PREFIXES else None
    return replace(command, name=words[start].plain, words=words[start:]) if start is not None and start < len(words) else None


def texts(command: Command) -> Iterator[Word]:
    """The words, and the heredoc, that a shell is given to run: of `sh -c`, `eval`, `sh <<EOF`."""
    name = (command.name or "").rpartition("/")[2]
    for index, word in enumerate(command.words[1:], 1) if name in SHELLS else ():
        if _gives_a_command(command.words[index - 1].text) or (name in EVALUATORS and index == 1):
            yield word
    if reads_commands(command):
        yield from [redirect.target for redirect in command.redirects if redirect.is_text][-1:]


def run_by(text: Word, outer: Command) -> Iterator[Command]:
    """The commands of a text that `outer` runs: they stand where it does, and write where `outer` does."""
    for inner in fed(read(text.plain)):
        words = tuple(replace(part, span=text.span) for part in inner.words)
        redirects = tuple(replace(part, target=replace(part.target, span=text.span)) for part in inner.redirects)
        yield replace(as_run_by(inner, outer), span=text.span, words=words, redirects=redirects + _passed_on(inner, outer))


def as_run_by(inner: Command, outer: Command) -> Command:
    """A command that `outer` runs, with what `outer` does with its output."""
    piped, captured = inner.piped or outer.piped, inner.captured or outer.captured
    return replace(inner, redirects=inner.redirects + _passed_on(inner, outer), piped=piped, captured=captured)


def _passed_on(inner: Command, outer: Command) -> tuple[Redirect, ...]:
    """The redirects of `outer` that an inner command's output goes through."""
    goes_elsewhere = inner.piped or inner.captured or any(redirect.takes_output for redirect in inner.redirects)
    return () if goes_elsewhere else tuple(redirect for redirect in outer.redirects if not redirect.is_text)


def reads_commands(command: Command) -> bool:
    """Whether a command is a shell that runs what it reads from its standard input."""
    name = (command.name or "").rpartition("/")[2]
    if name not in READERS or any(_gives_a_command(word.text) for word in command.words[1:]):
        return False
    operand = _command_word(command.words, READERS[name], 0)
    reads_on = any(re.fullmatch(r"-\w*s\w*", word.text) for word in command.words[1:operand])
    return name == "su" or operand >= len(command.words) or reads_on  # the operand of su is a user


def _unwrapped(command: Command, depth: int) -> Iterator[Command]:
    yield command
    if depth:
        prefix = prefixed(command)
        for inner in (*([prefix] if prefix else []), *(inner for text in texts(command) for inner in run_by(text, command))):
            yield from _unwrapped(inner, depth - 1)


def _gives_a_command(option: str) -> bool:
    return re.fullmatch(r"-\w*c|--command", option) is not None


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
