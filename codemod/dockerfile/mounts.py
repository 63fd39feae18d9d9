"""`RUN --mount`, as BuildKit reads it (frontend/dockerfile/instructions/commands_runmount.go)."""

from __future__ import annotations

from posixpath import basename

from codemod.dockerfile.nodes import Dockerfile, Flag, Instruction, Mount

DIRECTORY = "/run/secrets/"
TRUE = ("1", "t", "true")


def default_target(identifier: str) -> str:
    """Where a secret is mounted unless its mount says otherwise (dockerfile2llb/convert_secrets.go)."""
    return DIRECTORY + basename(identifier)


def mounts(instruction: Instruction) -> tuple[Mount, ...]:
    """The mounts of a RUN, in order; none for any other instruction."""
    return tuple(_mount(flag) for flag in instruction.flags if flag.name == "mount")


def secret_ids(dockerfile: Dockerfile) -> tuple[str, ...]:
    """The ids of all secrets that the RUNs of a file mount, each once, in order."""
    return tuple(dict.fromkeys(mount.id for run in dockerfile.instructions for mount in mounts(run) if mount.type == "secret"))


def _mount(flag: Flag) -> Mount:
    fields = tuple(_field(part) for part in _comma_separated(flag.value))
    options = dict(fields)
    environment = options.get("env")
    target = options.get("target") or options.get("dst") or options.get("destination")
    identifier = options.get("id") or options.get("source") or options.get("src") or basename(target or "")
    if not target and not environment:
        target = default_target(identifier)
    required = options.get("required", "false")
    return Mount(
        type=options.get("type", "bind").lower(),
        id=identifier,
        target=target,
        env=environment,
        required=required.lower() in TRUE,
        fields=fields,
        span=flag.span,
    )


def _field(part: str) -> tuple[str, str]:
    key, equals, value = part.partition("=")
    return key.lower(), value if equals else "true"


def _comma_separated(value: str) -> list[str]:
    if '"' not in value:
        return value.split(",")
    import csv  # noqa: PLC0415  (rare, and not free)

    return next(csv.reader([value]), [])
