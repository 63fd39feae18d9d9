"""A Python program before and after, read by Python's own parser: what differs other than the planned moves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from codemod.callers.call import Move
from codemod.callers.python.text import readable, tree
from codemod.text import Source, Span

LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Difference:
    """Nodes of the file before, and those that stand in their place."""

    gone: tuple[ast.AST, ...]
    new: tuple[ast.AST, ...]


def difference(before: Source, after: Source, moves: Sequence[Move]) -> str | None:
    """What else differs; None where nothing does."""
    (old, shift), (new, _) = readable(before.text), readable(after.text)
    try:
        was, found = tree(old), tree(new)
    except (SyntaxError, ValueError) as error:
        return f"it is no Python any more, as line {getattr(error, 'lineno', None) or 1} is written"
    plan = _Plan(old, shift, moves)
    for each in _differences(was, found):
        if not plan.has(each):
            line = getattr((*each.gone, *each.new)[0], "lineno", 1)
            return f"line {line} says something else, which is no part of the plan"
    return None


class _Plan:
    """What the moves allow."""

    def __init__(self, text: str, shift: int, moves: Sequence[Move]) -> None:
        self._text = text
        self._lines = (0, *(match.end() for match in LINE_END.finditer(text)))
        self._spans = [move.passed.span.shifted(-shift) for move in moves]
        names = {move.passed.name for move in moves}
        self._names = names | {f"DOCKERFIX_{name}" for name in names}
        self._gone = {move.passed.name for move in moves if move.removes}
        ids = "|".join(re.escape(move.id) for move in moves if move.adds)
        self._secret = re.compile(rf"--secret|(?:--secret=)?id=(?:{ids})(?:,env=\w+)?")
        self._leaves = [leaf for span in self._spans for leaf in re.findall(r"\w+", span.of(text))]

    def has(self, each: Difference) -> bool:
        """Whether a difference is one of those that are planned."""
        if len(each.gone) == len(each.new) == 1 and self._is_moved_text(each.gone[0], each.new[0]):
            return True
        return all(self._may_go(node, each.new) for node in each.gone) and all(self._may_come(node) for node in each.new)

    def _may_go(self, node: ast.AST, new: tuple[ast.AST, ...]) -> bool:
        place = self._span(node)
        if any(place in span for span in self._spans):
            return True
        if isinstance(node, ast.keyword) and node.arg == "build_args":
            return set(_keys(node.value)) <= self._gone
        if isinstance(node, ast.Constant) and node.value is None:
            return all(isinstance(one, ast.Dict) for one in new)
        # what is spread, or put into a list, by what stands in its place
        copied = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else node
        return any(ast.dump(part) in {ast.dump(node), ast.dump(copied)} for one in new for part in ast.walk(one))

    def _may_come(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str) and self._secret.fullmatch(node.value) is not None
        if isinstance(node, ast.Import):
            return [alias.name for alias in node.names] == ["os"]
        if isinstance(node, ast.keyword):
            is_named = node.arg in {"env", "secrets"} or node.arg in self._names
            return is_named and (self._may_come(node.value) or self._is_moved(node.value))
        if isinstance(node, ast.List):
            return all(self._may_come(part) or self._is_old(part) for part in node.elts)
        if isinstance(node, ast.Dict):
            return all(
                self._is_old(value) if key is None else self._is_entry(key, value)
                for key, value in zip(node.keys, node.values, strict=True)
            )
        return isinstance(node, ast.Tuple) and self._is_entry(*node.elts)

    def _is_moved_text(self, old: ast.AST, new: ast.AST) -> bool:
        """Whether a command in a text has the same words, but for the build args, the secrets, and what is set in front of it."""
        place = self._span(old)
        spans = [span for span in self._spans if span in place]
        if not (spans and isinstance(old, ast.Constant) and isinstance(new, ast.Constant)):
            return False
        was, found, moved = (re.sub(r"[\"'\\]", "", text) for text in (str(old.value), str(new.value), self._texts(spans)))
        names = "|".join(map(re.escape, self._names))
        gone, come = set(was.split()) - set(found.split()), set(found.split()) - set(was.split())
        return all(word in moved for word in gone) and all(
            self._secret.fullmatch(word) or re.match(f"(?:{names})(?:=|\\Z)", word) for word in come
        )

    def _texts(self, spans: Sequence[Span]) -> str:
        return " ".join(span.of(self._text) for span in spans)

    def _is_entry(self, key: ast.expr, value: ast.expr) -> bool:
        return isinstance(key, ast.Constant) and key.value in self._names and self._is_moved(value)

    def _is_moved(self, value: ast.AST) -> bool:
        """Whether all words of a value come from what is moved."""
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            words = re.findall(r"\w+", value.value)
            return all(any(leaf in word or word in leaf for leaf in self._leaves) for word in words)  # it may be put together there
        words = re.findall(r"\w+", ast.unparse(value))
        return all(word in self._leaves or word in {"str", "r"} for word in words)  # r: what {…=} means

    def _is_old(self, value: ast.AST) -> bool:
        """Whether the file had it already."""
        text = ast.unparse(value)
        return text == "os.environ" or all(word in self._text for word in re.findall(r"\w+", text))

    def _span(self, node: ast.AST) -> Span:
        """The characters of a node; all of the text where it has no place."""
        first, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        last, end = getattr(node, "end_lineno", len(self._lines)), getattr(node, "end_col_offset", 0)
        return Span(self._offset(first, column), self._offset(last, end))

    def _offset(self, line: int, column: int) -> int:
        start = self._lines[line - 1]
        return start + len(self._text[start:].encode()[:column].decode(errors="ignore"))


def _keys(node: ast.expr) -> Iterator[str | None]:
    """The names of a dict's entries; None for what has none."""
    if isinstance(node, ast.Dict):
        yield from (key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None for key in node.keys)
    else:
        yield from ((each.arg for each in node.keywords) if isinstance(node, ast.Call) and not node.args else [None])


