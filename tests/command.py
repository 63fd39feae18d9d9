"""The command as a user has it: a process of its own, in an environment without anything of this machine's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "codemod")
# what would change the output, or the width that help is wrapped to
LEFT_OUT = frozenset({"NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "CI", "PYTHONWARNINGS"})
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in LEFT_OUT} | {"LC_ALL": "C.UTF-8", "COLUMNS": "80"}


def dockerfix(
    *arguments: str | Path, cwd: Path = REPOSITORY, stdin: bytes = b"", variables: dict[str, str] | None = None, merged: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end; with `merged`, stderr comes into stdout, as on a terminal."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merged else subprocess.PIPE,
        env=ENVIRONMENT | (variables or {}),
        check=False,
    )
