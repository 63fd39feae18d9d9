"""A shell text → the builds that its commands start, each build arg with the way that its value can become a secret's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from codemod.callers.call import Call, Passed
from codemod.callers.credentials import credential
from codemod.callers.shell.build_tools import LEGACY, LEGACY_TOOLS
from codemod.callers.shell.command_line import Argument, BuildArg, BuildCommand
from codemod.callers.shell.environment import Environment
from codemod.callers.shell.functions import arguments_reach_builds_only, function_around
from codemod.callers.shell.inner_texts import redirected
from codemod.callers.shell.moving import HOW_UNREAD, UNREAD, Assigned, FromFile, Obstacle, Site, Way, way
from codemod.callers.shell.piped import piped
from codemod.callers.shell.started import BUILDERS_NAME, Passing, Started, Wrapper, merged, started, started_by
from codemod.callers.shell.text import ShellText
from codemod.callers.shell.words import Value, Words
from codemod.callers.shell.working_directory import WorkingDirectory
from codemod.shell import Command, Shell, read
from codemod.text import Source, Span

VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::?-(?P<default>[^{}$`]*))?\}|(?P<plain>[A-Za-z_]\w*))")
ALIAS = re.compile(r"\balias\s+docker=['\"]?podman\b")
OFF = re.compile(r"0|false|no|off", re.IGNORECASE)
SEVERAL = Obstacle("it is passed several times, and the environment decides which one counts", "")
ALLOWED = "sudo hands the variable on where sudoers allows that"
NEWLINE = "the secret ends in the newline that the file ends in, which $(cat) took off"
IN_THE_FILE = "its value stands in this file: take it out, and change the secret"


@dataclass(frozen=True, slots=True)
class Given:
    """A build arg that a build is given, and how it becomes a secret there; `text` is the shell text that it stands in."""

    passed: Passed
    arg: BuildArg
    way: Way
    text: ShellText = field(repr=False)


@dataclass(frozen=True, slots=True)
class Build:
    """A place that runs a build, with all that it is given."""

    call: Call
    given: tuple[Given, ...] = ()


@dataclass(frozen=True)
class Reader:
    """A shell text, read. `outer` says of a variable whether the shell around has it in its environment, `foreign` why it need not."""

    text: ShellText
    source: Source
    outer: Callable[[str], bool] | None = None
    foreign: str = ""

    @cached_property
    def shell(self) -> Shell:
        """The text as a shell reads it, without its templates."""
        return read(self.text.masked)

    @cached_property
    def words(self) -> Words:
        """Its words, with them."""
        return Words(self.text)

    @cached_property
    def environment(self) -> Environment:
        """What is known of its variables."""
        return Environment(self.shell, self.text.exported, self.text.assigned, self.text.sourced)

    @cached_property
    def folders(self) -> WorkingDirectory:
        """Where its commands run."""
        return WorkingDirectory(self.text, self.shell, self.words.plain)

    @cached_property
    def started(self) -> tuple[tuple[Command, Started], ...]:
        """The commands that start builds; a function that gives its arguments to one does so where it is called."""
        every = ((command, started(self.arguments(command), self.resolved, self.shell.functions)) for command in self.shell.commands)
        found = [(command, build) for command, build in every if build is not None]
        known = [pair for pair in found if not pair[1].build.tool.is_unknown]
        called = self._called(known)
        commands, bodies = {command for command, _ in called}, {build.through for _, build in called}
        kept = [pair for pair in found if pair[0] not in commands and pair not in bodies]
        return tuple(sorted((*kept, *(pair for pair in called if pair not in bodies)), key=lambda pair: pair[0].span))

    def _called(self, found: Sequence[tuple[Command, Started]], depth: int = 3) -> list[tuple[Command, Started]]:
        """The calls of functions whose arguments a build is given, and of those that call these."""
        calls = [(call, started_by(inner, self.arguments(call))) for inner in found for call in self._sites(*inner)]
        return [*calls, *self._called(calls, depth - 1)] if calls and depth else calls

    def _sites(self, command: Command, found: Started) -> tuple[Command, ...]:
        """Where the function around a build is called, if that gives its arguments to builds alone."""
        around = function_around(self.shell, command.span)
        only = frozenset({command.span})
        if around is None or not found.takes_arguments or not arguments_reach_builds_only(self.shell, only, command.span):
            return ()
        name, body = around
        return tuple(call for call in self.shell.commands if call.name == name and call.span not in body)

    def arguments(self, command: Command) -> list[Argument]:
        """The words of a command."""
        return [self.words.argument(word.span) for word in command.words]

    def has(self, variable: str, at: Span) -> bool:
        """Whether a command at `at` surely has the variable in its environment."""
        return self.environment.has(variable, at) and (self.outer is None or self.outer(variable))

    def build(self, command: Command, found: Started) -> Build:
        """What a command that starts a build says."""
        site = self.site(command, found)
        args = found.build.build_args
        given = (self.given(arg, found.words[arg.last], site, is_unsure=_is_unsure(arg, args)) for arg in args)
        return self._build(command, found, tuple(given))

    def site(self, command: Command, found: Started) -> Site:
        """What matters of the place of a build to those who move its values."""
        prefix = self._prefix(command)
        wrappers = tuple(map(self._wrapper, found.wrappers))
        used = self._used_by_functions() if any(wrapper.passing is Passing.FUNCTION for wrapper in wrappers) else frozenset()
        text = self.shell.text
        return Site(
            started=replace(found, wrappers=wrappers),
            at=command.span.start,
            has=lambda variable: variable not in prefix and self.has(variable, command.span),
            taken=self._readonly() | prefix.keys() | self._read_by_prefix(prefix) | used,
            in_backticks=any(command.span in scope and text[scope.start] == "`" for scope in self.shell.scopes),
            foreign=self.foreign,
        )

    def given(self, arg: BuildArg, word: Argument, site: Site, *, is_unsure: bool) -> Given:
        """A build arg of a build."""
        value = self.value(arg, word)
        chosen = SEVERAL if is_unsure else way(arg, value, site, self.text)
        notes = () if isinstance(chosen, Obstacle) else tuple(_notes(value, chosen, site))
        return Given(replace(self.passed(arg, value, chosen), notes=notes), arg, chosen, self.text)

    def value(self, arg: BuildArg, word: Argument) -> Value | None:
        """The value of a build arg that `word` has."""
        return None if arg.value is None else self.words.value(word.span, len(word.text) - len(arg.value))

    def passed(self, arg: BuildArg, value: Value | None, chosen: Way) -> Passed:
        """What the file says of a build arg."""
        span = place(self.text, self.source, arg.span)
        stops = chosen if isinstance(chosen, Obstacle) else Obstacle("", "")
        return Passed(
            name=arg.name,
            span=span,
            line=self.source.line(span.start),
            value=arg.value,
            credential=self._credential(value),
            obstacle=stops.reason,
            suggestion=stops.suggestion,
        )

    def _credential(self, value: Value | None) -> str:
        """What shows that it is one: in the value, or in what its variable is set to."""
        if value is None:
            return ""
        texts = [self.words.plain(word.span) for name, word in self.shell.assignments if name == value.variable]
        return next(filter(None, map(credential, (value.plain, *texts))), "")

    def _build(self, command: Command, found: Started, given: tuple[Given, ...]) -> Build:
        span = place(self.text, self.source, command.span)
        fed, build = redirected(command), merged(found)
        is_text = any(redirect.is_text for redirect in command.redirects) and "-" in (build.file, None if build.file else build.context)
        call = Call(
            kind=self.text.kind,
            span=span,
            line=self.source.line(span.start),
            places=() if is_text else self.folders.places(build, command.span, self.words.plain(fed.target.span) if fed else None),
            passes=(*(each.passed for each in given), *self._printed(found), *self._piped(command)),
            feeds=found.build.feeds,
            target=build.target,
            engine=found.engine,
            elsewhere=is_text,
            blocks=found.build.tool.blocks or self._legacy(command, found.build),
            command=one_line(command.span.of(self.text.text.text)),
        )
        return Build(call, given)

    def _printed(self, found: Started) -> Iterator[Passed]:
        """The build args that another command prints: `$(sed 's/^/--build-arg /' .env)`, be it into a variable."""
        for index in found.build.spreads:
            word = found.words[index]
            variable = VARIABLE.fullmatch(word.text)
            held = [value for name, value in self.shell.assignments if variable and name in (variable["braced"], variable["plain"])]
            texts = [word.text, *(self.words.plain(value.span).partition("=")[2] for value in held)]
            if any("--build-arg" in text and text.startswith(("$(", "`")) for text in texts):
                span = place(self.text, self.source, word.span)
                yield Passed(one_line(word.text), span, self.source.line(span.start), obstacle=UNREAD, suggestion=HOW_UNREAD)

    def _piped(self, command: Command) -> Iterator[Passed]:
        """The build args that are piped to it."""
        for each in piped(self.shell, command):
            name, span = one_line(each.of(self.shell.text)), place(self.text, self.source, each)
            yield Passed(f"$({name})", span, self.source.line(span.start), obstacle=UNREAD, suggestion=HOW_UNREAD)

    def _legacy(self, command: Command, build: BuildCommand) -> str:
        """Why the builder that is asked for knows no secrets."""
        if build.tool.name not in LEGACY_TOOLS:
            return ""
        assigned = [(word.span, word.plain) for name, word in self.shell.assignments if name == "DOCKER_BUILDKIT"]
        assigned += [(word.span, word.plain) for word in command.words if word.plain.startswith("DOCKER_BUILDKIT=")]
        own = [plain for span, plain in assigned if span in command.span]
        before = [plain for span, plain in assigned if span.end <= command.span.start and self._is_lasting(span)]
        last = (own or before or [""])[-1].partition("=")[2]
        return LEGACY if OFF.fullmatch(last) else ""

    def _is_lasting(self, span: Span) -> bool:
        """Whether an assignment is one of its own, and not before a command."""
        command = self.shell.command_at(span)
        return command is None or command.name in ("export", "declare", "typeset")

    def _prefix(self, command: Command) -> dict[str, str]:
        """The variables that are set before a command, for it alone."""
        first = command.words[0].span.start if command.words else command.span.end
        return {name: word.text for name, word in self.shell.assignments if word.span in command.span and word.span.end <= first}

    def _read_by_prefix(self, prefix: dict[str, str]) -> frozenset[str]:
        return frozenset(name for text in prefix.values() for name in re.findall(r"\$\{?(\w+)", text))

    def _used_by_functions(self) -> frozenset[str]:
        """The names that functions of this text have anything to do with."""
        return frozenset(name for _, span in self.shell.definitions for name in re.findall(r"[A-Za-z_]\w*", span.of(self.shell.text)))

    def _readonly(self) -> frozenset[str]:
        """The variables that can be set no more."""
        commands = [command for command in self.shell.commands if command.name in ("readonly", "declare", "typeset")]
        fixed = [c for c in commands if c.name == "readonly" or any(re.match(r"-\w*r", word.plain) for word in c.words)]
        return frozenset(word.plain.partition("=")[0] for command in fixed for word in command.words)

    def _wrapper(self, wrapper: Wrapper) -> Wrapper:
        """A function of this text that runs its arguments hands its environment on, unless something in it does not."""
        bodies = [span.of(self.shell.text) for name, span in self.shell.definitions if name == wrapper.name]
        if not bodies or wrapper.passing is not Passing.OTHER:
            return wrapper
        stops = any(re.search(r"\b(?:sudo|doas|su|ssh|env\s+-|docker\s+(?:run|exec))\b", body) for body in bodies)
        return replace(wrapper, passing=Passing.ELSEWHERE if stops else Passing.FUNCTION)

    def resolved(self, word: Argument) -> tuple[Sequence[str], bool]:
        """The words that the name of a program stands for, and whether that was a guess."""
        if word.text == "docker" and ALIAS.search(self.text.masked):
            return ["podman"], False
        if word.text in self.text.values:
            return self.text.values[word.text].split() or [word.text], False
        match = VARIABLE.fullmatch(word.text)
        if match is None:
            is_guess = self.words.has_template(word.span) and BUILDERS_NAME.search(word.text) is not None
            return (["docker"], True) if is_guess else ([word.text], False)
        name = match["braced"] or match["plain"]
        texts = [self.words.plain(value.span).partition("=")[2] for assigned, value in self.shell.assignments if assigned == name]
        texts += [match["default"]] if match["default"] else []
        return self._program(name, [text.split() for text in texts if text.strip() and "$" not in text], word)

    def _program(self, name: str, texts: list[list[str]], word: Argument) -> tuple[Sequence[str], bool]:
        if re.search("sudo", name, re.IGNORECASE):
            return ["sudo"], False
        if texts:
            return texts[0], len({tuple(text) for text in texts}) > 1
        return (["docker"], True) if BUILDERS_NAME.search(name) else ([word.text], False)


def _notes(value: Value | None, chosen: Way, site: Site) -> Iterator[str]:
    """What to know once a build arg has moved."""
    if value is not None and value.is_literal and isinstance(chosen, Assigned):
        yield IN_THE_FILE
    if isinstance(chosen, FromFile):
        yield NEWLINE
    elif value is not None and any(wrapper.passing is Passing.SUDO for wrapper in site.started.wrappers):
        yield ALLOWED


def _is_unsure(arg: BuildArg, args: Sequence[BuildArg]) -> bool:
    """Whether the environment decides which of several values a build arg has."""
    same = [other for other in args if other.name == arg.name]
    return any(other.value is None for other in same[1:])


def place(text: ShellText, source: Source, span: Span) -> Span:
    """The file's range of a part of a shell text, with what the file around writes before its first character, or for its last."""
    joined = text.text
    found = joined.span(span)
    start, end = found.start, found.end
    if span.start and joined.origin(span.start - 1) + 1 < start and source.text[start - 1] in "\\'$":
        start -= 1
    behind = joined.origin(span.end) if span.end < len(joined.text) else end
    if behind > end and span.end and source.text[end] == joined.text[span.end - 1] and source.text[end] in "\\'$":
        end += 1
    return Span(start, end)


def one_line(command: str) -> str:
    """A command as one would type it."""
    return re.sub(r"\s*\\\n\s*", " ", command).strip()
