"""Comment lines above a line that goes, if they only spoke of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from codemod.names import words
from codemod.text import Span

COMMENT = re.compile(r"[ \t]*(?:#|//)")
VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b")
BANNER = re.compile(r"[-=#*_~]{3,}")


def remark_above(text: str, offset: int, name: str, others: Iterable[str]) -> Span | None:
    """The comment lines directly above the line of `offset` that say `name`, and no other; None where there are none.

    `others` are names that stay; what is written like a variable is one as well.
    """
    end = start = text.rfind("\n", 0, offset) + 1
    while start and COMMENT.match(line := text[(above := text.rfind("\n", 0, start - 1) + 1) : start]) and not BANNER.search(line):
        start = above
    spoken = text[start:end]
    said = set(words(spoken))
    wanted = set(words(name))
    named = {found for found in VARIABLE.findall(spoken) if found != name}
    if not wanted <= said or named or any(re.search(rf"\b{re.escape(other)}\b", spoken) for other in others):
        return None
    return Span(start, end)
