"""Texts in a Python program → what a shell is given of them: each character with its place, and `${…}` for what Python puts in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import libcst as cst

from codemod.callers.python.tree import PythonFile
from codemod.text import Edit, Source, SourceMap, Span, apply

# in a string that is not raw: what stands for nothing, for the character behind the backslash, and what for another one
ESCAPE = re.compile(r"\\(?:(?P<nothing>\r?\n)|(?P<same>[\\'\"])|(?P<other>.))|(?P<carriage>\r(?=\n))", re.DOTALL)
CARRIAGE = re.compile(r"\r(?=\n)")
BRACES = re.compile(r"\{\{|\}\}")
MASKED = re.compile(r"\$(?:\{_*\}|_*)")


@dataclass(frozen=True, slots=True)
class PythonText:
    """A text as a shell has it. `expressions` are those that Python puts in; `quote` is what the string stands in.

    `is_plain` says that every character of it stands in the file as it is.
    """

    node: cst.BaseExpression
    text: SourceMap = field(repr=False)
    strings: tuple[Span, ...]
    expressions: tuple[cst.BaseExpression, ...]
    quote: str
    prefix: str
    is_plain: bool

    def place(self, joined: Span) -> Span:
        """The file's characters for a part of the text, with the backslash that the first one has before it."""
        found = self.text.span(joined)
        behind = self.text.origin(joined.start - 1) + 1 if joined.start else found.start
        escaped = behind == found.start - 1 and any(Span(behind, found.start) in string for string in self.strings)
        return Span(behind if escaped else found.start, found.end if len(joined) else (behind if escaped else found.start))

    def edits(self, edit: Edit, newline: str) -> Iterator[Edit]:
        """An edit of the text as edits of the file: one in each string that it is about."""
        if not len(edit.span):
            yield Edit(self.place(edit.span), self.written(edit.new, newline))
            return
        starts = [edit.span.start, *(index for index in range(edit.span.start + 1, edit.span.end) if self._leaves(index)), edit.span.end]
        for index, (start, end) in enumerate(pairwise(starts)):
            yield Edit(self.place(Span(start, end)), self.written(edit.new, newline) if not index else "")

    def _leaves(self, index: int) -> bool:
        """Whether a character stands in another string than the one before it."""
        before, here = self.text.origin(index - 1), self.text.origin(index)
        return not any(Span(before, here + 1) in string for string in self.strings)

    def written(self, new: str, newline: str) -> str:
        """How a part of the text is written in its quotes."""
        if "r" in self.prefix.lower():
            return new
        escaped = new.replace("\\", "\\\\").replace("\n", newline)
        if len(self.quote) == 1:
            return escaped.replace(self.quote, f"\\{self.quote}")
        return re.sub(rf"{self.quote[0]}(?={self.quote[0]}|\Z)", rf"\\{self.quote[0]}", escaped) if self.quote[0] * 2 in new else escaped

    def changed(self, source: Source, edits: Sequence[Edit]) -> str | None:
        """The text as Python has it after `edits` of the file; None where they leave no string."""
        whole = Span(self.strings[0].start - len(self.prefix + self.quote), self.strings[-1].end + len(self.quote))
        text = apply(whole.of(source.text), (Edit(edit.span.shifted(-whole.start), edit.new) for edit in edits))
        try:
            found = ast.literal_eval(f"({text})")
        except (SyntaxError, ValueError):
            return None
        return found if isinstance(found, str) else None


