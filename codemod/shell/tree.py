"""The tree of a shell text, as tree-sitter-bash has it: a character is a byte, so that offsets are the text's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# The grammar's scanner asks C's isdigit about every letter, and one that is no ASCII can take the process with it. A carriage
# return and its like are letters to the shell, and blanks to the grammar; so is what stands between a `$` and a name in quotes.
# A dot is part of words, and of no name.
DOTTED = re.compile(r"[^\x00-\x7f]|[\r\v\f]|\$(?![\w({'\"@*#?$!\[-])", re.ASCII)
ON_ONE_LINE = frozenset({"command", "file_redirect", "redirected_statement", "declaration_command", "unset_command",
                         "variable_assignments", "list", "pipeline"})  # fmt: skip
GOES_ON = frozenset({"&&", "||", "|", "|&", "comment"})
NEWLINE = re.compile(rb"(?<!\\)\n")


def tree(text: str) -> Node:
    """The root of the tree of `text`."""
    content = bytearray(DOTTED.sub(".", text), "ascii")
    root = _parser().parse(bytes(content)).root_node
    # now and then the grammar takes two commands on two lines for one: behind `> f`, or behind a text on several lines
    while b"\n" in content and (ends := list(_ends_in_commands(root, bytes(content)))):
        for place in ends:
            content[place] = ord(";")
        root = _parser().parse(bytes(content)).root_node
    return root


def _ends_in_commands(node: Node, content: bytes) -> Iterator[int]:
    """The newlines in the middle of what has to stand on one line."""
    for child in node.children:
        yield from _ends_in_commands(child, content)
    for before, after in pairwise(node.children) if node.type in ON_ONE_LINE else ():
        newline = NEWLINE.search(content, before.end_byte, after.start_byte)
        if newline is not None and before.type not in GOES_ON:
            yield newline.start()


@lru_cache(maxsize=1)
def _parser() -> Parser:
    # loaded when the first RUN is read: it costs more than all else that a file without secrets needs
    import tree_sitter_bash  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_bash.language()))
