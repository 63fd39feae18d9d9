"""docs/writing.md: its messages are the program's, and its places are where things lie."""

from __future__ import annotations

import re
from pathlib import Path

from codemod.journal import Group
from codemod.journal_places import NAME
from codemod.locks import WAITING
from codemod.recovery import Found, half_done
from codemod.replacement import PREFIX, READ_ONLY, ChangedError, Replacement, digest
from tests.command import REPOSITORY

PAGE = (REPOSITORY / "docs" / "writing.md").read_text(encoding="utf-8")


def messages() -> list[str]:
    """The program's own, in the page's order."""
    paths = (Path("PATHS"),)
    finished, undone, at_work = Found(finished=paths), Found(put_back=paths), Found(at_work=True)
    notes = [note for left in (finished, undone, at_work) for note in left.notes(str)]
    return [WAITING.format(folder="FOLDER"), str(ChangedError(Path()).strerror), READ_ONLY, *notes]


def test_the_messages() -> None:
    rows = re.findall(r"^\| `([^`]*)` \|", PAGE.partition("## What you may read")[2], re.MULTILINE)
    assert [row for row in rows if not row.startswith("half done")] == messages()


def test_what_is_said_of_a_file_that_is_half_done(tmp_path: Path) -> None:
    each = Replacement(tmp_path / "a", digest(b"old"), digest(b"new"), f"{PREFIX}1-1-1")
    each.target.write_bytes(b"new")
    each.old.write_bytes(b"old")
    (file,) = half_done(Group(f"{PREFIX}1-1", (each,)))
    start, _, _ = file.message.replace(each.old.name, "FILES").partition(": move")
    assert f"`{start}: …`" in PAGE


def test_the_names() -> None:
    assert {f"`{PREFIX}….new`", f"`{PREFIX}….old`", f"`{NAME}`", f"`dockerfix/{NAME}-…`", f"`.{NAME}`"} <= {*re.findall(r"`[^`]*`", PAGE)}
