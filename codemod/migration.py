"""Plans of several Dockerfiles → what becomes of the calls that they share, and of each caller's file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from codemod.callers.call import Call, Move, Passed, Tree
from codemod.callers.files import CallerFile
from codemod.callers.links import Link, Takes
from codemod.plan import Plan
from codemod.refusal import Reason, Refusal
from codemod.result import Result
from codemod.settings import Phase
from codemod.text import Source, apply


@dataclass(frozen=True, slots=True)
class Command:
    """A build command of a caller as it becomes: where it stands, and the Dockerfiles that it builds or may build."""

    place: str
    text: str = field(repr=False)
    dockerfiles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallerResult:
    """What becomes of a caller's file. `text` is the file as it should be, `moves` what that is made of, `commands` those moved."""

    caller: CallerFile
    text: str = field(repr=False)
    moves: tuple[Move, ...]
    commands: tuple[Command, ...]

    @property
    def literals(self) -> tuple[str, ...]:
        """The values that stand in the file for what was moved, as far as they are text."""
        return _literals(self.moves)


Refusals = dict[str, dict[str, Refusal]]
"""Why plans cannot hold: by the Dockerfile's path from the root, and by the secret's name."""


def clashes(callers: Sequence[CallerFile], results: Mapping[str, Result], known: Mapping[str, Takes]) -> Refusals:
    """The plans that cannot hold because a call passes the build arg to a Dockerfile that keeps it, or that has another id for it."""
    found: Refusals = {}
    for link, passed in _moving(callers):
        plans = {path: plan for path in link.dockerfiles if (plan := _plan(results, path, passed.name))}
        for path, plan in plans.items():
            reason = _clash(link, passed, path, plans, known)
            if reason:
                line = results[path].source.line(plan.order)
                found.setdefault(path, {})[passed.name] = Refusal(Reason.SHARED_CALL, line, f"{link.path}:{passed.line} {reason}")
    return found


def _clash(link: Link, passed: Passed, path: str, plans: Mapping[str, Plan], known: Mapping[str, Takes]) -> str:
    for other in link.dockerfiles:
        if other not in plans and passed.name in known[other].arguments:
            return f"builds {other} too, where {passed.name} stays"
        if other in plans and plans[other].id != plans[path].id:
            return f"builds {other} too, where its id is {plans[other].id}"
    return ""


def moves(
    callers: Sequence[CallerFile], results: Mapping[str, Result], known: Mapping[str, Takes], phase: Phase | None
) -> dict[str, tuple[Move, ...]]:
    """What becomes of the calls, by their file as it is shown: what plans ask for, and what a step of a migration left."""
    found: dict[str, list[Move]] = {}
    for link, passed in _moving(callers):
        move = _move(link, passed, results, phase) or _late_move(link, passed, known, phase)
        if move is not None and (move.removes or move.id not in link.call.feeds):
            found.setdefault(link.path, []).append(move)
    return {path: tuple(each) for path, each in found.items()}


def _move(link: Link, passed: Passed, results: Mapping[str, Result], phase: Phase | None) -> Move | None:
    plans = [plan for path in link.dockerfiles if (plan := _plan(results, path, passed.name))]
    if not plans or phase in (Phase.DOCKERFILE, Phase.CLEANUP):
        return None
    optional = any(plan.optional for plan in plans)
    return Move(passed, plans[0].id, optional, removes=phase is not Phase.CALLERS)


def _late_move(link: Link, passed: Passed, known: Mapping[str, Takes], phase: Phase | None) -> Move | None:
    """The Dockerfile mounts the secret already, and has no such build arg any more."""
    name = passed.name
    if name in link.declared or not any(name in known[path].secrets for path in link.dockerfiles):
        return None
    if phase is Phase.CALLERS:
        return Move(passed, name, optional=True, removes=False)
    return Move(passed, name, optional=True, adds=False) if phase is Phase.CLEANUP and name in link.call.feeds else None


