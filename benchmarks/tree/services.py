"""A service of the monorepo: its folder, its Dockerfile, and the secret that this takes."""

from __future__ import annotations

from dataclasses import dataclass

from .ecosystems import Ecosystem
from .leaks import Leak


@dataclass(frozen=True, slots=True)
class Service:
    """`folder`, `dockerfile` and `context` are paths from the root; `leak` is None where nothing is wrong with it."""

    team: str
    name: str
    folder: str
    dockerfile: str
    context: str
    ecosystem: Ecosystem
    leak: Leak | None = None

    @property
    def passed(self) -> tuple[str, ...]:
        """The build args that its callers have to pass."""
        return self.leak.names if self.leak is not None and "ARG" in self.leak.lines else ()

    @property
    def file(self) -> str:
        """The Dockerfile, from the folder."""
        return self.dockerfile.removeprefix(f"{self.folder}/")

    @property
    def around(self) -> str:
        """The context, from the folder."""
        return "." if self.context == self.folder else "/".join([".."] * len(self.folder.split("/")))

    @property
    def image(self) -> str:
        """What the image is called."""
        return f"registry.example.com/harbour/{self.team}-{self.name}"
