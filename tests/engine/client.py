"""The Docker Engine the tests build on: found, started where it can be, and called."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
STARTER = REPOSITORY.parent / "shared" / "engine" / "engine"


@dataclass(frozen=True, slots=True)
class Engine:
    """How to reach one engine; every call is a `docker` process with this environment."""

    environment: Mapping[str, str] = field(repr=False)

    def docker(self, *words: str, check: bool = True) -> str:
        """Run one docker command and give back what it printed."""
        return self.shell(shlex.join(("docker", *words)), check=check).stdout

    def shell(
        self,
        command: str,
        *,
        folder: Path = REPOSITORY,
        variables: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command line as a person would paste it: printed commands are tested as text, not as argv."""
        done = subprocess.run(
            ("sh", "-c", command),
            cwd=folder,
            env={**self.environment, **(variables or {})},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if check and done.returncode != 0:
            message = f"exit {done.returncode}: {command}\n{done.stdout}{done.stderr}"
            raise AssertionError(message)
        return done


def find_engine() -> Engine | None:
    """The engine DOCKER_HOST names, the one this machine has, or the one `shared/engine` starts; else none."""
    if not os.environ.get("DOCKER_HOST") and STARTER.exists():
        subprocess.run((STARTER, "up"), capture_output=True, check=False)
        engine = Engine({**os.environ, **_exported(_output(STARTER, "env"))})
    else:
        engine = Engine(dict(os.environ))
    return engine if _answers(engine) else None


def _answers(engine: Engine) -> bool:
    """Whether the daemon is there and `docker build` is BuildKit: secret mounts exist nowhere else."""
    reached = engine.shell("docker version && docker buildx version", check=False)
    return reached.returncode == 0


def _output(*words: str | Path) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def _exported(script: str) -> dict[str, str]:
    """The variables of `export A=1 B=2` lines."""
    words = (word for line in script.splitlines() for word in shlex.split(line)[1:])
    return dict(word.split("=", 1) for word in words)
