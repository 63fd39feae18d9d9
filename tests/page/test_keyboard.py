"""All of it goes without a mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Opened
from .reader import clipboard, focused, row, secrets

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CONTROLS = "a[href], button, input, select, summary, [tabindex='0']"


def test_a_slash_searches(opened: Opened, report: Path) -> None:
    """What is typed there are no keys; Escape leaves it."""
    page = opened(report)
    page.keyboard.press("/")
    page.keyboard.type("jk?o1")
    assert page.get_by_role("searchbox").input_value() == "jk?o1"
    assert not page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert focused(page) != "search"


def test_j_and_k_go_down_and_up(opened: Opened, report: Path) -> None:
    """And stop at the ends."""
    page = opened(report)
    ways = {"j": "GITHUB_TOKEN", "jj": "DB_PASSWORD", "jjjk": "DB_PASSWORD", "kkkk": "GITHUB_TOKEN", "j" * 20: "REPO_TOKEN"}
    for keys, name in ways.items():
        page.evaluate("document.activeElement.blur(); location.hash = ''")
        page.keyboard.press("1")
        page.keyboard.type(keys)
        assert focused(page) == name


@pytest.mark.parametrize("key", ["o", "Enter", " "], ids=["o", "Enter", "the space bar"])
def test_opens_and_closes(opened: Opened, report: Path, key: str) -> None:
    page = opened(report)
    page.keyboard.press("j")
    page.keyboard.press(key)
    assert page.locator(".detail").count() == 1
    page.keyboard.press(key)
    assert page.locator(".detail").count() == 0


def test_the_way_of_a_review(opened: Opened, report: Path) -> None:
    """Open one, close it, on to the next, with the focus in the row all the time."""
    page = opened(report, "#status=rewritten")
    page.keyboard.type("jojo")
    assert page.locator(".detail").count() == 2
    assert focused(page) == "NPM_TOKEN"
    page.keyboard.type("c")
    page.wait_for_function("[...document.querySelectorAll('.copy')].some(each => each.innerText === 'Copied')")
    assert clipboard(page) == "docker build --secret id=NPM_TOKEN -f identity/web/Dockerfile identity/web"


def test_j_goes_on_from_inside_of_what_is_open(opened: Opened, report: Path) -> None:
    page = opened(report, "#status=rewritten")
    page.keyboard.type("jo")
    page.get_by_role("button", name="Copy the build command").focus()
    page.keyboard.press("j")
    assert focused(page) == "NPM_TOKEN"


def test_keys_without_a_row_do_nothing(opened: Opened, report: Path) -> None:
    page = opened(report, "#q=nothing")
    page.keyboard.type("jkoc")
    assert page.locator(".detail").count() == 0


def test_numbers_are_the_lists(opened: Opened, report: Path) -> None:
    page = opened(report)
    for key, name in {"2": "Rotate", "3": "Files", "1": "Findings"}.items():
        page.keyboard.press(key)
        assert page.locator(".view[aria-current]").inner_text().startswith(name)


def test_a_question_mark_has_the_keys(opened: Opened, report: Path) -> None:
    page = opened(report)
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    assert page.locator("#keys dt").all_inner_texts() == ["/", "j", "k", "o", "c", "1", "2", "3", "x", "t", "?"]
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()


def test_keys_of_one_letter_can_be_turned_off(opened: Opened, report: Path) -> None:
    page = opened(report)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Keys of one letter are on").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.type("j?2")
    assert not page.get_by_role("dialog").is_visible()
    assert secrets(page)[0] == "GITHUB_TOKEN"


@pytest.mark.parametrize("chord", ["Control+k", "Meta+j", "Alt+1"])
def test_the_browsers_own_keys_stay(opened: Opened, report: Path, chord: str) -> None:
    page = opened(report)
    page.keyboard.press("j")
    page.keyboard.press("j")
    before = focused(page)
    page.keyboard.press(chord)
    assert focused(page) == before


def test_tab_comes_to_every_control(opened: Opened, report: Path) -> None:
    """In the order of the page, and each can be seen to have the focus."""
    page = opened(report)
    page.keyboard.type("jjo")
    count = page.locator(CONTROLS).filter(visible=True).count()
    page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
    page.locator("#skip").focus()
    reached = 1
    while reached < 200:
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert page.evaluate(SEEN), focused(page)
        reached += 1
    assert reached == count


# an outline of the control, or of the row that it names
SEEN = """() => [document.activeElement, document.activeElement.closest('.row')].some(
    each => each && getComputedStyle(each).outlineStyle !== 'none' && parseFloat(getComputedStyle(each).outlineWidth) >= 1)"""


def test_the_first_stop_skips_to_the_list(opened: Opened, report: Path) -> None:
    page = opened(report, "#status=refused")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the list"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "API_TOKEN"
    assert len(secrets(page)) == 2


def test_the_focus_stays_where_a_filter_is_taken(opened: Opened, report: Path) -> None:
    page = opened(report)
    box = page.locator("#facets label", has_text="refused").locator("input")
    box.focus()
    page.keyboard.press(" ")
    assert box.evaluate("box => box === document.activeElement")
    page.keyboard.press(" ")
    assert len(secrets(page)) == 8


def test_the_theme_goes_round(opened: Opened, report: Path) -> None:
    page = opened(report, color_scheme="dark")
    background = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(background)
    seen = {}
    for _ in range(3):
        page.keyboard.press("t")
        seen[page.locator("#theme").inner_text()] = page.evaluate(background)
    assert list(seen) == ["Theme: light", "Theme: dark", "Theme: automatic"]
    assert seen["Theme: dark"] == seen["Theme: automatic"] == dark != seen["Theme: light"]


def test_a_row_that_is_left_open_is_still_reached(opened: Opened, report: Path) -> None:
    page = opened(report)
    row(page, "GITHUB_TOKEN").locator(".toggle").click()
    page.keyboard.press("j")
    assert focused(page) == "DB_PASSWORD"
