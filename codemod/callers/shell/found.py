"""All that a shell text says of builds: its commands, the texts inside it, what variables hold, and build args that reach nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise

from codemod.callers.call import Call, Passed
from codemod.callers.shell.build_tools import SPEC, VARIABLE
from codemod.callers.shell.builds import Build, Given, Reader, one_line, place
from codemod.callers.shell.held import held_by, held_way, reaches_builds_only, with_held
from codemod.callers.shell.inner_texts import Inner, inner_texts, text_of
from codemod.callers.shell.moving import Site
from codemod.callers.shell.started import Passing, Started, prints
from codemod.shell import Command
from codemod.text import Span

OPTION = re.compile(r"--build-arg(?:=|[\"']?(?:\s+|\s*\\\n\s*))[\"'\\]*(?P<name>[A-Za-z_]\w*)?")
STACK = ("deploy", "config", "up")
# a release of docker-compose that reads no secrets of a build
OLD_COMPOSE = re.compile(r"docker-compose\s*==\s*1\.|compose/releases/download/v?1\.")
COMPOSE_FILES = ("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml")


def builds_of(reader: Reader) -> tuple[Build, ...]:
    """The builds of a text, and of the texts inside it."""
    found = _every(reader)
    known = [passed.span for build in found for passed in build.call.passes]
    return (*found, *_keepers(reader), *_lost(reader, known))


def _every(reader: Reader) -> list[Build]:
    found = [_with_held(reader, command, started) for command, started in reader.started]
    for command in reader.shell.commands:
        for inner in inner_texts(command, reader.text.masked):
            found += _inside(reader, inner)
    return found


def _with_held(reader: Reader, command: Command, started: Started) -> Build:
    """A build with the build args that it gets out of variables."""
    helds = tuple(held_by(started.build, started.words, reader.text, reader.shell, command.span))
    build = reader.build(command, replace(started, build=with_held(started.build, helds)))
    commands = frozenset(_moving(reader))
    given: list[Given] = []
    feeds: list[str] = []
    for held in helds:
        site = _steady(reader, reader.site(command, started), held.at)
        reach = reaches_builds_only(held.name, reader.shell, commands, command.span)
        inside = Reader(held.text, reader.source)
        for arg in held.build.build_args:
            value = inside.value(arg, held.words[arg.last])
            chosen = held_way(arg, value, held, site, reach)
            passed = replace(inside.passed(arg, value, chosen), conditional=held.conditional)
            given.append(Given(passed, arg, chosen, held.text))
        feeds += held.build.feeds
    inner = _with_held(reader, *started.through) if started.through else None
    given += inner.given if inner else ()
    feeds += inner.call.feeds if inner else ()
    passes = (*build.call.passes, *(each.passed for each in given))
    call = replace(build.call, passes=passes, feeds=(*build.call.feeds, *feeds))
    return Build(call, (*build.given, *given))


def _steady(reader: Reader, site: Site, at: Span) -> Site:
    """A site that knows only of the variables that are the same there as they are at `at`."""

    def has(name: str) -> bool:
        return site.has(name) and reader.has(name, at) and not reader.environment.changes_behind(name, at)

    return replace(site, has=has)


def _moving(reader: Reader) -> Iterator[Span]:
    """The commands that can be given secrets."""
    for command, started in reader.started:
        link: tuple[Command, Started] | None = (command, started)
        while link is not None and not started.build.tool.obstacle and not _is_elsewhere(started):
            yield link[0].span
            link = link[1].through


def _is_elsewhere(started: Started) -> bool:
    return any(wrapper.passing in (Passing.SUDO, Passing.ELSEWHERE) for wrapper in started.wrappers)


def _inside(reader: Reader, inner: Inner) -> list[Build]:
    """The builds of a text that a command gives to a shell."""
    part, span = inner.part, inner.command.span
    if not any(OPTION.search(piece.of(reader.text.masked)) or "--secret" in piece.of(reader.text.masked) for piece in part.pieces):
        return []
    text = replace(
        text_of(part, reader.text),
        folders=() if inner.elsewhere else reader.folders.folders(span),
        folder=None,
        prefixes=reader.text.prefixes and not part.expands,
        sourced=bool(inner.elsewhere) or (inner.same and reader.text.sourced),
        exported=frozenset(),
        assigned=frozenset(),
        interpreter="",
    )
    foreign = f"{inner.elsewhere} runs it with another environment" if inner.elsewhere and part.expands else ""
    outer: Callable[[str], bool] | None = None
    if part.expands or inner.same:
        outer = partial(_has_outside, reader, inner)
    nested = Reader(text, reader.source, outer, foreign or reader.foreign)
    return _every(nested) if nested.shell.understood else []


def _has_outside(reader: Reader, inner: Inner, name: str) -> bool:
    """Whether the shell around a text has a variable in its environment; not known where the text has those of another shell as well."""
    return not inner.part.mixed and reader.has(name, inner.command.span)


def _keepers(reader: Reader) -> Iterator[Build]:
    """The commands that need compose files as they are."""
    for command in reader.shell.commands:
        words = [reader.words.plain(word.span) for word in command.words]
        if words[:2] == ["docker", "stack"] and any(word in STACK for word in words[2:3]):
            yield _keeping(reader, command, _files(words))
    old = OLD_COMPOSE.search(reader.text.masked)
    installs = reader.shell.command_at(Span(*old.span())) if old else None
    if installs is not None and not prints(installs.name or ""):
        yield _keeping(reader, installs, list(COMPOSE_FILES))


def _files(words: list[str]) -> list[str]:
    behind = [after for option, after in pairwise(words) if option in ("-c", "--compose-file")]
    return behind + [word.partition("=")[2] for word in words if word.startswith("--compose-file=")]


def _keeping(reader: Reader, command: Command, files: list[str]) -> Build:
    span = place(reader.text, reader.source, command.span)
    keeps = tuple(path for file in files for path in reader.folders.files(file, command.span))
    shown = one_line(command.span.of(reader.text.text.text))
    return Build(Call(reader.text.kind, span, reader.source.line(span.start), command=shown, keeps=keeps))


def _lost(reader: Reader, known: list[Span]) -> Iterator[Build]:
    """The build args that stand in a text of which nobody knows what becomes of it."""
    for match in OPTION.finditer(reader.text.masked):
        span = Span(*match.span())
        in_file = place(reader.text, reader.source, span)
        if any(in_file.start < other.end and other.start < in_file.end for other in known):
            continue
        reason = _reason(reader, span)
        if reason:
            line = reader.source.line(in_file.start)
            name = match["name"] or "--build-arg"
            passed = Passed(name, in_file, line, obstacle=reason, suggestion=SPEC.replace(VARIABLE, name))
            yield Build(Call(reader.text.kind, in_file, line, passes=(passed,)))


def _reason(reader: Reader, span: Span) -> str:
    """Why what stands there is no build arg of a build here; empty where it is none at all."""
    shell = reader.shell
    holder = next((name for name, word in shell.assignments if span in word.span), None)
    if holder is not None:
        return f"it is kept in ${holder}, and which build gets that is not known"
    command = shell.command_at(span)
    if command is None:
        return ""
    if prints(command.name or "") and not (command.captured or _is_asked_for(reader, span)):
        is_sent = command.piped or any(redirect.takes_output for redirect in command.redirects)
        return "it is in a text that is written or sent elsewhere" if command.name == "cat" and is_sent else ""
    return "it is in a text, and which build gets that is not known"


def _is_asked_for(reader: Reader, span: Span) -> bool:
    """Whether what a function around prints becomes a part of a command."""
    names = {name for name, body in reader.shell.definitions if span in body}
    return any(command.captured and command.name in names for command in reader.shell.commands)
