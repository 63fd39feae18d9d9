"""`--split DIR`: a patch for each owner, or each group, with its message, in a folder of their own."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

from codemod.owners import PLACES, CodeOwners, dialect, read
from codemod.passing import CallOutcome
from codemod.report.files import CallerReport, FileReport, Report
from codemod.report.mail import Author, FileChange, mail
from codemod.report.message import index, message, remains
from codemod.report.parts import Part, Touched, file_names, for_owners
from codemod.report.redaction import literals, names
from codemod.repository import root_of

INDEX = "README.md"
# who a patch is by where git does not know: nobody's address
NOBODY = {"GIT_AUTHOR_NAME": "dockerfix", "GIT_AUTHOR_EMAIL": "dockerfix@invalid"}
IDENTITY = re.compile(r"(.*) <(.*)> (\d+) ([+-])(\d\d)(\d\d)\n")


def is_free(folder: Path) -> bool:
    """Whether patches may be put there: into nothing, or an empty folder. Raises OSError."""
    return not os.path.lexists(folder) or not any(folder.iterdir())


def save(report: Report, folder: Path) -> int:
    """Write the patches, and a page that lists them; how many there are. Without any, the folder is not made. Raises OSError."""
    trees = _Trees()
    parts = for_owners([*_groups(report, trees)])
    if not parts:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    named = [*zip(file_names(parts), parts, strict=True)]
    for name, part in named:
        changes = [each.change for each in part.touched]
        _write(folder / name, mail(trees.author(part.tree), message(part), changes))
    _write(folder / INDEX, index(named, [*_staying(report, trees)]))
    return len(parts)


def _write(file: Path, text: str) -> None:
    with file.open("xb") as new:  # what is there is somebody's
        new.write(text.encode("utf-8", "surrogateescape"))


# --- what belongs together, seen from the root of its tree -----------------------------------------------------------


def _groups(report: Report, trees: _Trees) -> Iterator[Part]:
    known = names(report)
    for dockerfiles, callers in _together(report):
        root = _common_root([*(file.path for file in dockerfiles), *(file.path for file in callers)])
        changes = [(file.path, file.result.source.text, file.result.text) for file in dockerfiles if file.diff]
        touched = [_touched(root, change, trees, is_dockerfile=True) for change in changes]
        touched += [_touched(root, (file.path, file.before, file.after), trees, is_dockerfile=False) for file in callers]
        files: list[FileReport | CallerReport] = [*dockerfiles, *callers]
        values = tuple(value for file in files for value in literals(file, known))
        yield Part(str(root), tuple(_rebased(file, root) for file in dockerfiles), tuple(touched), values)


def _together(report: Report) -> Iterator[tuple[list[FileReport], list[CallerReport]]]:
    """The Dockerfiles and the callers of each group that changes."""
    found: dict[int, tuple[list[FileReport], list[CallerReport]]] = {file.group: ([], []) for file in report.changes}
    for file in report.dockerfiles:
        if file.group in found:
            found[file.group][0].append(file)
    for caller in report.callers:
        found[caller.group][1].append(caller)
    yield from found.values()


def _touched(root: Path, change: tuple[str, str, str], trees: _Trees, *, is_dockerfile: bool) -> Touched:
    shown, before, after = change
    path = _from(root, shown)
    return Touched(FileChange(path, before, after), trees.owners(root, path), is_dockerfile)


def _staying(report: Report, trees: _Trees) -> Iterator[tuple[FileReport, tuple[str, ...]]]:
    """The Dockerfiles in which something stays, with their owners."""
    for file in report.dockerfiles:
        if any(True for _ in remains(file)):
            root = _common_root([file.path])
            rebased = _rebased(file, root)
            yield rebased, trees.owners(root, rebased.path)


def _real(shown: str) -> Path:
    """The file itself: git patches none through a link."""
    return Path(os.path.realpath(shown))


def _common_root(shown: list[str]) -> Path:
    """The root of the tree that files belong to; where they have several, the folder that has all of them."""
    roots = {root_of(_real(path), Path.cwd()) for path in shown}
    return Path(os.path.commonpath([*roots, *(_real(path).parent for path in shown)]))


def _from(root: Path, shown: str) -> str:
    return _real(shown).relative_to(root).as_posix()


def _rebased(file: FileReport, root: Path) -> FileReport:
    """The report with paths from `root`, as those see them who get the patch."""
    given = file.context
    context = given and replace(given, folder=_place(root, given.folder), place=given.place and _place(root, given.place))
    commands = tuple(replace(command, place=_place(root, command.place)) for command in file.commands)
    outcomes = tuple(replace(outcome, calls=tuple(_call(root, call) for call in outcome.calls)) for outcome in file.result.outcomes)
    return replace(file, path=_from(root, file.path), context=context, commands=commands, result=replace(file.result, outcomes=outcomes))


def _call(root: Path, call: CallOutcome) -> CallOutcome:
    return replace(call, path=_place(root, call.path))


def _place(root: Path, place: str) -> str:
    """A place that is seen from the current folder, `path:line` or a path, as it is seen from `root`."""
    return os.path.relpath(os.path.realpath(place), root)


# --- what a tree says ------------------------------------------------------------------------------------------------


class _Trees:
    """What trees say of their owners and their author, each asked once."""

    def __init__(self) -> None:
        self.rules: dict[Path, CodeOwners] = {}
        self.authors: dict[str, Author] = {}

    def owners(self, root: Path, path: str) -> tuple[str, ...]:
        """The owners of a path, by the tree's CODEOWNERS. Raises OSError."""
        if root not in self.rules:
            self.rules[root] = _rules(root)
        return self.rules[root].of(path)

    def author(self, tree: str) -> Author:
        """Who git would have commit there, with the date; nobody where it does not know."""
        if tree not in self.authors:
            self.authors[tree] = _asked(tree, {}) or _asked(tree, NOBODY) or Author(*NOBODY.values())
        return self.authors[tree]


def _rules(root: Path) -> CodeOwners:
    for place in PLACES:
        if (root / place).is_file():
            text = (root / place).read_text(encoding="utf-8", errors="surrogateescape")
            builds_on_gitlab = (root / ".gitlab-ci.yml").is_file() and not (root / ".github").is_dir()
            return read(text, dialect(place, text, builds_on_gitlab=builds_on_gitlab))
    return CodeOwners()


def _asked(tree: str, variables: dict[str, str]) -> Author | None:
    command = ["git", "-C", tree, "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"]
    try:
        said = subprocess.run(command, capture_output=True, check=True, env=os.environ | variables).stdout  # noqa: S603  (the user's git)
    except (OSError, subprocess.CalledProcessError):
        return None
    name, address, seconds, sign, hours, minutes = IDENTITY.findall(said.decode("utf-8", "replace"))[0]
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    return Author(name, address, format_datetime(datetime.fromtimestamp(int(seconds), timezone(offset))))
