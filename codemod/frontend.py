"""Which Dockerfile frontend a file is built with, by `# syntax=` or by what the user says, and whether it knows what is written."""

from __future__ import annotations

import re

from codemod.dockerfile.mounts import secret_mounts
from codemod.dockerfile.nodes import Dockerfile
from codemod.refusal import Reason, Refused

Version = tuple[int, int]
# `RUN --mount=type=secret` is stable from 1.2 on (BuildKit 0.8), its `env=` from 1.10 (BuildKit 0.16, Docker 27.3)
MOUNTS: Version = (1, 2)
MOUNTS_WITH_ENV: Version = (1, 10)
IMAGE = re.compile(r"(?P<image>[^\s:@]+(?::\d+/[^\s:@]+)?)(?::(?P<tag>[\w.-]+))?(?P<digest>@\S+)?")
OFFICIAL = ("docker/dockerfile", "docker.io/docker/dockerfile")
UPSTREAM = "docker/dockerfile-upstream"
# 1, 1-labs, latest: a tag without a minor version is the newest
VERSION = re.compile(r"(?P<major>\d+)\.(?P<minor>\d+)(?:\.\d+)?(?:-(?P<channel>[a-z]+)\d*)?")


def raised(dockerfile: Dockerfile, needed: Version, given: Version | None) -> str | None:
    """The value that `# syntax=` has to have for `needed`, or None where it does as it is.

    `given` is the frontend of the user's builder, which counts where the file asks for none. Raises Refused.
    """
    directive = next((found for found in dockerfile.directives if found.name == "syntax"), None)
    if directive is None:
        if given is not None and given < needed:
            line = dockerfile.stages[0].start.line
            raise Refused(Reason.FRONTEND_TOO_OLD, line, f"{_what(needed)}, and the builder's is {_dotted(given)}")
        return None
    image, line = next(iter(directive.value.split()), ""), directive.line.number
    match = IMAGE.fullmatch(image)
    version = _version(match["tag"] or "") if match else None
    if match is None or not _is_known(match["image"]) or (match["digest"] and not match["tag"]):
        if _has_what_is_needed(dockerfile, needed):
            return None
        raise Refused(Reason.FRONTEND_UNKNOWN, line, f"nothing says whether {image} is new enough: {_what(needed)}")
    if version is None or version >= needed or (needed == MOUNTS and "experimental" in (match["tag"] or "")):
        return None
    if match["image"] not in OFFICIAL or match["digest"]:
        raise Refused(Reason.FRONTEND_TOO_OLD, line, f"{_what(needed)}, and {image} is not ours to replace")
    return directive.value.replace(image, f"{match['image']}:1{'-labs' * ('labs' in (match['tag'] or ''))}", 1)


def _is_known(image: str) -> bool:
    """Whether it is BuildKit's frontend, or a mirror of it that keeps its name and tags."""
    return image in (*OFFICIAL, UPSTREAM) or image.endswith("/docker/dockerfile")


def _version(tag: str) -> Version | None:
    match = VERSION.fullmatch(tag)
    return (int(match["major"]), int(match["minor"])) if match else None


def _has_what_is_needed(dockerfile: Dockerfile, needed: Version) -> bool:
    """Whether the file has such mounts already, so that its frontend knows them."""
    return any(mount.env is not None or needed == MOUNTS for _, mount in secret_mounts(dockerfile))


def _what(needed: Version) -> str:
    return f"secret mounts{' with env=' * (needed == MOUNTS_WITH_ENV)} need frontend {_dotted(needed)}"


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
