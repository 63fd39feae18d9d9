"""A mount namespace of our own: /run and /tmp are private, everything else is read-only, the network is gone."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

NEW_MOUNTS = 0x00020000
NEW_NETWORK = 0x40000000
READ_ONLY = 1
NO_SUID, NO_DEV, NO_EXEC = 2, 4, 8
REMOUNT, BIND, RECURSIVE, PRIVATE = 1 << 5, 1 << 12, 1 << 14, 1 << 18
FLAGS = {"nosuid": NO_SUID, "nodev": NO_DEV, "noexec": NO_EXEC, "noatime": 1 << 10, "relatime": 1 << 21}
# A RUN may write here, or the kernel owns it.
LEFT_ALONE = ("/run", "/tmp", "/proc", "/sys", "/dev")

LIBC = ctypes.CDLL(None, use_errno=True)


def isolate() -> None:
    """Only this process and its children see what follows; it ends with them."""
    _checked("unshare", LIBC.unshare(NEW_MOUNTS | NEW_NETWORK))
    _mount("none", "/", "", RECURSIVE | PRIVATE)
    for folder in ("/run", "/tmp"):
        _mount("tmpfs", folder, "tmpfs", 0)
    Path("/tmp").chmod(0o1777)
    _without_profile()
    for target, flags in _mounts():
        if not any(target == folder or target.startswith(folder + "/") for folder in LEFT_ALONE):
            _mount("none", target, "", REMOUNT | BIND | READ_ONLY | flags)


def _without_profile() -> None:
    """`bash -l` would take the recorders off the PATH."""
    if Path("/etc/profile").exists():
        Path("/run/profile").touch()
        _mount("/run/profile", "/etc/profile", "", BIND)


def _mounts() -> list[tuple[str, int]]:
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [_mount_line(line.split()) for line in lines]


def _mount_line(fields: list[str]) -> tuple[str, int]:
    target = fields[4].encode().decode("unicode_escape")
    return target, sum(FLAGS.get(option, 0) for option in fields[5].split(","))


def _mount(source: str, target: str, kind: str, flags: int) -> None:
    arguments = [text.encode() for text in (source, target, kind)]
    _checked(f"mount {target}", LIBC.mount(*arguments, ctypes.c_ulong(flags), None))


def _checked(what: str, result: int) -> None:
    if result:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
