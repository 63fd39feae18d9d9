"""What the callers of a Dockerfile do with a build arg, and so what may become of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum

from codemod.callers.call import ID, Call, Engine, Passed
from codemod.callers.links import NAME, Link, passings
from codemod.copies import takes_from
from codemod.dockerfile.nodes import Dockerfile
from codemod.refusal import Reason, Refused
from codemod.settings import Phase, Settings


class CallStatus(Enum):
    """What becomes of a place that has a build arg's name; the values are the JSON's."""

    REWRITTEN = "rewritten"
    REPORTED = "reported"
    BLOCKING = "blocking"
    IRRELEVANT = "irrelevant"


# what a name in prose is called, which the text report leaves to the others
IN_DOCUMENTS = "mention in documentation"


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """A place of a caller and what becomes of it; `why` says what stands in the way, `suggestion` the text to put there."""

    path: str
    line: int
    kind: str
    status: CallStatus
    why: str = ""
    suggestion: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """`path:line`."""
        return f"{self.path}:{self.line}"


# what is said of a call that stays as it is in this phase, and of one that is moved
KEEPS = {
    Phase.CALLERS: "passes both by now",
    Phase.DOCKERFILE: "goes on passing the build arg as well: --phase cleanup takes that out",
    Phase.CLEANUP: "goes on passing the build arg",
}
MOVED = {Phase.CALLERS: "is made to pass the secret as well", Phase.CLEANUP: "the build arg goes"}


# what a build arg's name is, where the call says it; elsewhere there is an expansion, a template, or a file of them


def call_outcomes(links: Sequence[Link], secret: tuple[str, str], phase: Phase | None) -> Iterator[CallOutcome]:
    """What becomes of every place that passes `secret`, a name and its id, in this phase; a blocking one need not pass it."""
    name, identifier = secret
    for link in links:
        call, found = link.call, [passed for passed in link.call.passes if passed.name == name] or _maybe(link, secret)
        if call.blocks and (found or _certainly_builds(link)):
            yield CallOutcome(link.path, found[0].line if found else call.line, call.kind, CallStatus.BLOCKING, call.blocks)
            continue
        for passed in found:
            place = (link.path, passed.line, call.kind)
            if link.obstacle(passed) or call.documentation:
                suggestion = passed.suggestion.replace(ID, identifier) or None
                yield CallOutcome(*place, CallStatus.REPORTED, link.obstacle(passed), suggestion, passed.notes)
            elif phase in KEEPS and (identifier in call.feeds or phase is not Phase.CALLERS):
                yield CallOutcome(*place, CallStatus.IRRELEVANT, KEEPS[phase])
            else:
                yield CallOutcome(*place, CallStatus.REWRITTEN, notes=passed.notes)


def check_callers(links: Sequence[Link], secret: tuple[str, str], line: int, settings: Settings) -> None:
    """Refuse where a caller of the Dockerfile cannot pass `secret`, a name and an id, or cannot be made to. Raises Refused with `line`."""
    name, identifier = secret
    callers = [link for link in links if not link.call.documentation]
    for link in callers:
        if link.call.blocks and (_certainly_builds(link) or any(passed.name == name for passed in link.call.passes)):
            raise Refused(Reason.CALLER_CANNOT_PASS_SECRETS, line, f"{link.place}: {link.call.blocks}")
    for link, passed in (*passings(callers, name), *((each, passed) for each in callers for passed in _maybe(each, secret))):
        place = f"{link.path}:{passed.line}"
        if link.obstacle(passed) and Reason.CALLER_NOT_REWRITTEN not in settings.allow:
            raise Refused(Reason.CALLER_NOT_REWRITTEN, line, f"{place}: {link.obstacle(passed)}")
        if settings.phase is Phase.DOCKERFILE and identifier not in link.call.feeds:
            raise Refused(Reason.CALLER_NOT_REWRITTEN, line, f"{place} does not pass the secret yet: --phase callers comes first")


def builds_with_buildah(links: Iterable[Link]) -> Link | None:
    """A call of podman or buildah, if there is one: it rules out `env=` in mounts."""
    return next((link for link in links if link.call.engine is Engine.BUILDAH and not link.call.documentation), None)


def goes_without(links: Sequence[Link], secret: tuple[str, str], dockerfile: Dockerfile, stages: AbstractSet[int]) -> str:
    """The place of a call that may build one of `stages` without `secret`, a name and an id: that build has to go on. Empty: none."""
    name, identifier = secret
    callers = [link for link in links if not link.call.documentation]
    for link, passed in passings(callers, name):
        if passed.conditional:
            return f"{link.path}:{passed.line}"
    for link in callers:
        call = link.call
        passes = {name, identifier} & {*call.feeds, *call.inherits, *(passed.name for passed in call.passes)}
        if link.sure and not passes and stages & _built(dockerfile, call):
            return link.place
    return ""


def _maybe(link: Link, secret: tuple[str, str]) -> list[Passed]:
    """The build args of a call that may be `secret`, as nobody can read which they are, where it passes that in no other way."""
    call = link.call
    if call.documentation or {*secret} & {*call.feeds, *call.inherits, *(passed.name for passed in call.passes)}:
        return []
    return [passed for passed in call.passes if NAME.fullmatch(passed.name) is None and passed.obstacle]


def _certainly_builds(link: Link) -> bool:
    return link.sure and not link.call.documentation


def _built(dockerfile: Dockerfile, call: Call) -> set[int]:
    """The stages that a call builds: its target, the last where there is none, and all that these are made from."""
    target = call.target.lower() if call.target else ""
    wanted = next((stage.index for stage in dockerfile.stages if target in (stage.name, str(stage.index))), len(dockerfile.stages) - 1)
    built = {wanted}
    for index in range(wanted, -1, -1):
        built |= {part for part in range(index) if index in built and takes_from(dockerfile, dockerfile.stages[index], part)}
    return built
