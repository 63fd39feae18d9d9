"""Shells that really run a script, with a recorder in docker's place: what a build gets as its build args and as its secrets."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SHELLS = {name: path for name in ("dash", "bash") if (path := shutil.which(name))}

# Each argument is looked at as docker does: a build arg with its value, or that of its environment; a secret from its environment,
# from a file (here without its last newline: a RUN reads it with `$(cat)`), or, without `env=` and `src=`, from the variable that has its
# name, which has to be there.
RECORDER = r"""#!/bin/sh
record() { printf '%s\037%s\037%s\036' "$1" "$2" "$3" >> "$RECORD"; }
record_variable() { eval "record $1 \"\$2\" \"\${$3-}\""; }
is_set() { eval "[ \"\${$1+x}\" = x ]"; }
build_arg() {
  case $1 in
    *=*) record arg "${1%%=*}" "${1#*=}" ;;
    *) if is_set "$1"; then record_variable arg "$1" "$1"; fi ;;
  esac
}
secret() {
  id= env= src=
  old=$IFS; IFS=,
  for part in $1; do
    case $part in id=*) id=${part#id=} ;; env=*) env=${part#env=} ;; src=*) src=${part#src=} ;; *) record error "$part" '' ;; esac
  done
  IFS=$old
  if [ -n "$src" ]; then
    if [ -r "$src" ]; then record secret "$id" "$(cat "$src")"; else record error "$id" 'no such file'; failed=1; fi
  elif [ -n "$env" ]; then record_variable secret "$id" "$env"
  elif is_set "$id"; then record_variable secret "$id" "$id"
  else record error "$id" 'failed to stat'; failed=1
  fi
}
record build "${0##*/}" ''
while [ $# -gt 0 ]; do
  case $1 in
    --build-arg) build_arg "$2"; shift ;;
    --build-arg=*) build_arg "${1#*=}" ;;
    --secret) secret "$2"; shift ;;
    --secret=*) secret "${1#*=}" ;;
    *) record word "$1" '' ;;
  esac
  shift
done
exit ${failed-0}
"""
# what stands between a shell and docker, as far as the environment goes
SUDO = r"""#!/bin/sh
keep=
while :; do
  case $1 in
    -E|--preserve-env) exec_all=1 ;;
    --preserve-env=*) keep="$keep $(printf %s "${1#*=}" | tr , ' ')" ;;
    -*) ;;
    *) break ;;
  esac
  shift
done
[ -n "${exec_all-}" ] && exec "$@"
for name in $keep; do eval "value=\${$name-}"; set -- "$name=$value" "$@"; done
exec env -i PATH="$PATH" RECORD="$RECORD" "$@"
"""
SSH = r"""#!/bin/sh
shift
if [ $# -gt 0 ]; then exec env -i PATH="$PATH" RECORD="$RECORD" sh -c "$*"; fi
exec env -i PATH="$PATH" RECORD="$RECORD" sh
"""
RETRY = '#!/bin/sh\nexec "$@"\n'
PROGRAMS = {
    **dict.fromkeys(("docker", "podman", "nerdctl", "depot", "buildah"), RECORDER),
    "sudo": SUDO,
    "ssh": SSH,
    "retry": RETRY,
    "vault": "#!/bin/sh\nprintf 'canary-of-vault-1 \"x\"\\n\\n'\n",
}


@dataclass(frozen=True)
class Recorded:
    """What one build got; where something is `missing`, docker would have stopped before it."""

    program: str
    words: tuple[str, ...]
    values: Mapping[str, str]
    missing: tuple[str, ...] = ()


def install(folder: Path) -> Path:
    """The programs, in a folder for PATH."""
    programs = folder / "bin"
    programs.mkdir()
    for name, text in PROGRAMS.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    return programs


def run(shell: str, script: str, folder: Path, environment: Mapping[str, str]) -> tuple[list[Recorded], str]:
    """What each build of a script got, and what the script wrote; `folder` has the programs."""
    path, record = folder / "script.sh", folder / "record"
    path.write_text(script)
    record.unlink(missing_ok=True)
    home = folder / "home"
    home.mkdir(exist_ok=True)
    (home / "key").write_text("canary-of-a-file-1\n")
    (folder / ".env").write_text("SOURCED='canary sourced 1'\n")
    variables = {"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "RECORD": str(record), "HOME": str(home), **environment}
    said = ended((SHELLS[shell], str(path), "canary-first 1", "second"), folder, variables)
    content = record.read_text() if record.exists() else ""
    return [*_builds(content)], said


def ended(command: tuple[str, ...], folder: Path, environment: Mapping[str, str]) -> str:
    """What a command says; nothing of what it starts is left when this returns."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=20)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return output.decode() + errors.decode()


def _builds(content: str) -> list[Recorded]:
    found: list[Recorded] = []
    for entry in content.split("\x1e")[:-1]:
        kind, name, value = entry.split("\x1f")
        if kind == "build":
            found.append(Recorded(name, (), {}))
            continue
        last = found[-1]
        words = (*last.words, name) if kind == "word" else last.words
        values = {**last.values, name: value} if kind in ("arg", "secret") else last.values
        missing = (*last.missing, name) if kind == "error" else last.missing
        found[-1] = Recorded(last.program, words, values, missing)
    return found
