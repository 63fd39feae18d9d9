"""Each folder of tests/cases is a behaviour; its name is the sentence.

`before/` is what is there, `after/` what `--write` makes of it (none: nothing changes), `report.txt` the exit code and all
that is said, `arguments` the options, if any. `pytest --update-cases` writes what the program does; read the diff.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codemod.cli import main

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case(case: Path, workspace: Path, *, update_cases: bool) -> None:
    """The report, the written files, the applied diff and the second run are what the folder says."""
    arguments = (case / "arguments").read_text().split() if (case / "arguments").exists() else []
    shutil.copytree(case / "before", workspace, dirs_exist_ok=True)
    dry = _run(arguments)
    report = f"exit {dry.exit_code}\n{dry.stderr}"
    applied = _applied(case / "before", dry.stdout_bytes, workspace / "applied")
    written = _run([*arguments, "--write"])
    result = _tree(workspace, without="applied")
    if update_cases:
        _update(case, report, result)
    assert report == (case / "report.txt").read_text()
    assert result == _tree(case / "after" if (case / "after").exists() else case / "before")
    assert result == applied
    assert written.stdout_bytes == dry.stdout_bytes
    assert _run(arguments).stdout_bytes == b""


def test_there_are_cases() -> None:
    """An empty folder would pass everything."""
    assert len(CASES) > 40


def _run(arguments: list[str]) -> Result:
    result = CliRunner().invoke(main, arguments, prog_name="dockerfix")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def _applied(before: Path, patch: bytes, folder: Path) -> dict[str, bytes]:
    """What `git apply` makes of the printed diff."""
    shutil.copytree(before, folder)
    if patch:
        subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=folder, input=patch, check=True)
    result = _tree(folder)
    shutil.rmtree(folder)
    return result


def _tree(folder: Path, without: str = "") -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files if path.relative_to(folder).parts[0] != without}


def _update(case: Path, report: str, result: dict[str, bytes]) -> None:
    (case / "report.txt").write_text(report)
    shutil.rmtree(case / "after", ignore_errors=True)
    if result != _tree(case / "before"):
        for name, content in result.items():
            (case / "after" / name).parent.mkdir(parents=True, exist_ok=True)
            (case / "after" / name).write_bytes(content)
            shutil.copymode(case / "before" / name, case / "after" / name)
