"""What is run and what is seen: the values that pass between the model, the sandbox and the comparison."""

from __future__ import annotations

from dataclasses import dataclass, field

# All of it lies on a tmpfs that only the sandbox sees, so paths are the same in every process and for both files.
ROOT = "/run"
BIN = f"{ROOT}/bin"
WORK = f"{ROOT}/work"
HOME = f"{ROOT}/home"
PIPES = f"{ROOT}/pipes"
# The status of a RUN that had to be ended.
TIMED_OUT = "timed out"


@dataclass(frozen=True)
class SecretFile:
    """A secret as BuildKit shows it to a RUN."""

    path: str
    content: str = field(repr=False)
    mode: int
    uid: int
    gid: int


@dataclass(frozen=True)
class SecretMount:
    """`--mount=type=secret`, read."""

    id: str
    path: str | None
    env: str | None
    required: bool
    mode: int
    uid: int
    gid: int


@dataclass(frozen=True)
class Run:
    """One RUN as BuildKit would start it."""

    line: int
    argv: tuple[str, ...]
    env: dict[str, str] = field(repr=False)
    uid: int
    gid: int
    mounts: tuple[SecretMount, ...] = ()
    files: tuple[SecretFile, ...] = ()
    # A heredoc with a shebang is a file that the shell starts.
    script: tuple[str, str] | None = None
    # The id of a required secret that nobody gave: the build ends here.
    missing: str | None = None
    # WORKDIR, as it is in the image.
    folder: str = "/"
    # The number of its stage, and of those that it is FROM, nearest first: whose files it finds.
    stages: tuple[int, ...] = (0,)

    @property
    def text(self) -> str:
        """All that a shell will read of it."""
        return " ".join(self.argv) + (self.script[1] if self.script else "")


@dataclass(frozen=True)
class Build:
    """RUNs in order, the program that is `/bin/sh`, and the names that are recorders."""

    runs: tuple[Run, ...]
    shell: str
    commands: frozenset[str]
    # Seconds that each RUN has.
    timeout: float


@dataclass(frozen=True)
class Call:
    """One command that a recorder saw."""

    name: str
    argv: tuple[str, ...]
    stdin: str
    environ: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True)
class LeftFile:
    """A file that a RUN left behind."""

    path: str
    mode: int
    uid: int
    content: str


@dataclass(frozen=True)
class Outcome:
    """What one RUN did."""

    line: int
    status: int | str
    stdout: str = ""
    stderr: str = ""
    calls: tuple[Call, ...] = ()
    files: tuple[LeftFile, ...] = ()
