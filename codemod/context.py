"""Stub until the real one is merged."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.dockerfile.nodes import Dockerfile, Instruction, Stage
from codemod.shell import Command


@dataclass(frozen=True, slots=True)
class Mention:
    path: str
    line: int
    demands: bool = False

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class WrittenMention:
    path: str
    line: int
    demands: bool
    instruction: Instruction


def reads(command: Command, path: str) -> bool:
    return True


def arrives(dockerfile: Dockerfile, stage: Stage, run: Instruction, path: str) -> bool:
    return True


def written(dockerfile: Dockerfile, name: str) -> tuple[WrittenMention, ...]:
    return ()


def is_configuration(path: str) -> bool:
    return path.endswith((".npmrc", "pip.conf", ".yarnrc.yml"))
