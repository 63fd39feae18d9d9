"""Filters go together, say how many they would leave, and are in the address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import Opened
from .documents import many, saved
from .reader import address, focused, row, secrets, tick, view

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ALL = ["GITHUB_TOKEN", "DB_PASSWORD", "API_TOKEN", "NPM_TOKEN", "VITE_API_TOKEN", "GITHUB_LOGIN", "API_TOKEN", "REPO_TOKEN"]


def test_without_filters_all_is_there_by_folder(opened: Opened, report: Path) -> None:
    page = opened(report)
    assert secrets(page) == ALL
    assert page.locator("#count").inner_text() == "8 findings"


VALUES = {
    "a status": ("refused", {"status": ["refused"]}, ["API_TOKEN", "REPO_TOKEN"]),
    "a reason": ("onbuild", {"reason": ["onbuild"]}, ["API_TOKEN"]),
    "a copy that stays": ("written-to-layer", {"left": ["written-to-layer"]}, ["NPM_TOKEN"]),
    "a secret": ("REPO_TOKEN", {"secret": ["REPO_TOKEN"]}, ["REPO_TOKEN"]),
}


@pytest.mark.parametrize(("value", "behind", "left"), VALUES.values(), ids=VALUES)
def test_one_filter(opened: Opened, report: Path, value: str, behind: dict[str, list[str]], left: list[str]) -> None:
    page = opened(report)
    tick(page, value)
    assert secrets(page) == left
    assert page.locator("#count").inner_text() == f"{len(left)} of 8 findings"
    assert address(page) == behind


def test_two_values_of_a_filter_are_either(opened: Opened, report: Path) -> None:
    page = opened(report)
    tick(page, "refused")
    tick(page, "rewritten")
    assert secrets(page) == ["DB_PASSWORD", "API_TOKEN", "NPM_TOKEN", "API_TOKEN", "REPO_TOKEN"]


def test_two_filters_are_both(opened: Opened, report: Path) -> None:
    page = opened(report)
    tick(page, "refused")
    page.locator(".folder-value", has_text="payments/").click()
    assert secrets(page) == ["REPO_TOKEN"]
    assert address(page) == {"status": ["refused"], "folder": ["payments"]}


def test_numbers_are_what_a_value_would_leave(opened: Opened, report: Path) -> None:
    """With the other filters; other values of the same one are still there to be added."""
    page = opened(report)
    page.locator(".folder-value", has_text="payments/").click()
    counts = [
        page.locator("#facets label", has_text=value).locator(".count").inner_text() for value in ("rewritten", "refused", "reported")
    ]
    assert counts == ["1", "1", "0"]
    tick(page, "refused")
    assert page.locator("#facets label", has_text="rewritten").locator(".count").inner_text() == "1"


def test_folders_are_gone_into_and_out_of(opened: Opened, report: Path) -> None:
    """The focus stays where one is."""
    page = opened(report)
    page.locator(".folder-value", has_text="identity/").focus()
    page.keyboard.press("Enter")
    assert page.locator(".folder-value .value").all_inner_texts() == ["base/", "web/"]
    assert focused(page) == "identity"
    page.locator(".folder-value", has_text="web/").click()
    assert secrets(page) == ["NPM_TOKEN"]
    page.locator(".crumb", has_text="all").click()
    assert secrets(page) == ALL


WORDS = {
    "of a path": ("ledger", ["REPO_TOKEN"]),
    "of a secret, in any case": ("npm_token", ["NPM_TOKEN"]),
    "of a reason": ("used-by", ["REPO_TOKEN"]),
    "of evidence": ("pgpassword", ["DB_PASSWORD"]),
    "of a caller": ("build.sh", ["API_TOKEN"]),
    "two of them": ("token refused payments", ["REPO_TOKEN"]),
    "of nothing": ("nothing at all", []),
}


@pytest.mark.parametrize(("words", "left"), WORDS.values(), ids=WORDS)
def test_the_search_takes_words(opened: Opened, report: Path, words: str, left: list[str]) -> None:
    page = opened(report)
    page.get_by_role("searchbox").fill(words)
    assert secrets(page) == left
    assert page.locator(".nothing").count() == (not left)


def test_a_link_shows_the_same(opened: Opened, report: Path) -> None:
    """With what is open."""
    page = opened(report)
    tick(page, "refused")
    page.get_by_role("searchbox").fill("identity")
    row(page, "API_TOKEN").locator(".toggle").click()
    other = opened(report, f"#{page.url.partition('#')[2]}")
    assert secrets(other) == ["API_TOKEN"]
    assert other.get_by_role("searchbox").input_value() == "identity"
    assert "onbuild" in other.locator(".detail").inner_text()


def test_an_address_that_changes_is_followed(opened: Opened, report: Path) -> None:
    page = opened(report)
    page.evaluate("location.hash = '#status=refused'")
    page.wait_for_function("document.querySelectorAll('.row').length === 2")
    assert page.locator("#facets input:checked").count() == 1


ADDRESSES = {
    "a value that is none": "#status=nonsense",
    "a folder that is none": "#folder=nowhere",
    "a view that is none": "#view=nonsense&sort=nonsense",
    "an opened row that is none": "#open=nowhere:1:X",
    "no pairs": "#%%%&&==",
    "names of JavaScript's own": "#view=__proto__&sort=constructor&status=toString",
}


@pytest.mark.parametrize("behind", ADDRESSES.values(), ids=ADDRESSES)
def test_any_address_opens(opened: Opened, report: Path, behind: str) -> None:
    """And leaves a way back."""
    page = opened(report, behind)
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert sorted(secrets(page)) == sorted(ALL)


def test_filters_are_taken_off(opened: Opened, report: Path) -> None:
    """One by one, or all."""
    page = opened(report, "#status=refused&folder=payments&q=repo")
    assert [text.split("\n")[:2] for text in page.locator(".chip").all_inner_texts()] == [
        ["Folder:", "payments"],
        ["Status:", "refused"],
        ["Search:", "repo"],
    ]
    page.get_by_role("button", name="Take off the filter Status").click()
    assert address(page) == {"folder": ["payments"], "q": ["repo"]}
    assert focused(page).startswith("Take off the filter Folder")
    page.get_by_role("button", name="Clear all").click()
    assert address(page) == {}
    assert secrets(page) == ALL


SORTS = {
    "secret": ["API_TOKEN", "API_TOKEN", "DB_PASSWORD", "GITHUB_LOGIN", "GITHUB_TOKEN", "NPM_TOKEN", "REPO_TOKEN", "VITE_API_TOKEN"],
    "status": ["DB_PASSWORD", "NPM_TOKEN", "API_TOKEN", "API_TOKEN", "REPO_TOKEN", "VITE_API_TOKEN", "GITHUB_LOGIN", "GITHUB_TOKEN"],
    "evidence": ["GITHUB_TOKEN", "DB_PASSWORD", "API_TOKEN", "NPM_TOKEN", "API_TOKEN", "REPO_TOKEN", "VITE_API_TOKEN", "GITHUB_LOGIN"],
    "copies left": ["NPM_TOKEN", "GITHUB_TOKEN", "DB_PASSWORD", "API_TOKEN", "VITE_API_TOKEN", "GITHUB_LOGIN", "API_TOKEN", "REPO_TOKEN"],
    "folder": ALL,
}


@pytest.mark.parametrize(("name", "order"), SORTS.items(), ids=SORTS)
def test_orders(opened: Opened, report: Path, name: str, order: list[str]) -> None:
    page = opened(report)
    page.get_by_label("Sort").select_option(label=name)
    assert secrets(page) == order


def test_filters_hold_for_all_lists(opened: Opened, report: Path) -> None:
    page = opened(report, "#folder=payments")
    view(page, "Files")
    assert page.locator(".row .c0").all_inner_texts() == ["payments/api/Dockerfile", "payments/api/build.sh"]
    view(page, "Rotate")
    assert secrets(page) == ["REPO_TOKEN", "API_TOKEN"]


def test_errors_are_a_list_where_there_are_any(opened: Opened, report: Path, document: dict[str, Any], tmp_path: Path) -> None:
    page = opened(report)
    view(page, "Errors")
    assert page.locator(".row").all_inner_texts() == ["data/broken/Dockerfile:2\nunknown instruction (did you mean FROM?)"]
    without = opened(saved(document | {"errors": []}, tmp_path / "report.html"))
    assert without.get_by_role("button", name="Errors").count() == 0


def test_many_values_are_few_at_first(opened: Opened, document: dict[str, Any], tmp_path: Path) -> None:
    findings = [finding | {"secret": f"TOKEN_{number:03d}"} for number, finding in enumerate(document["findings"] * 12)]
    page = opened(saved(document | {"findings": findings}, tmp_path / "report.html"))
    visible = page.locator("#facets label:visible", has_text="TOKEN_")
    assert visible.count() == 8
    page.get_by_role("button", name="52 more").click()
    assert visible.count() == 60
    assert "36 others: search for them" in page.locator("#facets").inner_text()
    page.get_by_role("button", name="fewer").click()
    assert visible.count() == 8


def test_a_value_that_a_link_asks_for_is_there(opened: Opened, document: dict[str, Any], tmp_path: Path) -> None:
    """However many there are."""
    findings = [finding | {"secret": f"TOKEN_{number:03d}"} for number, finding in enumerate(document["findings"] * 12)]
    page = opened(saved(document | {"findings": findings}, tmp_path / "report.html"), "#secret=TOKEN_095")
    assert page.locator("#facets label:visible", has_text="TOKEN_095").locator("input").is_checked()
    assert secrets(page) == ["TOKEN_095"]


def test_a_folder_that_holds_all_is_gone_into(opened: Opened, document: dict[str, Any], tmp_path: Path) -> None:
    findings = [finding for finding in document["findings"] if finding["dockerfile"].startswith("identity/")]
    page = opened(saved(document | {"findings": findings}, tmp_path / "report.html"))
    assert page.locator(".folder-value .value").all_inner_texts() == ["base/", "web/"]


def test_many_folders_are_counted(opened: Opened, document: dict[str, Any], tmp_path: Path) -> None:
    page = opened(saved(many(document, 400), tmp_path / "report.html"))
    assert page.locator(".folder-value").count() == 60
    assert "others: search for them" in page.locator("#facets").inner_text()
