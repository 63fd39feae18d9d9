"""Targets of a bake file that take attributes from others, through `inherits` or as blocks of one name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codemod.callers.expressions import NOTHING, Expression, Target


@dataclass(frozen=True, slots=True)
class Family:
    """By the place of each target: `parents` are those it takes attributes from, itself first, `children` those that take its."""

    parents: Mapping[int, tuple[Target, ...]]
    children: Mapping[int, tuple[Target, ...]]

    @classmethod
    def of(cls, targets: tuple[Target, ...]) -> Family:
        """Who takes from whom."""
        named: dict[str, list[Target]] = {}
        for target in targets:
            named.setdefault(target.name, []).append(target)
        parents = {target.span.start: tuple(_parents(target, named)) for target in targets}
        children: dict[int, list[Target]] = {target.span.start: [] for target in targets}
        for target in targets:
            for parent in parents[target.span.start][1:]:
                children[parent.span.start].append(target)
        return cls(parents, {start: tuple(found) for start, found in children.items()})

    def get(self, target: Target, name: str) -> Expression | None:
        """What an attribute is, its own or one that it takes."""
        return next((found for each in self.parents[target.span.start] if (found := each.get(name)) is not None), None)


def _parents(target: Target, named: Mapping[str, list[Target]]) -> Iterator[Target]:
    """The one that wins first."""
    seen: set[int] = set()
    pending = [target]
    while pending:
        found = pending.pop()
        if found.span.start in seen:
            continue
        seen.add(found.span.start)
        yield found
        names = [item.literal or "" for item in (found.get("inherits") or NOTHING).items]
        above = [other for name in names for other in named.get(name, ())]
        pending += [*above, *named[found.name]]  # what is last wins
