"""A build arg of a service becomes a secret of its build: what changes, and the edits for it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Map
from collections.abc import Sequence as Row
from dataclasses import dataclass
from typing import Any

from codemod.callers.brackets import Brackets, filled, insertions, removals
from codemod.callers.call import Move
from codemod.callers.compose_secrets import dash, declarations
from codemod.callers.compose_services import Argument, Service, services
from codemod.callers.compose_values import origin
from codemod.callers.remarks import remark_above
from codemod.callers.yaml_tree import Mapping, Pair, Sequence, Yaml
from codemod.text import Edit, Span


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a service's `build`: the args that go, and the secrets that come, with the variables they are from.

    `listed` are its `args`.
    """

    service: Service
    build: Mapping
    args: Pair
    listed: Mapping | Sequence
    gone: tuple[Argument, ...]
    added: Map[str, str]

    @property
    def empties(self) -> bool:
        """Whether no arg stays; what a merge brings does."""
        return len(self.gone) == len(spans(self.listed))

    @property
    def numbers(self) -> list[int]:
        """Which of the args go."""
        gone = {argument.span for argument in self.gone}
        return [number for number, span in enumerate(spans(self.listed)) if span in gone]


def spans(node: Mapping | Sequence) -> tuple[Span, ...]:
    """Where the parts of a mapping or a list are."""
    return tuple(pair.span for pair in node.pairs) if isinstance(node, Mapping) else tuple(item.span for item in node.items)


def changes(tree: Yaml, moves: Row[Move]) -> tuple[Change, ...]:
    """What becomes of each service, in the order of the file."""
    return tuple(change for service in services(tree) if (change := _change(service, moves)))


def _change(service: Service, moves: Row[Move]) -> Change | None:
    mine = [(argument, move) for move in moves for argument in service.arguments if argument.span == move.passed.span]
    listed = service.args.value if service.args else None
    if not mine or service.build is None or service.args is None or not isinstance(listed, (Mapping, Sequence)):
        return None
    fed = set(service.feeds())
    wanted = {move.id: origin(argument.name, argument.value).variable for argument, move in mine if move.adds and move.id not in fed}
    return Change(service, service.build, service.args, listed, tuple(argument for argument, move in mine if move.removes), wanted)


def expected(before: list[Any], planned: Row[Change]) -> list[Any]:
    """What the loaded file has to be after changes, from what it was."""
    (document,) = before
    for change in planned:
        build = document["services"][change.service.name]["build"]
        build["args"] = _without(build["args"], change)
        if change.empties:
            del build["args"]
        if change.added:
            build["secrets"] = [*(build.get("secrets") or ()), *change.added]
            new = {name: {"environment": variable} for name, variable in change.added.items()}
            document["secrets"] = {**(document.get("secrets") or {}), **new}
    return [document]


def _without(args: Any, change: Change) -> Any:  # noqa: ANN401  (what is in a file has no type)
    if isinstance(args, dict):
        names = {argument.name for argument in change.gone}
        return {key: value for key, value in args.items() if key not in names}
    numbers = {change.service.arguments.index(argument) for argument in change.gone}
    return [item for number, item in enumerate(args) if number not in numbers]


def edits_of(tree: Yaml, moves: Row[Move]) -> tuple[Edit, ...]:
    """What makes the `moves`."""
    planned, writer = changes(tree, moves), _Writer(tree)
    wanted = {name: variable for change in planned for name, variable in change.added.items()}
    return (*(edit for change in planned for edit in writer.edits(change)), *declarations(tree, wanted))


