"""What a run that was killed has left: finished where it can be, put back where it cannot, and said where somebody has to see to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from codemod.journal import Group, Journal, is_at_work, read
from codemod.journal_places import found
from codemod.replacement import Replacement, State, digest_of, sync

CLEAR = "move what is kept beside the files over them, or put them right by hand and delete it"


@dataclass(frozen=True, slots=True)
class HalfDone:
    """A file of a group that is neither old nor new, and what there is to say of it."""

    path: Path
    message: str


class HalfDoneError(OSError):
    """A group that could not be put back as it was."""

    def __init__(self, files: Sequence[HalfDone]) -> None:
        super().__init__("; ".join(f"{file.path}: {file.message}" for file in files))
        self.files = (*files,)


@dataclass(frozen=True, slots=True)
class Found:
    """What runs have left: files that are new now, files that are old again, and groups that stay half done; where a run is at work."""

    finished: tuple[Path, ...] = ()
    put_back: tuple[Path, ...] = ()
    half_done: tuple[HalfDone, ...] = ()
    at_work: bool = False

    def notes(self, shown: Callable[[Path], str]) -> Iterator[str]:
        """What to tell a person, but for what is half done."""
        if self.finished:
            yield f"A run was stopped half-way here: what it had begun is finished now, in {', '.join(map(shown, self.finished))}."
        if self.put_back:
            yield f"A run was stopped half-way here: what it had begun is undone now, in {', '.join(map(shown, self.put_back))}."
        if self.at_work:
            yield "note: another run writes here at this moment: what this one sees may be half of that"


class Verdict(Enum):
    """What is to be done about a group that is not settled."""

    CLEAR = "it is whole: only what lies beside it has to go"
    FINISH = "what is left to do can be done"
    PUT_BACK = "what has been done can be undone"
    LEAVE = "somebody has to see to it"


def verdict(group: Group) -> Verdict:
    """A file that somebody edited is never touched, be it to finish or to put back."""
    waiting = [each for each in group.replacements if _waits(each)]
    done = [each for each in group.replacements if _is_done(each)]
    if not waiting or not done:
        return Verdict.CLEAR
    if len(waiting) + len(done) < len(group.replacements) or any(each.state is not State.OLD for each in waiting):
        return Verdict.LEAVE
    if all(digest_of(each.new) == each.after for each in waiting):
        return Verdict.FINISH
    if all(each.state is State.NEW and digest_of(each.old) == each.before for each in done):
        return Verdict.PUT_BACK
    return Verdict.LEAVE


def _waits(each: Replacement) -> bool:
    return each.new in each.beside or each.state is State.OLD


def _is_done(each: Replacement) -> bool:
    return not _waits(each) and (each.old in each.beside or each.state is State.NEW)


def half_done(group: Group) -> tuple[HalfDone, ...]:
    """Path by path, what a group is that is half done."""
    return tuple(HalfDone(each.target, _message(each)) for each in group.replacements)


def _message(each: Replacement) -> str:
    said = {
        State.NEW: "is new",
        State.OLD: "is still old",
        State.EDITED: "was edited since",
        State.GONE: "is gone",
    }[each.state]
    kept = f"; {', '.join(path.name for path in each.beside)} beside it: {CLEAR}" if each.beside else ""
    return f"half done: a run was stopped between the files of a group, and this one {said}{kept}"


# --- what is done ----------------------------------------------------------------------------------------------------


def seen(roots: Iterable[Path]) -> Found:
    """What there is in these trees; nothing is changed. Raises OSError."""
    return _together([_seen(path, root) for path, root in found(roots)])


def mended(roots: Iterable[Path]) -> Found:
    """What there was in these trees, which nobody else writes into meanwhile. Raises OSError."""
    return _together([_mended(path, root) for path, root in found(roots)])


def _together(parts: Sequence[Found]) -> Found:
    return Found(
        tuple(path for part in parts for path in part.finished),
        tuple(path for part in parts for path in part.put_back),
        tuple(file for part in parts for file in part.half_done),
        at_work=any(part.at_work for part in parts),
    )


def _seen(path: Path, root: Path) -> Found:
    if is_at_work(path):
        return Found(at_work=True)
    try:
        groups = read(path, root)
    except FileNotFoundError:  # its run has just come to its end
        return Found()
    return Found(half_done=tuple(file for group in groups if verdict(group) is not Verdict.CLEAR for file in half_done(group)))


def _mended(path: Path, root: Path) -> Found:
    try:
        journal = Journal(path, root)
    except FileNotFoundError:  # somebody else has just been here
        return Found()
    try:
        return _together([_settled(group, journal) for group in (*journal.open_groups.values(),)])
    finally:
        journal.close()


def _settled(group: Group, journal: Journal) -> Found:
    """What became of it; where something is kept beside its files, it is not forgotten."""
    try:
        done = _done(group)
    except OSError:
        return Found(half_done=half_done(group))
    if not any(each.beside for each in group.replacements):
        journal.settle(group)
    return done


def _done(group: Group) -> Found:
    what = verdict(group)
    if what is Verdict.LEAVE:
        return Found(half_done=half_done(group))
    moved = tuple(each for each in group.replacements if _moved(each, what))
    for folder in {each.target.parent for each in moved}:
        sync(folder)
    for each in group.replacements:
        each.clear()
    paths = tuple(each.target for each in group.replacements) if moved else ()
    return Found(put_back=paths) if what is Verdict.PUT_BACK else Found(finished=paths)


def _moved(each: Replacement, what: Verdict) -> bool:
    """Move what has to move to make its group whole; whether it did."""
    if what is Verdict.FINISH and _waits(each):
        each.new.replace(each.target)
    elif what is Verdict.PUT_BACK and _is_done(each):
        each.old.replace(each.target)
    else:
        return False
    return True
