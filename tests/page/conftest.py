"""A real browser, and pages in it that may ask for nothing and say nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .documents import company, reported, saved

if TYPE_CHECKING:  # a desk without it skips
    from playwright.sync_api import Browser, BrowserContext, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 120_000  # milliseconds: a machine may have much else to do
Opened = Callable[..., "Page"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine. A desk without one skips; CI, which sets REQUIRE_BROWSER, must not."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        reason = f"there is no browser here ({', '.join(NAMES)})"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (its loop starts here)

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])  # a container's root has none
        yield found
        found.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Callable[..., BrowserContext]:
    """The window of some options, made once."""
    known: dict[str, BrowserContext] = {}

    def context(**options: Any) -> BrowserContext:
        key = repr(sorted(options.items()))
        if key not in known:
            known[key] = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | options)
            known[key].set_default_timeout(PATIENCE)
            known[key].grant_permissions(["clipboard-read", "clipboard-write"])
        return known[key]

    return context


@pytest.fixture
def opened(contexts: Callable[..., BrowserContext]) -> Iterator[Opened]:
    """Opens a file, with an address behind `#`; in the end, nothing was asked for but the files, and nothing went wrong."""
    pages: list[Page] = []
    asked: list[str] = []
    wrong: list[str] = []

    def opens(file: Path, address: str = "", **options: Any) -> Page:
        page = contexts(**options).new_page()
        page.on("request", lambda request: asked.append(request.url.split("#")[0]))
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        page.on("console", lambda message: wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.goto(file.as_uri() + address)
        pages.append(page)
        return page

    yield opens
    files = {page.url.split("#")[0] for page in pages}
    for page in pages:
        page.close()
    assert wrong == []
    assert [url for url in asked if url not in files and not url.startswith("data:")] == []


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is said of the company."""
    return reported(company(tmp_path_factory.mktemp("company")))


@pytest.fixture(scope="session")
def report(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page about it."""
    return saved(document, tmp_path_factory.mktemp("report") / "report.html")
