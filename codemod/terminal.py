"""What goes to the user: the product to stdout, all that is said to stderr, and paths as both have them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

STDIN = Path("-")
COLORS = {"+": "green", "-": "red", "@": "cyan"}


def shown(path: Path) -> str:
    """A path as messages have it: from the current folder where it is below it."""
    if path == STDIN:
        return "Dockerfile"
    absolute = Path(os.path.normpath(Path.cwd() / path))  # links stay: the path is the user's
    try:
        return absolute.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return absolute.as_posix()


def top() -> Path:
    """The top of the work tree that the current folder is in; without one, that folder."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if os.path.lexists(folder / ".git")), here)


def reason(error: OSError) -> str:
    """Why the system did not do it."""
    return error.strerror or str(error)


def visible(text: str) -> str:
    """The text without anything that a terminal would obey, or not show: no file may move the cursor, or begin a line."""
    return "".join(each if each.isprintable() or each == "\t" else each.encode("unicode_escape", "surrogatepass").decode() for each in text)


def tell(line: str) -> None:
    """Say something to a person."""
    click.echo(line.encode("utf-8", "backslashreplace").decode(), err=True)


def tell_error(path: str, line: int | None, message: str) -> None:
    """Say what is wrong, and where; `line` is None where the whole file is meant."""
    tell(f"error: {visible(path)}:{line}: {message}" if line else f"error: {visible(path)}: {message}")


def put(text: str, *, color: bool = False) -> None:
    """Print the product, byte for byte; a diff with colours where that is asked for."""
    if color:
        text = "".join(map(colored, text.splitlines(keepends=True)))
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def colored(line: str) -> str:
    """A line of a diff in its colour."""
    bold = line.startswith(("+++", "---"))
    return click.style(line, fg=None if bold else COLORS.get(line[:1]), bold=bold)


def takes_colors(*, err: bool = False) -> bool:
    """Whether stdout, or stderr, is a terminal, and nobody said that it is to have no colours."""
    return "NO_COLOR" not in os.environ and (sys.stderr if err else sys.stdout).isatty()
