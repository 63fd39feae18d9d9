"""A build arg of a service becomes a secret of its build: what changes, and the edits for it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Row
from dataclasses import dataclass
from typing import Any

from codemod.callers.brackets import Brackets, New, filled, insertions, removals
from codemod.callers.call import Move
from codemod.callers.compose_arguments import Argument
from codemod.callers.compose_secrets import dash, declarations
from codemod.callers.compose_services import Build, builds
from codemod.callers.compose_values import origin
from codemod.callers.remarks import remark
from codemod.callers.yaml_tree import Mapping, Pair, Sequence, Yaml
from codemod.text import Edit, Span


@dataclass(frozen=True, slots=True)
class Added:
    """A secret that comes, with the variable it is from, and the arg that goes for it: its comments stay with it."""

    name: str
    variable: str
    instead: Argument | None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a build: the args that go, and the secrets that come; `listed` are its `args`."""

    build: Build
    args: Pair
    listed: Mapping | Sequence
    gone: tuple[Argument, ...]
    added: tuple[Added, ...]

    @property
    def empties(self) -> bool:
        """Whether no arg stays; what a merge brings does."""
        return len(self.gone) == len(spans(self.listed))

    @property
    def numbers(self) -> list[int]:
        """Which of the args go."""
        gone = {argument.span for argument in self.gone}
        return [number for number, span in enumerate(spans(self.listed)) if span in gone]

    @property
    def news(self) -> list[New]:
        """They, as items between brackets."""
        return [New(name) for name in self.names]

    @property
    def names(self) -> list[str]:
        """The secrets that come."""
        return [each.name for each in self.added]


def spans(node: Mapping | Sequence) -> tuple[Span, ...]:
    """Where the parts of a mapping or a list are."""
    return tuple(pair.span for pair in node.pairs) if isinstance(node, Mapping) else tuple(item.span for item in node.items)


def changes(tree: Yaml, moves: Row[Move]) -> tuple[Change, ...]:
    """What becomes of each build, in the order of the file."""
    return tuple(change for build in builds(tree) if (change := _change(build, moves)))


def _change(build: Build, moves: Row[Move]) -> Change | None:
    mine = [(argument, move) for move in moves for argument in build.arguments if argument.span == move.passed.span]
    listed = build.args.value if build.args else None
    if not mine or build.args is None or not isinstance(listed, (Mapping, Sequence)):
        return None
    fed = set(build.feeds())
    added = {move.id: _added(argument, move) for argument, move in mine if move.adds and move.id not in fed}
    return Change(build, build.args, listed, tuple(argument for argument, move in mine if move.removes), tuple(added.values()))


def _added(argument: Argument, move: Move) -> Added:
    return Added(move.id, origin(argument.name, argument.value).variable, argument if move.removes else None)


def expected(tree: Yaml, before: list[Any], planned: Row[Change]) -> list[Any]:
    """What the loaded file has to be after changes, from what it was; an alias is the very thing it stands for."""
    paths = {node.span: path for path, node in tree.walk()}
    (document,) = before
    for change in planned:
        build = document
        for step in paths[change.build.mapping.span]:
            build = build[step]
        _change_loaded(document, build, change)
    return [document]


def _change_loaded(document: Any, build: Any, change: Change) -> None:  # noqa: ANN401  (what is in a file has no type)
    build["args"] = _without(build["args"], change)
    if change.empties:
        del build["args"]
    if change.added:
        build["secrets"] = [*(build.get("secrets") or ()), *change.names]
        declared = {each.name: {"environment": each.variable} for each in change.added}
        document["secrets"] = {**(document.get("secrets") or {}), **declared}


def _without(args: Any, change: Change) -> Any:  # noqa: ANN401  (…)
    if isinstance(args, dict):
        names = {argument.name for argument in change.gone}
        return {key: value for key, value in args.items() if key not in names}
    return [item for number, item in enumerate(args) if number not in change.numbers]


