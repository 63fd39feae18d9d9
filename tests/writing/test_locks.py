"""Who may write at the same time: runs in trees that have nothing to do with each other."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Collection
from pathlib import Path

import pytest

from codemod import locks
from codemod.locks import held
from tests.command import REPOSITORY


class WouldWaitError(Exception):
    """What is said where a run waits, for tests that do not."""


def refuse(said: str) -> None:
    raise WouldWaitError(said)


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    for folder in ("a/b/c", "a/d", "ab"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


# the roots of one run, those of another, whether both may write
PAIRS: dict[str, tuple[Collection[str], Collection[str], bool]] = {
    "the same": (["a"], ["a"], False),
    "one in the other": (["a"], ["a/b"], False),
    "one around the other": (["a/b"], ["a"], False),
    "deep in the other": (["a"], ["a/b/c"], False),
    "side by side": (["a/b"], ["a/d"], True),
    "names that begin alike": (["a"], ["ab"], True),
    "one of several": (["a/b", "ab"], ["a/d", "ab"], False),
    "several that are others": (["a/b/c", "ab"], ["a/d"], True),
    "one that is part of another of the same run": (["a", "a/b"], ["a/d"], False),
    "none": ([], ["a"], True),
}


@pytest.mark.parametrize(("one", "other", "both"), PAIRS.values(), ids=PAIRS)
def test_who_may_write(trees: Path, one: Collection[str], other: Collection[str], *, both: bool) -> None:
    with held({trees / path for path in one}, refuse):
        if both:
            with held({trees / path for path in other}, refuse):
                pass
        else:
            with (
                pytest.raises(WouldWaitError, match=r"Waiting for another run that writes to .* …"),
                held({trees / path for path in other}, refuse),
            ):
                pass
    with held({trees / path for path in other}, refuse):  # it ends with the run, and with a wait that is given up
        pass


def test_more_trees_than_a_process_may_have_open(trees: Path) -> None:
    """They are locked as one."""
    roots = {trees / "a" / f"{number}" for number in range(2000)}
    for root in roots:
        root.mkdir()
    with held(roots, refuse):
        with pytest.raises(WouldWaitError), held({trees / "a" / "1234"}, refuse):
            pass
        with held({trees / "ab"}, refuse):
            assert len([*Path("/dev/fd").iterdir()]) < 200


def test_one_waits_for_the_other(trees: Path) -> None:
    said: list[str] = []
    begun, ended = threading.Event(), threading.Event()

    def say(line: str) -> None:
        said.append(line)
        begun.set()

    def wait() -> None:
        with held({trees / "a"}, say):
            ended.set()

    with held({trees / "a"}, refuse):
        thread = threading.Thread(target=wait)
        thread.start()
        assert begun.wait(60)
        assert not ended.is_set()
    thread.join()
    assert ended.is_set()
    assert said == [f"Waiting for another run that writes to {trees / 'a'} …"]


def test_what_a_child_lets_go_its_parent_keeps(trees: Path) -> None:
    """As in a process that was forked: the same lock under another number, closed."""
    with held({trees / "a"}, refuse):
        descriptors = {number: os.dup(number) for number in locks._held}  # noqa: SLF001  (what only a fork calls)
        locks._let_go()  # noqa: SLF001  (…)
        with pytest.raises(WouldWaitError), held({trees / "a"}, refuse):
            pass
        for number, copy in descriptors.items():
            os.dup2(copy, number)
            os.close(copy)


def test_it_leaves_nothing_behind(trees: Path) -> None:
    before = sorted(trees.rglob("*"))
    with held({trees / "a"}, refuse):
        assert sorted(trees.rglob("*")) == before


def test_a_folder_that_cannot_be_opened_is_left_out(trees: Path) -> None:
    with held({trees / "nothing"}, refuse), held({trees / "nothing"}, refuse):
        pass


def test_a_file_system_without_locks(trees: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", unknown)
    with held({trees / "a"}, refuse), held({trees / "a"}, refuse):
        pass


CHILD = """
import os, sys, time
from pathlib import Path
from codemod.locks import held
with held({Path(sys.argv[1])}, print):
    if os.fork() == 0:
        print("ready", flush=True)
        time.sleep(60)
        os._exit(0)
    time.sleep(60)
"""


def test_a_child_of_a_run_that_was_killed_has_no_lock(trees: Path) -> None:
    """A process of a pool may outlive it."""
    command = [sys.executable, "-c", CHILD, str(trees / "a")]
    variables = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=variables, start_new_session=True) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        with pytest.raises(WouldWaitError), held({trees / "a"}, refuse):
            pass
        process.kill()
        process.wait()
        with held({trees / "a"}, refuse):
            pass
        os.killpg(process.pid, 9)
