"""The tree of a shell text, as tree-sitter-bash has it: a character is a byte, so that offsets are the text's own."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# The grammar's scanner asks C's isdigit about every letter, and one that is no ASCII can take the process with it. A carriage
# return is a letter to the shell, and a blank to the grammar. A dot is part of words, and of no name.
DOTTED = re.compile(r"[^\x00-\x7f]|\r")


def tree(text: str) -> Node:
    """The root of the tree of `text`."""
    return _parser().parse(DOTTED.sub(".", text).encode("ascii")).root_node


@lru_cache(maxsize=1)
def _parser() -> Parser:
    # loaded when the first RUN is read: it costs more than all else that a file without secrets needs
    import tree_sitter_bash  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_bash.language()))
