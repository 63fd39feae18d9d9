"""A build arg of a target of a bake file becomes a secret of it: what changes, and the edits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from codemod.callers.bake.targets import HCL, Spelling, feeds
from codemod.callers.brackets import (
    STEP,
    Brackets,
    New,
    ends_line,
    filled,
    indentation,
    insertions,
    item_end,
    listed,
    newline,
    removals,
    starts_line,
    with_comment,
)
from codemod.callers.call import Move
from codemod.callers.expressions import NOTHING, BakeFile, Entry, Expression, Form, Target
from codemod.callers.remarks import remark
from codemod.text import Edit, Source, Span

Plain: TypeAlias = Any  # what a file says has no type

NO_BRACKETS = Brackets(Span(0, 0), ())
WIDTH = 100  # a list that is longer has a line for each of its items


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one target: the numbers of the args that go, and the secrets that come, each with the number of its arg.

    `moved` are the args of both: what is said of one that stays for now goes with its secret already.
    """

    target: Target
    gone: tuple[int, ...]
    added: Mapping[str, int]
    moved: tuple[int, ...]

    @property
    def empties(self) -> bool:
        """Whether no arg stays."""
        args = self.target.get("args")
        return args is not None and len(self.gone) == len(args.entries)


def changes(file: BakeFile, moves: Sequence[Move]) -> tuple[Change, ...]:
    """What becomes of each target, in the order of the file."""
    found: list[Change] = []
    for target in file.targets:
        fed = set(feeds(target))
        entries = (target.get("args") or NOTHING).entries
        mine = [(number, move) for move in moves for number, entry in enumerate(entries) if entry.span == move.passed.span]
        added = {_secret(entries[number], move): number for number, move in mine if move.adds and move.id not in fed}
        gone = [number for number, move in mine if move.removes]
        if mine:
            found.append(Change(target, tuple(gone), added, tuple(number for number, _ in mine)))
    return tuple(found)


def _secret(entry: Entry, move: Move) -> str:
    """`id=X` alone fails where X is not set; with `env=` it is an empty secret."""
    variable = entry.value.variable or entry.key
    return f"id={move.id}" if variable == move.id and not move.optional else f"id={move.id},env={variable}"


