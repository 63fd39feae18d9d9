"""The examples are what the program makes of them: the file, the command, and what their READMEs say."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

from codemod.configuration_files import Configurations
from codemod.options import Options
from codemod.report.commands import build_commands
from codemod.report.files import FileReport
from codemod.repository import Repositories
from codemod.result import Result
from codemod.run import run
from codemod.subject import Subject
from codemod.text import Source
from codemod.workers import Workers

REPOSITORY = Path(__file__).resolve().parents[1]
EVERY = sorted(folder for folder in (REPOSITORY / "examples").iterdir() if folder.is_dir())
# those of one Dockerfile; the others have a patch, and tests of their own
FOLDERS = [folder for folder in EVERY if (folder / "after.txt").exists()]

# DESIGN section 8: what a walk of a folder takes for a Dockerfile.
DOCKERFILE = re.compile(r"(?i)(.*\.)?dockerfile|(dockerfile|containerfile)(\..*)?")


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    """Each example."""
    found: Path = request.param
    return found


def test_each_has_what_becomes_of_it() -> None:
    """A file or a patch; the index names them all."""
    others = [folder.name for folder in EVERY if folder not in FOLDERS]
    assert others == ["monorepo"]
    assert all((REPOSITORY / "examples" / name / "migration.patch").exists() for name in others)
    index = (REPOSITORY / "examples" / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^- \[([\w-]+)\]\(\1/README\.md\)", index, re.MULTILINE)) == [folder.name for folder in EVERY]


def test_the_rewritten_file(folder: Path) -> None:
    """`after.txt`, to the byte."""
    assert _fixed(folder, "Dockerfile").text == (folder / "after.txt").read_text(encoding="utf-8")


def test_the_build_command(folder: Path) -> None:
    """`command.txt`, as it is printed."""
    result = _fixed(folder, "Dockerfile")
    (command,) = build_commands(FileReport(str(result.source.path), result, "", written=False))
    assert f"{command.text}\n" == (folder / "command.txt").read_text(encoding="utf-8")


def test_a_second_run_changes_nothing(folder: Path) -> None:
    """Rule 16."""
    assert not _fixed(folder, "after.txt").changed


def test_a_walk_finds_one_dockerfile(folder: Path) -> None:
    """Nothing beside the example may look like another one."""
    assert [path.name for path in folder.rglob("*") if DOCKERFILE.fullmatch(path.name)] == ["Dockerfile"]


def test_the_readme_shows_the_commands(folder: Path) -> None:
    """The two lines to paste: the tool's, and the build the tool prints."""
    readme = (folder / "README.md").read_text(encoding="utf-8")
    path = (folder / "Dockerfile").relative_to(REPOSITORY).as_posix()
    command = (folder / "command.txt").read_text(encoding="utf-8").strip()
    assert f"    dockerfix {path}\n    {command}\n" in readme


def _fixed(folder: Path, name: str) -> Result:
    path = PurePosixPath((folder / "Dockerfile").relative_to(REPOSITORY).as_posix())
    text = (folder / name).read_text(encoding="utf-8")
    settings = Configurations(Options()).of(folder).settings
    subject = Subject(folder / "Dockerfile", str(path), settings, content=text.encode())
    (tree,) = run([subject], Repositories(), Workers())
    if not tree.groups:  # nothing is said of it
        return Result(Source(path, text), text, ())
    (looked,) = tree.groups[0].dockerfiles
    assert isinstance(looked.result, Result)
    return looked.result
