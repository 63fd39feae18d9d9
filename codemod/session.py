"""One call of the command: Dockerfiles → what becomes of them, written where that is asked for → a report, printed and said."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from codemod.report.files import CallerReport, FileReport, Problem, Report
from codemod.result import Outcome, Result
from codemod.settings import Settings
from codemod.terminal import STDIN, put, reason, shown, tell, tell_error

if TYPE_CHECKING:  # what is only said needs none
    from codemod.dockerfile.error import ParseError
    from codemod.headers import Headers
    from codemod.review.walk import Review
    from codemod.run import Group, Subject
    from codemod.text import Source

CLEAN, FOUND, USAGE, FAILED = 0, 1, 2, 3
CUT = "note: without git to say which files belong together, only the first 20,000 below this folder were looked at for callers"


@dataclass(frozen=True, slots=True)
class Request:
    """What a call of the command is to do with what it finds; `color` is for a diff on stdout.

    With `interactive`, somebody is asked what to write, and `color` is for that. With `is_stdin` the product is the Dockerfile itself.
    """

    write: bool = False
    check: bool = False
    quiet: bool = False
    output_format: str = "text"
    patch_file: Path | None = None
    color: bool = False
    is_stdin: bool = False
    interactive: bool = False


class Session:
    """What one call of the command has found so far."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.dockerfiles: list[FileReport] = []
        self.callers: list[CallerReport] = []
        self.problems: list[Problem] = []
        self.clean: list[str] = []
        self.code = CLEAN
        self.review: Review | None = None
        self.source = ""  # of a Dockerfile on stdin

    @property
    def report(self) -> Report:
        """All of it."""
        parts = (tuple(self.dockerfiles), tuple(self.callers), tuple(self.problems), tuple(self.clean))
        return Report(*parts, writing=self.request.write)

    def look_at(
        self, files: Sequence[tuple[Path, Path | None, Settings]], is_excluded: Callable[[Path, Path], bool], *, with_callers: bool
    ) -> None:
        """Look at Dockerfiles, given with the folders whose walks found them, and write what becomes of them where that is asked for."""
        from codemod.headers import Headers  # noqa: PLC0415
        from codemod.run import Subject, run  # noqa: PLC0415
        from codemod.text import Source  # noqa: PLC0415

        subjects: list[Subject] = []
        for path, walked, settings in files:
            content = self._read(path)
            if content is not None:
                subjects.append(Subject(path, Source.from_bytes(PurePosixPath(shown(path)), content), settings, walked))
        groups = tuple(run(subjects, is_excluded, with_callers=with_callers))
        headers = Headers.of(groups, Path.cwd())
        if self.request.interactive:
            self._review(groups, headers)
        for number, group in enumerate(groups, start=1):
            self._take(group, number, headers)
        self.say([CUT] if any(group.is_cut for group in groups) else [])
        if headers.base is not None and self.report.changes:
            self.say([f"The paths of the diff are seen from {headers.base}: git -C {headers.base} apply takes it."])

    def _read(self, path: Path) -> bytes | None:
        try:
            return sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
        except OSError as error:
            self._problem(path, None, reason(error))
            return None

    def _take(self, group: Group, number: int, headers: Headers) -> None:
        """Report what belongs together, and write it where that is asked for."""
        from codemod.proposed import caller_reports, changes, file_reports, is_clean  # noqa: PLC0415  (…)

        for each in group.dockerfiles:
            if not isinstance(each.result, Result):
                self._unread(each.subject, each.result)
        accepted = group if self.review is None else self.review.decided(group, number)
        group = accepted or group
        is_to_write = self.request.write and accepted is not None and bool(changes(group))
        if is_to_write and not self._written(changes(group)):
            return
        if is_to_write and self.review is not None:
            self.review.say_written(group)
        for each in group.dockerfiles:
            if isinstance(each.result, Result) and is_clean(each.result):
                self.clean.append(shown(each.subject.path))
                self.source = each.result.text if self.request.is_stdin else ""
        self.dockerfiles += file_reports(group, number, headers, written=is_to_write)
        self.callers += caller_reports(group, number, headers, written=is_to_write)
        self.code = max(self.code, FOUND if _is_left(group, written=is_to_write) else CLEAN)

    def _review(self, groups: Sequence[Group], headers: Headers) -> None:
        from codemod.review.console import Console  # noqa: PLC0415  (only where somebody is asked)
        from codemod.review.walk import Review  # noqa: PLC0415  (…)

        self.review = Review(groups, headers, Console(color=self.request.color))

    def _unread(self, subject: Subject, error: ParseError) -> None:
        from codemod.filenames import is_template  # noqa: PLC0415

        if subject.walked is not None and is_template(subject.path.name, subject.source.to_bytes()):
            self.say([f"{shown(subject.path)}:{error.line}: left out: it looks like a template ({error.message})"])
        else:
            self._problem(subject.path, error.line, error.message)

    def _written(self, changes: Sequence[tuple[Path, Source, str]]) -> bool:
        from codemod.project import Change, write  # noqa: PLC0415

        try:
            with self.review.writing() if self.review else nullcontext():
                write([Change(path, source.to_bytes(), text.encode("utf-8", "surrogateescape")) for path, source, text in changes])
        except OSError as error:
            self._problem(Path(error.filename or changes[0][0]), None, reason(error))
            return False
        return True

    def finish(self) -> int:
        """Print and say what there is; the exit code."""
        report = self.report
        if self.request.patch_file is not None:
            self._save(self.request.patch_file, self._product(report).patch)
        self._print(report)
        self._say_all(report)
        return self.code

    def _print(self, report: Report) -> None:
        """The product, on stdout."""
        from codemod.report.formats import TEXT, formatted  # noqa: PLC0415

        request = self.request
        if request.output_format != TEXT:
            put(formatted(report, request.output_format))
        elif request.is_stdin and not request.check:
            put("".join(file.result.text for file in report.dockerfiles) or self.source)
        elif self.review is not None:
            put("" if sys.stdout.isatty() else self._product(report).patch)  # on a terminal, it has been seen
        elif not request.check:
            put(report.patch, color=request.color)

    def _product(self, report: Report) -> Report:
        """What was asked for: all of it, or what somebody accepted."""
        if self.review is None:
            return report
        dockerfiles = tuple(file for file in report.dockerfiles if file.written)
        return replace(report, dockerfiles=dockerfiles, callers=tuple(file for file in report.callers if file.written))

    def _say_all(self, report: Report) -> None:
        """What a person wants to know, on stderr."""
        from codemod.report.text import closing, describe, summary  # noqa: PLC0415

        if not self.request.check:
            seen = self.review.answered if self.review else ()
            self.say([""] if seen else [])
            self.say(line for file in report.dockerfiles if file.group not in seen for line in describe(file))
            self.say(closing(self._product(report)))
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


def _is_left(group: Group, *, written: bool) -> bool:
    """Whether a group still needs somebody: a change to make, a refusal that is not allowed, a copy left over."""
    results = [(each.result, each.subject.settings) for each in group.dockerfiles if isinstance(each.result, Result)]
    if not written and (group.callers or any(result.changed for result, _ in results)):
        return True
    return any(_asks(outcome, settings) for result, settings in results for outcome in result.outcomes)


def _asks(outcome: Outcome, settings: Settings) -> bool:
    refusal = outcome.refusal
    return bool(outcome.is_half_done or outcome.remains or (refusal and refusal.reason not in settings.allow))
