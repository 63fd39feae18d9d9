"""Comment lines above an item that goes, if they only spoke of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from codemod.names import words
from codemod.text import Span
from codemod.vocabulary import SECRET_WORDS

COMMENT = re.compile(r"[ \t]*(?:#|//)")
VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b")
SECRETS = SECRET_WORDS | {"access", "credential", "key", "login"}
BANNER = re.compile(r"[-=#*_~]{3,}")


def remark_above(text: str, offset: int, name: str, others: Collection[str]) -> Span | None:
    """The comment lines directly above the line of `offset` that say `name`, and none of the `others`; None where there are none.

    What is written like a variable is a name as well.
    """
    found = _above(text, offset)
    return found if found and _speaks_only_of(name, found.of(text), others) else None


def remark(text: str, item: Span, name: str, kept: Mapping[str, Span], gone: Collection[Span]) -> Span | None:
    """The comment lines directly above `item` that make no sense without it; None where there are none.

    They say its name and no other, speak of secrets, or nothing is left below them; `kept` and `gone` are the items around it.
    """
    found = _above(text, item.start)
    if found is None:
        return None
    comment = found.of(text)
    is_its_own = _speaks_only_of(name, comment, kept) or _speaks_of_secrets(comment, kept)
    return found if is_its_own or not _heads_more(text, item, kept.values(), gone) else None


def _above(text: str, offset: int) -> Span | None:
    end = start = text.rfind("\n", 0, offset) + 1
    while start and COMMENT.match(line := text[(above := text.rfind("\n", 0, start - 1) + 1) : start]) and not BANNER.search(line):
        start = above
    return Span(start, end) if start < end else None


def _speaks_only_of(name: str, comment: str, others: Collection[str]) -> bool:
    named = {found for found in VARIABLE.findall(comment) if found != name}
    said = set(words(comment))
    return set(words(name)) <= said and not named and not any(re.search(rf"\b{re.escape(other)}\b", comment) for other in others)


def _speaks_of_secrets(comment: str, others: Collection[str]) -> bool:
    said = set(words(comment))
    is_of_others = VARIABLE.search(comment) is not None or any(said & set(words(other)) for other in others)
    return bool(said & SECRETS) and not is_of_others


def _heads_more(text: str, item: Span, kept: Collection[Span], gone: Collection[Span]) -> bool:
    """Whether the next line that stays below is another item, or a comment."""
    end = _line_end(text, item.end)
    while (below := next((span for span in gone if end <= span.start < _line_end(text, end)), None)) is not None:
        end = _line_end(text, below.end)
    line = Span(end, _line_end(text, end))
    return bool(COMMENT.match(line.of(text))) or any(line.start <= span.start < line.end for span in kept)


def _line_end(text: str, offset: int) -> int:
    found = text.find("\n", offset)
    return len(text) if found < 0 else found + 1
