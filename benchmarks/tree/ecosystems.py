"""How services of each ecosystem are built: the tables that Dockerfiles are made from, read from `ecosystems.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """What stands in its Dockerfiles, from the first line to the last; `@name@` is the service's, and each tuple has its variants.

    `result` is what a last stage takes from the first one, `packages` are what such files install, in the words of `manager`.
    """

    name: str
    share: int
    bases: tuple[str, ...]
    runtimes: tuple[str, ...]
    packages: tuple[str, ...]
    manifests: tuple[str, ...]
    install: tuple[str, ...]
    build: tuple[str, ...]
    result: str
    commands: tuple[str, ...]
    environment: tuple[str, ...]
    multi: float


DEBIAN = (
    "build-essential",
    "ca-certificates",
    "curl",
    "git",
    "gnupg",
    "jq",
    "less",
    "locales",
    "make",
    "openssl",
    "procps",
    "tini",
    "tzdata",
    "unzip",
    "vim-tiny",
    "wget",
    "xz-utils",
    "zip",
)
PLAIN = ("alpine:3.20", "alpine:3.21", "debian:bookworm-slim", "ubuntu:24.04")


def _ecosystem(row: Mapping[str, Any]) -> Ecosystem:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Ecosystem(**fields)


ECOSYSTEMS = tuple(map(_ecosystem, tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["ecosystems"]))
