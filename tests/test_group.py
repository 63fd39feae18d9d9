"""A command that has others beside it: what `dockerfix` itself does with them is in test_cli.py."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from codemod.group import DEFAULT, Commands, DefaultCommand


@click.group(cls=Commands, default=DEFAULT, default_if_no_args=True)
def group() -> None:
    pass


@group.command(DEFAULT, cls=DefaultCommand, hidden=True)
@click.option("--loud", is_flag=True)
@click.argument("words", nargs=-1)
def say(*, loud: bool, words: tuple[str, ...]) -> None:
    click.echo((" ".join(words).upper() if loud else " ".join(words)) or "nothing")


@group.command()
@click.argument("word")
def other(word: str) -> None:
    click.echo(f"other {word}")


LINES = {
    "": "nothing",
    "a b": "a b",
    "--loud a": "A",
    "a --loud": "A",
    "other a": "other a",
    "a other": "a other",
    "--loud other": "OTHER",
    "-- other": "other",
    "-- --loud a": "--loud a",
    "--loud -- --loud": "--LOUD",
    "a -- -x": "a -x",
    "-": "-",
}


@pytest.mark.parametrize(("line", "said"), LINES.items())
def test_what_a_line_does(line: str, said: str) -> None:
    result = CliRunner().invoke(group, line.split())
    assert (result.exit_code, result.output) == (0, f"{said}\n")


def test_usage_is_the_groups() -> None:
    result = CliRunner().invoke(group, ["--quiet"], prog_name="tool")
    assert result.exit_code == 2
    assert result.output.startswith("Usage: tool [OPTIONS] [WORDS]...\nTry 'tool --help' for help.\n")


def test_help_has_the_options_and_the_other_commands() -> None:
    shown = CliRunner().invoke(group, ["--help"], prog_name="tool").output
    assert shown.startswith("Usage: tool [OPTIONS] [WORDS]...\n")
    assert shown.index("  --loud") < shown.index("Commands:\n  other\n")


def test_without_a_group_there_are_no_other_commands() -> None:
    assert "Commands:" not in CliRunner().invoke(say, ["--help"]).output
