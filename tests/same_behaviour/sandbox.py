"""The sandbox, seen from the test: a process in a namespace of its own that runs builds."""

from __future__ import annotations

import functools
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

from .run import Build, Outcome


@functools.cache
def shells() -> dict[str, str]:
    """What can be `/bin/sh` here: dash, bash (POSIX mode, as it is called sh), and busybox where there is one."""
    found = {name: shutil.which(name) for name in ("dash", "bash", "busybox")}
    return {name: path for name, path in found.items() if path}


def perform(build: Build) -> tuple[Outcome, ...]:
    """Run the build up to its first failure."""
    process, unavailable = _started()
    if unavailable:
        raise RuntimeError(unavailable)
    assert process.stdin
    assert process.stdout
    pickle.dump(build, process.stdin)
    process.stdin.flush()
    answer: tuple[Outcome, ...] | Exception = pickle.load(process.stdout)
    if isinstance(answer, Exception):
        raise answer
    return answer


def unavailable() -> str | None:
    """Why nothing can be run here, if so."""
    return _started()[1]


@functools.cache
def _started() -> tuple[subprocess.Popen[bytes], str | None]:
    """One for each test process; it ends when its input does, with us."""
    package = __package__ or ""
    top = Path(__file__).resolve().parents[package.count(".") + 1]
    process = subprocess.Popen(
        [sys.executable, "-m", f"{package}.inside"],
        env=os.environ | {"PYTHONPATH": str(top)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    try:
        reason: str | None = pickle.load(process.stdout)
    except EOFError:
        return process, "the sandbox does not start"
    return process, reason
