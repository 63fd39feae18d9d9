"""What a call of the command asks for: its arguments and options, and which of them do not go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from codemod import options
from codemod.report.formats import TEXT
from codemod.terminal import STDIN


class Invocation(NamedTuple):  # a dataclass of so many fields takes a millisecond to make
    """Each argument and option as it was given; `style` is None where it was not."""

    paths: tuple[Path, ...]
    write: bool
    interactive: bool
    check: bool
    output_format: str
    patch_file: Path | None
    report_file: Path | None
    split_folder: Path | None
    baseline_file: Path | None
    ids: tuple[str, ...]
    secret: tuple[str, ...]
    not_secret: tuple[str, ...]
    allow: tuple[str, ...]
    style: str | None
    frontend: str | None
    show: str | None
    no_callers: bool
    phase: str | None
    exclude: tuple[str, ...]
    changed_since: str | None
    nested: bool
    jobs: int | None
    dask_address: str | None
    no_cache: bool
    quiet: bool
    no_color: bool

    @property
    def decisive(self) -> tuple[object, ...]:
        """What decides what a tree comes to; the rest says what is done with that, and by whom."""
        words = (self.ids, self.secret, self.not_secret, self.allow, self.style, self.frontend, self.show, self.phase)
        return (self.paths, self.exclude, self.nested, self.no_callers, *words)

    @property
    def is_of_stdin(self) -> bool:
        """Whether there is one Dockerfile, on stdin, and the product is a Dockerfile."""
        return STDIN in self.paths

    @property
    def writes(self) -> bool:
        """Whether files may change."""
        return self.write or self.interactive

    @property
    def clashes(self) -> Iterator[str]:
        """What does not go together, in words."""
        for exclusive in self._exclusive:
            given = [option for option, is_given in exclusive.items() if is_given]
            if len(given) > 1:
                yield f"{' and '.join(given)} exclude each other"
        yield from (words for words, is_wrong in self._wrong.items() if is_wrong)

    @property
    def _exclusive(self) -> Iterator[Mapping[str, bool]]:
        """Options of which there is one at most, each with whether it was given."""
        yield {"--write": self.write, "--interactive": self.interactive, "--check": self.check}
        yield {"--interactive": self.interactive, "--quiet": self.quiet}
        if self.patch_file is not None and self.patch_file == self.report_file:
            yield {"--patch": True, f"--report {self.report_file}": True}
        yield {"--interactive": self.interactive, f"--format {self.output_format}": self.output_format != TEXT}

    @property
    def _wrong(self) -> Mapping[str, bool]:
        is_of_stdin, makes_baseline = self.is_of_stdin, self.output_format == "baseline"
        return {
            "- goes with no other path, no --write and no --interactive: the result is on stdout": (
                is_of_stdin and (len(self.paths) > 1 or self.writes)
            ),
            "--baseline goes with no - and no --format baseline, which has all that there is": (
                self.baseline_file is not None and (is_of_stdin or makes_baseline)
            ),
            "--format baseline goes with no --write: make it when the files are written": makes_baseline and self.write,
            "--changed-since goes with no -: of what is on stdin, git knows nothing": is_of_stdin and self.changed_since is not None,
            "--split goes with no -: there is nobody to send it to": is_of_stdin and self.split_folder is not None,
        }

    @property
    def options(self) -> options.Options:
        """What holds for the Dockerfiles, checked. Raises OptionError."""
        return options.Options(
            secret=self.secret,
            not_secret=self.not_secret,
            ids=options.identifiers(self.ids),
            allow=options.reasons(self.allow),
            style=None if self.style is None else options.style(self.style),
            frontend=None if self.frontend is None else options.frontend(self.frontend),
            exclude=self.exclude,
            show=self.show is not None,
        )
