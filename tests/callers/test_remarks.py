"""Which comments above an item only spoke of it."""

from __future__ import annotations

import pytest

from codemod.callers.remarks import remark_above

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
