"""Inputs of actions that are lists, one entry a line: `build-args`, `secrets`, `set`; and the edits that move entries between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from codemod.callers.yaml.scalars import Style
from codemod.callers.yaml.tree import Mapping, Pair, Scalar, Yaml
from codemod.text import Edit, Span

NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is written, without blanks around it; `start` and `end` are those of its lines in the input's text.

    `comment` are the comment lines directly above it. `body` has no quotes.
    """

    start: int
    end: int
    text: str = field(repr=False)
    body: str = field(repr=False)
    offset: int
    comment: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """What stands before the first `=`."""
        return self.body.partition("=")[0]

    @property
    def value(self) -> str | None:
        """What stands behind it."""
        _, equals, value = self.body.partition("=")
        return value if equals else None

    @property
    def is_plain(self) -> bool:
        """Whether its name is one."""
        return NAME.fullmatch(self.name) is not None

    def renamed(self, name: str) -> str:
        """The entry with another name."""
        before, _, behind = self.text.partition(self.name)
        return before + name + behind


def entries(scalar: Scalar) -> tuple[Entry, ...]:
    """The entries of an input, as docker's actions read it: a `"` at the start of an entry may hold several lines, `#` opens a comment."""
    return tuple(entries_of(scalar.text))


def entries_of(text: str) -> Iterator[Entry]:
    """The entries of the text of an input."""
    comment: tuple[int, int] | None = None
    position = 0
    while position < len(text):
        start, end = position, _end(text, position)
        position = end
        written = text[start:end].strip()
        if written.startswith("#"):
            comment = (comment[0] if comment else start, end)
            continue
        if written:
            body = written.partition("#")[0].rstrip() if "${{" not in written else written
            if body.startswith('"') and body.endswith('"') and len(body) > 1:
                body = body[1:-1].replace('""', '"')
            yield Entry(start, end, written, body, start + text[start:end].index(written), comment)
        comment = None


def _end(text: str, start: int) -> int:
    """Where the entry that starts there ends, its line end included."""
    end = _line_end(text, start)
    while text[start:end].lstrip().startswith('"') and text.count('"', start, end) % 2 and end < len(text):
        end = _line_end(text, end)
    return end


def _line_end(text: str, start: int) -> int:
    newline = text.find("\n", start)
    return newline + 1 if newline >= 0 else len(text)


def gone(scalar: Scalar, entry: Entry) -> tuple[int, int]:
    """What goes with an entry: its lines, and the comment above it where that speaks of it alone."""
    if entry.comment is not None:
        comment = scalar.text[slice(*entry.comment)]
        spoken = {other.name for other in entries(scalar) if re.search(rf"(?<!\w){re.escape(other.name)}(?!\w)", comment)}
        if spoken == {entry.name}:
            return entry.comment[0], entry.end
    return entry.start, entry.end


def remark(scalar: Scalar, entry: Entry) -> str:
    """The comment lines that go with an entry, each with its line end."""
    start, _ = gone(scalar, entry)
    return "".join(line.strip() + "\n" for line in scalar.text[start : entry.start].splitlines())


def without(scalar: Scalar, removed: Sequence[Entry]) -> tuple[Edit, ...]:
    """The edits that take entries out of an input that keeps others."""
    parts: list[tuple[int, int]] = []
    for start, end in sorted(gone(scalar, entry) for entry in removed):
        if parts and parts[-1][1] == start:
            start = parts.pop()[0]  # noqa: PLW2901  (two that meet are one)
        parts.append((start, end))
    return tuple(Edit(scalar.content.span(Span(*_part(scalar.text, *part))), "") for part in parts)


def _part(text: str, start: int, end: int) -> tuple[int, int]:
    """The last lines take the line end before them instead of their own, whose indentation nobody needs."""
    if start and not text[end:].strip():
        return start - 1, end - 1 if text[start:end].endswith("\n") else end
    return start, end


def with_more(tree: Yaml, pair: Pair, new: Sequence[str]) -> tuple[Edit, ...]:
    """The edits that put entries behind those that an input has already; one on a line becomes a block."""
    scalar = pair.value if isinstance(pair.value, Scalar) else None
    if scalar is not None and scalar.content.style is Style.LITERAL and scalar.text.strip():
        end = scalar.content.text.origin(len(scalar.text.rstrip("\n")))
        return (Edit(Span(end, end), _more(tree, new, scalar.content.indent)),)
    old = scalar.text.strip("\n") if scalar is not None else ""
    start = scalar.span.start if scalar is not None and len(scalar.span) else pair.span.end
    end = tree.line_end(pair.span.end)
    comment = tree.source.text[max(pair.span.end, start) : end].rstrip()
    indent = tree.indentation(pair.span.start) + "  "
    header = "|" if start < pair.span.end else " |"
    return (Edit(Span(start, end), header + comment + _more(tree, (*old.split("\n"), *new) if old else new, indent)),)


def _more(tree: Yaml, lines: Sequence[str], indent: str) -> str:
    return "".join(tree.newline + (indent + part if part else "") for line in lines for part in line.split("\n"))


def new_input(tree: Yaml, behind: Pair, name: str, new: Sequence[str]) -> Edit:
    """The edit that puts an input behind another, spelled as that one is."""
    scalar = behind.value
    if not isinstance(scalar, Scalar) or scalar.content.style is Style.LITERAL or len(new) > 1 or "\n" in new[0]:
        indent = "  "
        if isinstance(scalar, Scalar) and scalar.content.style is Style.LITERAL:
            indent = scalar.content.indent[tree.column(behind.span.start) :] or indent
        lines = "\n".join(indent + part if part else "" for line in new for part in line.split("\n"))
        return tree.addition(behind, f"{name}: |\n{lines}")
    return tree.addition(behind, f"{name}: {quoted_like(scalar, new[0])}")


def quoted_like(scalar: Scalar, text: str) -> str:
    """A text on one line, in the quotes that a scalar has."""
    spelled = scalar.content.spelled(text)
    if scalar.content.style is Style.SINGLE:
        return f"'{spelled}'"
    return f'"{spelled}"' if scalar.content.style is Style.DOUBLE else spelled


def names_of(mapping: Mapping, *inputs: str) -> tuple[str, ...]:
    """The names of all entries of some inputs."""
    found = (mapping.get(name) for name in inputs)
    scalars = [pair.value for pair in found if pair is not None and isinstance(pair.value, Scalar)]
    return tuple(entry.name for scalar in scalars for entry in entries(scalar) if entry.is_plain)


def entry_span(scalar: Scalar, entry: Entry) -> Span:
    """Where an entry stands in the file."""
    return scalar.content.span(Span(entry.offset, entry.offset + len(entry.text)))
