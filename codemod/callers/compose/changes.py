"""A build arg of a service becomes a secret of its build: what changes, and the edits for it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Map
from collections.abc import Sequence as Row
from dataclasses import dataclass, replace
from typing import Any

from codemod.callers.brackets import Brackets, New, filled, insertions, removals
from codemod.callers.call import Move
from codemod.callers.compose.arguments import Argument
from codemod.callers.compose.secrets import dash, declarations
from codemod.callers.compose.services import Build, builds
from codemod.callers.compose.values import origin
from codemod.callers.remarks import remark
from codemod.callers.yaml.tree import Mapping, Pair, Sequence, Step, Yaml
from codemod.text import Edit, Span


@dataclass(frozen=True, slots=True)
class Added:
    """A secret that comes, with the variable it is from, and the arg that goes for it, now or later: its comments stay with it."""

    name: str
    variable: str
    instead: Argument


@dataclass(frozen=True, slots=True)
class Removal:
    """The args that go from where they stand: of one build, or shared by several."""

    home: Mapping | Sequence
    gone: tuple[Argument, ...]
    kept: tuple[Argument, ...]
    is_shared: bool

    @property
    def empties(self) -> bool:
        """Whether no arg stays; what a merge brings does."""
        return len(self.gone) == len(spans(self.home))

    @property
    def numbers(self) -> list[int]:
        """Which of the args go."""
        gone = {argument.span for argument in self.gone}
        return [number for number, span in enumerate(spans(self.home)) if span in gone]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a build: the secrets that come, and the key of its `args`, where it goes with all of them."""

    build: Build
    args: Pair
    added: tuple[Added, ...]
    emptied: Removal | None

    @property
    def names(self) -> list[str]:
        """The secrets that come."""
        return [each.name for each in self.added]

    @property
    def news(self) -> list[New]:
        """They, as items between brackets."""
        return [New(name) for name in self.names]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changes in a file."""

    removals: tuple[Removal, ...]
    builds: tuple[Change, ...]


def spans(node: Mapping | Sequence) -> tuple[Span, ...]:
    """Where the parts of a mapping or a list are."""
    return tuple(pair.span for pair in node.pairs) if isinstance(node, Mapping) else tuple(item.span for item in node.items)


def changes(tree: Yaml, moves: Row[Move]) -> Changes:
    """What becomes of a file."""
    every = tuple(builds(tree))
    arguments = {argument.span: argument for build in every for argument in build.arguments}
    gone = {move.passed.span for move in moves if move.removes and move.passed.span in arguments}
    homes = {arguments[span].home.span: arguments[span].home for span in gone}
    removals = {span: _removal(home, [*arguments.values()], gone, every) for span, home in homes.items()}
    return Changes(tuple(removals.values()), tuple(change for build in every if (change := _change(build, moves, removals))))


def _removal(home: Mapping | Sequence, arguments: list[Argument], gone: set[Span], every: Row[Build]) -> Removal:
    inside = [argument for argument in arguments if argument.home is home]
    is_shared = not any(build.args and build.args.value is home for build in every) or sum(home.span in build.homes for build in every) > 1
    went, kept = ([argument for argument in inside if (argument.span in gone) is wanted] for wanted in (True, False))
    return Removal(home, tuple(went), tuple(kept), is_shared)


def _change(build: Build, moves: Row[Move], removals: Map[Span, Removal]) -> Change | None:
    mine = [(argument, move) for move in moves for argument in build.arguments if argument.span == move.passed.span]
    if not mine or build.args is None:
        return None
    fed = set(build.feeds())
    added = {move.id: _added(argument, move) for argument, move in mine if move.adds and move.id not in fed}
    own = next((removal for removal in removals.values() if removal.home is build.args.value), None)
    return Change(build, build.args, tuple(added.values()), own if own and own.empties and not own.is_shared else None)


def _added(argument: Argument, move: Move) -> Added:
    return Added(move.id, origin(argument.name, argument.value).variable, argument)


def expected(tree: Yaml, before: list[Any], planned: Changes) -> list[Any]:
    """What the loaded file has to be after changes, from what it was; an alias is the very thing it stands for."""
    paths = {id(node): path for path, node in tree.walk()}
    (document,) = before
    for removal in planned.removals:
        _remove_loaded(_at(document, paths[id(removal.home)]), removal)
    for change in planned.builds:
        build = _at(document, paths[id(change.build.mapping)])
        if change.emptied:
            del build["args"]
        if change.added:
            build["secrets"] = [*(build.get("secrets") or ()), *change.names]
            declared = {each.name: {"environment": each.variable} for each in change.added}
            document["secrets"] = {**(document.get("secrets") or {}), **declared}
    return [document]


def _at(document: Any, path: Row[Step]) -> Any:  # noqa: ANN401  (what is in a file has no type)
    for step in path:
        document = document[step]
    return document


def _remove_loaded(args: Any, removal: Removal) -> None:  # noqa: ANN401  (…)
    if isinstance(args, list):
        args[:] = [item for number, item in enumerate(args) if number not in removal.numbers]
        return
    for argument in removal.gone:
        del args[argument.name]


def edits_of(tree: Yaml, moves: Row[Move]) -> tuple[Edit, ...]:
    """What makes the `moves`."""
    planned = changes(tree, moves)
    at_last = changes(tree, [replace(move, removes=True) for move in moves])
    writer = _Writer(tree, {removal.home.span: removal for removal in at_last.removals}, dash(tree))
    wanted = {each.name: each.variable for change in planned.builds for each in change.added}
    removed = (edit for removal in planned.removals for edit in writer.removed(removal))
    added = (edit for change in planned.builds for edit in writer.changed(change))
    return (*removed, *added, *declarations(tree, wanted))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Spells changes; `removals` are what all of them come to, be it in a later step."""

    tree: Yaml
    removals: Map[Span, Removal]
    dash: str

    @property
    def text(self) -> str:
        return self.tree.source.text

    def removed(self, removal: Removal) -> Iterator[Edit]:
        """The args that go, each with its line; those of a build that has no others go with their key."""
        home = removal.home
        if removal.empties and removal.is_shared:
            yield Edit(home.span, "{}" if isinstance(home, Mapping) else "  []")
        elif not removal.empties and home.flow:
            yield from removals(self.text, _brackets(home), removal.numbers)
        elif not removal.empties:
            yield from self.away([span for argument in removal.gone for span in self.lines(argument, removal)])

    def changed(self, change: Change) -> Iterator[Edit]:
        secrets, flow = change.build.secrets, change.build.mapping.flow
        if flow:
            yield from self.in_brackets(change, change.names if secrets is None else [])
        elif change.emptied:
            yield from self.without_key(change.args, change.emptied)
        if change.added and secrets is not None:
            yield from self.appended(secrets, change)
        elif change.added and not flow:
            yield self.tree.addition(change.args, f"secrets:\n{self.items(change, self.dash)}")

    def without_key(self, args: Pair, removal: Removal) -> Iterator[Edit]:
        """All lines of the args; comments that speak of something else stay."""
        lines = [span for argument in removal.gone for span in self.lines(argument, removal)]
        is_bare = removal.home.flow or not self.has_comments(args, lines)
        yield from self.away([self.tree.lines(args.span)] if is_bare else [self.key_line(args), *lines])

    def lines(self, argument: Argument, removal: Removal) -> Iterator[Span]:
        above = self.remark(argument, removal)
        yield from (above,) if above else ()
        yield self.tree.lines(argument.span)

    def remark(self, argument: Argument, removal: Removal) -> Span | None:
        """The comment above that goes with an arg."""
        kept = {other.name: other.span for other in removal.kept}
        return remark(self.text, argument.span, argument.name, kept, [other.span for other in removal.gone])

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
            above, behind = self.comments(each.instead) if not each.instead.home.flow else ([], "")
            lines += [indent + line for line in above] + [f"{indent}- {each.name}{behind}"]
        return "\n".join(lines)

    def comments(self, argument: Argument) -> tuple[list[str], str]:
        above = self.remark(argument, self.removals[argument.home.span])
        said = [line.strip() for line in above.of(self.text).splitlines()] if above else []
        return said, self.text[argument.span.end : self.tree.lines(argument.span).end].rstrip()

    def appended(self, secrets: Pair, change: Change) -> Iterator[Edit]:
        listed = secrets.value
        if not isinstance(listed, Sequence):
            yield self.tree.addition(secrets, self.items(change, self.dash))
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
        if change.emptied and names:
            yield Edit(change.args.span, new)
        elif change.emptied:
            yield from removals(self.text, brackets, (number,))
        elif names:
            yield from insertions(self.text, brackets, number, [New(new)])


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
