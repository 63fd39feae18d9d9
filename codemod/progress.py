"""How far a run has come: a bar on a terminal, once it has taken a second; nothing elsewhere."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # most runs are over before it is needed
    from rich.progress import Progress as Bar

# seconds before there is a bar, and between two looks of it
PATIENCE, PAUSE = 1.0, 0.1


def progress_of_stderr(*, color: bool = True) -> Progress | None:
    """A bar for whoever looks at stderr; None where that is no terminal."""
    return Progress(color=color) if sys.stderr.isatty() else None


class Progress:
    """What a person is shown of the work: stage by stage, how much of it is done. It begins when it is made."""

    def __init__(self, *, color: bool = True) -> None:
        self._color = color
        self._begun = self._shown = monotonic()
        self._bar: Bar | None = None
        self._stage, self._done, self._total = "", 0, 0

    def begin(self, stage: str, total: int) -> None:
        """Another stage, of so many pieces of work."""
        self._stage, self._done, self._total = stage, 0, total
        self._show()

    def advance(self, count: int) -> None:
        """So many more of them are done."""
        self._done += count
        self._show()

    def end(self) -> None:
        """All is done: what was shown goes."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _show(self) -> None:
        now = monotonic()
        if now - self._begun < PATIENCE or now - self._shown < PAUSE:
            return
        self._shown = now
        if self._bar is None:
            self._bar = _bar(color=self._color)
            self._bar.add_task(self._stage, completed=self._done, total=self._total)
            self._bar.start()
        (task,) = self._bar.task_ids
        self._bar.update(task, description=self._stage, completed=self._done, total=self._total, refresh=True)


def _bar(*, color: bool) -> Bar:
    """Without a thread of its own: a process that has one must not fork."""
    from rich.console import Console  # noqa: PLC0415  (it takes a tenth of a second)
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn  # noqa: PLC0415  (…)
    from rich.progress import Progress as Bar  # noqa: PLC0415  (…)

    console = Console(stderr=True) if color else Console(stderr=True, no_color=True)  # else NO_COLOR says
    columns = (TextColumn("{task.description:<24}"), BarColumn(bar_width=None), MofNCompleteColumn())
    return Bar(*columns, console=console, transient=True, auto_refresh=False)
