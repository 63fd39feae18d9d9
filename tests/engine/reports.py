"""What a case's `report.txt` says of each of its Dockerfiles: the secrets, the command to build with, and what stays."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

FINDING = re.compile(r"(?P<path>\S+):\d+: (?P<name>\S+) (?P<words>.*)")
MOVED = re.compile(r"becomes the build secret (?P<id>[^\s:]+)(?P<optional> that a build may go without)?")
GONE = re.compile(r"is read by no RUN|is mounted as a secret already")
COMMAND = re.compile(r" {4}(.*\bdocker build .*)")
# … and what stands above one that is no caller's
OURS = "Build it with (the context "
# `Dockerfile:3: git-remote: git keeps the URL in /src/.git/config` of the image, `note: line 3: …` of another stage.
LEFTOVER = re.compile(r" {4}(?:\S+:\d+: [a-z-]+|note: line \d+): .*?\b(?:in|to) (?P<path>[~./][^\s,;]*)")
LOGGED = re.compile(r" {4}\S+:\d+: (?:printed|traced): ")


@dataclass(frozen=True, slots=True)
class Moved:
    """An ARG that goes; `id` is None where no secret takes its place."""

    name: str
    id: str | None
    required: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one Dockerfile that is rewritten."""

    command: str
    moved: tuple[Moved, ...]
    leftovers: tuple[str, ...]
    logged: bool

    def dockerfile(self) -> str:
        """The path of `-f`."""
        words = shlex.split(self.command)
        return words[words.index("-f") + 1]


def read_report(text: str) -> tuple[Told, ...]:
    """One for each Dockerfile with a command of ours, none of a caller's, in the order they are reported."""
    lines = text.splitlines()
    parts = (tuple(line for _, line in part) for _, part in groupby(_with_paths(lines), key=lambda pair: pair[0]))
    return tuple(told for part in parts for told in _told(part))


def _with_paths(lines: list[str]) -> list[tuple[str, str]]:
    """Each line with the Dockerfile it is about: the one that the last finding named."""
    path, paired = "", []
    for line in lines:
        found = FINDING.fullmatch(line)
        path = found["path"] if found else path
        paired.append((path, line))
    return paired


def _told(lines: tuple[str, ...]) -> Iterator[Told]:
    findings = [found for found in map(FINDING.fullmatch, lines) if found]
    ours = (line for above, line in pairwise(lines) if above.startswith(OURS))
    for command in filter(None, map(COMMAND.fullmatch, ours)):
        yield Told(
            command=command[1],
            moved=tuple(moved for found in findings if (moved := _moved(found["name"], found["words"]))),
            leftovers=tuple(found["path"] for found in map(LEFTOVER.match, lines) if found),
            logged=any(map(LOGGED.match, lines)),
        )


def _moved(name: str, words: str) -> Moved | None:
    if found := MOVED.match(words):
        return Moved(name, found["id"], required=not found["optional"])
    return Moved(name, None, required=False) if GONE.match(words) else None
