"""`RUN --mount`, as BuildKit reads it (frontend/dockerfile/instructions/commands_runmount.go)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.dockerfile.nodes import Dockerfile, Flag, Instruction, Mount

DIRECTORY = "/run/secrets/"
TRUE = ("1", "t", "true")
OTHER_NAMES = {"dst": "target", "destination": "target", "src": "source"}
# encoding/csv: a field may stand in double quotes, and two of them are one
FIELD = re.compile(r'(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))')


def default_target(identifier: str) -> str:
    """Where a secret is mounted unless its mount says otherwise (dockerfile2llb/convert_secrets.go)."""
    return DIRECTORY + _base(identifier)


def mounts(instruction: Instruction) -> tuple[Mount, ...]:
    """The mounts of a RUN, in order; none for any other instruction."""
    if instruction.name != "RUN":
        return ()
    return tuple(_mount(flag) for flag in instruction.flags if flag.name == "mount")


def secret_mounts(dockerfile: Dockerfile) -> Iterator[tuple[Instruction, Mount]]:
    """Every secret mount of a file with its RUN, in order."""
    for run in dockerfile.instructions:
        yield from ((run, mount) for mount in mounts(run) if mount.type == "secret")


def _mount(flag: Flag) -> Mount:
    fields = tuple(_field(quoted.replace('""', '"') or plain) for quoted, plain in FIELD.findall(flag.value))
    options = {OTHER_NAMES.get(key, key): value for key, value in fields}  # the last of several counts
    environment, target = options.get("env"), options.get("target")
    identifier = options.get("id") or options.get("source") or (_base(target) if target else "")
    if not target and environment is None:
        target = default_target(identifier)
    return Mount(
        type=options.get("type", "bind").lower(),
        id=identifier,
        target=target or None,
        env=environment,
        required=options.get("required", "false").lower() in TRUE,
        fields=fields,
        span=flag.span,
    )


def _field(part: str) -> tuple[str, str]:
    key, equals, value = part.partition("=")
    return key.lower(), value if equals else "true"


def _base(path: str) -> str:
    """path.Base of Go: slashes at the end do not count."""
    return path.rstrip("/").rpartition("/")[2] or ("/" if path else ".")
