"""What a patch says to those whom it is sent to: its commit message, and the list of all patches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from codemod.findings import Entry
from codemod.passing import CallStatus
from codemod.report.commands import build_commands
from codemod.report.files import FileReport
from codemod.report.mail import Message, printable
from codemod.report.parts import Part
from codemod.report.redaction import literals, redacted
from codemod.result import Outcome

TAKEN = """\
A build arg is in the history of the image for anyone to read. These are
secrets, so they become build secrets, which RUNs mount:"""
PASSED = """\
These build args are secrets, and are to become build secrets. Those who
build pass both from now on, until the Dockerfiles take the secret:"""
STOPPED = "These are build secrets now, and no longer passed as build args:"
ROTATE = """\
Rotate {} when this is merged: the images built so far,
their provenance and the logs of their builds have the values."""
# of a Dockerfile that many build, so many commands are shown
MOST_COMMANDS = 4


def message(part: Part) -> Message:
    """All of it."""
    return Message(_subject(part), _body(part), tuple(_notes(part)))


def _subject(part: Part) -> str:
    changed = part.paths(dockerfiles=True)
    paths = changed or [printable(file.path) for file in part.dockerfiles if _names(file)] or part.paths(dockerfiles=False)
    what = paths[0] if len(paths) == 1 else f"{len(paths)} Dockerfiles" + f" of {printable(part.folder)}" * bool(part.folder)
    if changed:
        return f"Take build secrets out of {what}"
    return f"Pass the build secrets of {what}" if _planned(part) else f"Pass secrets of {what} as build args no longer"


def _body(part: Part) -> str:
    """What a commit is to say, without any value of a secret."""
    paragraphs = (
        _secrets(part),
        _list("These pass them:", part.paths(dockerfiles=False)),
        _list("To be changed by hand, in the same commit:", _by_hand(part)),
        _list("Built with:", _commands(part), "    "),
        _list("What remains:", (line for file in part.dockerfiles for line in remains(file))),
        _rotation(part),
    )
    text = "\n\n".join("\n".join(lines) for each in paragraphs if (lines := [*each]))
    return _without(text, part.literals)


def _without(text: str, values: Iterable[str]) -> str:
    """The text as UTF-8 can have it, without values of secrets."""
    return redacted(text, sorted(values, key=len, reverse=True)).encode("utf-8", "backslashreplace").decode()


def _list(title: str, items: Iterator[str] | Sequence[str], bullet: str = "- ") -> Iterator[str]:
    """Each item once, with all of its lines behind the bullet: none can be taken for the end of the message."""
    found = [*dict.fromkeys(items)]
    if found:
        yield title + "\n"
        yield from (bullet + item.replace("\n", "\n" + " " * len(bullet)) for item in found)


def _secrets(part: Part) -> Iterator[str]:
    about = TAKEN if part.paths(dockerfiles=True) else PASSED if _planned(part) else STOPPED
    named = ((file, _names(file)) for file in part.dockerfiles)
    yield from _list(about, [f"{printable(file.path)}: {', '.join(names)}" for file, names in named if names])


def _planned(part: Part) -> bool:
    return any(file.result.plans for file in part.dockerfiles)


def _names(file: FileReport) -> list[str]:
    """The secrets that a change of files is about, with the ids of those that have others."""
    moved = [outcome for outcome in file.result.outcomes if _moves(outcome)]
    other = {outcome.plan.name: outcome.plan.id for outcome in moved if outcome.plan and outcome.plan.id != outcome.plan.name}
    names = dict.fromkeys(outcome.finding.name for outcome in moved)
    return [f"{name} (id {other[name]})" if name in other else name for name in names]


def _moves(outcome: Outcome) -> bool:
    return outcome.plan is not None or any(call.status is CallStatus.REWRITTEN for call in outcome.calls)


def _by_hand(part: Part) -> Iterator[str]:
    for call in (call for file in part.dockerfiles for outcome in file.result.outcomes if outcome.plan for call in outcome.calls):
        if call.status is CallStatus.REPORTED:
            yield "\n".join((f"{printable(call.place)}: {call.why}", *(call.suggestion or "").splitlines()))


def _commands(part: Part) -> Iterator[str]:
    for file in part.dockerfiles:
        if file.result.changed or file.commands:
            yield from (command.text for command in [*build_commands(file)][:MOST_COMMANDS])


def remains(file: FileReport) -> Iterator[str]:
    """What a person still has to see to in a Dockerfile; lines are those before the change."""
    yield from map(printable, _remains(file))


def _remains(file: FileReport) -> Iterator[str]:
    path = file.path
    for outcome in file.result.outcomes:
        name = outcome.finding.name
        if outcome.refusal:
            yield f"{path}:{outcome.refusal.line}: {name} stays: {outcome.refusal.reason.value}: {outcome.refusal.detail}"
        elif outcome.finding.entry is Entry.DEFAULT and outcome.finding.acted_on:
            yield f"{path}:{outcome.finding.line}: {name} has a credential for its default: revoke it, the repository's history has it"
        elif outcome.is_half_done:
            yield f"{path}:{outcome.finding.line}: {name} {outcome.finding.evidence[0].detail}"
        yield from (f"{path}:{remain.line}: {name}: {remain.reason}: {remain.detail}" for remain in outcome.remains)


def _rotation(part: Part) -> Iterator[str]:
    names = [*dict.fromkeys(outcome.finding.name for file in part.dockerfiles for outcome in file.result.outcomes if _moves(outcome))]
    if names and (part.paths(dockerfiles=True) or not _planned(part)):
        yield ROTATE.format(", ".join(names))


def _notes(part: Part) -> Iterator[str]:
    """Whom it is for, which is no part of the commit: a name in one calls them whenever it is pushed."""
    if part.owners:
        yield f"For {' '.join(part.owners)}"
    yield from (f"Also owned by {owner}: {', '.join(paths)}" for owner, paths in part.others.items())


# --- all of them -----------------------------------------------------------------------------------------------------

HOW = """\
# Patches

