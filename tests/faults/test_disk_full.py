"""A disk that gets full while a run writes: each group is old or new, nothing is left, and the message says why."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command import COMMAND, ENVIRONMENT, REPOSITORY, dockerfix

from .services import contents, is_half, repository, written

SERVICES = 3
NAMES = [f"services/s{number:02}" for number in range(SERVICES)]
# what is free, in pages of 4 KiB and in names for files: from no room for a journal to room for all
PAGES = (0, 2, 4, 60)
INODES = (0, 3, 5, 60)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run said and left, on a disk that was too small."""

    code: int
    said: str
    found: dict[str, bytes]
    journals: tuple[Path, ...]


def mounts() -> bool:
    """Whether this machine lets us have a file system of our own."""
    tried = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return shutil.which("unshare") is not None and subprocess.run(tried, check=False, capture_output=True).returncode == 0


needs_mounts = pytest.mark.skipif(not mounts(), reason="only root may mount a small disk")


def on_a_small_disk(repository: Path, folder: Path, *, limit: str, fill: str) -> Outcome:
    """The run, on a copy of the repository on a file system that nobody else sees; it goes when the process does."""
    folder.mkdir()
    (folder / "disk").mkdir()
    script = f"""
        mount -t tmpfs -o size=1m,{limit} tmpfs disk || exit 98
        cp -a {shlex.quote(str(repository))} disk/repository && cd disk/repository || exit 99
        {fill}
        {shlex.join([*COMMAND, "--write", "--quiet"])} > ../../stdout 2> ../../stderr
        code=$?
        rm -rf .git/filling
        cp -a . ../../repository
        exit $code"""
    variables = ENVIRONMENT | {"PYTHONPATH": str(REPOSITORY), "XDG_STATE_HOME": f"{folder}/disk/state", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script], cwd=folder, env=variables, check=False)
    journals = (*(folder / "repository").rglob("*journal*"),)
    return Outcome(done.returncode, (folder / "stderr").read_text(), contents(folder / "repository"), journals)


def assert_it_is_whole(outcome: Outcome, before: dict[str, bytes], after: dict[str, bytes]) -> int:
    """How many groups are new; the code and the message are about the others."""
    assert outcome.found.keys() == before.keys()
    assert outcome.journals == ()
    assert not any(is_half(outcome.found, before, after, name) for name in NAMES)
    new = [name for name in NAMES if outcome.found[f"{name}/Dockerfile"] == after[f"{name}/Dockerfile"]]
    expected = [f"error: {name}/" for name in NAMES if name not in new]
    said = outcome.said.splitlines()
    assert len(said) == len(expected)
    assert all(line.startswith(start) and line.endswith(": No space left on device") for line, start in zip(said, expected, strict=True))
    assert outcome.code == (3 if expected else 0)
    return len(new)


@needs_mounts
@pytest.mark.parametrize(
    ("free", "limit", "fill"),
    [
        (PAGES, "nr_inodes=0", "dd if=/dev/zero of=.git/filling bs=4k count=512 2> /dev/null; truncate -c -s -{size} .git/filling"),
        (INODES, "nr_inodes=400", "mkdir .git/filling; i=0; while touch .git/filling/$i 2> /dev/null; do i=$((i + 1)); done; {remove}"),
    ],
    ids=["no room", "no names"],
)
def test_a_disk_that_gets_full(tmp_path: Path, free: tuple[int, ...], limit: str, fill: str) -> None:
    folder = repository(tmp_path / "repository", SERVICES)
    before, after = contents(folder), written(tmp_path / "written", folder)
    counts = []
    for amount in free:
        filled = fill.format(size=4096 * amount, remove=f"for n in $(seq {amount}); do rm .git/filling/$((i - n)); done")
        outcome = on_a_small_disk(folder, tmp_path / f"{amount}", limit=limit, fill=filled)
        counts.append(assert_it_is_whole(outcome, before, after))
        again = tmp_path / f"{amount}" / "repository"
        assert dockerfix("--write", "--quiet", cwd=again).returncode == 0
        assert contents(again) == after
    assert counts[0] == 0
    assert counts[-1] == SERVICES
    assert counts == sorted(counts)
