"""Which comments above an item only spoke of it."""

from __future__ import annotations

import pytest

from codemod.callers.remarks import remark, remark_above
from codemod.text import Span

ABOVE = [
    ("# the api token\n", True),
    ("// the API_TOKEN\n", True),
    ("# for CI\n# the api token\n", True),
    ("# the token\n", False),
    ("# API_TOKEN and OTHER\n", False),
    ("# API_TOKEN and NODE_VERSION\n", False),
    ("# --- api token ---\n", False),
    ("the api token\n", False),
    ("", False),
]


@pytest.mark.parametrize(("comment", "is_its_own"), ABOVE)
def test_a_comment_that_says_the_name_and_no_other(comment: str, *, is_its_own: bool) -> None:
    text = f"x\n{comment}  API_TOKEN\n"
    found = remark_above(text, text.index("  API_TOKEN"), "API_TOKEN", ["OTHER"])
    assert (found.of(text) if found else "") == (comment if is_its_own else "")


BELOW = [
    ("# the key of the server\n", "KEPT: x\n", True),
    ("# for the build\n", "KEPT: x\n", False),
    ("# the key of what is kept\n", "KEPT: x\n", False),
    ("# for the build\n", "# KEPT: x\n", False),
    ("# for the build\n", "\nKEPT: x\n", True),
    ("# for the build\n", "GONE: x\n", True),
    ("# for the build\n", "GONE: x\nKEPT: x\n", False),
    ("# for the build\n", "GONE: x", True),
]


@pytest.mark.parametrize(("comment", "below", "is_its_own"), BELOW)
def test_a_comment_goes_where_nothing_is_left_below(comment: str, below: str, *, is_its_own: bool) -> None:
    text = f"args:\n{comment}ITEM: x\n{below}"
    spans = {name: Span(text.index(name), text.index(name) + len(name) + 3) for name in ("ITEM", "GONE", "KEPT") if f"{name}: x" in text}
    kept = {name: span for name, span in spans.items() if name == "KEPT" and "# KEPT" not in text}
    found = remark(text, spans["ITEM"], "ITEM", kept, [span for name, span in spans.items() if name != "KEPT"])
    assert (found.of(text) if found else "") == (comment if is_its_own else "")
