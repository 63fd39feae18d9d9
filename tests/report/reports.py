"""The reports of the cases, each made once, by the command itself."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from click.testing import CliRunner

from codemod.cli import main
from codemod.report import formats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codemod.report.files import Report

# where the configuration is wrong, nothing is looked at
EVERY = sorted(path for path in (Path(__file__).parents[1] / "cases").iterdir() if path.is_dir())
CASES = [path for path in EVERY if not (path / "report.txt").read_text().startswith("exit 2")]
# one worker has all tests of a case, and makes its report once
PARAMETERS = [pytest.param(path, id=path.name, marks=pytest.mark.xdist_group(path.name)) for path in CASES]


@cache
def report_of_case(case: Path) -> Report:
    """What a dry run of a case comes to."""
    arguments = (case / "arguments").read_text().split() if (case / "arguments").exists() else []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(case / "before", folder, dirs_exist_ok=True)
        return report_of(Path(folder), *arguments)


def report_of(folder: Path, *arguments: str) -> Report:
    """What a run in a folder comes to: that of which the formats are made."""
    with _inside(folder), mock.patch.object(formats, "formatted", return_value="") as formatted:
        CliRunner().invoke(main, ["--format", "json", *arguments], catch_exceptions=False)
    report: Report = formatted.call_args.args[0]
    return report


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
