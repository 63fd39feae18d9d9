"""Text as markdown that says nothing but itself: no markup, no HTML, and nothing that GitHub makes a link or a mention of."""

from __future__ import annotations

import html
import re
from itertools import groupby

CODE = re.compile(r"`([^`]+)`")
# letters are words, and numbers are; whatever else there is may mean something to GitHub
WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*|\d{1,6}|…")
COMMIT = re.compile(r"[0-9a-f]{7,}")
AROUND = re.compile(r"([(\"']*)(.*?)([)\"',.;:!?]*)", re.DOTALL)


def prose(text: str) -> str:
    """A sentence: what is no plain word is code, as what stands in backticks is."""
    written = ""
    for index, part in enumerate(CODE.split(text)):
        new = code(part) if index % 2 else _words(part)
        meets = written.endswith("`") and new.startswith("`")  # two spans without a blank would be one
        written += f" {new}" if meets else new
    return written


def code(text: str) -> str:
    """A code span; GitHub looks for no names in it."""
    shown = visible(text)
    fence = "`" * (_longest_run(shown) + 1)
    is_blank = not shown.strip(" ")
    pad = " " if not is_blank and (shown[0] in "` " or shown[-1] in "` ") else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else ""


def cell(markdown: str) -> str:
    """Markdown as a cell of a table has it."""
    return markdown.replace("|", "\\|")


def block(text: str, language: str) -> str:
    """A fenced block, whatever is in it; bytes that are no text are spelled out."""
    text = text.encode("utf-8", "backslashreplace").decode()
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def in_html(text: str) -> str:
    """The text inside of a line of HTML."""
    return html.escape(visible(text))


def visible(text: str) -> str:
    """The text on a line, with what does not show spelled out."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _words(text: str) -> str:
    """Newlines among them would end the item of a list."""
    return " ".join(map(_word, re.split(r"\s+", text)))


def _word(text: str) -> str:
    before, word, after = AROUND.fullmatch(text).groups()  # type: ignore[union-attr]  # it fits everything
    is_plain = WORD.fullmatch(word) and not COMMIT.fullmatch(word)
    return f"{before}{word if is_plain else code(word)}{after}"


def _longest_run(text: str) -> int:
    return max((len(list(run)) for character, run in groupby(text) if character == "`"), default=0)
