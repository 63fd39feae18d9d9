"""Which Dockerfile frontend a file asks for with `# syntax=`, and whether it knows secret mounts."""

from __future__ import annotations

import re

from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile
from codemod.refusal import Reason, Refused

# `RUN --mount=type=secret` is stable from 1.2 on (BuildKit 0.8); a tag without a minor version is the newest
OLDEST = (1, 2)
OFFICIAL = re.compile(r"(?:.+/)?docker/dockerfile(?:-upstream)?(?::(?P<tag>[\w.-]+))?(?P<digest>@sha256:[0-9a-f]+)?")
VERSION = re.compile(r"(\d+)\.(\d+)(?P<rest>.*)")


def check_frontend(dockerfile: Dockerfile) -> None:
    """Refuse a secret mount where the pinned frontend has none, or is not known to. Raises Refused."""
    directive = next((found for found in dockerfile.directives if found.name == "syntax"), None)
    if directive is None or _mounts_already(dockerfile):
        return
    image, line = next(iter(directive.value.split()), ""), directive.line.number
    match = OFFICIAL.fullmatch(image)
    if not match or (match["digest"] and not match["tag"]):
        raise Refused(Reason.FRONTEND_UNKNOWN, line, f"nothing says whether {image} knows secret mounts")
    version = VERSION.fullmatch(match["tag"] or "")
    if version and (int(version[1]), int(version[2])) < OLDEST and "experimental" not in version["rest"]:
        raise Refused(Reason.FRONTEND_TOO_OLD, line, f"{image} has no secret mounts: they need 1.2")


def _mounts_already(dockerfile: Dockerfile) -> bool:
    return any(mount.type == "secret" for instruction in dockerfile.instructions for mount in mounts(instruction))