def _differences(old: ast.AST, new: ast.AST) -> Iterator[Difference]:
    """The smallest parts that differ."""
    if type(old) is not type(new) or _name(old) != _name(new):
        yield Difference((old,), (new,))
        return
    if isinstance(old, ast.Dict) and isinstance(new, ast.Dict):
        yield from _of_lists(list(_entries(old)), list(_entries(new)))
        return
    for name in old._fields:
        was, found = getattr(old, name), getattr(new, name)
        if isinstance(was, ast.AST) and isinstance(found, ast.AST):
            yield from _differences(was, found)
        elif isinstance(was, list) and isinstance(found, list):
            yield from _of_lists(was, found)
        elif was != found or type(was) is not type(found):
            yield Difference((old,), (new,))


def _entries(node: ast.Dict) -> Iterator[ast.AST]:
    """Each entry as a node of its own, as arguments of a call have it."""
    for key, value in zip(node.keys, node.values, strict=True):
        entry = ast.Tuple(elts=[key or ast.Constant(value="**"), value], ctx=ast.Load())
        first = key or value
        entry.lineno, entry.col_offset, entry.end_lineno, entry.end_col_offset = (
            first.lineno,
            first.col_offset,
            value.end_lineno,
            value.end_col_offset,
        )
        yield entry


def _of_lists(old: list[ast.AST], new: list[ast.AST]) -> Iterator[Difference]:
    was, found = ([_dump(node) for node in nodes] for nodes in (old, new))
    for tag, start, end, first, last in SequenceMatcher(None, was, found, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _replaced(old[start:end], new[first:last])


def _replaced(old: list[ast.AST], new: list[ast.AST]) -> Iterator[Difference]:
    """What becomes of nodes, one by one where they are as many, or have names."""
    if len(old) == len(new):
        pairs = list(zip(old, new, strict=True))
    else:
        pairs = [(one, other) for one in old for other in new if isinstance(one, ast.keyword) and _name(one) == _name(other)]
    for one, other in pairs:
        yield from _differences(one, other)
    gone = tuple(node for node in old if not any(node is one for one, _ in pairs))
    come = tuple(node for node in new if not any(node is other for _, other in pairs))
    if gone or come:
        yield Difference(gone, come)


def _name(node: ast.AST) -> str | None:
    return node.arg if isinstance(node, ast.keyword) else None


def _dump(node: object) -> str:
    return ast.dump(node) if isinstance(node, ast.AST) else repr(node)