def edits_of(tree: Yaml, moves: Row[Move]) -> tuple[Edit, ...]:
    """What makes the `moves`."""
    planned, writer = changes(tree, moves), _Writer(tree)
    wanted = {each.name: each.variable for change in planned for each in change.added}
    return (*(edit for change in planned for edit in writer.edits(change)), *declarations(tree, wanted))


@dataclass(frozen=True, slots=True)
class _Writer:
    tree: Yaml

    @property
    def text(self) -> str:
        return self.tree.source.text

    def edits(self, change: Change) -> Iterator[Edit]:
        secrets, flow = change.build.secrets, change.build.mapping.flow
        if flow:
            yield from self.in_brackets(change, change.names if secrets is None else [])
        else:
            yield from self.removed(change)
        if change.added and secrets is not None:
            yield from self.appended(secrets, change)
        elif change.added and not flow:
            yield self.tree.addition(change.args, f"secrets:\n{self.items(change, dash(self.tree))}")

    def removed(self, change: Change) -> Iterator[Edit]:
        """The args that go, each with its line; the key as well where it has nothing to say then. Other comments stay."""
        if change.listed.flow and not change.empties:
            yield from removals(self.text, _brackets(change.listed), change.numbers)
            return
        lines = [span for argument in change.gone for span in self.lines(argument, change)]
        if change.empties:
            is_bare = change.listed.flow or not self.has_comments(change.args, lines)
            lines = [self.tree.lines(change.args.span)] if is_bare else [self.key_line(change.args), *lines]
        yield from self.away(lines)

    def lines(self, argument: Argument, change: Change) -> Iterator[Span]:
        above = self.remark(argument, change)
        yield from (above,) if above else ()
        yield self.tree.lines(argument.span)

    def remark(self, argument: Argument, change: Change) -> Span | None:
        """The comment above that goes with an arg: that of what speaks of it, or of nothing else."""
        kept = {other.name: other.span for other in change.build.arguments if other not in change.gone}
        return remark(self.text, argument.span, argument.name, kept, [other.span for other in change.gone])

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

    def items(self, change: Change, indent: str) -> str:
        """A line for each secret that comes, with the comments of the arg that goes for it."""
        lines: list[str] = []
        for each in change.added:
            above, behind = self.comments(each.instead, change) if each.instead and not change.listed.flow else ([], "")
            lines += [indent + line for line in above] + [f"{indent}- {each.name}{behind}"]
        return "\n".join(lines)

    def comments(self, argument: Argument, change: Change) -> tuple[list[str], str]:
        above = self.remark(argument, change)
        said = [line.strip() for line in above.of(self.text).splitlines()] if above else []
        return said, self.text[argument.span.end : self.tree.lines(argument.span).end].rstrip()

    def appended(self, secrets: Pair, change: Change) -> Iterator[Edit]:
        listed = secrets.value
        if not isinstance(listed, Sequence):
            yield self.tree.addition(secrets, self.items(change, dash(self.tree)))
        elif not listed.flow:
            yield self.tree.addition(listed.items[-1], self.items(change, ""))
        elif listed.items:
            yield from insertions(self.text, _brackets(listed), len(listed.items) - 1, change.news)
        else:
            yield from filled(self.text, _brackets(listed), change.news)

    def in_brackets(self, change: Change, names: list[str]) -> Iterator[Edit]:
        """`build: {…}`, on one line; `names` are secrets that it has no list for."""
        brackets, number = _brackets(change.build.mapping), change.build.mapping.pairs.index(change.args)
        new = f"secrets: [{', '.join(names)}]"
        if change.empties and names:
            yield Edit(change.args.span, new)
        elif change.empties:
            yield from removals(self.text, brackets, (number,))
        else:
            yield from removals(self.text, _brackets(change.listed), change.numbers)
            yield from insertions(self.text, brackets, number, [New(new)]) if names else ()


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
