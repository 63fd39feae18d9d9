"""In docker's place: a program that looks up what it is passed, as docker does, and writes it down."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# What a build gets: of a build arg, nothing where its variable is not set; of a secret an error, but for env=V (an empty one).
SCRIPT = r"""#!/bin/sh
while [ $# -gt 0 ]; do
    case $1 in
        --build-arg|--secret) kind=$1; shift; given=$1 ;;
        --build-arg=*|--secret=*) kind=${1%%=*}; given=${1#*=} ;;
        *) shift; continue ;;
    esac
    shift
    case $kind,$given in
        --build-arg,*=*) printf '%s=%s\n' "${given%%=*}" "${given#*=}" >> "$RECORD" ;;
        --build-arg,*) value=$(printenv "$given") && printf '%s=%s\n' "$given" "$value" >> "$RECORD" ;;
        --secret,id=*,env=*) id=${given#id=}; printf '%s=%s\n' "${id%%,*}" "$(printenv "${given##*,env=}")" >> "$RECORD" ;;
        --secret,id=*) value=$(printenv "${given#id=}") || { echo "failed to stat ${given#id=}" >&2; exit 1; }
            printf '%s=%s\n' "${given#id=}" "$value" >> "$RECORD" ;;
    esac
done
"""
BUILDERS = ("docker", "podman")


def install(folder: Path) -> Path:
    """A folder for PATH that has it by the builders' names."""
    folder.mkdir()
    for name in BUILDERS:
        program = folder / name
        program.write_text(SCRIPT)
        program.chmod(0o755)
    return folder


def recorded(command: Sequence[str], folder: Path, programs: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """What the builds that `command` starts in `folder` get, by name."""
    record = folder / "record"
    record.unlink(missing_ok=True)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(command, cwd=folder, env={"PATH": path, "RECORD": str(record), **environment}, check=False, capture_output=True)
    lines = record.read_text().splitlines() if record.exists() else []
    return dict(line.split("=", 1) for line in lines)
