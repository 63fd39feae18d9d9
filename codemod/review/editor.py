"""The person's own editor, on a text that is to be written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from types import FrameType

VARIABLES = ("VISUAL", "EDITOR")
USUAL = "vi"
STDERR = 2


class EditorError(Exception):
    """The editor was not there, or gave up; the message says so."""


def edited(path: PurePosixPath, text: str) -> str:
    """The text after editing. It has the file's name, which tells an editor what it is, and a folder that nobody else can read.

    Raises EditorError.
    """
    with TemporaryDirectory(prefix="dockerfix-") as folder:
        file = Path(folder, path.name)
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        _run(_command(), file)
        try:
            return file.read_bytes().decode("utf-8", "surrogateescape")
        except OSError as error:
            raise EditorError(f"what was edited cannot be read: {error.strerror}") from None


def _command() -> str:
    return next((value for name in VARIABLES if (value := os.environ.get(name, "").strip())), USUAL)


def _run(command: str, file: Path) -> None:
    """Run it as git does: a shell takes the variable apart, so it may have arguments and quotes."""
    # the shell is to live as long as the editor, which may have its own use for Ctrl-C
    words = ["/bin/sh", "-c", f'trap : INT; {command} "$@"', command, str(file)]
    # answers that come through a pipe are none of its business, and stdout is the product's
    answers = None if sys.stdin.isatty() else subprocess.DEVNULL
    before = signal.signal(signal.SIGINT, _left_to_the_editor)
    try:
        status = subprocess.run(words, stdin=answers, stdout=STDERR, check=False).returncode  # noqa: S603  (the user's own command)
    finally:
        signal.signal(signal.SIGINT, before)
    if status:
        raise EditorError(f"{command} ended with {f'signal {-status}' if status < 0 else f'status {status}'}")


def _left_to_the_editor(number: int, frame: FrameType | None) -> None:
    """Ctrl-C while it is open. Ignored signals would be for what is started as well; handlers are not."""
