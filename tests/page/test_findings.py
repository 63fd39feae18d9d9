"""An open finding has all that there is to know of it, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import Opened
from .documents import saved
from .reader import clipboard, opened_row, row, secrets, view

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SUGGESTED = {
    "path": "ci/build.groovy",
    "line": 6,
    "kind": "step of a Jenkinsfile",
    "status": "reported",
    "why": "nobody reads Groovy",
    "suggestion": "--secret id=REPO_TOKEN",
    "notes": ["its env has the value"],
}
SAID_OF_SUGGESTED = [
    "ci/build.groovy:6",
    "step of a Jenkinsfile: has to be changed by hand",
    "nobody reads Groovy",
    "--secret id=REPO_TOKEN",
    "Copy",
    "its env has the value",
]
BLOCKING = {
    "path": "k8s/build.yaml",
    "line": 12,
    "kind": "container of kaniko",
    "status": "blocking",
    "why": None,
    "suggestion": None,
    "notes": [],
}


def with_calls(document: dict[str, Any], *calls: dict[str, Any]) -> dict[str, Any]:
    """The document whose REPO_TOKEN has these."""
    findings = [finding | {"calls": list(calls)} if finding["secret"] == "REPO_TOKEN" else finding for finding in document["findings"]]
    return document | {"findings": findings}


ROWS = {
    "a change": ("etl.Dockerfile", ["DB_PASSWORD", "data/etl.Dockerfile:2", "rewritten", "mounted for 1 RUN", "certain"]),
    "a change with its caller": (
        "payments/api",
        ["API_TOKEN", "payments/api/Dockerfile:2", "rewritten", "mounted for 1 RUN, 1 call with it", "certain"],
    ),
    "a copy that stays": ("NPM_TOKEN", ["NPM_TOKEN", "identity/web/Dockerfile:2", "rewritten", "mounted for 1 RUN 1 copy left", "certain"]),
    "a refusal": ("REPO_TOKEN", ["REPO_TOKEN", "payments/ledger/Dockerfile:2", "refused", "used-by-instruction", "certain"]),
    "what may be one": ("GITHUB_LOGIN", ["GITHUB_LOGIN", "mobile/Dockerfile:3", "reported", "its name may say so: login", "possible"]),
}


@pytest.mark.parametrize(("which", "cells"), ROWS.values(), ids=ROWS)
def test_a_row_says_it_in_short(opened: Opened, report: Path, which: str, cells: list[str]) -> None:
    found = row(opened(report), which).locator(".cell").all_inner_texts()
    assert [" ".join(text.split()) for text in found] == cells


def test_it_opens_and_closes(opened: Opened, report: Path) -> None:
    """By its name as by any place of the row."""
    page = opened(report)
    toggle = row(page, "REPO_TOKEN").locator(".toggle")
    toggle.click()
    assert toggle.get_attribute("aria-expanded") == "true"
    assert page.locator(f"#{toggle.get_attribute('aria-controls')}").is_visible()
    row(page, "REPO_TOKEN").locator(".c2").click()
    assert toggle.get_attribute("aria-expanded") == "false"
    assert page.locator(".detail").count() == 0


def test_evidence_has_its_weight(opened: Opened, report: Path) -> None:
    detail = opened_row(opened(report), "REPO_TOKEN")
    assert detail.locator(".evidence li").all_inner_texts() == [
        "+3\nline 2 its name says so: token (name)",
        "+5\nline 4 curl sends it as a password (use)",
        "−2\nline 3 COPY takes it for a name or a path (use)",  # noqa: RUF001  (a minus)
    ]
    assert "certain, 6 in all" in detail.inner_text()


def test_places_are_named(opened: Opened, report: Path) -> None:
    places = opened_row(opened(report), "etl.Dockerfile").locator(".places li").all_inner_texts()
    assert places == ["declared\nline 2\nARG in stage 0", "read\nline 3\nby the shell in stage 0", "mounted\nline 3\nas a file"]


def test_a_refusal_says_why_and_what_to_do(opened: Opened, report: Path) -> None:
    page = opened(report)
    said = opened_row(page, "REPO_TOKEN").locator(".note.refused").inner_text()
    assert "Refused: used-by-instruction" in said
    assert "line 3" in said
    assert "What to do: The builder itself expands this" in said
    page.get_by_role("button", name="Copy the command that explains it").click()
    assert clipboard(page) == "dockerfix explain used-by-instruction"


def test_what_the_image_keeps_is_said_first(opened: Opened, report: Path) -> None:
    notes = opened_row(opened(report), "NPM_TOKEN").locator(".note").all_inner_texts()
    assert notes[0].startswith("The image keeps a copy")
    assert "~/.npmrc" in notes[0]
    assert notes[1].startswith("Rotate it: stays in the image")


def test_warnings_are_said(opened: Opened, report: Path) -> None:
    notes = opened_row(opened(report), "VITE_API_TOKEN").locator(".note").all_inner_texts()
    assert notes == ["Note\nVITE_API_TOKEN is public by its framework's rule: what it holds is shipped to everyone"]


def test_callers_say_what_becomes_of_them(opened: Opened, document: dict[str, Any], tmp_path: Path) -> None:
    """With the text to put there."""
    page = opened(saved(with_calls(document, SUGGESTED, BLOCKING), tmp_path / "report.html"))
    calls = opened_row(page, "REPO_TOKEN").locator(".calls li")
    assert calls.all_inner_texts() == [
        "\n".join(SAID_OF_SUGGESTED),
        "k8s/build.yaml:12\ncontainer of kaniko: cannot pass a secret",
    ]
    page.get_by_role("button", name="Copy the text for ci/build.groovy").click()
    assert clipboard(page) == "--secret id=REPO_TOKEN"


def test_of_many_callers_the_first_are_shown(opened: Opened, document: dict[str, Any], tmp_path: Path) -> None:
    calls = [BLOCKING | {"line": line} for line in range(1, 12)]
    detail = opened_row(opened(saved(with_calls(document, *calls), tmp_path / "report.html")), "REPO_TOKEN")
    assert detail.locator(".calls li:visible").count() == 4
    detail.get_by_text("7 more").click()
    assert detail.locator(".calls li:visible").count() == 11


def test_mentions_are_counted(opened: Opened, document: dict[str, Any], tmp_path: Path) -> None:
    calls = [BLOCKING | {"line": line, "status": "irrelevant"} for line in range(1, 26)]
    detail = opened_row(opened(saved(with_calls(document, *calls), tmp_path / "report.html")), "REPO_TOKEN")
    detail.get_by_text("Its name also stands in 25 places").click()
    assert detail.locator("details li").all_inner_texts()[-2:] == ["k8s/build.yaml:20", "and 5 more, which the JSON has"]


def test_the_build_command_is_copied(opened: Opened, report: Path) -> None:
    """It is one line, whatever its look."""
    page = opened(report)
    detail = opened_row(page, "etl.Dockerfile")
    copy = detail.get_by_role("button", name="Copy the build command")
    copy.click()
    assert clipboard(page) == "docker build --secret id=DB_PASSWORD -f data/etl.Dockerfile data"
    assert copy.inner_text() == "Copied"


def test_where_a_command_is_from_is_said(opened: Opened, report: Path) -> None:
    detail = opened_row(opened(report), "payments/api")
    assert detail.locator(".build").inner_text().endswith("from payments/api/build.sh:2")


def test_without_a_clipboard_the_selection_is_copied(opened: Opened, report: Path) -> None:
    page = opened(report)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    copy = opened_row(page, "etl.Dockerfile").get_by_role("button", name="Copy the build command")
    copy.click()
    page.wait_for_function("document.querySelector('.build .copy').innerText === 'Copied'")
    copy.evaluate(
        "button => { window.pasted = ''; document.addEventListener('paste', e => { window.pasted = e.clipboardData.getData('text') }) }"
    )
    page.locator("#search").focus()
    page.keyboard.press("Control+V")
    assert page.evaluate("window.pasted") == "docker build --secret id=DB_PASSWORD -f data/etl.Dockerfile data"


def test_the_callers_changes_are_below_the_dockerfiles(opened: Opened, report: Path) -> None:
    heads = opened_row(opened(report), "payments/api").locator(".diff-head h4").all_inner_texts()
    assert heads == ["payments/api/Dockerfile", "payments/api/build.sh"]


def test_what_stays_has_no_change(opened: Opened, report: Path) -> None:
    assert opened_row(opened(report), "REPO_TOKEN").locator(".diff").count() == 0


def test_all_are_opened_and_closed(opened: Opened, report: Path) -> None:
    page = opened(report)
    page.get_by_role("button", name="Open all").click()
    assert page.locator(".detail").count() == 8
    page.get_by_role("button", name="Close all").click()
    assert page.locator(".detail").count() == 0


def test_findings_of_one_line_open_one_by_one(opened: Opened, document: dict[str, Any], tmp_path: Path) -> None:
    page = opened(saved(document | {"findings": [document["findings"][0]] * 2}, tmp_path / "report.html"))
    page.locator(".toggle").nth(1).click()
    assert page.locator(".detail").count() == 1
    assert [toggle.get_attribute("aria-expanded") for toggle in page.locator(".toggle").all()] == ["false", "true"]


# --- written ---------------------------------------------------------------------------------------------------------


def test_after_write_it_says_what_is_done(opened: Opened, document: dict[str, Any], tmp_path: Path) -> None:
    files = [file | {"written": file["changed"]} for file in document["files"]]
    page = opened(saved(document | {"files": files}, tmp_path / "report.html"))
    detail = opened_row(page, "payments/api")
    assert detail.locator(".call.rewritten").all_inner_texts() == ["passes the secret now"]
    assert detail.locator(".diff-head .tag").all_inner_texts() == ["written", "written"]


# --- files -----------------------------------------------------------------------------------------------------------


def test_files_have_their_change_and_their_secrets(opened: Opened, report: Path) -> None:
    """And the way to what is known of these."""
    page = opened(report)
    view(page, "Files")
    rows = [" ".join(text.split()) for text in page.locator(".row").all_inner_texts()]
    signs = [text.replace("−", "-") for text in rows]  # noqa: RUF001  (a minus)
    assert signs == [
        "data/etl.Dockerfile Dockerfile +3 -2 DB_PASSWORD",
        "identity/web/Dockerfile Dockerfile +3 -2 NPM_TOKEN",
        "payments/api/Dockerfile Dockerfile +3 -2 API_TOKEN",
        "payments/api/build.sh caller +1 -1 API_TOKEN",
    ]
    detail = opened_row(page, "build.sh")
    assert detail.locator(".diff").count() == 1
    detail.get_by_role("link", name="API_TOKEN in payments/api/Dockerfile").click()
    page.wait_for_selector(".findings .detail")
    assert secrets(page)[6] == "API_TOKEN"
    assert row(page, "payments/api").locator(".toggle").get_attribute("aria-expanded") == "true"


# --- what to rotate --------------------------------------------------------------------------------------------------


def test_the_worst_is_to_be_rotated_first(opened: Opened, report: Path) -> None:
    page = opened(report)
    view(page, "Rotate")
    rows = [text.split("\n")[:3] for text in page.locator(".row").all_inner_texts()]
    assert rows == [
        ["GITHUB_TOKEN", "In the repository", "1 place"],
        ["NPM_TOKEN", "Stays in the image", "1 place"],
        ["API_TOKEN", "Still passed as before", "2 places"],
        ["REPO_TOKEN", "Still passed as before", "1 place"],
        ["DB_PASSWORD", "In images built so far", "1 place"],
    ]


def test_what_is_rotated_is_ticked_and_copied(opened: Opened, report: Path) -> None:
    page = opened(report)
    view(page, "Rotate")
    page.get_by_label("NPM_TOKEN is rotated").check()
    assert "1 of 5 secrets rotated" in page.locator("#about").inner_text()
    assert page.locator(".detail").count() == 0
    page.get_by_role("button", name="Copy the list").click()
    lines = clipboard(page).splitlines()
    assert lines[1] == "- [x] NPM_TOKEN: stays in the image (identity/web/Dockerfile)"
    assert lines[2] == "- [ ] API_TOKEN: still passed as before (identity/base/Dockerfile, payments/api/Dockerfile)"


def test_ticks_outlive_another_list(opened: Opened, report: Path) -> None:
    page = opened(report)
    view(page, "Rotate")
    page.get_by_label("NPM_TOKEN is rotated").check()
    view(page, "Findings")
    view(page, "Rotate")
    assert page.get_by_label("NPM_TOKEN is rotated").is_checked()


def test_a_secret_has_its_places(opened: Opened, report: Path) -> None:
    page = opened(report)
    view(page, "Rotate")
    places = opened_row(page, "API_TOKEN").locator(".concerned li")
    assert [text.split("\n")[0] for text in places.all_inner_texts()] == ["refused", "rewritten"]
    places.nth(0).get_by_role("link").click()
    page.wait_for_selector(".findings .detail")
    assert "onbuild" in page.locator(".detail").inner_text()


def test_of_many_places_the_first_are_shown(opened: Opened, document: dict[str, Any], tmp_path: Path) -> None:
    page = opened(saved(document | {"findings": document["findings"][:1] * 90}, tmp_path / "report.html"))
    view(page, "Rotate")
    detail = opened_row(page, "GITHUB_TOKEN")
    assert detail.get_by_role("link").count() == 60
    assert "and 30 more" in detail.inner_text()
