"""How well secrets are told from what is none: `python benchmarks/detection.py [--wrong]`.

Scores the two halves of a table of build args, each with its default, what is done with it and what it is, beside BuildKit's rule for
the same names. `detection/tuned.tsv` is what the rules were made with, `detection/more.tsv` further rows of that kind. The rows of
`detection/held_out.tsv` were written by others, who did not know the rules; nobody looked at them while the rules were made: only
their scores were seen. `--wrong` prints what is decided wrongly in the first two.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from codemod.detect import find_secrets
from codemod.dockerfile.parser import parse
from codemod.findings import Entry, Finding
from codemod.settings import Settings
from codemod.text import Source

TABLES = Path(__file__).with_suffix("")
TUNED, MORE, HELD_OUT = "tuned", "more", "held_out"
# SecretsUsedInArgOrEnv: its deny and its allow (frontend/dockerfile/dockerfile2llb/validations.go, from Dockerfile frontend 1.22 on)
FRAME = r"(?i)(?:_|^)(?:{})(?:_|$)"
DENIED = re.compile(FRAME.format("apikey|auth|credential|credentials|key|password|pword|passwd|secret|token"))
ALLOWED = re.compile(FRAME.format("public|file|version"))


@dataclass(frozen=True, slots=True)
class Row:
    """A build arg and what a person says who reads it; `default` has its `=`, `use` is what stands below the ARG, with ⏎ for newlines."""

    area: str
    name: str
    default: str
    use: str
    label: str

    @property
    def is_secret(self) -> bool:
        """What is right."""
        return self.label == "secret"

    @property
    def dockerfile(self) -> str:
        """The whole file; a use that is a FROM has the ARG before it."""
        use = self.use.replace("⏎", "\n")
        declared = f"ARG {self.name}{self.default}\n"
        return declared + use + "\n" if use.upper().startswith("FROM ") else f"FROM example.org/base\n{declared}{use}\n"


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one rule on one table."""

    found: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """How many of those it names are secrets."""
        return self.found / (self.found + self.false)

    @property
    def recall(self) -> float:
        """How many of the secrets it names."""
        return self.found / (self.found + self.missed)


def rows(name: str) -> list[Row]:
    """A table of ours."""
    with (TABLES / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def finding(row: Row, settings: Settings | None = None, dockerfile: str | None = None) -> Finding | None:
    """What is found of the row's build arg, if anything; in its own Dockerfile, unless another is given."""
    found = find_secrets(parse(Source(PurePosixPath("Dockerfile"), dockerfile or row.dockerfile)), settings or Settings())
    return next((each for each in found if each.name == row.name and each.entry is Entry.ARG), None)


def dockerfix(row: Row) -> bool:
    """Whether we would move it."""
    found = finding(row)
    return found is not None and found.acted_on


def buildkit(row: Row) -> bool:
    """Whether BuildKit's check would name it."""
    return DENIED.search(row.name) is not None and ALLOWED.search(row.name) is None


def score(table: Sequence[Row], rule: Callable[[Row], bool]) -> Score:
    """How often a rule is right."""
    said = [(rule(row), row.is_secret) for row in table]
    return Score(said.count((True, True)), said.count((True, False)), said.count((False, True)))


def report() -> Iterator[str]:
    """The lines of the comparison."""
    yield f"{'':20} {'rows':>5} {'secrets':>8} {'false':>6} {'missed':>7} {'precision':>10} {'recall':>7}"
    for name in (TUNED, HELD_OUT):
        table = rows(name)
        for rule in (dockerfix, buildkit):
            got = score(table, rule)
            counts = f"{len(table):5} {sum(row.is_secret for row in table):8} {got.false:6} {got.missed:7}"
            yield f"{f'{name}, {rule.__name__}':20} {counts} {got.precision:10.3f} {got.recall:7.3f}"


def wrong() -> Iterator[str]:
    """What is decided wrongly, with the evidence that there was; not of the half that nobody looks at."""
    for row in (*rows(TUNED), *rows(MORE)):
        if dockerfix(row) is not row.is_secret:
            yield f"\n{row.label}: ARG {row.name}{row.default} | {row.use}"
            found = finding(row, Settings(show_possible=True))
            yield from (f"    {item.weight:+} {item.kind}: {item.detail}" for item in (found.evidence if found else ()))


if __name__ == "__main__":
    print("\n".join((*report(), *(wrong() if "--wrong" in sys.argv else ()))))
