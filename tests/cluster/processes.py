"""A real cluster, of processes of this machine that end with their test."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.command import COMMAND, ENVIRONMENT

PRELOAD = Path(__file__).with_name("preload.py")
LOCAL = ("--host", "127.0.0.1", "--no-dashboard")
PATIENCE = 30  # seconds, for what takes two on an idle machine


def until(holds: Callable[[], Any], what: str) -> None:
    """Wait for something; an AssertionError where it does not come."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


class LocalCluster:
    """A scheduler and its workers, each a process of one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.address = folder, ""
        self._stack = ExitStack()
        self.scheduler: subprocess.Popen[bytes]

    def __enter__(self) -> LocalCluster:  # noqa: PYI034  (Self is of Python 3.11)
        file = self.folder / "scheduler.json"
        self.scheduler = self.start("scheduler", "--port", "0", "--scheduler-file", str(file), "--idle-timeout", "300")
        until(lambda: file.exists() and file.read_bytes().endswith(b"}"), "the scheduler does not start")
        self.address = json.loads(file.read_bytes())["address"]
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, kind: str, *arguments: str, variables: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a process of the cluster; it is killed in the end."""
        log = self._stack.enter_context((self.folder / f"{kind}-{time.monotonic_ns()}.log").open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", kind, *LOCAL, *arguments],
            cwd=self.folder,
            env=ENVIRONMENT | {"PYTHONPATH": str(PRELOAD.parents[2])} | dict(variables or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process

    def worker(self, name: str, variables: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a worker. `ready` waits for it."""
        own = ("--no-nanny", "--nthreads", "1", "--name", name, "--preload", str(PRELOAD), "--local-directory", name)
        return self.start("worker", self.address, *own, "--death-timeout", "60", variables=variables)

    def ready(self, *names: str) -> None:
        """Wait until the scheduler knows the workers."""
        self.ask(f"c.wait_for_workers({len(names)}, timeout={PATIENCE})")

    def ask(self, code: str) -> Any:
        """What a client `c` of its own answers to an expression."""
        program = f"import json, distributed\nwith distributed.Client({self.address!r}) as c: print(json.dumps({code}))"
        asked = subprocess.run([sys.executable, "-W", "ignore", "-c", program], env=ENVIRONMENT, stdout=subprocess.PIPE, check=True)
        return json.loads(asked.stdout)

    @property
    def option(self) -> tuple[str, str]:
        """What has the command use it."""
        return "--dask", self.address

    def logs(self) -> str:
        """All that the processes have said."""
        return "".join(file.read_text(encoding="utf-8") for file in sorted(self.folder.glob("*.log")))


def started(*arguments: str, cwd: Path) -> subprocess.Popen[bytes]:
    """The command, on its way."""
    return subprocess.Popen([*COMMAND, *arguments], cwd=cwd, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
