"""What `xargs` reads for a build that it starts, where that may be build args."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.callers.shell.inner_texts import redirected
from codemod.shell import Command, Shell
from codemod.text import Span

# they print names of files and folders, or what the script has for them
LISTERS = frozenset("find fd ls dirname basename realpath pwd git seq docker".split())  # noqa: SIM905  (a table of words)
PRINTERS = frozenset({"echo", "printf"})
# each line takes the place of a word, and is no word more
REPLACES = re.compile(r"-[a-z0-9]*[Ii].*|--replace(?:=.*)?")
FROM_FILE = re.compile(r"-a.*|--arg-file(?:=.*)?")


def piped(shell: Shell, command: Command) -> Iterator[Span]:
    """The texts that print what a build is given by `xargs`, and that may be build args: a pipe, or a file.

    Such as `sed 's/^/--build-arg /' .env | xargs docker build`.
    """
    start = next((index for index, word in enumerate(command.words) if word.plain.rpartition("/")[2] == "xargs"), None)
    if start is None:
        return
    feeding = [each for each in shell.commands if command in shell.fed_by(each)]
    says = [each for each in feeding if "--build-arg" in each.span.of(shell.text)]
    options = [word.plain for word in command.words[start + 1 :]]
    if says:
        yield from (each.span for each in says)
    elif not any(map(REPLACES.fullmatch, options)):
        first = [each for each in feeding if not any(each in shell.fed_by(other) for other in feeding)]
        yield from (each.span for each in first if not _lists(each, shell.text))
        is_file = any(map(FROM_FILE.fullmatch, options)) or redirected(command) or any(each.is_text for each in command.redirects)
        yield from (command.span,) if is_file else ()


def _lists(command: Command, text: str) -> bool:
    """Whether what a command prints is surely no build args."""
    return command.name in LISTERS or (command.name in PRINTERS and "$" not in command.span.of(text))
