"""Maven: plugins that build images in a pom.xml, and commands that it runs. Lines are found by their tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join

from codemod.callers.call import ID, Call, Passed, Tree
from codemod.callers.credentials import credential
from codemod.callers.places import places
from codemod.callers.reported.command_texts import Around, call_of
from codemod.callers.reported.strings import blanked
from codemod.callers.shell.command_line import Argument
from codemod.callers.suggestions import variable
from codemod.callers.unknown import rest
from codemod.text import Source, Span

KIND, COMMAND = "image of docker-maven-plugin", "command of Maven"
OBSTACLE, WHY = "docker-maven-plugin has secrets in its section buildx", "Maven puts the command together itself"
WITHOUT = "docker-maven-plugin builds without BuildKit, and so without secrets: give the image a section buildx, with secret and envs"
SPOTIFY = "image of dockerfile-maven-plugin"
BLOCKS = "dockerfile-maven-plugin builds without BuildKit, and so without secrets: use docker-maven-plugin, with a section buildx"

ELEMENT = re.compile(r"<([A-Za-z_]\w*)(?:/>|>([^<]*)</\1>)")
ARGUMENT = re.compile(r"<argument>\s*([^<]*?)\s*</argument>")
BUILDX = re.compile(r"<buildx\b")
BASE = re.compile(r"\$\{(?:project\.)?basedir\}/?")
ENTITIES = {"&quot;": '"', "&apos;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&"}


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The builds of a project."""
    text = blanked(source.text, _sections(source.text, "<!--", "-->", Span(0, len(source.text))))
    found: list[Call] = []
    for plugin in _elements("plugin", text, Span(0, len(text))):
        found += _builds(plugin, Source(source.path, text))
    return tuple(sorted((*found, *rest(Source(source.path, text), found, COMMAND, WHY)), key=lambda call: call.span))


def _sections(text: str, begin: str, end: str, within: Span) -> Iterator[Span]:
    """Parts of a text, with what begins and ends them."""
    position = within.start
    while (start := text.find(begin, position, within.end)) >= 0:
        behind = text.find(end, start + len(begin), within.end)
        if behind < 0:
            return
        position = behind + len(end)
        yield Span(start, position)


def _elements(name: str, text: str, within: Span) -> Iterator[Span]:
    """The elements of a name, without attributes: none of them has one of its own name inside."""
    yield from _sections(text, f"<{name}>", f"</{name}>", within)


def _builds(plugin: Span, source: Source) -> Iterator[Call]:
    """The builds of a plugin."""
    text = plugin.of(source.text)
    if "docker-maven-plugin" in text:
        for build in _elements("build", source.text, plugin):
            if "<from>" not in build.of(source.text):  # an image of the plugin's own making
                yield _image(build, source, KIND, "" if BUILDX.search(build.of(source.text)) else WITHOUT)
    elif "dockerfile-maven" in text:
        yield _image(plugin, source, SPOTIFY, BLOCKS)
    else:
        yield from _commands(plugin, source)


def _setting(name: str, text: str) -> str | None:
    match = re.search(rf"<{name}>\s*([^<]*?)\s*</{name}>", text)
    return BASE.sub("", match[1]) or "." if match else None


def _image(span: Span, source: Source, kind: str, blocks: str) -> Call:
    """The image of a plugin's section: `blocks` is why it can be given no secret."""
    text = span.of(source.text)
    context = next(filter(None, (_setting(name, text) for name in ("contextDir", "contextDirectory", "dockerFileDir"))), ".")
    folder = join(dirname(source.path.as_posix()) or ".", context)
    fed = (secret.of(source.text) for secret in _elements("secret", source.text, span))
    return Call(
        kind=kind,
        span=span,
        line=source.line(span.start),
        places=places((folder,), _setting("dockerFile", text) or _setting("dockerfile", text), None),
        passes=tuple(_passes(span, source, blocks)),
        feeds=tuple(match[1] for secret in fed for match in ELEMENT.finditer(secret)),
        blocks=blocks,
    )


def _passes(build: Span, source: Source, blocks: str) -> Iterator[Passed]:
    for args in (args for name in ("args", "buildArgs") for args in _elements(name, source.text, build)):
        for element in ELEMENT.finditer(source.text, args.start + 1, args.end):
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


def _commands(plugin: Span, source: Source) -> Iterator[Call]:
    """What a plugin executes: a program, with lists of arguments."""
    program = _setting("executable", plugin.of(source.text))
    for span in _elements("arguments", source.text, plugin) if program else ():
        words = (Argument(_text(word[1]), Span(*word.span())) for word in ARGUMENT.finditer(source.text, span.start, span.end))
        first = Argument(program or "", Span(span.start, span.start))
        yield from call_of((first, *words), source, Around(COMMAND, (dirname(source.path.as_posix()) or ".",), WHY))


def _text(written: str) -> str:
    for entity, character in ENTITIES.items():
        written = written.replace(entity, character)
    return written.strip()
