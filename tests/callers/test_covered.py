"""What is accounted for: spans that touch, and those that do not."""

from __future__ import annotations

import pytest

from codemod.callers.covered import Covered
from codemod.text import Span

SPANS = Covered([Span(20, 30), Span(10, 12), Span(11, 15), Span(15, 16)])


@pytest.mark.parametrize("span", [Span(10, 11), Span(5, 11), Span(15, 25), Span(29, 40), Span(12, 12), Span(22, 23)])
def test_what_touches(span: Span) -> None:
    assert SPANS.touches(span)


@pytest.mark.parametrize("span", [Span(0, 10), Span(16, 20), Span(30, 31), Span(9, 9), Span(16, 16)])
def test_what_does_not(span: Span) -> None:
    assert not SPANS.touches(span)


def test_nothing_is_covered_by_nothing() -> None:
    assert not Covered([]).touches(Span(0, 5))
