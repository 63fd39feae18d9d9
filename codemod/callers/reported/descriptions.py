"""Files of YAML and JSON of tools and platforms that build images: reported with what to put there, or in the way.

They are known by their paths, or, in YAML that may be anything, by what stands in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from codemod.callers.call import Call, NotUnderstoodError, Tree
from codemod.callers.covered import Covered
from codemod.callers.reported import deployments, tools
from codemod.callers.reported.command_texts import Around, call_of, calls_in, given
from codemod.callers.reported.shapes import calls_of, read
from codemod.callers.shell.command_line import Argument
from codemod.callers.unknown import WHY, rest
from codemod.callers.yaml.tree import Scalar, Sequence, Yaml
from codemod.text import Source, Span

SHAPES = (*tools.SHAPES, *deployments.SHAPES)
KIND = "command in YAML or JSON"
COMMANDS = re.compile(r"--build-arg|(?:docker|podman|buildah|nerdctl|depot|buildctl)\b.*\bbu|kaniko/executor|\b(?:fly|flyctl|az) ")
BUILDS = re.compile(r"--build-arg|\bbuild\b")


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The builds that a file describes, and those whose commands it has. Raises NotUnderstoodError."""
    if not any(shape.reads(source) for shape in SHAPES) and not COMMANDS.search(source.text):
        return rest(source, (), KIND, WHY)  # a lock file has many lines, and nothing of that
    try:
        root = read(source)
        described = tuple(calls_of(SHAPES, root, source))
        known = Covered(call.span for call in described)
        found = (*described, *(call for call in _commands(root, source) if not known.touches(call.span)))
    except RecursionError:
        raise NotUnderstoodError(1, "is nested too deeply to be read") from None
    return tuple(sorted((*found, *rest(source, found, KIND, WHY)), key=lambda call: call.span))


def _commands(root: Yaml, source: Source) -> Iterator[Call]:
    """The builds of texts and of lists of words."""
    around = Around(KIND, obstacle=WHY)
    for _, node in root.walk():
        if isinstance(node, Scalar) and BUILDS.search(node.text):
            yield from calls_in(node.content.text, source, around)
        if isinstance(node, Sequence):
            items = [item.value for item in node.items if isinstance(item.value, Scalar)]
            if len(items) == len(node.items) > 1:
                words = [Argument(item.text, item.span) for item in items]
                found = tuple(call_of(words, source, around))
                yield from found or _loose(words, source, around)


def _loose(words: list[Argument], source: Source, around: Around) -> Iterator[Call]:
    """The build args of a list of words that somebody else gives to a build: `[--build-arg, NAME=value]`."""
    for flag, name in pairwise(words):
        if flag.text == "--build-arg":
            span = Span(flag.span.start, name.span.end)
            yield from (replace(call, places=()) for call in given((flag, name), source, around, span))
