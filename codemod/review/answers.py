"""What a person may answer, and what that means for the changes that follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum


class Answer(Enum):
    """The keys."""

    YES = "y"
    NO = "n"
    ALL = "a"
    NONE = "d"
    QUIT = "q"
    EDIT = "e"
    HELP = "?"


KEYS = ",".join(answer.value for answer in Answer)
WRITES = (Answer.YES, Answer.ALL)
# answers after which the change is still there to be asked about
ASKS_AGAIN = (Answer.EDIT, Answer.HELP)
CANCELS = "What was written stays written: each change is, all its files together, as soon as it is accepted."


def read(typed: str) -> Answer:
    """The answer that a key or a line is; all that is none asks for help."""
    try:
        return Answer(typed.strip().lower())
    except ValueError:
        return Answer.HELP


@dataclass(frozen=True, slots=True)
class Standing:
    """What the answers so far say of changes that were not shown yet, by their folders."""

    written: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    is_over: bool = False

    def on(self, folder: str) -> bool | None:
        """Whether a change in `folder` is written without being shown; None where that is still to be asked."""
        if self.is_over or folder in self.left:
            return False
        return True if folder in self.written else None

    def after(self, answer: Answer, folder: str) -> Standing:
        """What holds after `answer` to a change in `folder`."""
        if answer is Answer.ALL:
            return replace(self, written=self.written | {folder})
        if answer is Answer.NONE:
            return replace(self, left=self.left | {folder})
        return replace(self, is_over=True) if answer is Answer.QUIT else self


def explained(folder: str, following: int) -> Iterator[tuple[str, str]]:
    """Each key with what it does; `following` changes in the same folder come after this one."""
    rest = f"the {following} that follow{'s' * (following == 1)}{folder and ' '}{folder}" if following else "nothing else: it is the last"
    rest += "" if following or not folder else f" {folder}"
    texts = {
        Answer.YES: "write this change: all its files, or none where one cannot be written",
        Answer.NO: "leave it as it is",
        Answer.ALL: f"write it, and {rest}",
        Answer.NONE: f"leave it, and {rest}",
        Answer.QUIT: "leave it and all others that were not answered yet, and stop; so do Ctrl-C and Ctrl-D",
        Answer.EDIT: "edit what is to be written, in $VISUAL, $EDITOR or vi; it is read back and shown before it is written",
        Answer.HELP: "say what the keys do",
    }
    return ((answer.value, text) for answer, text in texts.items())
