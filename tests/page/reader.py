"""What somebody who looks at the page sees."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def secrets(page: Page) -> list[str]:
    """The names in the list, from above."""
    return page.locator(".row .c0").all_inner_texts()


def row(page: Page, text: str) -> Locator:
    """The only row with a text."""
    return page.locator(".row", has_text=text)


def opened_row(page: Page, text: str) -> Locator:
    """The details of that row, which is opened."""
    row(page, text).locator(".toggle").click()
    return page.locator(".detail")


def tick(page: Page, value: str) -> None:
    """Take a value of a filter."""
    page.locator("#facets label", has_text=value).locator("input").check()


def view(page: Page, name: str) -> None:
    """Go to another list."""
    page.get_by_role("navigation", name="Views").get_by_role("button", name=name).click()


def address(page: Page) -> dict[str, list[str]]:
    """What stands behind `#`."""
    return parse_qs(urlsplit(page.url).fragment)


def focused(page: Page) -> str:
    """The text or the name of what has the focus."""
    found: str = page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText || document.activeElement.id")
    return found.strip()


def clipboard(page: Page) -> str:
    """What would be pasted."""
    found: str = page.evaluate("navigator.clipboard.readText()")
    return found
