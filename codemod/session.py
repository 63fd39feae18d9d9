"""One call of the command: Dockerfiles → what becomes of them, written where that is asked for → a report, printed and said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.report.files import CallerReport, FileReport, Problem, Report
from codemod.result import Result
from codemod.settings import Settings
from codemod.terminal import put, reason, shown, tell, tell_error

if TYPE_CHECKING:  # what is only said needs none
    from codemod.dockerfile.error import ParseError
    from codemod.headers import Headers
    from codemod.repository import Repositories
    from codemod.run import Group, Keeps
    from codemod.subject import Subject
    from codemod.text import Source
    from codemod.workers import Workers

CLEAN, FOUND, USAGE, FAILED = 0, 1, 2, 3
CUT = "note: without git to say which files belong together, only the first 20,000 below this folder were looked at for callers"


@dataclass(frozen=True, slots=True)
class Request:
    """What a call of the command is to do with what it finds; `color` is for a diff on stdout.

    Where a Dockerfile is `given`, on stdin, the product is a Dockerfile.
    """

    write: bool = False
    check: bool = False
    quiet: bool = False
    output_format: str = "text"
    patch_file: Path | None = None
    color: bool = False
    given: str | None = field(default=None, repr=False)


class Session:
    """What one call of the command has found so far."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.dockerfiles: list[FileReport] = []
        self.callers: list[CallerReport] = []
        self.problems: list[Problem] = []
        self.clean: list[str] = []
        self.code = CLEAN

    @property
    def report(self) -> Report:
        """All of it."""
        parts = (tuple(self.dockerfiles), tuple(self.callers), tuple(self.problems), tuple(self.clean))
        return Report(*parts, writing=self.request.write)

    def look_at(self, subjects: Sequence[Subject], repositories: Repositories, workers: Workers, keeps: Keeps | None) -> None:
        """Look at Dockerfiles, and write what becomes of them where that is asked for; callers are looked for where there is `keeps`."""
        from codemod.headers import Headers  # noqa: PLC0415
        from codemod.run import run  # noqa: PLC0415

        trees = tuple(run(subjects, repositories, workers, keeps))
        groups = [group for tree in trees for group in tree.groups]
        headers = Headers.of(groups, Path.cwd())
        self.clean += [subject.shown for tree in trees for subject in tree.clean]
        for number, group in enumerate(groups, start=1):
            self._take(group, number, headers)
        self.say([CUT] if any(tree.is_cut for tree in trees) else [])
        if headers.base is not None and self.report.changes:
            self.say([f"The paths of the diff are seen from {headers.base}: git -C {headers.base} apply takes it."])

    def _take(self, group: Group, number: int, headers: Headers) -> None:
        """Report what belongs together, and write it where that is asked for."""
        looked = [(each, each.result) for each in group.dockerfiles if isinstance(each.result, Result)]
        for each in group.dockerfiles:
            if isinstance(each.result, OSError):
                self._problem(each.subject.path, None, reason(each.result))
            elif not isinstance(each.result, Result):
                self._unread(each.subject, each.content, each.result)
        changes = [(each.subject.path, result.source, result.text) for each, result in looked if result.changed]
        changes += [(path, result.caller.source, result.text) for path, result in group.callers]
        written = self.request.write and bool(changes) and self._written(changes)
        if self.request.write and changes and not written:
            return
        for each, result in looked:
            path = each.subject.shown
            diff = _diff(headers.path(each.subject.path), result.source.text, result.text)
            self.dockerfiles.append(FileReport(path, result, diff, written, each.commands, each.context, number))
            self.code = max(self.code, FOUND if _left(self.dockerfiles[-1], each.subject.settings) else CLEAN)
        for file, moved in group.callers:
            before = moved.caller.source.text
            diff = _diff(headers.path(file), before, moved.text)
            self.callers.append(CallerReport(moved.caller.shown, diff, written, moved.literals, before, moved.text, number))
            self.code = max(self.code, CLEAN if written else FOUND)

    def _unread(self, subject: Subject, content: bytes, error: ParseError) -> None:
        from codemod.filenames import is_template  # noqa: PLC0415

        if subject.walked is not None and is_template(subject.path.name, content):
            self.say([f"{subject.shown}:{error.line}: left out: it looks like a template ({error.message})"])
        else:
            self._problem(subject.path, error.line, error.message)

    def _written(self, changes: Sequence[tuple[Path, Source, str]]) -> bool:
        from codemod.project import Change, write  # noqa: PLC0415

        try:
            write([Change(path, source.to_bytes(), text.encode("utf-8", "surrogateescape")) for path, source, text in changes])
        except OSError as error:
            self._problem(Path(error.filename or changes[0][0]), None, reason(error))
            return False
        return True

    def finish(self) -> int:
        """Print and say what there is; the exit code."""
        report = self.report
        if self.request.patch_file is not None:
            self._save(self.request.patch_file, report.patch)
        self._print(report)
        self._say_all(report)
        return self.code

    def _print(self, report: Report) -> None:
        """The product, on stdout."""
        from codemod.report.formats import TEXT, formatted  # noqa: PLC0415

        request = self.request
        if request.output_format != TEXT:
            put(formatted(report, request.output_format))
        elif request.given is not None and not request.check:
            put("".join(file.result.text for file in report.dockerfiles) if report.dockerfiles or self.code == FAILED else request.given)
        elif not request.check:
            put(report.patch, color=request.color)

    def _say_all(self, report: Report) -> None:
        """What a person wants to know, on stderr."""
        from codemod.report.text import closing, describe, summary  # noqa: PLC0415

        if not self.request.check:
            self.say(line for file in report.dockerfiles for line in describe(file))
            self.say(closing(report))
        if report.dockerfiles or report.clean:
            self.say([summary(report)])

    def _save(self, file: Path, text: str) -> None:
        try:
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
        except OSError as error:
            self._problem(file, None, reason(error))

    def _problem(self, path: Path, line: int | None, message: str) -> None:
        problem = Problem(shown(path), line, message)
        self.problems.append(problem)
        self.code = FAILED
        tell_error(problem.path, line, message)

    def say(self, lines: Iterable[str]) -> None:
        """Say something, unless --quiet."""
        for line in () if self.request.quiet else lines:
            tell(line)


def _left(file: FileReport, settings: Settings) -> bool:
    """Whether a file still needs somebody: a change to make, a refusal that is not allowed, a copy left over."""
    if file.result.changed and not file.written:
        return True
    if any(outcome.is_half_done for outcome in file.result.outcomes):
        return True
    return any(outcome.remains or (outcome.refusal and outcome.refusal.reason not in settings.allow) for outcome in file.result.outcomes)


def _diff(path: str, before: str, after: str) -> str:
    if before == after:
        return ""
    from codemod.report.patch import patch  # noqa: PLC0415

    return patch(path, before, after).text
