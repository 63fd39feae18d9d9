"""What a statement before a shell text would change: whether `&&` may join them, and which names the text sets itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from codemod.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

TRANSPARENT = frozenset({"program", "list", "pipeline", "redirected_statement", "negated_command"})
SIMPLE = frozenset({"command", "test_command", "variable_assignment", "variable_assignments", "declaration_command",
                    "unset_command", "subshell", "comment"})  # fmt: skip
ONE_PREFIX_JOINS = frozenset({"&&", "|", "|&", "!"})


def joins(root: Node) -> bool:
    """Whether `prefix && text` runs what `prefix; text` would: one and-list or pipeline, and no more."""
    statements = [child for child in root.children if child.type != "comment"]
    return (
        len(statements) == 1
        and root.children[0].type != "comment"
        and all(kind in SIMPLE or kind in ONE_PREFIX_JOINS for kind in _top_level(root))
    )


def straight(root: Node) -> Iterator[tuple[Span, int]]:
    """The names that are set where no `&&`, `||` or block stands before, and the end of the statement that sets each."""
    for statement in root.children:
        node = statement
        while node.type == "list":
            node = node.children[0]
        follower = statement.next_sibling
        in_background = follower is not None and follower.type == "&"
        if not in_background and node.type in ("variable_assignment", "declaration_command"):
            for part in (node, *node.children):
                name = part.child_by_field_name("name") if part.type == "variable_assignment" else None
                if name is not None:
                    yield Span(name.start_byte, name.end_byte), node.end_byte


def _top_level(node: Node) -> Iterator[str]:
    """What stands side by side once lists and pipelines are opened: commands, blocks and operators."""
    for child in node.children:
        if child.type in TRANSPARENT:
            yield from _top_level(child)
        elif not child.type.endswith("_redirect"):
            yield child.type