def _moving(callers: Sequence[CallerFile]) -> Iterator[tuple[Link, Passed]]:
    """The build args that could be moved."""
    for caller in callers:
        for link in caller.links:
            if not (link.call.documentation or link.call.blocks):
                yield from ((link, passed) for passed in link.call.passes if not link.obstacle(passed))


def _plan(results: Mapping[str, Result], path: str, name: str) -> Plan | None:
    return next((plan for plan in results[path].plans if plan.name == name), None) if path in results else None


def rewritten(caller: CallerFile, wanted: Sequence[Move], tree: Tree) -> CallerResult | str:
    """The file with its calls moved, read back and found right; where it is not, which is always our bug, what is wrong."""
    source, kind = caller.source, caller.kind
    if not kind.rewrites:
        return "nothing can be moved in a file of this kind"
    after = Source(source.path, apply(source.text, kind.edits(source, tree, wanted)))
    result = read_back(caller, after, wanted, tree)
    return result if isinstance(result, str) else kind.mistake(source, after, wanted) or result


def read_back(caller: CallerFile, after: Source, wanted: Sequence[Move], tree: Tree) -> CallerResult | str:
    """What becomes of the file where it is to be `after`; or what is wrong with that. Raises NotUnderstoodError."""
    calls = caller.kind.calls(after, tree)
    wrong = _failure(caller, calls, wanted)
    return wrong or CallerResult(caller, after.text, tuple(wanted), tuple(_commands(caller, calls, wanted)))


def _commands(caller: CallerFile, after: Sequence[Call], wanted: Sequence[Move]) -> Iterator[Command]:
    """The commands of what moved, and for other Dockerfiles that it is moved for, of those who take it from there."""
    moved = {move.passed for move in wanted if move.adds}
    names = {passed.name for passed in moved}
    pairs = [(link, call) for link, call in zip(caller.links, after, strict=True) if call.command]
    served: set[str] = set()
    for link, call in sorted(pairs, key=lambda pair: moved.isdisjoint(pair[0].call.passes)):
        if moved & {*link.call.passes}:
            dockerfiles = _own(link)
        else:
            dockerfiles = tuple(path for path in _own(link) if path not in served and names & link.call.inherits)
        if dockerfiles:
            served |= {*dockerfiles}
            yield Command(link.place, _without_literals(call.command, wanted), dockerfiles)


def _own(link: Link) -> tuple[str, ...]:
    """The Dockerfiles that the command of a call builds or may build."""
    own = link.call.own
    return link.dockerfiles if own is None else tuple(path for path in link.dockerfiles if path in {place.dockerfile for place in own})


def _without_literals(text: str, moves: Sequence[Move]) -> str:
    for literal in _literals(moves):
        text = text.replace(literal, "…")
    return text


def _literals(moves: Sequence[Move]) -> tuple[str, ...]:
    """The values that stand in a caller for what is moved, without their quotes; the longest first."""
    found = {move.passed.value.strip("\"'") for move in moves if move.passed.value and "$" not in move.passed.value}
    return tuple(sorted((value for value in found if value), key=len, reverse=True))


def _failure(caller: CallerFile, after: Sequence[Call], wanted: Sequence[Move]) -> str:
    """What is wrong with the calls that a caller has `after` the moves."""
    if len(caller.links) != len(after):
        return "it has another number of calls"
    for was, now in zip((link.call for link in caller.links), after, strict=True):
        own = [move for move in wanted if move.passed in was.passes]
        if _names(now) != [passed.name for passed in was.passes if not any(move.removes and move.passed == passed for move in own)]:
            return f"line {was.line}: the build args are not those that were planned"
        if set(now.feeds) != {*was.feeds, *(move.id for move in own if move.adds)}:
            return f"line {was.line}: the secrets are not those that were planned"
    return ""


def _names(call: Call) -> list[str]:
    return [passed.name for passed in call.passes]
