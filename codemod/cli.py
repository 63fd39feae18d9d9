"""The command line: paths in, a diff out, the rest to stderr."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from codemod import __version__
from codemod.group import DEFAULT, Commands, DefaultCommand
from codemod.report.formats import FORMATS, TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from click.shell_completion import CompletionItem

    from codemod.baseline import Baseline
    from codemod.cluster import Cluster
    from codemod.configuration_files import Configurations
    from codemod.options import Options
    from codemod.progress import Progress
    from codemod.repository import Repositories, Repository
    from codemod.subject import Subject, Walk
    from codemod.workers import Workers

# start-up makes many objects and drops hardly any: looking for garbage among them is a tenth of its time
gc.set_threshold(50_000)

# fewer Dockerfiles than these are looked at sooner than a cache is read
WORTH_A_CACHE = 200


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
@click.option("-i", "--interactive", is_flag=True, help="Show each change, and ask whether to write it.")
@click.option("--check", is_flag=True, help="Only the exit code and a summary.")
@click.option("--format", "output_format", type=click.Choice(FORMATS), default=TEXT, show_default=True, help="What stdout has.")
@click.option("--patch", "patch_file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Save the diff as well.")
@click.option("--report", "report_file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Save a page for browsers.")
@click.option("--split", "split_folder", type=click.Path(path_type=Path), metavar="DIR", help="Save a patch per owner, with its message.")
@click.option("--baseline", "baseline_file", type=click.Path(path_type=Path), metavar="FILE", help="Leave aside what this file knows.")
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
@click.option("--changed-since", metavar="REV", help="Only Dockerfiles that changed since then, or whose callers did.")
@click.option("--nested", is_flag=True, help="Go into submodules and other work trees inside as well.")
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="How many processes; one a processor, unless said.")
@click.option("--dask", "dask_address", metavar="ADDRESS", help="Have a Dask cluster do the work that needs no disk.")
@click.option("--no-cache", is_flag=True, help="Remember nothing of earlier runs, and nothing for later ones.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors on stderr.")
@click.option("--no-color", is_flag=True, help="No colours; NO_COLOR does the same.")
@click.version_option(__version__, message="%(prog)s %(version)s")
def take_out(
    paths: tuple[Path, ...],
    *,
    write: bool,
    interactive: bool,
    check: bool,
    output_format: str,
    patch_file: Path | None,
    report_file: Path | None,
    split_folder: Path | None,
    baseline_file: Path | None,
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
    changed_since: str | None,
    nested: bool,
    jobs: int | None,
    dask_address: str | None,
    no_cache: bool,
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
    _exclude({"--write": write, "--interactive": interactive, "--check": check})
    for other, is_given in (("--quiet", quiet), (f"--format {output_format}", output_format != "text")):
        _exclude({"--interactive": interactive, other: is_given})
    is_style_given = click.get_current_context().get_parameter_source("style") is not ParameterSource.DEFAULT
    from codemod.configuration_files import Configurations  # noqa: PLC0415
    from codemod.progress import progress_of_stderr  # noqa: PLC0415
    from codemod.repository import Repositories  # noqa: PLC0415
    from codemod.session import Request, Session  # noqa: PLC0415
    from codemod.terminal import STDIN, takes_colors  # noqa: PLC0415

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
    if is_stdin and (len(paths) > 1 or write or interactive):
        raise click.UsageError("- goes with no other path, no --write and no --interactive: the result is on stdout")
    color = not no_color and takes_colors(err=interactive)
    if baseline_file is not None and (is_stdin or output_format == "baseline"):
        raise click.UsageError("--baseline goes with no - and no --format baseline, which has all that there is")
    if write and output_format == "baseline":
        raise click.UsageError("--format baseline goes with no --write: make it when the files are written")
    baseline = None if baseline_file is None else _baseline(baseline_file)
    if split_folder is not None:
        _check_free(split_folder, is_stdin=is_stdin)
    configurations, repositories = Configurations(options), Repositories()
    given = sys.stdin.buffer.read() if is_stdin else None
    subjects, walks = _subjects(paths or (Path(),), options, configurations, repositories, nested=nested, given=given)
    if phase is not None:
        subjects, walks = [_in_phase(phase, subject) for subject in subjects], [_walk_in_phase(phase, walk) for walk in walks]
    text = None if given is None else given.decode("utf-8", "surrogateescape")
    request = Request(
        write=write or interactive,
        interactive=interactive,
        check=check,
        quiet=quiet,
        output_format=output_format,
        color=color,
        given=text,
        patch_file=patch_file,
        report_file=report_file,
        split_folder=split_folder,
    )
    session = Session(request, baseline)
    keeps = None if no_callers or is_stdin else partial(_keeps, options, configurations)
    progress = None if quiet else progress_of_stderr()
    changed = None if changed_since is None else partial(_changed, changed_since)
    has_cache = not no_cache
    with _told(), _workers(jobs, repositories, len(subjects), progress, has_cache=has_cache) as workers:
        if dask_address is None:
            session.look_at(subjects, repositories, workers, keeps, changed, walks)
        else:
            with _cluster(dask_address) as workers.elsewhere:
                session.look_at(subjects, repositories, workers, keeps, changed, walks)
    if not (subjects or session.dockerfiles or session.problems or session.clean):
        session.say([f"No Dockerfile in {', '.join(map(str, paths or '.'))}: nothing to do."])
    raise SystemExit(session.finish())


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
    from codemod.terminal import put  # noqa: PLC0415

    formatter = ctx.make_formatter()
    known = {reason.value: reason for reason in explanations.EXPLANATIONS}
    if name is None:
        formatter.write_dl([(word, explanations.EXPLANATIONS[reason].meaning) for word, reason in known.items()])
        put(formatter.getvalue())
    elif name in known:
        put(explanations.explain(known[name], formatter.width))
    else:
        import difflib  # noqa: PLC0415

        closest = difflib.get_close_matches(name, known, cutoff=0.4) or known
        raise click.BadParameter(f"{name!r} is none; the closest: {', '.join(closest)}", param_hint="REASON")


def _exclude(options: Mapping[str, bool]) -> None:
    given = [option for option, is_given in options.items() if is_given]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} exclude each other")


def _subjects(
    paths: Sequence[Path],
    options: Options,
    configurations: Configurations,
    repositories: Repositories,
    *,
    nested: bool,
    given: bytes | None,
) -> tuple[list[Subject], list[Walk]]:
    """The Dockerfiles to look at, with what holds for each, and the folders that were walked: known before the first is decided."""
    from codemod.discovery import Discovery  # noqa: PLC0415
    from codemod.subject import Subject  # noqa: PLC0415
    from codemod.terminal import STDIN, shown  # noqa: PLC0415

    with _told():
        if given is not None:
            return [Subject(STDIN, shown(STDIN), configurations.of(STDIN.parent).settings, content=given)], []
        discovery = Discovery(configurations, options.exclude, repositories, nested=nested)
        return [*discovery.files(paths)], discovery.walks


@contextmanager
def _told() -> Iterator[None]:
    """Say what ends a run before anything is written."""
    from codemod.configuration_files import ConfigurationError  # noqa: PLC0415
    from codemod.session import FAILED, USAGE  # noqa: PLC0415
    from codemod.terminal import shown, tell, tell_error  # noqa: PLC0415
    from codemod.workers import WorkerError  # noqa: PLC0415

    try:
        yield
    except ConfigurationError as error:
        tell_error(shown(error.path), error.line, error.message)
        raise SystemExit(USAGE) from None
    except WorkerError as error:
        tell(f"error: {error}")
        raise SystemExit(FAILED) from None


def _keeps(options: Options, configurations: Configurations, repository: Repository) -> Callable[[str], bool]:
    """What says of a path of a tree that the user does not leave it out of its callers."""
    from codemod.discovery import Rules, own_ignores  # noqa: PLC0415

    keeps, ignoring = Rules(repository.root, repository.files, configurations, options.exclude).keeps_caller, own_ignores(repository)
    return keeps if ignoring is None else lambda path: not ignoring.leaves_out(path) and keeps(path)


def _changed(revision: str, repository: Repository) -> AbstractSet[str]:
    """The files of a tree that changed since a revision."""
    from codemod.git import RevisionError  # noqa: PLC0415

    if repository.git is None:
        raise click.BadParameter(f"{repository.root} is no git work tree", param_hint="--changed-since")
    try:
        return repository.git.changed_since(revision)
    except RevisionError as error:
        raise click.BadParameter(str(error), param_hint="--changed-since") from None


def _workers(jobs: int | None, repositories: Repositories, files: int, progress: Progress | None, *, has_cache: bool) -> Workers:
    """Who does the work on so many Dockerfiles; what pays for one tree is remembered for its next run."""
    from codemod.workers import Workers, processors  # noqa: PLC0415

    cache = None
    if has_cache and files >= WORTH_A_CACHE and len(repositories) == 1:
        from codemod.cache import cache_of  # noqa: PLC0415

        (root,) = repositories
        cache = cache_of(root)
    return Workers(jobs or processors(), cache=cache, progress=progress)


@contextmanager
def _cluster(address: str) -> Iterator[Cluster]:
    """A cluster, while it is used. Where it cannot be, nothing has been looked at; where it fails, nothing has been written."""
    from codemod.cluster import ClusterError, connected  # noqa: PLC0415
    from codemod.session import FAILED, USAGE  # noqa: PLC0415
    from codemod.terminal import tell  # noqa: PLC0415

    code = USAGE
    try:
        with connected(address) as cluster:
            code = FAILED
            yield cluster
    except ClusterError as error:
        tell(f"error: --dask {error}")
        raise SystemExit(code) from None


def _baseline(file: Path) -> Baseline:
    """What is known, read before anything is looked at."""
    from codemod.baseline import Baseline, BaselineError  # noqa: PLC0415
    from codemod.session import USAGE  # noqa: PLC0415
    from codemod.terminal import shown, tell_error  # noqa: PLC0415

    try:
        return Baseline(file)
    except BaselineError as error:
        tell_error(shown(error.path), error.line, error.message)
        raise SystemExit(USAGE) from None


def _check_free(folder: Path, *, is_stdin: bool) -> None:
    """Patches go into a folder of their own, known to be free before anything is written."""
    from codemod.split import is_free  # noqa: PLC0415
    from codemod.terminal import reason  # noqa: PLC0415

    if is_stdin:
        raise click.UsageError("--split goes with no -: there is nobody to send it to")
    try:
        is_taken = not is_free(folder)
    except OSError as error:
        raise click.BadParameter(f"{folder}: {reason(error)}", param_hint="--split") from None
    if is_taken:
        raise click.BadParameter(f"{folder} has files in it: name a new folder", param_hint="--split")


def _in_phase(phase: str, subject: Subject) -> Subject:
    from dataclasses import replace  # noqa: PLC0415

    from codemod.settings import Phase  # noqa: PLC0415

    return replace(subject, settings=replace(subject.settings, phase=Phase(phase)))


def _walk_in_phase(phase: str, walk: Walk) -> Walk:
    from dataclasses import replace  # noqa: PLC0415

    def subject(path: str) -> Subject | None:
        found = walk.subject(path)
        return None if found is None else _in_phase(phase, found)

    return replace(walk, subject=subject)


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
