"""What a pipeline's file says of the shells in it: the docker that builds, and the variables that other scripts set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from codemod.callers.yaml.tree import Scalar, Yaml
from codemod.shell import read

ON = re.compile(
    r"DOCKER_BUILDKIT[\"']?\s*=\s*[\"']?(?:1|true|yes|on)\b|\b(?:buildx|podman|buildah|nerdctl|depot|buildctl)\b", re.IGNORECASE
)
OFF = re.compile(r"0|false|no|off", re.IGNORECASE)
# docker:stable has stayed at 19.03
DOCKER = re.compile(r"(?:.*/)?docker:(?P<version>\d+(?:\.\d+)*|stable)(?:-[\w.-]+)?(?:@.*)?")
FIRST_WITH_BUILDKIT = 23
LEGACY = "DOCKER_BUILDKIT is off among the variables, so that the build is without BuildKit, which alone has secrets: take it out"
SETS = re.compile(r"(?<![\w$-])[A-Za-z_]\w*=|\bread\b")
READS = re.compile(r"\bread\b((?:[ \t]+-\w+)*(?:[ \t]+[A-Za-z_]\w*)+)")


@dataclass(frozen=True, slots=True)
class Builder:
    """The docker that builds: why it has no secrets (`blocks`), what keeps a build arg where it is, and what to put there besides."""

    obstacle: str = ""
    suggestion: str = ""
    blocks: str = ""
    notes: tuple[str, ...] = ()


BUILDKIT = Builder()


def needs_buildkit(who: str, where: str) -> Builder:
    """One that builds without BuildKit unless it is told to."""
    return Builder(f"{who} builds without BuildKit unless DOCKER_BUILDKIT=1 is set", f", and {where}")


def builder(image: str, services: Iterable[str], values: Mapping[str, str], text: str) -> Builder:
    """The docker of an `image` that talks to `services`, with variables and a script."""
    switch = values.get("DOCKER_BUILDKIT", "")
    if OFF.fullmatch(switch) and not ON.search(text):
        return Builder(blocks=LEGACY)
    if switch or ON.search(text):
        return BUILDKIT
    if is_old(image):
        return needs_buildkit(image, 'DOCKER_BUILDKIT: "1" under variables:')
    old = next(filter(is_old, services), "")
    if old and not DOCKER.fullmatch(image):
        return Builder(notes=(f"with a docker older than {FIRST_WITH_BUILDKIT}, as {old} is, it takes DOCKER_BUILDKIT=1",))
    return BUILDKIT


def is_old(image: str) -> bool:
    """Whether an image is of a docker that does not build with BuildKit by itself."""
    match = DOCKER.fullmatch(image)
    return match is not None and (not match["version"][0].isdigit() or int(match["version"].partition(".")[0]) < FIRST_WITH_BUILDKIT)


def assigned_names(tree: Yaml, pieces: Iterable[Scalar]) -> frozenset[str]:
    """The variables that any other text of the file sets without exporting them."""
    own = {piece.span for piece in pieces}
    texts = (node.text for _, node in tree.walk() if isinstance(node, Scalar) and node.span not in own)
    return frozenset(name for text in texts if SETS.search(text) for name in _assigned(text))


def _assigned(text: str) -> Iterator[str]:
    shell = read(text)
    for name, word in shell.assignments:
        if not text[: word.span.start].rstrip().endswith("export"):
            yield name
    for match in READS.finditer(text):
        yield from (word for word in match[1].split() if not word.startswith("-"))
