"""Files and folders that a run may not write: their group is left alone, the others are written, and the message says why."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command import COMMAND, ENVIRONMENT, REPOSITORY

from .services import contents, repository, written

# root writes everywhere but where it has laid that down
BOUND = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"] if os.geteuid() == 0 else []
pytestmark = pytest.mark.skipif(bool(BOUND) and shutil.which("setpriv") is None, reason="root may write everywhere")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository of two services."""
    return repository(tmp_path / "repository", 2)


def write(folder: Path, **variables: str) -> tuple[int, str]:
    """The code and what is said of a run that may only what the modes of files let it."""
    command = [*BOUND, *COMMAND, "--write", "--quiet"]
    environment = ENVIRONMENT | {"PYTHONPATH": str(REPOSITORY)} | variables
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)
    return done.returncode, done.stderr.decode()


def first_is_old(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, bytes]:
    """The files, where only the second service's are new."""
    return {path: (before if path.startswith("services/s00/") else after)[path] for path in before}


def test_a_read_only_file(folder: Path, tmp_path: Path) -> None:
    before, after = contents(folder), written(tmp_path / "written", folder)
    (folder / "services/s00/build.sh").chmod(0o444)
    code, said = write(folder)
    assert (code, said) == (3, "error: services/s00/build.sh: the file is read-only: it is left alone\n")
    assert contents(folder) == first_is_old(before, after)


def test_a_read_only_folder(folder: Path, tmp_path: Path) -> None:
    before, after = contents(folder), written(tmp_path / "written", folder)
    (folder / "services/s00").chmod(0o555)
    code, said = write(folder)
    (folder / "services/s00").chmod(0o755)
    assert (code, said) == (3, "error: services/s00/Dockerfile: Permission denied\n")
    assert contents(folder) == first_is_old(before, after)


@pytest.mark.parametrize("has_a_home", [True, False], ids=["the user's own folder has it", "the tree has it"])
def test_git_s_folder_takes_no_journal(folder: Path, tmp_path: Path, *, has_a_home: bool) -> None:
    """It goes elsewhere, and nothing stays there."""
    after = written(tmp_path / "written", folder)
    state = tmp_path / "state"
    state.mkdir(mode=0o755 if has_a_home else 0o555)
    (folder / ".git").chmod(0o555)
    assert write(folder, XDG_STATE_HOME=str(state)) == (0, "")
    assert contents(folder) == after
    assert [path.name for path in state.rglob("*")] == (["dockerfix"] if has_a_home else [])


def test_nowhere_to_note_anything(folder: Path, tmp_path: Path) -> None:
    before = contents(folder)
    (folder / ".git").chmod(0o555)
    folder.chmod(0o555)
    (tmp_path / "state").mkdir(mode=0o555)
    code, said = write(folder, XDG_STATE_HOME=str(tmp_path / "state"))
    folder.chmod(0o755)
    assert code == 3
    assert said == "".join(f"error: services/s{number:02}/Dockerfile: Permission denied\n" for number in range(2))
    assert contents(folder) == before
