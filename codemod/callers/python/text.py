"""The text of a Python file as parsers take it: character for character where the file has it."""

from __future__ import annotations

import ast
import re
import warnings

BOM = "\ufeff"
# what stands for bytes that are no UTF-8: a letter in every encoding, and one character as well
LETTER = "ÿ"
UNDECODED = re.compile("[\ud800-\udfff]")
# a line with a form feed alone, which libcst would leave out
FORM_FEEDS = re.compile(r"^\f+(?=\r?$)", re.MULTILINE)


def readable(text: str) -> tuple[str, int]:
    """The text for a parser, and how many characters of the file stand before it."""
    shift = 1 if text.startswith(BOM) else 0
    return FORM_FEEDS.sub(lambda match: " " * len(match[0]), UNDECODED.sub(LETTER, text[shift:])), shift


def tree(text: str) -> ast.Module:
    """What Python's own parser makes of a text; raises SyntaxError, or ValueError and others for what is none at all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape is the file's affair
        return ast.parse(text)
