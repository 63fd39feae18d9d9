"""What quotes and backslashes leave of a text: what a command gets, but for expansions, which stay as they are written."""

from __future__ import annotations

import re

UNQUOTE = re.compile(r"""'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"|\\(?P<escaped>.)""", re.DOTALL)
IN_DOUBLE = re.compile(r"""\\(["\\$`])""")
# a line that continues another keeps its tabs
IN_BODY = re.compile(r"(?P<tabs>^\t+)|\\(?:\n(?P<kept>\t*)|(?P<escaped>[\\$`]))", re.MULTILINE)
TABS = re.compile(r"^\t+", re.MULTILINE)


def plain_word(text: str) -> str:
    """A word without its quotes."""
    if "'" not in text and '"' not in text and "\\" not in text:
        return text  # as most words
    return UNQUOTE.sub(_unquote, text)


def plain_body(text: str, *, quoted: bool, dash: bool) -> str:
    """A heredoc's body as its command reads it; `dash` is `<<-`'s, `quoted` says that the delimiter was."""
    if quoted:
        return TABS.sub("", text) if dash else text
    return IN_BODY.sub(lambda match: (match["tabs"] or "") * (not dash) + (match["kept"] or "") + (match["escaped"] or ""), text)


def _unquote(match: re.Match[str]) -> str:
    if match["double"] is not None:
        return IN_DOUBLE.sub(r"\1", match["double"])
    return match["single"] if match["single"] is not None else match["escaped"]
