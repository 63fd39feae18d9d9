"""A diff side by side: its rows are the lines of the files, in their places, and the words that differ are marked."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codemod.report.patch import diff

from .conftest import Opened
from .documents import saved
from .reader import opened_row

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BEFORE, AFTER = 0, 1
READ = "text => parseDiff(text).hunks.map(hunk => ({ lines: hunk.lines, rows: rowsOf(hunk) }))"


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    """A page with the reader of diffs alone."""
    page = browser.new_page()
    page.add_script_tag(content=(files("codemod.report") / "page" / "diff.js").read_text("utf-8"))
    yield page
    page.close()


LINES = st.lists(st.text(st.sampled_from("ab -+@\\\r\t="), max_size=8), max_size=12)


@given(before=LINES, after=LINES, is_ended=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_are_the_lines_of_the_files(reader: Page, before: list[str], after: list[str], *, is_ended: bool) -> None:
    """Whatever they look like; in their order, each once, with its number; what has no words marked is marked by its parts."""
    texts = ["\n".join(lines) + "\n" * is_ended for lines in (before, after)]
    hunks = reader.evaluate(READ, diff("f", *texts))
    is_crlf = bool(hunks) and all(line["text"] + "\r" in lines_of(texts) for hunk in hunks for line in hunk["lines"])
    for side, name in ((BEFORE, "before"), (AFTER, "after")):
        shown = [row[side] for hunk in hunks for row in hunk["rows"] if row[side]]
        lines = texts[side].split("\n")
        numbers = [line[name] for line in shown]
        assert numbers == sorted(set(numbers))
        for line in shown:
            assert lines[line[name] - 1].removesuffix("\r" if is_crlf else "") == line["text"].removesuffix("\r" if is_crlf else "")
            assert "".join(part["text"] for part in line.get("parts", [])) in ("", line["text"])
    changed = [line for hunk in hunks for row in hunk["rows"] for line in row if line and line["sign"] != " "]
    assert len(changed) == sum(line["sign"] != " " for hunk in hunks for line in hunk["lines"])


def lines_of(texts: list[str]) -> set[str]:
    """All lines."""
    return {line for text in texts for line in text.split("\n")}


SHAPES = {
    "a line that changes": ("a b\n", "a c\n", [("a b", "a c")]),
    "one that becomes three": (
        "RUN curl $X\n",
        "RUN --mount\nX=1\n && curl $X\n",
        [(None, "RUN --mount"), (None, "X=1"), ("RUN curl $X", " && curl $X")],
    ),
    "one that goes": ("a\nb\nc\n", "a\nc\n", [("a", "a"), ("b", None), ("c", "c")]),
    "one that comes": ("a\n", "a\nb\n", [("a", "a"), (None, "b")]),
    "nothing alike": ("aaa bbb\n", "ccc ddd\n", [("aaa bbb", "ccc ddd")]),
    "lines like headers": ("-- a\n", "++ b\n", [("-- a", "++ b")]),
}


@pytest.mark.parametrize(("before", "after", "rows"), SHAPES.values(), ids=SHAPES)
def test_lines_that_are_alike_stand_side_by_side(reader: Page, before: str, after: str, rows: list[tuple[str | None, str | None]]) -> None:
    (hunk,) = reader.evaluate(READ, diff("f", before, after))
    assert [tuple(line and line["text"] for line in row) for row in hunk["rows"]] == rows


def test_words_that_differ_are_marked(reader: Page) -> None:
    (hunk,) = reader.evaluate(READ, diff("f", "docker build --build-arg T .\n", "docker build --secret id=T .\n"))
    ((before, after),) = hunk["rows"]
    assert [part["text"] for part in before["parts"] if part["isChanged"]] == ["build-arg"]
    assert [part["text"] for part in after["parts"] if part["isChanged"]] == ["secret", "id="]


LONG = {"a long line": (" ".join(map(str, range(3000))) + "\n", "x\n"), "many lines": ("a\n" * 2000, "b\n" * 2000)}


@pytest.mark.parametrize(("before", "after"), LONG.values(), ids=LONG)
def test_what_is_too_long_has_no_words_marked(reader: Page, before: str, after: str) -> None:
    hunks = reader.evaluate(READ, diff("f", before, after))
    assert all("parts" not in line for hunk in hunks for row in hunk["rows"] for line in row if line)


# --- as it is shown --------------------------------------------------------------------------------------------------


def shown(opened: Opened, tmp_path: Path, document: dict[str, Any], texts: tuple[str, str], **options: Any) -> Page:
    """The page whose first change is another."""
    path = "data/etl.Dockerfile"
    changed = [file | {"diff": diff(path, *texts), "redacted": True} if file["path"] == path else file for file in document["files"]]
    page = opened(saved(document | {"files": changed}, tmp_path / "report.html"), **options)
    opened_row(page, "etl.Dockerfile").locator(".lines").wait_for()
    return page


def cells(page: Page) -> list[list[str]]:
    """Numbers, signs and texts, as they are seen."""
    script = (
        """rows => rows.map(row => [...row.cells].map(cell => (cell.dataset.number ?? '') + (cell.dataset.sign ?? '') + cell.innerText))"""
    )
    found: list[list[str]] = page.locator(".lines tbody tr").evaluate_all(script)
    return [[text.replace("−", "-") for text in row] for row in found]  # noqa: RUF001  (a minus)


def test_side_by_side(opened: Opened, tmp_path: Path, document: dict[str, Any]) -> None:
    page = shown(opened, tmp_path, document, ("FROM a\nARG T\n", "FROM a\n"))
    assert cells(page) == [["1", "FROM a", "1", "FROM a"], ["2", "-ARG T", "", ""]]
    assert page.locator(".diff-head .tag").all_inner_texts() == ["… stands for a credential"]


def test_where_it_is_narrow_one_below_the_other(opened: Opened, tmp_path: Path, document: dict[str, Any]) -> None:
    page = shown(opened, tmp_path, document, ("FROM a\nRUN T x\n", "FROM a\nRUN U x\n"), viewport={"width": 380, "height": 800})
    assert cells(page) == [["1", "1", "FROM a"], ["2", "", "-RUN T x"], ["", "2", "+RUN U x"]]
    assert page.locator("del").all_inner_texts() + page.locator("ins").all_inner_texts() == ["T", "U"]


def test_a_window_that_becomes_narrow_is_followed(opened: Opened, tmp_path: Path, document: dict[str, Any]) -> None:
    """Both ways, with what is open."""
    page = shown(opened, tmp_path, document, ("a\n", "b\n"))
    page.set_viewport_size({"width": 380, "height": 800})
    page.locator(".lines.unified").wait_for()
    page.set_viewport_size({"width": 1200, "height": 800})
    page.locator(".lines.side-by-side").wait_for()


def test_hunks_have_a_gap(opened: Opened, tmp_path: Path, document: dict[str, Any]) -> None:
    texts = ("a\n" + "x\n" * 20 + "b\n", "A\n" + "x\n" * 20 + "B\n")
    page = shown(opened, tmp_path, document, texts)
    assert [row for row in cells(page) if len(row) == 1] == [["⋯"]]


def test_newlines_of_windows_are_said_once(opened: Opened, tmp_path: Path, document: dict[str, Any]) -> None:
    page = shown(opened, tmp_path, document, ("a\r\nb\r\n", "a\r\n"))
    assert "CRLF" in page.locator(".diff-head .tag").all_inner_texts()
    assert cells(page) == [["1", "a", "1", "a"], ["2", "-b", "", ""]]


def test_mixed_newlines_are_seen(opened: Opened, tmp_path: Path, document: dict[str, Any]) -> None:
    page = shown(opened, tmp_path, document, ("a\r\nb\n", "a\r\n"))
    assert cells(page) == [["1", "aU+000D", "1", "aU+000D"], ["2", "-b", "", ""]]


def test_a_missing_newline_is_seen(opened: Opened, tmp_path: Path, document: dict[str, Any]) -> None:
    page = shown(opened, tmp_path, document, ("a", "a\n"))
    assert cells(page) == [["1", "-ano newline", "1", "+a"]]


def test_numbers_and_signs_are_not_copied(opened: Opened, tmp_path: Path, document: dict[str, Any]) -> None:
    page = shown(opened, tmp_path, document, ("FROM a\nARG T\n", "FROM a\n"))
    page.locator(".lines tbody").evaluate("body => getSelection().selectAllChildren(body)")
    assert page.evaluate("String(getSelection())").split() == ["FROM", "a", "FROM", "a", "ARG", "T"]
