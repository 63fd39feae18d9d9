"""One call of the command: Dockerfiles → what becomes of them, written where that is asked for → a report, printed and said."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from codemod.report.files import CallerReport, FileReport, Problem, Report
from codemod.result import Outcome, Result
from codemod.settings import Settings
from codemod.terminal import put, reason, shown, takes_colors, tell, tell_error, top, visible

if TYPE_CHECKING:  # what is only said needs none
    from codemod.baseline import Baseline
    from codemod.dockerfile.error import ParseError
    from codemod.groups import Group, Tree
    from codemod.headers import Headers
    from codemod.invocation import Invocation
    from codemod.recovery import Found, HalfDone
    from codemod.review.walk import Review
    from codemod.subject import Subject
    from codemod.text import Source
    from codemod.writing import Writer

CLEAN, FOUND, USAGE, FAILED = 0, 1, 2, 3
CUT = "note: without git to say which files belong together, only the first 20,000 below this folder were looked at for callers"


class Session:
    """What one call of the command has found so far."""

    def __init__(self, asked: Invocation, baseline: Baseline | None = None, content: bytes | None = None) -> None:
        """`content` is that of stdin, where a Dockerfile is given there: then the product is a Dockerfile."""
        self.asked, self.baseline, self.content = asked, baseline, content
        self.color = not asked.no_color and takes_colors(err=asked.interactive)
        self.dockerfiles: list[FileReport] = []
        self.callers: list[CallerReport] = []
        self.problems: list[Problem] = []
        self.clean: list[str] = []
        self.code = CLEAN
        self.begun = monotonic()
        self.writer: Writer  # where files may change
        self.review: Review | None = None

    @property
    def has_anything(self) -> bool:
        """Whether there was anything to look at, or to say."""
        return bool(self.dockerfiles or self.clean or self.problems)

    @property
    def report(self) -> Report:
        """All of it."""
        parts = (tuple(self.dockerfiles), tuple(self.callers), tuple(self.problems), tuple(self.clean))
        known = 0 if self.baseline is None else self.baseline.known
        here, seconds = Path.cwd().as_posix(), monotonic() - self.begun
        return Report(*parts, writing=self.asked.writes, here=here, top=top().as_posix(), seconds=seconds, known=known)

    def look_at(self, roots: Collection[Path], look: Callable[[], Iterable[Tree]]) -> None:
        """Look at the Dockerfiles of the trees at `roots`, and write what becomes of them where that is asked for."""
        with ExitStack() as stack:
            try:
                self._begin(roots, stack)
            except OSError as error:
                self._problem(Path(error.filename), None, reason(error))
            else:
                self._take_all(tuple(look()))

    def _begin(self, roots: Collection[Path], stack: ExitStack) -> None:
        """What runs that were killed have left comes first; from then on, nobody else writes into what this run writes into."""
        from codemod.journal_places import found  # noqa: PLC0415

        if self.asked.writes:
            from codemod.writing import writing  # noqa: PLC0415

            self.writer = stack.enter_context(writing(roots, lambda line: self.say([line])))
            self._tell(self.writer.left)
        elif any(True for _ in found(roots)):
            from codemod.recovery import seen  # noqa: PLC0415

            self._tell(seen(roots))

    def _tell(self, left: Found) -> None:
        """What runs that were killed have left."""
        self.say(left.notes(shown))
        for file in left.half_done:
            self._half_done(file)

    def _half_done(self, file: HalfDone) -> None:
        code = max(self.code, FOUND)
        self._problem(file.path, None, file.message)
        self.code = FAILED if self.asked.writes else code

    def _take_all(self, trees: Sequence[Tree]) -> None:
        from codemod.headers import Headers  # noqa: PLC0415

        found = (group for tree in trees for group in tree.groups)
        groups = tuple(found if self.baseline is None else self.baseline.without_known(found))
        headers = Headers.of(groups, Path.cwd())
        self.clean += [path for tree in trees for path in tree.clean]
        if self.asked.interactive:
            self._review(groups, headers)
        for number, group in enumerate(groups, start=1):
            self._take(group, number, headers)
        self.say([CUT] if any(tree.is_cut for tree in trees) else [])
        if headers.base is not None and self.report.changes:
            self.say([f"The paths of the diff are seen from {headers.base}: git -C {headers.base} apply takes it."])

    def _take(self, group: Group, number: int, headers: Headers) -> None:
        """Report what belongs together, and write it where that is asked for."""
        from codemod.proposed import caller_reports, changes, file_reports, is_clean  # noqa: PLC0415  (…)

        for each in group.dockerfiles:
            if isinstance(each.result, OSError):
                self._problem(each.subject.path, None, reason(each.result))
            elif not isinstance(each.result, Result):
                self._unread(each.subject, each.content, each.result)
            elif is_clean(each.result):  # by now: all that it has is known
                self.clean.append(each.subject.shown)
        accepted = group if self.review is None else self.review.decided(group, number)
        group = accepted or group
        is_to_write = self.asked.writes and accepted is not None and bool(changes(group))
        if is_to_write and not self._written(group.root, changes(group)):
            return
        if is_to_write and self.review is not None:
            self.review.say_written(group)
        self.dockerfiles += file_reports(group, number, headers, written=is_to_write)
        self.callers += caller_reports(group, number, headers, written=is_to_write)
        self.code = max(self.code, FOUND if _is_left(group, written=is_to_write) else CLEAN)

    def _review(self, groups: Sequence[Group], headers: Headers) -> None:
        from codemod.review.console import Console  # noqa: PLC0415  (only where somebody is asked)
        from codemod.review.walk import Review  # noqa: PLC0415  (…)

        self.review = Review(groups, headers, Console(color=self.color))

    def _unread(self, subject: Subject, content: bytes, error: ParseError) -> None:
        from codemod.filenames import is_template  # noqa: PLC0415

        if subject.walked is not None and is_template(subject.path.name, content):
            self.say([f"{subject.shown}:{error.line}: left out: it looks like a template ({error.message})"])
        else:
            self._problem(subject.path, error.line, error.message)

    def _written(self, root: Path, changes: Sequence[tuple[Path, Source, str]]) -> bool:
        from codemod.recovery import HalfDoneError  # noqa: PLC0415
        from codemod.writing import Change  # noqa: PLC0415

        try:
            with self.review.writing() if self.review else nullcontext():
                self.writer.write(
                    root, [Change(path, source.to_bytes(), text.encode("utf-8", "surrogateescape")) for path, source, text in changes]
                )
        except HalfDoneError as error:
            for file in error.files:
                self._half_done(file)
            return False
        except OSError as error:
            self._problem(Path(error.filename), None, reason(error))
            return False
        return True

    def finish(self) -> int:
        """Print and say what there is; the exit code."""
        report = self.report
        if self.asked.patch_file is not None:
            self._save(self.asked.patch_file, self._product(report).patch)
        if self.asked.report_file is not None:
            from codemod.report.html import dumps  # noqa: PLC0415

            self._save(self.asked.report_file, dumps(report))
        if self.asked.split_folder is not None:
            self._split(self._product(report), self.asked.split_folder)
        self._print(report)
        self._say_all(report)
        return self.code

    def _print(self, report: Report) -> None:
        """The product, on stdout."""
        from codemod.report.formats import TEXT, formatted  # noqa: PLC0415

        asked = self.asked
        if asked.output_format != TEXT:
            put(formatted(report, asked.output_format))
        elif self.content is not None and not asked.check:
            texts = [file.result.text for file in report.dockerfiles]
            put("".join(texts) if texts or self.code == FAILED else self.content.decode("utf-8", "surrogateescape"))
        elif self.review is not None:
            put("" if sys.stdout.isatty() else self._product(report).patch)  # on a terminal, it has been seen
        elif not asked.check:
            put(report.patch, color=self.color)

    def _product(self, report: Report) -> Report:
        """What was asked for: all of it, or what somebody accepted."""
        if self.review is None:
            return report
        dockerfiles = tuple(file for file in report.dockerfiles if file.written)
        return replace(report, dockerfiles=dockerfiles, callers=tuple(file for file in report.callers if file.written))

    def _say_all(self, report: Report) -> None:
        """What a person wants to know, on stderr."""
        from codemod.report.text import closing, describe, summary  # noqa: PLC0415

        if not self.asked.check:
            seen = self.review.answered if self.review else ()
            self.say([""] if seen else [])
            self.say(line for file in report.dockerfiles if file.group not in seen for line in describe(file))
            self.say(closing(self._product(report)))
        if report.dockerfiles or report.clean:
            self.say([summary(report)])
        self.say(() if self.baseline is None else self.baseline.said(self.clean))

    def _save(self, file: Path, text: str) -> None:
        try:
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
        except OSError as error:
            self._problem(file, None, reason(error))

    def _split(self, report: Report, folder: Path) -> None:
        from codemod.split import INDEX, save  # noqa: PLC0415

        try:
            number = save(report, folder)
        except OSError as error:
            self._problem(Path(error.filename or folder), None, reason(error))
            return
        said = f"{number} patch{'es' * (number != 1)} in {shown(folder)}: {shown(folder / INDEX)} says whose"
        self.say([said if number else f"No patches for {shown(folder)}: nothing changes."])

    def _problem(self, path: Path, line: int | None, message: str) -> None:
        problem = Problem(shown(path), line, message)
        self.problems.append(problem)
        self.code = FAILED
        tell_error(problem.path, line, message)

    def say(self, lines: Iterable[str]) -> None:
        """Say something, unless --quiet."""
        for line in () if self.asked.quiet else lines:
            tell(visible(line))


def _is_left(group: Group, *, written: bool) -> bool:
    """Whether a group still needs somebody: a change to make, a refusal that is not allowed, a copy left over."""
    results = [(each.result, each.subject.settings) for each in group.dockerfiles if isinstance(each.result, Result)]
    if not written and (group.callers or any(result.changed for result, _ in results)):
        return True
    return any(_asks(outcome, settings) for result, settings in results for outcome in result.outcomes)


def _asks(outcome: Outcome, settings: Settings) -> bool:
    refusal = outcome.refusal
    return bool(outcome.is_half_done or outcome.remains or (refusal and refusal.reason not in settings.allow))
