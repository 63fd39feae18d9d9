"""It can be read: in both themes, in narrow windows, on paper, with large letters, by screen readers, and without a script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.command import dockerfix

from .conftest import Opened
from .reader import view

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

VIEWS = ("Findings", "Rotate", "Files", "Errors")
# each text that is seen, with the contrast of its colour to what is behind it (WCAG 2, 1.4.3)
CONTRASTS = """() => {
  const c = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parse = text => { c.clearRect(0, 0, 1, 1); c.fillStyle = text; c.fillRect(0, 0, 1, 1);
    return [...c.getImageData(0, 0, 1, 1).data].map(x => x / 255); };
  const light = color => color.slice(0, 3).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => { for (let each = element; each; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color[3] > 0.99) return color; } return [1, 1, 1, 1]; };
  const share = (() => { const bar = document.body.appendChild(document.createElement('i')); bar.style.background = 'var(--share-fill)';
    const color = getComputedStyle(bar).backgroundColor; bar.remove(); return parse(color); })();
  const seen = new Map(); const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true }) || element.closest('.unseen-label, script')) continue;
    const fills = element.closest('.values label') ? [behind(element), share] : [behind(element)];  // the bar of a value is no element
    for (const fill of fills) { const [a, b] = [light(parse(getComputedStyle(element).color)), light(fill)].sort((x, y) => y - x);
      const name = `${element.className || element.tagName}: ${node.data.trim().slice(0, 30)}`;
      seen.set(name, Math.min(seen.get(name) ?? 21, (a + 0.05) / (b + 0.05))); }
  } return [...seen].sort((a, b) => a[1] - b[1]); }"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_text_stands_out(opened: Opened, report: Path, theme: str) -> None:
    """By 4.5 to 1 at least, in all lists and in the help."""
    page = opened(report, "#q=e", color_scheme=theme)
    for name in VIEWS:
        everything(page, name)
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) > 20
        assert [each for each in contrasts if each[1] < 4.5] == []
    page.keyboard.press("?")
    assert [each for each in page.evaluate(CONTRASTS) if each[1] < 4.5] == []


def everything(page: Page, name: str) -> None:
    """A list, with all that it has open."""
    view(page, name)
    if name != "Errors":
        page.get_by_role("button", name="Open all").click()
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")


# … and what a box would cut off
OUTSIDE = """() => [...document.querySelectorAll('#app *, .top *, .summary *, footer')]
  .filter(each => each.checkVisibility() && !each.closest('.unseen-label') && each.getBoundingClientRect().right > innerWidth + 0.5)
  .map(each => each.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("width", [320, 380, 768, 1024, 1920])
def test_no_window_scrolls_sideways(opened: Opened, report: Path, width: int) -> None:
    page = opened(report, viewport={"width": width, "height": 800})
    for name in VIEWS:
        everything(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == []


def test_letters_twice_as_large(opened: Opened, report: Path) -> None:
    page = opened(report, viewport={"width": 640, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    everything(page, "Findings")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_filters_are_folded_where_it_is_narrow(opened: Opened, report: Path) -> None:
    page = opened(report, viewport={"width": 380, "height": 800})
    assert page.locator("#facets label:visible").count() == 0
    page.get_by_text("Filters", exact=True).click()
    page.locator("#facets label", has_text="refused").locator("input").check()
    assert page.locator(".row").count() == 2
    assert page.locator("#filter-count").inner_text() == "(1)"


NAMELESS = """() => [...document.querySelectorAll('a, button, input, select, summary, [role], dialog, section, aside, nav')]
  .filter(each => each.checkVisibility() && !['row', 'rowgroup', 'cell', 'status', 'columnheader'].includes(each.role))
  .filter(each => !(each.ariaLabel || each.labels?.[0]?.innerText.trim() || each.innerText?.trim()))
  .map(each => each.outerHTML.slice(0, 90))"""


def test_each_control_has_a_name(opened: Opened, report: Path) -> None:
    page = opened(report)
    for name in VIEWS:
        everything(page, name)
        assert page.evaluate(NAMELESS) == []


def test_the_name_of_a_button_begins_with_what_it_shows(opened: Opened, report: Path) -> None:
    """For those who speak to it."""
    page = opened(report)
    everything(page, "Findings")
    buttons = page.locator("button[aria-label].copy").evaluate_all("all => all.map(each => [each.ariaLabel, each.innerText])")
    assert buttons
    assert [label for label, text in buttons if not label.startswith(text)] == []


def test_it_is_made_of_landmarks_headings_and_a_table(opened: Opened, report: Path) -> None:
    page = opened(report, "#status=refused")
    page.keyboard.type("jo")
    for role in ("banner", "main", "contentinfo", "complementary", "table"):
        assert page.get_by_role(role).count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", level=1).inner_text() == "dockerfix"
    table = page.get_by_role("table", name="Findings")
    assert table.get_attribute("aria-rowcount") == "3"
    assert [each.get_attribute("aria-rowindex") for each in page.locator(".row").all()] == ["2", "3"]
    parents = page.locator("[role=cell], [role=columnheader]").evaluate_all("all => all.map(each => each.parentElement.role)")
    assert set(parents) == {"row"}


def test_ids_are_there_once(opened: Opened, report: Path) -> None:
    page = opened(report)
    everything(page, "Findings")
    ids = page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
    assert len(ids) == len(set(ids))


def test_what_is_found_is_said(opened: Opened, report: Path) -> None:
    """To those who do not see it: the number is a live region."""
    page = opened(report)
    page.get_by_role("searchbox").fill("npm")
    assert page.get_by_role("status").inner_text() == "1 of 8 findings"


def test_motion_is_left_out_where_it_is_unwanted(opened: Opened, report: Path) -> None:
    duration = "getComputedStyle(document.querySelector('.chevron')).transitionDuration"
    assert opened(report, reduced_motion="reduce").evaluate(duration) == "0s"
    assert opened(report, reduced_motion="no-preference").evaluate(duration) != "0s"


def test_on_paper_there_are_no_controls(opened: Opened, report: Path) -> None:
    """In the light, with what was open."""
    page = opened(report, "#status=refused", color_scheme="dark")
    page.keyboard.type("jo")
    page.emulate_media(media="print")
    assert page.locator("input:visible, select:visible, .copy:visible, .view:visible").count() == 0
    assert page.locator(".row:visible").count() == 2
    assert "onbuild" in page.locator(".detail").inner_text()
    assert page.locator(".chip").inner_text().startswith("Status")
    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(26, 31, 36)"
    assert page.pdf().startswith(b"%PDF")


def test_without_a_script_there_is_a_summary(opened: Opened, report: Path) -> None:
    page = opened(report, java_script_enabled=False)
    text = page.locator("body").inner_text()
    assert "8 findings of 7 secrets in 8 Dockerfiles. 4 files would change: nothing has been written." in text
    assert "need JavaScript" in text
    assert page.locator("table").all_inner_texts()[0].startswith("Why refused")
    assert not page.locator("#app").is_visible()


def test_nothing_to_report(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM alpine\n", encoding="utf-8")
    dockerfix("--report", "report.html", cwd=tmp_path)
    page = opened(tmp_path / "report.html")
    assert page.locator("#list").inner_text().endswith("There is nothing here.")
    page.keyboard.type("jkoc2x3")
    assert page.locator("#count").inner_text() == "0 files"