Each goes by itself and in any order: what belongs together is in one, and no two change the same file. In the tree that it is for,
`git am --keep-cr FILE` commits one with its message; `git apply FILE` only changes the files.
"""
HEADS = ("patch", "for", "Dockerfiles", "callers", "also owned by")
STAYS = """\
## What remains

What a person has to see to, by the lines of the files as they were.
"""


def index(parts: Sequence[tuple[str, Part]], others: Sequence[tuple[FileReport, tuple[str, ...]]]) -> str:
    """The page about all patches, with their names, and about what stays in `others`: each Dockerfile with its owners."""
    trees = dict.fromkeys(part.tree for _, part in parts)
    tables = chain.from_iterable(
        _of_tree(tree, [each for each in parts if each[1].tree == tree], is_named=len(trees) > 1) for tree in trees
    )
    stays = [(" ".join(owners), line) for file, owners in others for line in remains(file)]
    values = {value for file, _ in others for value in literals(file, ())}
    rest = [STAYS, *_table(("for", "what"), stays)] if stays else []
    return _without("\n".join([HOW, *tables, *rest]) + "\n", values)


def _of_tree(tree: str, parts: Sequence[tuple[str, Part]], *, is_named: bool) -> Iterator[str]:
    yield from (f"## {printable(tree)}", "") if is_named else ()
    rows = [(name, *_row(part)) for name, part in parts]
    yield from _table(HEADS, rows)
    yield ""


def _row(part: Part) -> tuple[str, ...]:
    lists = (part.paths(dockerfiles=True), part.paths(dockerfiles=False), list(part.others))
    return (" ".join(part.owners), *(", ".join(each) for each in lists))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    yield from (f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)


def _cell(text: str) -> str:
    """Text as it is, in a cell of a table."""
    return "".join(f"\\{character}" if character in "\\|`*_<>[]&" else character for character in text)
