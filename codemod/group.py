"""One command that also has others: `dockerfix F` does what it always did, `dockerfix explain` is a command of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click import Group as DefaultGroup  # the real one has no types
else:
    from click_default_group import DefaultGroup

# nobody can type the default command's name, so that a path may have any
DEFAULT = ""
# what shells say of a program that Ctrl-C has ended
INTERRUPTED = 130


class Commands(DefaultGroup):
    """A group where all that does not begin with a command's name goes to the default command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep options and `--` for the default command: the group has none of its own, and would swallow both."""
        return super().parse_args(ctx, [DEFAULT, *args] if args and args[0].startswith("-") else args)

    def invoke(self, ctx: click.Context) -> object:
        """Run it; Ctrl-C ends it as it ends other programs."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\nInterrupted.", err=True)  # the new line is behind the terminal's ^C
            raise SystemExit(INTERRUPTED) from None


class _Nameless(click.Context):
    @property
    def command_path(self) -> str:
        return self.parent.command_path if self.parent else ""


class DefaultCommand(click.Command):
    """The command that `dockerfix` is where no other is named: usage and help are those of the whole."""

    context_class: type[click.Context] = _Nameless

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the other commands."""
        super().format_options(ctx, formatter)
        if ctx.parent and isinstance(ctx.parent.command, click.Group):
            ctx.parent.command.format_commands(ctx.parent, formatter)
