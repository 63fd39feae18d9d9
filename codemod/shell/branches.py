"""The parts of a shell text that need not run, and what decides about each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node


class Part(NamedTuple):
    """From `start` to `end` of the grammar's text; `asked` is where the condition is, if it is one that could be asked again."""

    start: int
    end: int
    asked: tuple[int, int] = (0, 0)


def parts(node: Node) -> Iterator[Part]:
    """The parts of `node` that need not run, or not once: not those that its children have."""
    if node.type == "if_statement":
        yield _then(node)
    elif node.type in ("elif_clause", "else_clause", "case_item", "do_group", "function_definition"):
        yield Part(node.start_byte, node.end_byte)
    elif node.type == "list" and not _is_continued(node):
        yield from _of_list([*_items(node)])


def is_decided(node: Node, index: int) -> bool:
    """Whether a test or a case decides if a child of `node` runs: what follows `then`, and `&&` or `||` behind a test."""
    if node.type == "if_statement":
        return any(child.type == "then" for child in node.children[:index])
    if node.type == "list":
        return index > 0 and asks(node.children[0])
    return node.type == "case_item"


def asks(node: Node) -> bool:
    """Whether a command, or one of an and-list, is a test."""
    if node.type == "list":
        return any(asks(child) for child in node.children)
    return node.type == "test_command" or (node.type == "command" and node.children[0].text == b"test")


def _then(node: Node) -> Part:
    """What stands behind `then`, up to the next branch."""
    then = next(index for index, child in enumerate(node.children) if child.type == "then")
    start, behind = node.children[then].end_byte, node.children[then + 1 :]
    end = next((child.start_byte for child in behind if child.type in ("elif_clause", "else_clause")), node.end_byte)
    return Part(start, end, (node.children[0].end_byte, node.children[then].start_byte))


def _is_continued(node: Node) -> bool:
    """Whether a list is the first part of a longer one, be it with a redirect at its end."""
    parent = node.parent
    while parent is not None and parent.type == "redirected_statement":
        parent = parent.parent
    return parent is not None and parent.type == "list"


def _items(node: Node) -> Iterator[Node]:
    """The commands of a list and the operators between them."""
    body = node.child_by_field_name("body") if node.type == "redirected_statement" else node
    if body is None or body.type != "list":
        yield node
        return
    for child in body.children:
        if child.type != "comment":
            yield from _items(child)


def _of_list(items: list[Node]) -> Iterator[Part]:
    for index in range(1, len(items) - 1, 2):
        operator, before, after = items[index].type, items[index - 1], items[index + 1]
        if operator == "||":
            yield Part(after.start_byte, after.end_byte)
        elif asks(before):
            yield Part(after.start_byte, _end_of_ands(items, index), (before.start_byte, before.end_byte))


def _end_of_ands(items: list[Node], index: int) -> int:
    """Where the commands end that `&&` joins to the one behind the operator at `index`."""
    end = items[index + 1].end_byte
    for place in range(index + 2, len(items) - 1, 2):
        if items[place].type != "&&":
            break
        end = items[place + 1].end_byte
    return end
