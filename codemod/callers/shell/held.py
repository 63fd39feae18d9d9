"""Build args that a variable, an array or the arguments of a script hold until a build is given them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from codemod.callers.call import ID
from codemod.callers.shell.build_tools import VARIABLE
from codemod.callers.shell.command_line import MANY, Argument, BuildArg, BuildCommand, build_command
from codemod.callers.shell.functions import arguments_reach_builds_only, function_around, only_speaks
from codemod.callers.shell.inner_texts import Part, part_of, text_of
from codemod.callers.shell.moving import HOW_UNREAD, UNREAD, Named, Obstacle, Site, Way, is_stopped
from codemod.callers.shell.text import ShellText
from codemod.callers.shell.words import Value, Words
from codemod.shell import Mention, Reading, Shell, read
from codemod.text import Span

NAME = re.compile(r"\$(?:\{(?P<braced>\w+|@|\*)|(?P<plain>\w+|@|\*))")
ARGUMENTS = "@"
# words that are there where a variable has a value
ALTERNATIVE = re.compile(r"\"?\$\{(?P<name>\w+):?\+(?P<words>.*)\}\"?", re.DOTALL)
OPTION = re.compile(r"(?:\A|\s)[\"']?-")
NO_ARRAY_WORD = re.compile(r"(?:(?<=\s)|\A)#[^\n]*|\\?\n")


@dataclass(frozen=True, slots=True)
class Held:
    """Words that are kept for a build: the text that they are, its words, and where in the text around they are put together.

    `is_plain` says that this shell puts its variables in there, `conditional` that they need not be there.
    """

    name: str
    text: ShellText = field(repr=False)
    words: tuple[Argument, ...] = field(repr=False)
    at: Span
    build: BuildCommand
    is_plain: bool
    conditional: bool = False


def held_by(build: BuildCommand, words: tuple[Argument, ...], text: ShellText, shell: Shell, at: Span) -> Iterator[Held]:
    """What the variables hold that a build's words have in them."""
    for word in (words[index] for index in build.spreads):
        own = ALTERNATIVE.fullmatch(word.span.of(text.masked))
        if own is not None:
            part = Part((Span(*own.span("words")).shifted(word.span.start),), expands=True, mixed=False)
            found = _held(f"{{{own['name']}:+…}}", part, word.span, text, build)
            yield from (replace(found, conditional=True),) if found else ()
    for name in filter(None, dict.fromkeys(_name(words[index].text) for index in build.spreads)):
        parts = _set(shell, at) if name == ARGUMENTS else _assigned(name, shell)
        for part, place in parts:
            found = _held(name, part, place, text, build)
            if found is not None:
                yield replace(found, conditional=_is_chosen(shell, place, at))


def _is_chosen(shell: Shell, place: Span, build: Span) -> bool:
    """Whether something decides if what stands at `place` runs before a build: a condition around it, and not around the build."""
    functions = [span for _, span in shell.definitions]
    return any(place in branch.span and build not in branch.span and branch.span not in functions for branch in shell.branches)


def with_held(build: BuildCommand, helds: Sequence[Held]) -> BuildCommand:
    """A build with what the variables in it say of its Dockerfile."""
    for held in helds:
        is_held = build.context is None or MANY.match(build.context) is not None
        build = replace(
            build,
            file=build.file or held.build.file,
            context=held.build.context if is_held else build.context,
            target=build.target or held.build.target,
        )
    return build


def _name(word: str) -> str:
    match = NAME.match(word)
    return ((match["braced"] or match["plain"]) if match else "").replace("*", ARGUMENTS)


def _assigned(name: str, shell: Shell) -> Iterator[tuple[Part, Span]]:
    """The texts that a variable is set to, and the elements of an array."""
    for assigned, word in shell.assignments:
        if assigned == name:
            start = word.span.start + word.text.index("=") + 1
            span = Span(start, word.span.end)
            if span.of(shell.text).startswith("("):
                yield Part((Span(start + 1, span.end - 1),), expands=True, mixed=False), word.span
            else:
                part = part_of(span, shell.text)
                if part is not None:
                    yield part, word.span


def _set(shell: Shell, at: Span) -> Iterator[tuple[Part, Span]]:
    """What `set --` makes the arguments of the script, or of the function around."""
    body = function_around(shell, at)
    for command in shell.commands:
        words = command.words
        if command.name == "set" and len(words) > 2 and words[1].plain == "--" and function_around(shell, command.span) == body:  # noqa: PLR2004  (set -- and a word)
            yield Part((Span(words[2].span.start, words[-1].span.end),), expands=True, mixed=False), command.span


def _held(name: str, part: Part, at: Span, text: ShellText, build: BuildCommand) -> Held | None:
    inner = text_of(part, text)
    masked = NO_ARRAY_WORD.sub(lambda match: " " * len(match[0]), inner.masked)
    shell = read(f": {masked}")
    if OPTION.search(masked) is None or not shell.understood or not shell.commands or shell.commands[0].name != ":":
        return None
    shown = Words(inner)
    words = tuple(shown.argument(word.span.shifted(-2)) for word in shell.commands[0].words[1:])
    nowhere = Span(0, 0)
    found = build_command([*(Argument(word, nowhere) for word in build.tool.words), *words])
    if found is None:
        return None
    padding = tuple(Argument("", nowhere) for _ in build.tool.words)
    return Held(name, inner, (*padding, *words), at, found, part.expands and not part.mixed)


def held_way(arg: BuildArg, value: Value | None, held: Held, site: Site, reach: bool) -> Way:  # noqa: FBT001  (whether only builds get it)
    """How a build arg that is held becomes a secret: only by its name, as nothing can be assigned where the words are put together."""
    tool, known = site.started.build.tool, value.variable if value and value.variable else arg.name
    suggestion = f"--secret id={ID},env={known} in its place, with {known} exported"
    if tool.obstacle:
        return Obstacle(tool.obstacle, tool.suggestion.replace(VARIABLE, known))
    if arg.dynamic:
        return Obstacle(UNREAD, HOW_UNREAD)
    where = "the arguments" if held.name == ARGUMENTS else f"${held.name}"
    if not reach:
        return Obstacle(f"{where} may reach other commands than builds", suggestion)
    variable = arg.name if value is None else _known(value, held, site)
    if variable and (value is None or not is_stopped(site, variable, value)):
        return Named(variable, explicit=value is not None and value.empties)
    return Obstacle(f"it reaches the build in {where}, where its value cannot be assigned before the command", suggestion)


def _known(value: Value, held: Held, site: Site) -> str | None:
    """The variable of the environment that has the value."""
    if value.template:
        return held.text.environment.get(value.plain)
    return value.variable if held.is_plain and value.variable and site.has(value.variable) else None


def reaches_builds_only(name: str, shell: Shell, builds: frozenset[Span], at: Span) -> bool:
    """Whether what a variable holds is given to nothing but the commands at `builds`."""
    if name.startswith("{"):
        return True
    if name == ARGUMENTS:
        return arguments_reach_builds_only(shell, builds, at)
    own = [word.span for assigned, word in shell.assignments if assigned == name]
    return all(_is_harmless(mention, shell, builds, own) for mention in shell.mentions(name))


def _is_harmless(mention: Mention, shell: Shell, builds: frozenset[Span], own: list[Span]) -> bool:
    if mention.reading is Reading.ASSIGNED or any(mention.span in span for span in own):
        return True
    command = shell.command_at(mention.span)
    return command is None or command.span in builds or only_speaks(command)
