"""Two thousand changes: what is not looked at is not there, and what is looked for is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import Opened
from .documents import many, saved
from .reader import focused, view

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

COUNT = 2000
MOST_NODES = 6000
NODES = "document.querySelectorAll('*').length"
IN_SIGHT = """() => [...document.querySelectorAll('.row')].map(each => each.getBoundingClientRect())
    .some(box => box.top > 0 && box.bottom < innerHeight)"""
SETTLED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


@pytest.fixture(scope="module")
def large(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a tree that has them."""
    changes = [finding for finding in document["findings"] if finding["status"] == "rewritten"]
    return saved(many(document | {"findings": changes}, COUNT), tmp_path_factory.mktemp("large") / "report.html")


def test_it_holds_only_what_is_near(opened: Opened, large: Path) -> None:
    page = opened(large)
    assert page.locator("#count").inner_text() == "2,000 findings"
    assert page.evaluate(NODES) < MOST_NODES


def test_it_scrolls_from_end_to_end(opened: Opened, large: Path) -> None:
    """Wherever one stops there are rows, and never too many."""
    page = opened(large)
    for part in (0.1, 0.35, 0.5, 0.8, 0.99, 0.2):
        page.evaluate(f"scrollTo(0, document.documentElement.scrollHeight * {part})")
        page.evaluate(SETTLED)
        assert page.evaluate(IN_SIGHT)
        assert page.evaluate(NODES) < MOST_NODES


def test_its_length_stays_as_it_was(opened: Opened, large: Path) -> None:
    """What goes leaves as much room as it took, open rows with it."""
    page = opened(large)
    page.locator(".toggle").first.click()
    page.evaluate(SETTLED)
    height = page.evaluate("document.querySelector('.chunk').offsetHeight")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 40000)")
    page.evaluate(SETTLED)
    assert page.evaluate("document.querySelector('.chunk').childElementCount") == 0
    assert page.evaluate("document.querySelector('.chunk').offsetHeight") == height
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_selector(".detail")


def test_what_has_the_focus_stays(opened: Opened, large: Path) -> None:
    page = opened(large)
    page.keyboard.press("j")
    name = focused(page)
    page.evaluate("scrollTo(0, 40000)")
    page.evaluate(SETTLED)
    assert focused(page) == name
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getBoundingClientRect().bottom <= innerHeight")


def test_a_link_into_the_middle(opened: Opened, large: Path) -> None:
    page = opened(large, "#open=data-0400/etl.Dockerfile:2:DB_PASSWORD")
    page.evaluate(SETTLED)
    box = page.locator(".detail").bounding_box()
    assert box
    assert 0 < box["y"] < 800
    assert "data-0400/etl.Dockerfile" in page.locator(".detail .diff-head").inner_text()


def test_it_is_searched(opened: Opened, large: Path) -> None:
    page = opened(large)
    page.get_by_role("searchbox").fill("payments-0123 api")
    assert page.locator(".row").count() == 1
    page.get_by_role("searchbox").fill("")
    assert page.locator("#count").inner_text() == "2,000 findings"


@pytest.mark.parametrize("name", ["Findings", "Files"])
def test_all_open_and_still_only_what_is_near(opened: Opened, large: Path, name: str) -> None:
    """Two chunks of open rows, and what comes as one scrolls."""
    page = opened(large)
    view(page, name)
    page.get_by_role("button", name="Open all").click()
    page.evaluate(SETTLED)
    assert 0 < page.locator(".diff").count() < 200
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight * 0.5)")
    page.evaluate(SETTLED)
    assert 0 < page.locator(".diff").count() < 200


def test_all_is_printed(opened: Opened, large: Path) -> None:
    page = opened(large, "#q=payments-00")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".row").count() == 100