@dataclass(frozen=True, slots=True)
class _Writer:
    tree: Yaml

    @property
    def text(self) -> str:
        return self.tree.source.text

    def edits(self, change: Change) -> Iterator[Edit]:
        secrets, names = change.service.secrets, list(change.added)
        if change.build.flow:
            yield from self.in_brackets(change, names if secrets is None else [])
        else:
            yield from self.removed(change)
        if names and secrets is not None:
            yield from self.appended(secrets, names)
        elif names and not change.build.flow:
            written = "\n".join(["secrets:", *(f"{dash(self.tree)}- {name}" for name in names)])
            yield self.tree.addition(change.args, written)

    def removed(self, change: Change) -> Iterator[Edit]:
        """The args that go, each with its line; the key as well where it has nothing to say then. Other comments stay."""
        if change.listed.flow and not change.empties:
            yield from removals(self.text, _brackets(change.listed), change.numbers)
            return
        lines = [span for argument in change.gone for span in self.lines(argument, change)]
        if change.empties:
            lines = (
                [self.tree.lines(change.args.span)] if not self.has_comments(change.args, lines) else [self.key_line(change.args), *lines]
            )
        yield from self.away(lines)

    def lines(self, argument: Argument, change: Change) -> Iterator[Span]:
        kept = [other.name for other in change.service.arguments if other not in change.gone]
        above = remark_above(self.text, argument.span.start, argument.name, kept)
        yield from (above,) if above else ()
        yield self.tree.lines(argument.span)

    def key_line(self, pair: Pair) -> Span:
        return self.tree.lines(Span(pair.span.start, pair.span.start))

    def has_comments(self, args: Pair, spans: Row[Span]) -> bool:
        """Whether there are lines below the key that say more than the args that go."""
        whole, start = self.tree.lines(args.span), self.key_line(args).end
        rest = "".join(Span(begin, end).of(self.text) for begin, end in _between(Span(start, max(start, whole.end)), spans))
        return bool(rest.strip())

    def away(self, spans: Row[Span]) -> Iterator[Edit]:
        """Lines that go; where they are the last of a file that ends in no line end, it goes on doing so."""
        for start, end in _joined(spans):
            before = self.text[:start].removesuffix("\n").removesuffix("\r")
            is_cut = end == len(self.text) and not self.text.endswith("\n")
            yield Edit(Span(len(before) if is_cut else start, end), "")

    def appended(self, secrets: Pair, names: list[str]) -> Iterator[Edit]:
        listed = secrets.value
        if not isinstance(listed, Sequence):
            yield self.tree.addition(secrets, "\n".join(f"{dash(self.tree)}- {name}" for name in names))
        elif not listed.flow:
            yield self.tree.addition(listed.items[-1], "\n".join(f"- {name}" for name in names))
        elif listed.items:
            yield from insertions(self.text, _brackets(listed), len(listed.items) - 1, names)
        else:
            yield from filled(self.text, _brackets(listed), names)

    def in_brackets(self, change: Change, names: list[str]) -> Iterator[Edit]:
        """`build: {…}`, on one line; `names` are secrets that it has no list for."""
        brackets, number = _brackets(change.build), change.build.pairs.index(change.args)
        new = f"secrets: [{', '.join(names)}]"
        if change.empties and names:
            yield Edit(change.args.span, new)
        elif change.empties:
            yield from removals(self.text, brackets, (number,))
        else:
            yield from removals(self.text, _brackets(change.listed), change.numbers)
            yield from insertions(self.text, brackets, number, [new]) if names else ()


def _brackets(node: Mapping | Sequence) -> Brackets:
    return Brackets(node.span, spans(node))


def _joined(spans: Row[Span]) -> Iterator[tuple[int, int]]:
    """Spans that meet are one."""
    found: list[tuple[int, int]] = []
    for span in sorted(spans):
        if found and span.start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], span.end))
        else:
            found.append((span.start, span.end))
    yield from found


def _between(whole: Span, spans: Row[Span]) -> Iterator[tuple[int, int]]:
    """What `whole` has outside of `spans`."""
    position = whole.start
    for start, end in _joined(spans):
        yield position, max(position, start)
        position = max(position, end)
    yield position, max(position, whole.end)
