"""A build arg of a target of a bake file becomes a secret of it: what changes, and the edits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from codemod.callers.bake import HCL, NOTHING, Spelling, calls
from codemod.callers.brackets import STEP, filled, indentation, insertions, newline, removals, starts_line
from codemod.callers.call import Move
from codemod.callers.expressions import BakeFile, Entry, Expression, Form, Target
from codemod.callers.remarks import remark
from codemod.text import Edit, Source, Span

Plain: TypeAlias = Any  # what a file says has no type

WIDTH = 100  # a list that is longer has a line for each of its items


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one target: the numbers of the args that go, and the secrets that come."""

    target: Target
    gone: tuple[int, ...]
    added: tuple[str, ...]

    @property
    def empties(self) -> bool:
        """Whether no arg stays."""
        args = self.target.get("args")
        return args is not None and len(self.gone) == len(args.entries)


def changes(file: BakeFile, source: Source, moves: Sequence[Move], spelling: Spelling) -> tuple[Change, ...]:
    """What becomes of each target, in the order of the file."""
    found: list[Change] = []
    for target, call in zip(file.targets, calls(file, source, spelling), strict=True):
        entries = (target.get("args") or NOTHING).entries
        mine = [(number, move) for move in moves for number, entry in enumerate(entries) if entry.span == move.passed.span]
        added = [_secret(entries[number], move) for number, move in mine if move.adds and move.id not in call.feeds]
        gone = [number for number, move in mine if move.removes]
        if mine:
            found.append(Change(target, tuple(gone), tuple(dict.fromkeys(added))))
    return tuple(found)


def _secret(entry: Entry, move: Move) -> str:
    """`id=X` alone fails where X is not set; with `env=` it is an empty secret."""
    variable = entry.value.variable or entry.key
    return f"id={move.id}" if variable == move.id and not move.optional else f"id={move.id},env={variable}"


def edits(file: BakeFile, source: Source, moves: Sequence[Move], spelling: Spelling) -> tuple[Edit, ...]:
    """What makes the `moves`."""
    writer = _Writer(source.text, spelling, _has_wide_lists(source.text, file))
    return tuple(edit for change in changes(file, source, moves, spelling) for edit in writer.edits(change))


def _has_wide_lists(text: str, file: BakeFile) -> bool:
    """Whether the file has a line for each item of its lists, even of short ones."""
    values = (entry.value for target in file.targets for entry in target.attributes.values())
    lists = [value.span.of(text) for value in values if value.form is Form.LIST and value.items]
    return bool(lists) and all("\n" in written for written in lists)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Spells changes; `wide` are lists that have a line for each item."""

    text: str
    spelling: Spelling
    wide: bool

    def edits(self, change: Change) -> Iterator[Edit]:
        target, secret = change.target, change.target.get("secret")
        if secret is not None:
            yield from self.appended(secret, change.added)
        if change.empties and change.added and secret is None:
            yield Edit(target.attributes["args"].span, self.attribute(target, change.added))
            return
        yield from self.removed(change)
        if change.added and secret is None:
            yield from self.inserted(target, change.added)

    def removed(self, change: Change) -> Iterator[Edit]:
        target, args = change.target, change.target.get("args")
        if change.empties:
            yield from removals(self.text, target.body, (target.number("args"),))
        elif args is not None and args.brackets is not None and change.gone:
            above = [self.remark(change, number) for number in change.gone]
            yield from removals(self.text, args.brackets, change.gone, [span for span in above if span])

    def remark(self, change: Change, number: int) -> Span | None:
        """The comment above that goes with an arg."""
        entries = change.target.attributes["args"].value.entries
        kept = {entry.key: entry.span for index, entry in enumerate(entries) if index not in change.gone}
        return remark(self.text, entries[number].span, entries[number].key, kept, [entries[index].span for index in change.gone])

    def appended(self, secret: Expression, added: Sequence[str]) -> Iterator[Edit]:
        quoted = [f'"{each}"' for each in added]
        if quoted and secret.brackets is not None and secret.items:
            yield from insertions(self.text, secret.brackets, len(secret.items) - 1, quoted)
        elif quoted and secret.brackets is not None:
            yield from filled(self.text, secret.brackets, quoted)

    def inserted(self, target: Target, added: Sequence[str]) -> Iterator[Edit]:
        """A new attribute behind the args."""
        body, start = target.body, target.attributes["args"].span.start
        if body.separator or starts_line(self.text, start):
            yield from insertions(self.text, body, target.number("args"), [self.attribute(target, added)])
        else:
            yield from self.unfolded(target, added)

    def unfolded(self, target: Target, added: Sequence[str]) -> Iterator[Edit]:
        """A block on one line, which can have one attribute only, gets a line for each."""
        args, around = target.attributes["args"].span, newline(self.text) + indentation(self.text, target.span.start)
        yield Edit(Span(target.body.span.start + 1, args.start), around + STEP)
        yield Edit(Span(args.end, target.body.span.end - 1), around + STEP + self.attribute(target, added) + around)

    def attribute(self, target: Target, added: Sequence[str]) -> str:
        """`secret = […]`, its `=` below that of the args where that is far enough to the right."""
        entry = target.attributes["args"]
        written = entry.span.of(self.text)
        equals = written.index("=") if self.spelling is HCL else 0
        key = self.spelling.key.ljust(equals - 1)
        return key + self.spelling.assign + self.list(indentation(self.text, entry.span.start), added)

    def list(self, indent: str, added: Sequence[str]) -> str:
        quoted = [f'"{each}"' for each in added]
        joined = f"[{', '.join(quoted)}]"
        if not self.wide and len(joined) < WIDTH:
            return joined
        end = newline(self.text) + indent
        return "[" + ",".join(end + STEP + each for each in quoted) + end + "]"


def moved(attributes: Mapping[str, Plain], change: Change, quote: str) -> Plain:
    """What a target's attributes have to be after a change, from what they were; `quote` is what stands around a text."""
    names = {change.target.attributes["args"].value.entries[number].key for number in change.gone}
    args = {key: value for key, value in attributes["args"].items() if key not in names}
    added = [f"{quote}{each}{quote}" for each in change.added]
    found = {**attributes, "args": args, "secret": [*attributes.get("secret", ()), *added]}
    return {key: value for key, value in found.items() if value or key not in ("args", "secret") or value == attributes.get(key)}
