"""The command line: paths in, a diff out, the rest to stderr."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from codemod import __version__
from codemod.group import DEFAULT, Commands, DefaultCommand
from codemod.report.formats import FORMATS, TEXT

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# start-up makes many objects and drops hardly any: looking for garbage among them is a tenth of its time
gc.set_threshold(50_000)


@click.group(cls=Commands, default=DEFAULT, default_if_no_args=True, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Take secrets out of Dockerfiles."""


def _paths_and_commands(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    is_first = ctx.parent is not None and not ctx.parent.args and not ctx.params.get("paths")
    commands = main.shell_complete(ctx.parent, incomplete) if ctx.parent and is_first else []
    return [*param.type.shell_complete(ctx, param, incomplete), *commands]


def _unless_default(ctx: click.Context, param: click.Parameter, value: str) -> str | None:
    """What the user gave; None where it is the default, so that a configuration counts."""
    return None if ctx.get_parameter_source(str(param.name)) is ParameterSource.DEFAULT else value


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
@click.option(
    "--style",
    type=click.Choice(["file", "env"]),
    default="file",
    show_default=True,
    callback=_unless_default,
    help="How a RUN gets a secret.",
)
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
def take_out(**given: Any) -> None:  # noqa: ANN401  (click hands over each option; Invocation has their types)
    """Take secrets out of Dockerfiles.

    Finds the build args that hold secrets, deletes them, mounts them as BuildKit secrets in the RUNs that
    read them, makes the callers that pass the build args pass the secrets, and prints the diff and the
    docker build command that goes with it.

    PATHS are Dockerfiles, or folders that are searched for them; - reads one from stdin and writes it to stdout.
    Without PATHS, the current folder.

    What holds for all runs may stand in .dockerfix.toml, or in pyproject.toml below [tool.dockerfix].
    """
    from codemod.invocation import Invocation  # noqa: PLC0415
    from codemod.options import OptionError  # noqa: PLC0415
    from codemod.preparation import carry_out  # noqa: PLC0415

    asked = Invocation(**given)
    if clash := next(asked.clashes, None):
        raise click.UsageError(clash)
    try:
        code = carry_out(asked)
    except OptionError as error:
        raise click.BadParameter(error.message, param_hint=f"--{error.option}") from None
    raise SystemExit(code)


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
