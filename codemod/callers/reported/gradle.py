"""Gradle's build scripts, in Groovy and Kotlin: plugins that build images, and commands that they run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from posixpath import dirname
from typing import NamedTuple

from codemod.callers.call import ID, Call, Tree
from codemod.callers.covered import Covered
from codemod.callers.places import places
from codemod.callers.reported.command_texts import Around, call_of, calls_in
from codemod.callers.reported.strings import Program, program
from codemod.callers.shell.build_tools import VARIABLE
from codemod.callers.unknown import mentions, passed, rest
from codemod.text import Source, Span

COMMAND, WHY = "command of Gradle", "Gradle puts the command together itself"
SUGGESTION = f'"--secret=id={ID},env={VARIABLE}", and the value through environment("{VARIABLE}", …)'
INSTEAD = "run docker build with --secret in an Exec task"


class Plugin(NamedTuple):
    """How a plugin's section begins, what has to stand in the file, and why it can be given no secret."""

    begins: re.Pattern[str]
    says: str
    kind: str
    blocks: str


PLUGINS = (
    Plugin(  # bmuschko/gradle-docker-plugin: it speaks to the Engine's API
        re.compile(r"\bDockerBuildImage\b[^{\n]*\{"),
        "DockerBuildImage",
        "task of Gradle's docker plugin",
        f"DockerBuildImage builds without BuildKit, and so without secrets: {INSTEAD}",
    ),
    Plugin(  # palantir/gradle-docker: its extension has build args, and no secrets
        re.compile(r"^[ \t]*docker\s*\{", re.MULTILINE),
        "com.palantir.docker",
        "image of Gradle's docker plugin",
        f"com.palantir.docker can pass no secret to a Dockerfile: {INSTEAD}",
    ),
)
SETTING = r"\b(?:{})\b[^\n'\"]*['\"]([^'\"\n]+)['\"]"
CONTEXT, DOCKERFILE = (re.compile(SETTING.format(names)) for names in ("inputDir", "dockerFile|dockerfile"))
ROOT = re.compile(r"\$\{?(?:projectDir|project\.projectDir|rootDir)\}?/?")


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The builds of a build script."""
    script = program(source.text)
    found = [call for plugin in PLUGINS if plugin.says in source.text for call in _plugins(plugin, script, source)]
    around = Around(COMMAND, (_folder(source), "."), WHY, SUGGESTION)
    found += [call for words in script.lists() for call in call_of(words, source, around)]
    listed = Covered(call.span for call in found)
    for string in script.strings:
        if not listed.touches(string.span):
            found += calls_in(string.text, source, around)
    return tuple(sorted((*found, *rest(Source(source.path, script.uncommented), found, COMMAND, WHY)), key=lambda call: call.span))


def _folder(source: Source) -> str:
    return dirname(source.path.as_posix()) or "."


def _plugins(plugin: Plugin, script: Program, source: Source) -> Iterator[Call]:
    """The images of a plugin's sections."""
    named = list(mentions(Source(source.path, script.uncommented)))
    for match in plugin.begins.finditer(script.masked):
        span = Span(match.start(), script.closing(match.end() - 1))
        context, file = (pattern.search(source.text, span.start, span.end) for pattern in (CONTEXT, DOCKERFILE))
        inside = f"{_folder(source)}/{ROOT.sub('', context[1])}" if context else _folder(source)
        seen = (inside,) if context and not file else (_folder(source),)
        yield Call(
            kind=plugin.kind,
            span=span,
            line=source.line(span.start),
            places=places(seen, ROOT.sub("", file[1]) if file else None, None) if context or file else (),
            passes=tuple(replace(passed(source, mention, plugin.blocks), suggestion="") for mention in named if mention.span in span),
            blocks=plugin.blocks,
        )
