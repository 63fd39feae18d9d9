"""The process inside the namespace: it is sent builds, runs them, and answers with what was seen."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from .namespace import isolate
from .run import BIN, HOME, PIPES, ROOT, TIMED_OUT, WORK, Build, Call, LeftFile, Outcome, Run
from .stand_ins import REAL, SCRIPTS, SHELLS

LOG = Path(ROOT, "log")
STAND_INS = Path(ROOT, "stand-ins")
SECRETS = Path(ROOT, "secrets")
STAGES = Path(ROOT, "stages")
FILES = (WORK, HOME)
SHEBANG = re.compile(r"#!\s*(\S+)")
EQUIPPED: dict[str, str] = {}


def main() -> None:
    """First None or why it cannot be done, then an answer for every build."""
    real = {name: path for name in REAL if (path := shutil.which(name))}
    # A shape that prints to fd 1 must not write into our answers.
    answers = os.fdopen(os.dup(1), "wb")
    try:
        isolate()
    except OSError as error:
        _send(answers, str(error))
        return
    _furnish(real)
    _send(answers, None)
    while True:
        try:
            build = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        _send(answers, _answer(build))


def _answer(build: Build) -> tuple[Outcome, ...] | Exception:
    """A mistake of ours is raised where the test is."""
    try:
        return _perform(build)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
        return error


def _send(answers: BinaryIO, answer: object) -> None:
    pickle.dump(answer, answers)
    answers.flush()


def _furnish(real: dict[str, str]) -> None:
    os.umask(0o022)
    Path(BIN).mkdir()
    STAND_INS.mkdir()
    for name, text in SCRIPTS.items():
        (STAND_INS / name).write_text(text)
        (STAND_INS / name).chmod(0o755)
        Path(BIN, name).symlink_to(STAND_INS / name)
    for name, path in real.items():
        Path(BIN, name).symlink_to(path)


def _perform(build: Build) -> tuple[Outcome, ...]:
    for folder in (*FILES, PIPES, "/tmp", STAGES):
        _empty(Path(folder), 0o777)
    _equip(build)
    outcomes: list[Outcome] = []
    for before, run in zip((None, *build.runs), build.runs, strict=False):
        _change_stage(before, run)
        outcomes.append(_outcome(run, build))
        if outcomes[-1].status != 0:
            break
    return tuple(outcomes)


def _change_stage(before: Run | None, run: Run) -> None:
    """A stage starts with the files of the one that it is FROM, or with none."""
    if before is None or before.stages == run.stages:
        return
    kept = STAGES / str(before.stages[0])
    kept.mkdir()
    parent = next((number for number in run.stages if (STAGES / str(number)).exists()), None)
    for folder in FILES:
        shutil.move(folder, kept)
        if parent is None:
            _empty(Path(folder), 0o777)
        else:
            subprocess.run(("cp", "-a", STAGES / str(parent) / Path(folder).name, folder), check=True)


def _equip(build: Build) -> None:
    """Only this build's shell and recorders are on the PATH, beside what always is."""
    wanted = dict.fromkeys(build.commands, str(STAND_INS / "recorder")) | dict.fromkeys(SHELLS, build.shell)
    for name, _ in EQUIPPED.items() - wanted.items():
        Path(BIN, name).unlink()
    for name, target in wanted.items() - EQUIPPED.items():
        Path(BIN, name).symlink_to(target)
    EQUIPPED.clear()
    EQUIPPED.update(wanted)


def _empty(folder: Path, mode: int) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(mode)
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            Path(entry.path).unlink()


def _outcome(run: Run, build: Build) -> Outcome:
    if run.missing:
        return Outcome(run.line, f"secret {run.missing}: not found")
    _empty(LOG, 0o777)
    (LOG / "order").touch()
    (LOG / "order").chmod(0o666)
    _place(run)
    status, stdout, stderr = _execute(run, build)
    for path in (*(secret.path for secret in run.files), *(run.script or ())[:1]):
        Path(path).unlink(missing_ok=True)  # one id can be mounted twice
    shutil.rmtree(SECRETS, ignore_errors=True)
    return Outcome(run.line, status, _text(stdout), _text(stderr), _calls(), _left())


def _place(run: Run) -> None:
    for secret in run.files:
        path = Path(secret.path)
        if not path.is_relative_to(ROOT):
            raise NotImplementedError(f"a secret at {path}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.fsencode(secret.content))
        path.chmod(secret.mode)
        os.chown(path, secret.uid, secret.gid)
    if run.script:
        script = Path(run.script[0])
        script.write_bytes(os.fsencode(SHEBANG.sub(lambda found: f"#!{_program(found[1])}", run.script[1], count=1)))
        script.chmod(0o755)


def _program(path: str) -> str:
    """What stands for the program at a path of the image: /bin/sh is this build's, others are ours where this machine has none."""
    ours = Path(BIN, Path(path).name)
    return str(ours) if path.startswith("/") and ours.exists() and (path == "/bin/sh" or not Path(path).exists()) else path


def _execute(run: Run, build: Build) -> tuple[int | str, bytes, bytes]:
    try:
        process = _started(run)
    except FileNotFoundError as error:
        return f"cannot be started: {error}", b"", b""
    # Ends when the last process that holds the output does, so what runs in the background is seen as well.
    try:
        stdout, stderr = process.communicate(timeout=build.timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return TIMED_OUT, *process.communicate()
    return process.returncode, stdout, stderr


def _started(run: Run) -> subprocess.Popen[bytes]:
    folder = Path(WORK, run.folder.lstrip("/"))
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o777)
    return subprocess.Popen(
        run.argv,
        executable=_program(run.argv[0]),
        env=run.env,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # Python cannot vfork to another user, so only where it must.
        user=run.uid or None,
        group=run.gid or None,
        extra_groups=[] if run.uid else None,
    )


def _calls() -> tuple[Call, ...]:
    return tuple(_call(key) for key in (LOG / "order").read_text().splitlines())


def _call(key: str) -> Call:
    environ = (entry.partition("=") for entry in _fields(key, "environ"))
    return Call(
        name=key.partition("-")[2],
        argv=_fields(key, "argv"),
        stdin=_text(_bytes(key, "stdin")),
        environ=tuple((name, value) for name, _, value in environ),
    )


def _fields(key: str, kind: str) -> tuple[str, ...]:
    return tuple(map(_text, _bytes(key, kind).split(b"\0")[:-1]))


def _bytes(key: str, kind: str) -> bytes:
    path = LOG / f"{key}.{kind}"
    return path.read_bytes() if path.exists() else b""


def _left() -> tuple[LeftFile, ...]:
    paths = sorted(path for folder in FILES for path in Path(folder).rglob("*"))
    return tuple(_left_file(path) for path in paths)


def _left_file(path: Path) -> LeftFile:
    stat = path.lstat()
    return LeftFile(str(path), stat.st_mode, stat.st_uid, _content(path))


def _content(path: Path) -> str:
    if path.is_symlink():
        return str(path.readlink())
    return _text(path.read_bytes()) if path.is_file() else ""


def _text(data: bytes) -> str:
    return os.fsdecode(data)


if __name__ == "__main__":
    main()
