"""What a run that was killed has left: every situation of a group of two files, and what the next run makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from codemod.journal import Group, Journal, opened
from codemod.journal_places import found
from codemod.locks import held
from codemod.recovery import mended, seen
from codemod.replacement import Replacement, digest

OLD, NEW, EDITED = b"old\n", b"new\n", b"edited\n"
WHOLE, TORN = NEW, b"ne"
NAME = ".dockerfix-0a1b2c3d-1"


@dataclass(frozen=True, slots=True)
class File:
    """What a file has, and what lies beside it; None where there is nothing."""

    content: bytes | None
    new: bytes | None = None
    old: bytes | None = None


untouched = File(OLD)
preparing = File(OLD, TORN)
ready = File(OLD, WHOLE, OLD)
swapped = File(NEW, None, OLD)
through = File(NEW)
F = File
# what there is; what there is afterwards; how it is called
SITUATIONS: dict[str, tuple[Sequence[File], Sequence[File], str]] = {
    "nothing was done": ([untouched, untouched], [untouched, untouched], ""),
    "the first is being prepared": ([preparing, untouched], [untouched, untouched], ""),
    "both are prepared": ([ready, ready], [untouched, untouched], ""),
    "the first is new": ([swapped, ready], [through, through], "finished"),
    "the second is new": ([ready, swapped], [through, through], "finished"),
    "both are new": ([swapped, swapped], [through, through], ""),
    "both are new, and the first is through": ([through, swapped], [through, through], ""),
    "both are through": ([through, through], [through, through], ""),
    "the first is put back": ([untouched, swapped], [untouched, untouched], "put back"),
    "the second has lost its new file": ([swapped, F(OLD, None, None)], [untouched, untouched], "put back"),
    "the second has lost only its new file": ([swapped, F(OLD, None, OLD)], [untouched, untouched], "put back"),
    "somebody has put the second back by hand": ([through, F(OLD, None, OLD)], [through, F(OLD, None, OLD)], "half done"),
    "the second has half a new file": ([swapped, F(OLD, TORN, OLD)], [untouched, untouched], "put back"),
    "the first has lost its old file": ([F(NEW), ready], [through, through], "finished"),
    "both have lost what was beside them": ([F(NEW), F(OLD)], [F(NEW), F(OLD)], "half done, forgotten"),
    "the first has a wrong old file": ([F(NEW, None, EDITED), F(OLD, TORN)], [F(NEW, None, EDITED), F(OLD, TORN)], "half done"),
    "the old one was edited before anything was done": ([F(EDITED, WHOLE, OLD), ready], [F(EDITED), untouched], ""),
    "an old one was edited when the other was new": ([swapped, F(EDITED, WHOLE, OLD)], [swapped, F(EDITED, WHOLE, OLD)], "half done"),
    "an old one is gone when the other was new": ([swapped, F(None, WHOLE, OLD)], [swapped, F(None, WHOLE, OLD)], "half done"),
    "a new one was edited when the other was old": ([F(EDITED, None, OLD), ready], [F(EDITED), through], "finished"),
    "a new one was edited when both were new": ([F(EDITED, None, OLD), swapped], [F(EDITED), through], ""),
    "a new one was edited, and nothing is left to finish": (
        [F(EDITED, None, OLD), untouched],
        [F(EDITED, None, OLD), untouched],
        "half done",
    ),
    "somebody has put an edited one right": ([F(EDITED), untouched], [F(EDITED), untouched], ""),
    "somebody has put the first back": ([untouched, ready], [untouched, untouched], ""),
    "somebody has moved the new one over the second": ([swapped, F(NEW, None, OLD)], [through, through], ""),
}


def lay_out(folder: Path, files: Sequence[File]) -> Group:
    """The files, with the journal of a run that was killed."""
    replacements = []
    for number, file in enumerate(files, start=1):
        each = Replacement(folder / f"{number}", digest(OLD), digest(NEW), f"{NAME}-{number}")
        for path, content in ((each.target, file.content), (each.new, file.new), (each.old, file.old)):
            if content is not None:
                path.write_bytes(content)
        replacements.append(each)
    group = Group(NAME, tuple(replacements))
    killed(folder, group)
    return group


def killed(folder: Path, group: Group) -> None:
    """A journal that nobody has settled."""
    (folder / ".git").mkdir(exist_ok=True)
    journal = opened(folder)
    journal.begin(group)
    journal.close()


def state(group: Group) -> list[File]:
    def read(path: Path) -> bytes | None:
        return path.read_bytes() if path.exists() else None

    return [File(read(each.target), read(each.new), read(each.old)) for each in group.replacements]


@pytest.mark.parametrize(("before", "after", "called"), SITUATIONS.values(), ids=SITUATIONS)
def test_what_becomes_of_it(tmp_path: Path, before: Sequence[File], after: Sequence[File], called: str) -> None:
    group = lay_out(tmp_path, before)
    targets = tuple(each.target for each in group.replacements)
    with held({tmp_path}, print):
        left = mended([tmp_path])
    assert state(group) == [*after]
    assert left.finished == (targets if called == "finished" else ())
    assert left.put_back == (targets if called == "put back" else ())
    assert tuple(file.path for file in left.half_done) == (targets if called.startswith("half done") else ())
    assert any(True for _ in found([tmp_path])) == (called == "half done")


@pytest.mark.parametrize(("before", "called"), [(before, called) for before, _, called in SITUATIONS.values()], ids=SITUATIONS)
def test_a_dry_run_says_it_and_touches_nothing(tmp_path: Path, before: Sequence[File], called: str) -> None:
    group = lay_out(tmp_path, before)
    left = seen([tmp_path])
    assert state(group) == [*before]
    assert len(left.half_done) == (2 if called else 0)
    assert (left.finished, left.put_back, left.at_work) == ((), (), False)
    assert any(True for _ in found([tmp_path]))


def test_mending_twice_is_mending_once(tmp_path: Path) -> None:
    lay_out(tmp_path, [swapped, ready])
    mended([tmp_path])
    left = mended([tmp_path])
    assert (left.finished, left.put_back, left.half_done) == ((), (), ())


def test_each_path_has_its_words(tmp_path: Path) -> None:
    lay_out(tmp_path, [swapped, F(EDITED, WHOLE, OLD)])
    first, second = (file.message for file in seen([tmp_path]).half_done)
    assert first.startswith("half done: a run was stopped between the files of a group, and this one is new; .dockerfix-0a1b2c3d-1-1.old")
    assert "this one was edited since; .dockerfix-0a1b2c3d-1-2.old, .dockerfix-0a1b2c3d-1-2.new beside it: move" in second
    (tmp_path / "2").unlink()
    assert "this one is gone;" in seen([tmp_path]).half_done[1].message


def test_what_cannot_be_mended_now_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = lay_out(tmp_path, [swapped, ready])

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        assert len(mended([tmp_path]).half_done) == 2
    assert state(group) == [swapped, ready]
    assert len(mended([tmp_path]).finished) == 2


def test_where_a_run_is_at_work_nothing_is_left(tmp_path: Path) -> None:
    lay_out(tmp_path, [swapped, ready])
    (path, root), *_ = found([tmp_path])
    journal = Journal(path, root)
    left = seen([tmp_path])
    assert left.at_work
    assert left.half_done == ()
    assert [*left.notes(str)] == ["note: another run writes here at this moment: what this one sees may be half of that"]
    journal.close()
    assert not seen([tmp_path]).at_work


def test_a_journal_that_somebody_else_has_just_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, [swapped, ready])
    (path, root), *_ = found([tmp_path])
    path.unlink()
    monkeypatch.setattr("codemod.recovery.found", lambda _: [(path, root)])
    assert mended([tmp_path]).half_done == ()
    assert seen([tmp_path]).half_done == ()
