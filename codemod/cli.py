"""The command line: paths in, a diff out, the rest to stderr."""

from __future__ import annotations

import gc
import os
import sys
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NoReturn

import click
from click.core import ParameterSource

from codemod import __version__
from codemod.group import DEFAULT, Commands, DefaultCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from click.shell_completion import CompletionItem

    from codemod.configuration_files import Configurations
    from codemod.dockerfile.error import ParseError
    from codemod.headers import Headers
    from codemod.options import Options
    from codemod.report.files import CallerReport, FileReport, Problem
    from codemod.run import Group, Subject
    from codemod.settings import Settings
    from codemod.text import Source

# start-up makes many objects and drops hardly any: looking for garbage among them is a tenth of its time
gc.set_threshold(50_000)

CLEAN, FOUND, USAGE, FAILED = 0, 1, 2, 3
STDIN = Path("-")
CUT = "note: without git to say which files belong together, only the first 20,000 below this folder were looked at for callers"


@click.group(cls=Commands, default=DEFAULT, default_if_no_args=True, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Take secrets out of Dockerfiles."""


def _paths_and_commands(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    is_first = ctx.parent is not None and not ctx.parent.args and not ctx.params.get("paths")
    commands = main.shell_complete(ctx.parent, incomplete) if ctx.parent and is_first else []
    return [*param.type.shell_complete(ctx, param, incomplete), *commands]


@main.command(
    DEFAULT,
    cls=DefaultCommand,
    hidden=True,
    epilog="Exit codes: 0 nothing left to do, 1 changes proposed or something refused or left over, 2 the command line or "
    "configuration is wrong, 3 a file could not be read, parsed or written.",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), shell_complete=_paths_and_commands)
@click.option("--write", is_flag=True, help="Change the files.")
@click.option("--check", is_flag=True, help="Only the exit code and a summary.")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What stdout has.")
@click.option("--patch", "patch_file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Save the diff as well.")
@click.option("--id", "ids", multiple=True, metavar="NAME=ID", help="The id of a secret; its name, unless said.")
@click.option("--secret", multiple=True, metavar="NAME", help="This build arg is a secret (a name or a glob).")
@click.option("--not-secret", multiple=True, metavar="NAME", help="This build arg is none (a name or a glob).")
@click.option("--allow", multiple=True, metavar="REASON", help="Go on where this reason would refuse.")
@click.option("--style", type=click.Choice(["file", "env"]), default="file", show_default=True, help="How a RUN gets a secret.")
@click.option("--frontend", metavar="VERSION", help="The Dockerfile frontend that builds: 1.4, or 1 for the newest.")
@click.option("--show", type=click.Choice(["possible"]), help="Say as well what may be a secret, on too little evidence to act.")
@click.option("--no-callers", is_flag=True, help="Look for nobody who passes the build args.")
@click.option("--phase", type=click.Choice(["callers", "dockerfile", "cleanup"]), help="One step of a migration that goes in three.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files and folders.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors on stderr.")
@click.option("--no-color", is_flag=True, help="No colours; NO_COLOR does the same.")
@click.version_option(__version__, message="%(prog)s %(version)s")
def take_out(
    paths: tuple[Path, ...],
    *,
    write: bool,
    check: bool,
    output_format: str,
    patch_file: Path | None,
    ids: tuple[str, ...],
    secret: tuple[str, ...],
    not_secret: tuple[str, ...],
    allow: tuple[str, ...],
    style: str,
    frontend: str | None,
    show: str | None,
    no_callers: bool,
    phase: str | None,
    exclude: tuple[str, ...],
    quiet: bool,
    no_color: bool,
) -> None:
    """Take secrets out of Dockerfiles.

    Finds the build args that hold secrets, deletes them, mounts them as BuildKit secrets in the RUNs that
    read them, makes the callers that pass the build args pass the secrets, and prints the diff and the
    docker build command that goes with it.

    PATHS are Dockerfiles, or folders that are searched for them; - reads one from stdin and writes it to stdout.
    Without PATHS, the current folder.

    What holds for all runs may stand in .dockerfix.toml, or in pyproject.toml below [tool.dockerfix].
    """
    if write and check:
        raise click.UsageError("--write and --check exclude each other")
    is_style_given = click.get_current_context().get_parameter_source("style") is not ParameterSource.DEFAULT
    from codemod.configuration_files import Configurations  # noqa: PLC0415

    options = _options(
        ids,
        secret,
        not_secret,
        allow=allow,
        style=style if is_style_given else None,
        frontend=frontend,
        show=show is not None,
        exclude=exclude,
    )
    is_stdin = STDIN in paths
    if is_stdin and (len(paths) > 1 or write):
        raise click.UsageError("- goes with no other path and no --write: the result is on stdout")
    run = _Run(write=write, check=check, quiet=quiet)
    configurations = Configurations(options)
    files = _files(paths or (Path(),), options, configurations)
    if phase is not None:
        files = _in_phase(files, phase)
    run.look_at(files, partial(_is_no_caller, options, configurations), with_callers=not (no_callers or is_stdin))
    if not files:
        run.say([f"No Dockerfile in {', '.join(map(str, paths or '.'))}: nothing to do."])
    if patch_file is not None:
        run.save(patch_file)
    if output_format == "json":
        run.print_json()
    elif is_stdin and not check:
        _put("".join(file.result.text for file in run.dockerfiles))
    elif not check:
        _put(run.patch, color=not no_color and "NO_COLOR" not in os.environ and sys.stdout.isatty())
    run.finish()


def _reason_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  (what click hands over)
    from codemod.refusal import Reason  # noqa: PLC0415

    return [reason.value for reason in Reason if reason.value.startswith(incomplete)]


@main.command()
@click.argument("name", metavar="[REASON]", required=False, shell_complete=_reason_names)
@click.pass_context
def explain(ctx: click.Context, name: str | None) -> None:
    """Say at length why a secret stays where it is.

    REASON is the word that a refusal begins with. Without one, all of them, a line each.
    """
    from codemod import explanations  # noqa: PLC0415

    formatter = ctx.make_formatter()
    known = {reason.value: reason for reason in explanations.EXPLANATIONS}
    if name is None:
        formatter.write_dl([(word, explanations.EXPLANATIONS[reason].meaning) for word, reason in known.items()])
        _put(formatter.getvalue())
    elif name in known:
        _put(explanations.explain(known[name], formatter.width))
    else:
        import difflib  # noqa: PLC0415

        closest = difflib.get_close_matches(name, known, cutoff=0.4) or known
        raise click.BadParameter(f"{name!r} is none; the closest: {', '.join(closest)}", param_hint="REASON")


def _files(paths: Sequence[Path], options: Options, configurations: Configurations) -> list[tuple[Path, Path | None, Settings]]:
    """The files to look at, the folders whose walks found them, and what holds for each: all of it is known before the first is decided."""
    from codemod.configuration_files import ConfigurationError  # noqa: PLC0415
    from codemod.project import dockerfiles  # noqa: PLC0415

    try:
        found = [(STDIN, None)] if paths == (STDIN,) else dockerfiles(paths, options.exclude, configurations)
        return [(path, walked, configurations.of(path.parent).settings) for path, walked in found]
    except ConfigurationError as error:
        _tell_error(_shown(error.path), error.line, error.message)
        raise SystemExit(USAGE) from None


def _is_no_caller(options: Options, configurations: Configurations, root: Path, path: Path) -> bool:
    """Whether the user leaves out a file below `root`; a configuration that only it would have does not."""
    from codemod.configuration_files import ConfigurationError  # noqa: PLC0415
    from codemod.filenames import is_excluded  # noqa: PLC0415
    from codemod.project import is_left_out  # noqa: PLC0415

    try:
        return is_excluded(path.relative_to(root), options.exclude) or is_left_out(path, root, configurations)
    except ConfigurationError:
        return False


class _Run:
    """What one call of the command has found so far."""

    def __init__(self, *, write: bool, check: bool, quiet: bool) -> None:
        self.write, self.check, self.quiet = write, check, quiet
        self.dockerfiles: list[FileReport] = []
        self.callers: list[CallerReport] = []
        self.patch = ""
        self.problems: list[Problem] = []
        self.code = CLEAN

    def look_at(
        self, files: Sequence[tuple[Path, Path | None, Settings]], is_excluded: Callable[[Path, Path], bool], *, with_callers: bool
    ) -> None:
        from codemod.headers import Headers  # noqa: PLC0415
        from codemod.run import Subject, run  # noqa: PLC0415
        from codemod.text import Source  # noqa: PLC0415

        subjects: list[Subject] = []
        for path, walked, settings in files:
            content = self._read(path)
            if content is not None:
                subjects.append(Subject(path, Source.from_bytes(PurePosixPath(_shown(path)), content), settings, walked))
        groups = tuple(run(subjects, is_excluded, with_callers=with_callers))
        headers = Headers.of(groups, Path.cwd())
        for group in groups:
            self._take(group, headers)
        self.say([CUT] if any(group.is_cut for group in groups) else [])
        if headers.base is not None and self.patch:
            self.say([f"The paths of the diff are seen from {headers.base}: git -C {headers.base} apply takes it."])

    def _read(self, path: Path) -> bytes | None:
        try:
            return sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
        except OSError as error:
            self._problem(path, None, _reason(error))
            return None

    def _take(self, group: Group, headers: Headers) -> None:
        """Report what belongs together, and write it where that is asked for."""
        from codemod.report.files import CallerReport, FileReport  # noqa: PLC0415
        from codemod.result import Result  # noqa: PLC0415

        looked = [(each, each.result) for each in group.dockerfiles if isinstance(each.result, Result)]
        for each in group.dockerfiles:
            if not isinstance(each.result, Result):
                self._unread(each.subject, each.result)
        changes = [(each.subject.path, result.source, result.text) for each, result in looked if result.changed]
        changes += [(path, result.caller.source, result.text) for path, result in group.callers]
        written = self.write and bool(changes) and self._written(changes)
        if self.write and changes and not written:
            return
        for each, result in looked:
            shown = _shown(each.subject.path)
            diff = _diff(headers.path(each.subject.path), result.source.text, result.text)
            self.dockerfiles.append(FileReport(shown, result, diff, written, each.commands, each.context))
            self.patch += diff
            self.code = max(self.code, FOUND if _left(self.dockerfiles[-1], each.subject.settings) else CLEAN)
        for path, moved in group.callers:
            diff = _diff(headers.path(path), moved.caller.source.text, moved.text)
            self.callers.append(CallerReport(moved.caller.shown, diff, written, moved.literals))
            self.patch += diff
            self.code = max(self.code, CLEAN if written else FOUND)

    def _unread(self, subject: Subject, error: ParseError) -> None:
        from codemod.filenames import is_template  # noqa: PLC0415

        if subject.walked is not None and is_template(subject.path.name, subject.source.to_bytes()):
            self.say([f"{_shown(subject.path)}:{error.line}: left out: it looks like a template ({error.message})"])
        else:
            self._problem(subject.path, error.line, error.message)

    def _written(self, changes: Sequence[tuple[Path, Source, str]]) -> bool:
        from codemod.project import Change, write  # noqa: PLC0415

        try:
            write([Change(path, source.to_bytes(), text.encode("utf-8", "surrogateescape")) for path, source, text in changes])
        except OSError as error:
            self._problem(Path(error.filename or changes[0][0]), None, _reason(error))
            return False
        return True

    def save(self, file: Path) -> None:
        try:
            file.write_bytes(self.patch.encode("utf-8", "surrogateescape"))
        except OSError as error:
            self._problem(file, None, _reason(error))

    def print_json(self) -> None:
        from codemod.report.json_v1 import dumps  # noqa: PLC0415

        _put(dumps(self.dockerfiles, self.callers, self.problems))

    def finish(self) -> NoReturn:
        """Say what there is to say and leave with the exit code."""
        from codemod.report.text import closing, describe, summary  # noqa: PLC0415

        results = [file.result for file in self.dockerfiles]
        if not self.check:
            self.say(line for file in self.dockerfiles for line in describe(file))
            self.say(closing(results))
        if results:
            self.say([summary(results, len(self.callers), len(self.problems), written=self.write)])
        raise SystemExit(self.code)

    def _problem(self, path: Path, line: int | None, message: str) -> None:
        from codemod.report.files import Problem  # noqa: PLC0415

        problem = Problem(_shown(path), line, message)
        self.problems.append(problem)
        self.code = FAILED
        _tell_error(problem.path, line, message)

    def say(self, lines: Iterable[str]) -> None:
        for line in () if self.quiet else lines:
            _tell(line)


def _left(file: FileReport, settings: Settings) -> bool:
    """Whether a file still needs somebody: a change to make, a refusal that is not allowed, a copy left over."""
    if file.result.changed and not file.written:
        return True
    if any(outcome.is_half_done for outcome in file.result.outcomes):
        return True
    return any(outcome.remains or (outcome.refusal and outcome.refusal.reason not in settings.allow) for outcome in file.result.outcomes)


def _in_phase(files: Sequence[tuple[Path, Path | None, Settings]], phase: str) -> list[tuple[Path, Path | None, Settings]]:
    from dataclasses import replace  # noqa: PLC0415

    from codemod.settings import Phase  # noqa: PLC0415

    return [(path, walked, replace(settings, phase=Phase(phase))) for path, walked, settings in files]


def _options(
    ids: tuple[str, ...],
    secret: tuple[str, ...],
    not_secret: tuple[str, ...],
    *,
    allow: tuple[str, ...],
    style: str | None,
    frontend: str | None,
    show: bool,
    exclude: tuple[str, ...],
) -> Options:
    from codemod import options  # noqa: PLC0415

    try:
        return options.Options(
            secret=secret,
            not_secret=not_secret,
            ids=options.identifiers(ids),
            allow=options.reasons(allow),
            style=None if style is None else options.style(style),
            frontend=None if frontend is None else options.frontend(frontend),
            exclude=exclude,
            show=show,
        )
    except options.OptionError as error:
        raise click.BadParameter(error.message, param_hint=f"--{error.option}") from None


def _shown(path: Path) -> str:
    """A path as messages and diffs have it: from the current folder where it is below it."""
    if path == STDIN:
        return "Dockerfile"
    absolute = Path(os.path.normpath(Path.cwd() / path))  # links stay: the path is the user's
    try:
        return absolute.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return absolute.as_posix()


def _diff(path: str, before: str, after: str) -> str:
    if before == after:
        return ""
    from codemod.report.patch import patch  # noqa: PLC0415

    return patch(path, before, after).text


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _tell_error(path: str, line: int | None, message: str) -> None:
    _tell(f"error: {path}:{line}: {message}" if line else f"error: {path}: {message}")


def _tell(line: str) -> None:
    click.echo(line.encode("utf-8", "backslashreplace").decode(), err=True)


def _put(text: str, *, color: bool = False) -> None:
    if color:
        text = "".join(_colored(line) for line in text.splitlines(keepends=True))
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def _colored(line: str) -> str:
    colors = {"+": "green", "-": "red", "@": "cyan"}
    bold = line.startswith(("+++", "---"))
    return click.style(line, fg=None if bold else colors.get(line[:1]), bold=bold)
