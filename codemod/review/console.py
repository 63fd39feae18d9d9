"""The terminal of a review: lines in colours out, keys in. All goes to stderr, since stdout has the product."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click

from codemod.review.looks import Line, Look
from codemod.terminal import tell

# such as are read on dark and on light backgrounds
COLORS: dict[Look, dict[str, Any]] = {
    Look.PLAIN: {},
    Look.RULE: {"fg": "cyan"},
    Look.TITLE: {"bold": True},
    Look.FILE: {"bold": True},
    Look.PLACE: {"fg": "cyan"},
    Look.ADDED: {"fg": "green"},
    Look.ADDED_WORD: {"fg": "green", "reverse": True},
    Look.REMOVED: {"fg": "red"},
    Look.REMOVED_WORD: {"fg": "red", "reverse": True},
    Look.SUPPORT: {"fg": "green"},
    Look.AGAINST: {"fg": "magenta", "bold": True},
    Look.WARNING: {"fg": "magenta", "bold": True},
    Look.COMMAND: {"bold": True},
    Look.QUESTION: {"fg": "cyan", "bold": True},
    Look.ERROR: {"fg": "red", "bold": True},
}
WIDEST, NARROWEST = 120, 40


class Console:
    """Where a review takes place."""

    def __init__(self, *, color: bool) -> None:
        self.color = color
        self.is_terminal = sys.stdin.isatty()

    @property
    def width(self) -> int:
        """That of the window, as it is now; prose is not read in longer lines than WIDEST."""
        return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)

    def show(self, lines: Iterable[Line]) -> None:
        """Say it."""
        tell("\n".join(map(self._rendered, lines)))

    def ask(self, question: Line, *, a_key: bool = True) -> str:
        """What is typed in answer: a key on a terminal, or a line. Raises EOFError where nothing more comes, KeyboardInterrupt."""
        click.echo(self._rendered(question) + " ", err=True, nl=False)
        if not (a_key and self.is_terminal):
            return self._line()
        typed = ""
        try:
            typed = self._key()
        finally:
            tell(typed if typed.isprintable() else "")
        return typed

    def _key(self) -> str:
        """A key that was pressed since the question stands there: none may answer what nobody has seen yet."""
        import termios  # noqa: PLC0415  (only where somebody is asked)

        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
        with _put_back(sys.stdin.fileno()):
            return click.getchar()

    def _line(self) -> str:
        typed = sys.stdin.readline()
        if not typed.endswith("\n") or not self.is_terminal:
            tell(typed.rstrip("\r\n"))  # on a terminal, it stands there already
        if not typed:
            raise EOFError
        return typed.rstrip("\r\n")

    def _rendered(self, line: Line) -> str:
        if not self.color:
            return "".join(part.text for part in line)
        return "".join(click.style(part.text, **COLORS[part.look]) if COLORS[part.look] else part.text for part in line)


@contextmanager
def _put_back(terminal: int) -> Iterator[None]:
    """Signals that end the process find a terminal that reads keys, and leave it as it was."""
    import termios  # noqa: PLC0415  (…)

    state = termios.tcgetattr(terminal)

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (what signal hands over)  # pragma: no cover  (nor who measures it)
        termios.tcsetattr(terminal, termios.TCSANOW, state)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    ends = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in ends:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in ends:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def uninterrupted(then: Callable[[], None]) -> Iterator[None]:
    """Put Ctrl-C off: `then` is called at once, and what runs goes on; the second one counts as it always does."""

    def once(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (what signal hands over)
        signal.signal(signal.SIGINT, before)
        then()

    before = signal.signal(signal.SIGINT, once)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