def python_text(file: PythonFile, node: cst.BaseExpression) -> PythonText | None:
    """The text that an expression is, as far as the file says it; None where it is none at all."""
    parts = tuple(_parts(file, node))
    strings = [part.node for part in parts if isinstance(part.node, cst.SimpleString | cst.FormattedString)]
    if not strings:
        return None
    masked = file.source.text
    for one in dict.fromkeys(strings):
        masked = _with_blanks(masked, _inner(file, one)) if "r" not in one.prefix.lower() else masked
    for part in parts:
        if part.is_expression:
            masked = masked[: part.span.start] + _mask(len(part.span)) + masked[part.span.end :]
    first = strings[0]
    return PythonText(
        node=node,
        text=SourceMap.join(masked, [part.span for part in parts]),
        strings=tuple(dict.fromkeys(_inner(file, one) for one in strings)),
        expressions=tuple(part.node for part in parts if part.is_expression),
        quote=first.quote if isinstance(first, cst.SimpleString) else first.end,
        prefix=first.prefix,
        is_plain=all(part.is_plain and not part.is_expression for part in parts) and len({_style(one) for one in strings}) == 1,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    node: cst.BaseExpression
    span: Span
    is_expression: bool = False
    is_plain: bool = True


def _quote(node: cst.SimpleString | cst.FormattedString) -> str:
    return node.quote if isinstance(node, cst.SimpleString) else node.end


def _style(node: cst.SimpleString | cst.FormattedString) -> tuple[str, bool]:
    return _quote(node), "r" in node.prefix.lower()


def _inner(file: PythonFile, node: cst.SimpleString | cst.FormattedString) -> Span:
    """What stands between the quotes."""
    place = file.span(node)
    return Span(place.start + len(node.prefix) + len(_quote(node)), place.end - len(_quote(node)))


def _with_blanks(text: str, inner: Span) -> str:
    """The text with the blanks and line ends that escapes in a string stand for."""
    blanks = {"n": "\n ", "t": "  ", "r": "  "}
    return text[: inner.start] + ESCAPE.sub(lambda match: blanks.get(match["other"], match[0]), inner.of(text)) + text[inner.end :]


def _mask(length: int) -> str:
    return "${" + "_" * (length - 3) + "}" if length > 2 else "$" + "_" * (length - 1)  # noqa: PLR2004  (as long as ${})


def _parts(file: PythonFile, node: cst.BaseExpression) -> Iterator[_Part]:
    if isinstance(node, cst.SimpleString):
        yield from _pieces(file, node, _inner(file, node), is_raw="r" in node.prefix.lower())
    elif isinstance(node, cst.FormattedString):
        yield from _formatted(file, node)
    elif isinstance(node, cst.ConcatenatedString) or (isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add)):
        yield from _parts(file, node.left)
        yield from _parts(file, node.right)
    elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Modulo):
        yield from (replace(part, is_plain=False) for part in _parts(file, node.left))
    elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "format":
        yield from (replace(part, is_plain=False) for part in _parts(file, node.func.value))
    else:
        yield _Part(node, file.span(node), is_expression=True)


def _formatted(file: PythonFile, node: cst.FormattedString) -> Iterator[_Part]:
    for part in node.parts:
        if isinstance(part, cst.FormattedStringExpression):
            yield _Part(part.expression, file.span(part), is_expression=True)
        else:
            yield from _pieces(file, node, file.span(part), is_raw="r" in node.prefix.lower())


def _pieces(file: PythonFile, node: cst.SimpleString | cst.FormattedString, inner: Span, *, is_raw: bool) -> Iterator[_Part]:
    """The parts of a string that stand for themselves, character by character."""
    text, start = inner.of(file.source.text), 0
    found = list((CARRIAGE if is_raw else ESCAPE).finditer(text))
    found += BRACES.finditer(text) if isinstance(node, cst.FormattedString) else []
    is_plain = not any(match.groupdict().get("other") for match in found)
    for match in sorted(found, key=lambda match: match.start()):
        if match.groupdict().get("other"):
            continue
        yield _Part(node, Span(inner.start + start, inner.start + match.start()), is_plain=is_plain)
        is_gone = match.groupdict().get("nothing") is not None or match[0] == "\r"
        start = match.end() if is_gone else match.start() + 1
    yield _Part(node, Span(inner.start + start, inner.end), is_plain=is_plain)
