"""Maven: plugins that build images in a pom.xml, and commands that it runs. Lines are found by their tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join

from codemod.callers.call import ID, Call, Passed, Tree
from codemod.callers.command_line import Argument
from codemod.callers.command_texts import Around, call_of
from codemod.callers.credentials import credential
from codemod.callers.places import places
from codemod.callers.suggestions import variable
from codemod.callers.unknown import rest
from codemod.text import Source, Span

FILES = re.compile(r"(?:.*/)?(?:pom|[^/]*\.pom|[^/]*-pom)(?:\.xml)?", re.IGNORECASE)
KIND, COMMAND = "image of docker-maven-plugin", "command of Maven"
OBSTACLE, WHY = "docker-maven-plugin has secrets in its section buildx", "Maven puts the command together itself"
WITHOUT = "docker-maven-plugin builds without BuildKit, and so without secrets: give the image a section buildx, with secret and envs"
SPOTIFY = "image of dockerfile-maven-plugin"
BLOCKS = "dockerfile-maven-plugin builds without BuildKit, and so without secrets: use docker-maven-plugin, with a section buildx"

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
PLUGIN = re.compile(r"<plugin>(?:(?!</plugin>).)*</plugin>", re.DOTALL)
BUILD = re.compile(r"<build>(?:(?!</?build>).)*</build>", re.DOTALL)
ARGS = re.compile(r"<(args|buildArgs)>(.*?)</\1>", re.DOTALL)
ELEMENT = re.compile(r"<([A-Za-z_]\w*)(?:/>|>([^<]*)</\1>)")
ARGUMENTS = re.compile(r"<arguments>.*?</arguments>", re.DOTALL)
ARGUMENT = re.compile(r"<argument>\s*([^<]*?)\s*</argument>")
EXECUTABLE = re.compile(r"<executable>\s*([^<]*?)\s*</executable>")
FED = re.compile(r"<secret>.*?</secret>", re.DOTALL)
BASE = re.compile(r"\$\{(?:project\.)?basedir\}/?")
ENTITIES = {"&quot;": '"', "&apos;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&"}


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The builds of a project."""
    text = COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), source.text)
    found: list[Call] = []
    for plugin in PLUGIN.finditer(text):
        if "docker-maven-plugin" in plugin[0]:
            found += (
                _image(build, source, KIND, "" if re.search(r"<buildx\b", build[0]) else WITHOUT)
                for build in BUILD.finditer(text, *plugin.span())
                if "<from>" not in build[0]  # an image of the plugin's own making
            )
        elif "dockerfile-maven" in plugin[0]:
            found.append(_image(plugin, source, SPOTIFY, BLOCKS))
        else:
            found += _commands(plugin, source)
    return tuple(sorted((*found, *rest(Source(source.path, text), found, COMMAND, WHY)), key=lambda call: call.span))


def _setting(name: str, text: str) -> str | None:
    match = re.search(rf"<{name}>\s*([^<]*?)\s*</{name}>", text)
    return BASE.sub("", match[1]) or "." if match else None


def _image(build: re.Match[str], source: Source, kind: str, blocks: str) -> Call:
    """The image of a plugin's section: `blocks` is why it can be given no secret."""
    context = _setting("contextDir", build[0]) or _setting("contextDirectory", build[0]) or _setting("dockerFileDir", build[0])
    folder = join(dirname(source.path.as_posix()) or ".", context or ".")
    fed = FED.search(build[0])
    return Call(
        kind=kind,
        span=Span(*build.span()),
        line=source.line(build.start()),
        places=places((folder,), _setting("dockerFile", build[0]) or _setting("dockerfile", build[0]), None),
        passes=tuple(_passes(build, source, blocks)),
        feeds=tuple(match[1] for match in ELEMENT.finditer(fed[0])) if fed else (),
        blocks=blocks,
    )


def _passes(build: re.Match[str], source: Source, blocks: str) -> Iterator[Passed]:
    for args in ARGS.finditer(build.string, *build.span()):
        for element in ELEMENT.finditer(build.string, *args.span(2)):
            name, value = element[1], _text(element[2] or "")
            yield Passed(
                name=name,
                span=Span(*element.span()),
                line=source.line(element.start()),
                value=value,
                credential=credential(value),
                obstacle=blocks or OBSTACLE,
                suggestion="" if blocks else f"<secret><envs><{ID}>{variable(value, name)}</{ID}></envs></secret>",
            )


def _commands(plugin: re.Match[str], source: Source) -> Iterator[Call]:
    """What a plugin executes: a program, with lists of arguments."""
    program = EXECUTABLE.search(plugin[0])
    if program is None:
        return
    for arguments in ARGUMENTS.finditer(plugin.string, *plugin.span()):
        words = [Argument(_text(word[1]), Span(*word.span())) for word in ARGUMENT.finditer(plugin.string, *arguments.span())]
        first = Argument(program[1], Span(arguments.start(), arguments.start()))
        yield from call_of((first, *words), source, Around(COMMAND, (dirname(source.path.as_posix()) or ".",), WHY))


def _text(written: str) -> str:
    for entity, character in ENTITIES.items():
        written = written.replace(entity, character)
    return written.strip()
