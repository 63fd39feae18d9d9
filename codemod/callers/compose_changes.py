"""A build arg of a service becomes a secret of its build: what changes, and the edits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping as Map, Sequence as Row
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
    """What becomes of the build of a service: the args that go, and the secrets that come, with the variables they are from."""

    service: Service
    gone: tuple[Argument, ...]
    added: Map[str, str]

    @property
    def empties(self) -> bool:
        """Whether no arg stays; what a merge brings does."""
        args = self.service.args.value if self.service.args else None
        parts = args.pairs if isinstance(args, Mapping) else args.items if isinstance(args, Sequence) else ()
        return len(self.gone) == len(parts) > 0


def changes(tree: Yaml, moves: Row[Move]) -> tuple[Change, ...]:
    """What becomes of each service, in the order of the file."""
    return tuple(change for service in services(tree) if (change := _change(service, moves)))


def _change(service: Service, moves: Row[Move]) -> Change | None:
    mine = [(argument, move) for move in moves for argument in service.arguments if argument.span == move.passed.span]
    fed = set(service.feeds())
    wanted = {move.id: origin(argument.name, argument.value).variable for argument, move in mine if move.adds and move.id not in fed}
    gone = tuple(argument for argument, move in mine if move.removes)
    return Change(service, gone, wanted) if mine else None


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
        service, build, args = change.service, change.service.build, change.service.args
        if build is None or args is None:
            return
        if build.flow:
            yield from self.in_brackets(change, build, args)
            return
        yield from self.removed(change, args)
        names = list(change.added)
        if names and service.secrets is None:
            written = "\n".join(["secrets:", *(f"{dash(self.tree)}- {name}" for name in names)])
            yield self.tree.addition(args, written)
        elif names and service.secrets:
            yield from self.appended(service.secrets, names)

    def removed(self, change: Change, args: Pair) -> Iterator[Edit]:
        """The args that go, each with its line; the key as well where it has nothing to say then. Other comments stay."""
        value = args.value
        if isinstance(value, (Mapping, Sequence)) and value.flow and not change.empties:
            yield from removals(self.text, _brackets(value), _numbers(value, change))
            return
        spans = [span for argument in change.gone for span in self.lines(argument, change)]
        if change.empties:
            spans = [self.tree.lines(args.span)] if not self.has_comments(args, spans) else [self.key_line(args), *spans]
        yield from self.away(spans)

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

    def in_brackets(self, change: Change, build: Mapping, args: Pair) -> Iterator[Edit]:
        """`build: {…}`, on one line."""
        number = build.pairs.index(args)
        names, secrets = list(change.added), change.service.secrets
        new = f"secrets: [{', '.join(names)}]"
        if names and secrets:
            yield from self.appended(secrets, names)
        if change.empties and names and not secrets:
            yield Edit(args.span, new)
        elif change.empties:
            yield from removals(self.text, _brackets(build), (number,))
        else:
            value = args.value
            if isinstance(value, (Mapping, Sequence)):
                yield from removals(self.text, _brackets(value), _numbers(value, change))
            if names and not secrets:
                yield from insertions(self.text, _brackets(build), number, [new])


def _brackets(node: Mapping | Sequence) -> Brackets:
    parts = node.pairs if isinstance(node, Mapping) else node.items
    return Brackets(node.span, tuple(part.span for part in parts))


def _numbers(node: Mapping | Sequence, change: Change) -> list[int]:
    spans = {argument.span for argument in change.gone}
    parts = node.pairs if isinstance(node, Mapping) else node.items
    return [number for number, part in enumerate(parts) if part.span in spans]


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
