"""Whatever a file says stays text, and nothing on the page can ask a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codemod.report.html import page as page_of
from tests.command import dockerfix

from .conftest import Opened
from .documents import saved, with_texts
from .reader import opened_row, view

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HARM = {
    "the end of the script": "</script><script>alert(1)</script>",
    "a comment": "<!-- <script> -->",
    "an image": '"><img src=x onerror=alert(1)>',
    "an attribute": "' onmouseover=alert(1) x='",
    "an address": "javascript:alert(1)",
    "line separators": "a\u2028b\u2029c",
    "half of a pair": "a\ud83db",
    "a byte that is no UTF-8": "caf\udce9",
    "turned around": "a\u202eelifrekcoD\u202c",
    "controls": "a\x00b\x1b[31m\x7f",
    "no width": "T\u200bOK\u00adEN\ufeff",
    "a template": "${alert(1)} $data {{x}}",
    "very long": "x" * 5000,
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_texts_that_mean_harm(opened: Opened, document: dict[str, Any], tmp_path: Path, harm: str) -> None:
    """In every text of the report: it opens, says it, and holds to its width. What would run or be asked for fails in `opened`."""
    page = opened(saved(with_texts(document, lambda text: f"{text} {harm}"), tmp_path / "report.html"))
    for name in ("Findings", "Rotate", "Files", "Errors"):
        view(page, name)
        if name != "Errors":
            page.get_by_role("button", name="Open all").click()
        assert page.locator(".row").count() > 0
        assert page.locator("img, iframe, object, script[src], [onerror], [onmouseover]").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.title() == "dockerfix: 8 findings"


SEEN = {
    "half of a pair": ("a\ud83db", "aU+D83Db"),
    "a byte that is no UTF-8": ("caf\udce9", "caf\\xE9"),
    "turned around": ("a\u202eb", "aU+202Eb"),
    "no width": ("T\u200bN", "TU+200BN"),
    "a line separator": ("a\u2028b", "aU+2028b"),
    "a pair": ("a\U0001f600b", "a\U0001f600b"),
    "a tab": ("a\tb", "a b"),
    "letters of all kinds": ("größe コンテナ", "größe コンテナ"),
}


@pytest.mark.parametrize(("text", "seen"), SEEN.values(), ids=SEEN)
def test_what_is_not_seen_is_shown(opened: Opened, document: dict[str, Any], tmp_path: Path, text: str, seen: str) -> None:
    """By its number, so that a line is what it looks like."""
    errors = [{"path": "Dockerfile", "line": 1, "message": text}]
    page = opened(saved(document | {"errors": errors}, tmp_path / "report.html"), "#view=errors")
    assert page.locator(".row .c1").inner_text() == seen


def test_a_dockerfile_that_means_harm(opened: Opened, tmp_path: Path) -> None:
    """From the command to the browser, with a folder's name to match."""
    folder = tmp_path / '"><img src=x onerror=alert(1)>'
    folder.mkdir()
    lines = [
        b"FROM alpine",
        b"ARG API_TOKEN",
        b"# </script><script>alert(1)</script><!-- \xff \xe2\x80\xae",
        b"RUN curl -u x:$API_TOKEN https://example.com",
    ]
    (folder / "Dockerfile").write_bytes(b"\n".join(lines) + b"\n")
    dockerfix("--report", "report.html", cwd=tmp_path)
    page = opened(tmp_path / "report.html")
    detail = opened_row(page, "API_TOKEN")
    assert "# </script><script>alert(1)</script><!-- \\xFF U+202E" in detail.locator(".side-by-side").inner_text()
    assert '"><img src=x onerror=alert(1)>/' in detail.locator(".diff-head").inner_text()


# --- what the policy holds back, were there a hole --------------------------------------------------------------------

HOLES = {
    "a script": "document.body.append(Object.assign(document.createElement('script'), { text: 'window.hole = 1' }))",
    "markup": "document.body.innerHTML = '<p>hole</p>'",
    "a picture": "new Image().src = 'https://example.com/hole.png'",
    "a request": "fetch('https://example.com/hole')",
    "a beacon": "navigator.sendBeacon('https://example.com/hole', 'x')",
    "a frame": "document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://example.com/hole' }))",
    "a style": "document.body.setAttribute('style', 'background: url(https://example.com/hole)')",
    "code": "eval('window.hole = 1')",
}


@pytest.mark.parametrize("hole", HOLES.values(), ids=HOLES)
def test_the_policy_holds(browser: Any, report: Path, hole: str) -> None:
    """What comes in all the same neither runs nor sends."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.on("response", lambda response: asked.append(response.url))
    page.goto(report.as_uri())
    page.evaluate("addEventListener('securitypolicyviolation', event => { window.held = event.violatedDirective })")
    # as the page's own script would, not as the browser's tools do, which no policy holds back
    page.evaluate(f"document.getElementById('search').addEventListener('focus', () => {{ {hole} }})")
    page.locator("#search").focus()
    page.wait_for_function("window.held !== undefined")
    assert page.evaluate("window.hole") is None
    assert set(asked) == {report.as_uri()}
    page.close()


def test_the_pages_bytes_are_utf_8(document: dict[str, Any]) -> None:
    page_of(with_texts(document, lambda text: f"{text}\ud83d")).encode("utf-8")
