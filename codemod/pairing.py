"""Half of a migration: a call that passes a build arg which no Dockerfile declares any more, a secret that no call passes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from codemod.callers.call import ID
from codemod.callers.links import Link
from codemod.callers.suspects import is_suspect
from codemod.dockerfile.mounts import secret_mounts
from codemod.dockerfile.nodes import Dockerfile
from codemod.evidence import Confidence, Evidence
from codemod.findings import Entry, Finding
from codemod.passing import MOVED, CallOutcome, CallStatus
from codemod.result import Outcome, Status
from codemod.settings import Phase

GONE = "is mounted as a secret, and still passed as a build arg"
NOWHERE = "is passed as a build arg, and taken by nothing"
UNFED = "is mounted as a secret that no call passes"
RECORDED = "it passes the secret, and the build arg as well, which is recorded: --phase cleanup takes that out"
FORGOTTEN = "it does not pass the secret: --phase callers makes it"
UNKNOWN = "no Dockerfile of it declares that: the value is recorded for nothing"


def unpaired(dockerfile: Dockerfile, links: Sequence[Link], known: Collection[str], phase: Phase | None) -> Iterator[Outcome]:
    """What calls and the Dockerfile have of each other's, but not both; `known` names and ids are spoken of elsewhere."""
    mounted = _mounted(dockerfile)
    required = {mount.id for _, mount in secret_mounts(dockerfile) if mount.required}
    calls = [link for link in links if not link.call.documentation]
    told: set[str] = set()
    for name in dict.fromkeys(passed.name for link in calls for passed in link.call.passes):
        found = tuple(call for link in calls for call in _orphans(link, name, mounted, phase))
        if found and name not in known:
            told.add(name)
            yield _outcome(name, mounted.get(name, dockerfile.instructions[0].line), GONE if name in mounted else NOWHERE, found)
    for identifier, line in mounted.items():
        lacking = [link for link in calls if link.sure and identifier not in link.call.feeds]
        if identifier not in {*told, *known} and lacking and not any(identifier in link.call.feeds for link in calls):
            found = tuple(_call(link, link.call.line, "it does not pass the secret", f"--secret id={identifier}") for link in lacking)
            yield _outcome(identifier, line, UNFED, found, sure=identifier in required)


def _orphans(link: Link, name: str, mounted: dict[str, int], phase: Phase | None) -> Iterator[CallOutcome]:
    for passed in link.call.passes:
        if passed.name != name or name in link.declared or not (name in mounted or (link.sure and is_suspect(passed))):
            continue
        if name not in mounted:
            yield _call(link, passed.line, UNKNOWN, None)
        elif phase is (Phase.CLEANUP if name in link.call.feeds else Phase.CALLERS) and not link.obstacle(passed):
            yield CallOutcome(link.path, passed.line, link.call.kind, CallStatus.REWRITTEN, MOVED[phase])
        elif name in link.call.feeds:
            yield _call(link, passed.line, RECORDED, None)
        else:
            yield _call(link, passed.line, FORGOTTEN, passed.suggestion.replace(ID, name) or f"--secret id={name},env={name}")


def _mounted(dockerfile: Dockerfile) -> dict[str, int]:
    """The ids of the secrets that RUNs mount, each with the line of the first."""
    return {mount.id: run.line for run, mount in reversed([*secret_mounts(dockerfile)]) if mount.id}


def _call(link: Link, line: int, why: str, suggestion: str | None) -> CallOutcome:
    return CallOutcome(link.path, line, link.call.kind, CallStatus.REPORTED, why, suggestion)


def _outcome(name: str, line: int, detail: str, calls: tuple[CallOutcome, ...], *, sure: bool = True) -> Outcome:
    """What is not `sure`, because builds without the secret go on, is only said."""
    confidence = Confidence.CERTAIN if sure else Confidence.POSSIBLE
    finding = Finding(name, Entry.CALL, line, confidence, (Evidence("caller", line, detail, 1),))
    return Outcome(finding, Status.REPORTED, calls=calls)