def edits(file: BakeFile, source: Source, moves: Sequence[Move], spelling: Spelling) -> tuple[Edit, ...]:
    """What makes the `moves`."""
    writer = _Writer(source.text, spelling, _has_wide_lists(source.text, file))
    return tuple(edit for change in changes(file, moves) for edit in writer.edits(change))


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
        if secret is not None and change.added:
            yield from self.appended(secret, self.added(change))
        if change.empties and change.added and secret is None:
            yield Edit(target.attributes["args"].span, self.replacement(change))
            return
        yield from self.removed(change)
        if change.added and secret is None:
            yield from self.inserted(change)

    def removed(self, change: Change) -> Iterator[Edit]:
        target, args = change.target, change.target.get("args")
        others = self.others(change)
        if change.empties and others:
            yield Edit(target.attributes["args"].span, self.around(change).join(others))
        elif change.empties:
            yield from removals(self.text, target.body, (target.number("args"),))
        elif args is not None and args.brackets is not None and change.gone:
            above = [self.remark(change, number) for number in change.gone]
            yield from removals(self.text, args.brackets, change.gone, [span for span in above if span])

    def added(self, change: Change) -> list[New]:
        """The secrets, with the comments of the args that go for them."""
        return [New(f'"{text}"', *self.comments(change, number)) for text, number in change.added.items()]

    def comments(self, change: Change, number: int) -> tuple[tuple[str, ...], str]:
        """Those above an arg, and the one behind it."""
        above, behind = self.remark(change, number), self.behind(change, number)
        before = self.text[: behind.start]
        blanks = before[len(before.rstrip(" \t")) :] or " "
        return tuple(line.strip() for line in above.of(self.text).splitlines()) if above else (), f"{blanks}{behind.of(self.text)}".rstrip()

    def remark(self, change: Change, number: int) -> Span | None:
        entries = change.target.attributes["args"].value.entries
        kept = {entry.key: entry.span for index, entry in enumerate(entries) if index not in change.moved}
        return remark(self.text, entries[number].span, entries[number].key, kept, [entries[index].span for index in change.moved])

    def behind(self, change: Change, number: int) -> Span:
        brackets = change.target.attributes["args"].value.brackets or NO_BRACKETS
        end = item_end(self.text, brackets, number)
        return next((span for span in brackets.comments if span.end == with_comment(self.text, brackets, end)), Span(end, end))

    def others(self, change: Change) -> list[str]:
        """The comments between the args that speak of none that goes."""
        brackets = change.target.attributes["args"].value.brackets or NO_BRACKETS
        known = [span for number in change.gone for span in (self.remark(change, number), self.behind(change, number)) if span]
        return [comment.of(self.text).rstrip() for comment in brackets.comments if not any(comment in span for span in known)]

    def appended(self, secret: Expression, added: Sequence[New]) -> Iterator[Edit]:
        brackets = secret.brackets or NO_BRACKETS
        if brackets.items:
            yield from insertions(self.text, brackets, len(brackets.items) - 1, added)
        else:
            yield from filled(self.text, brackets, added)

    def inserted(self, change: Change) -> Iterator[Edit]:
        """A new attribute behind the args."""
        body, start = change.target.body, change.target.attributes["args"].span.start
        if body.separator or starts_line(self.text, start):
            yield from insertions(self.text, body, change.target.number("args"), [self.attribute(change)])
        else:
            yield from self.unfolded(change)

    def unfolded(self, change: Change) -> Iterator[Edit]:
        """A block on one line, which can have one attribute only, gets a line for each."""
        body, args, end = change.target.body.span, change.target.attributes["args"].span, newline(self.text)
        around = end + indentation(self.text, change.target.span.start)
        yield Edit(Span(body.start + 1, args.start), around + STEP)
        yield Edit(Span(args.end, body.end - 1), around + STEP + self.attribute(change).text + around)

    def replacement(self, change: Change) -> str:
        """The attribute in the place of the args, with all comments that they have; on one line there is no room for one behind it."""
        new, args = self.attribute(change), change.target.attributes["args"].span
        behind = new.behind if ends_line(self.text, args.end) else ""
        return self.around(change).join((*self.others(change), *new.above, new.text + behind))

    def around(self, change: Change) -> str:
        return newline(self.text) + indentation(self.text, change.target.attributes["args"].span.start)

    def attribute(self, change: Change) -> New:
        """`secret = […]`, its `=` below that of the args where that is far enough to the right."""
        written = change.target.attributes["args"].span.of(self.text)
        equals = written.index("=") if self.spelling is HCL else 0
        key = self.spelling.key.ljust(equals - 1) + self.spelling.assign
        added = self.added(change)
        joined = f"[{', '.join(each.text for each in added)}]"
        if len(added) == 1 and not self.wide:
            return New(key + joined, added[0].above, added[0].behind)
        if not self.wide and len(joined) < WIDTH and not any(each.above or each.behind for each in added):
            return New(key + joined)
        around = self.around(change)
        return New(f"{key}[{listed(added, around + STEP, ',')}{around}]")


def moved(attributes: Mapping[str, Plain], change: Change, quote: str) -> Plain:
    """What a target's attributes have to be after a change, from what they were; `quote` is what stands around a text."""
    names = {change.target.attributes["args"].value.entries[number].key for number in change.gone}
    args = {key: value for key, value in attributes["args"].items() if key not in names}
    added = [f"{quote}{each}{quote}" for each in change.added]
    found = {**attributes, "args": args, "secret": [*attributes.get("secret", ()), *added]}
    return {key: value for key, value in found.items() if value or key not in ("args", "secret") or value == attributes.get(key)}
