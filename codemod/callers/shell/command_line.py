"""The words of a command → what they say of a build: who builds, from which Dockerfile, with which build args and secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from codemod.callers.call import Engine
from codemod.callers.shell.build_tools import GLOBAL_TAKES_A_WORD, IMAGES, SHORT_TAKES_A_WORD, TAKES_A_WORD, TOOLS, VARIABLE, Tool
from codemod.text import Span

NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
SECRET_ID = re.compile(r'(?:^|,)"?id=([^,"]+)')
# where an option of another name passes a build arg: `--set app.args.TOK=…`, `--opt build-arg:TOK=…`
INSIDE = {"--set": re.compile(r"[^=]*\.args\.(?=[^=.]+=)"), "--opt": re.compile("build-arg:")}
# words that are passed on as they are, and may be options
MANY = re.compile(r"\$(?:[@*]|\w+$|\{(?:\w+|@)[^{}]*(?:\$\{[^{}]*\}[^{}]*)*\}$)|\$\(|`")


@dataclass(frozen=True, slots=True)
class Argument:
    """A word: `text` has no quotes, and expansions as they are written; `span` is of whatever text the caller reads."""

    text: str = field(repr=False)
    span: Span


@dataclass(frozen=True, slots=True)
class BuildArg:
    """A build arg of a command; `value` is None where the environment has it.

    `first` and `last` are the words that say so, by their index; `joined` says that they are one: `--build-arg=NAME`. Where only
    a shell knows the name `dynamic` is true, and `name` is what stands in its place.
    """

    name: str
    value: str | None = field(repr=False)
    span: Span
    first: int
    last: int
    joined: bool
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class BuildCommand:
    """A command that builds. `start` is the index of the program's word, `operands` of the first word behind its operation.

    `file` and `context` are as they are written, None where they are not said; `feeds` are the ids of its secrets. `spreads` are
    the words that may become several, such as `$ARGS`, by their index.
    """

    tool: Tool
    start: int
    operands: int
    build_args: tuple[BuildArg, ...] = ()
    feeds: tuple[str, ...] = ()
    file: str | None = None
    context: str | None = None
    target: str | None = None
    spreads: tuple[int, ...] = ()

    @property
    def engine(self) -> Engine:
        """Who builds."""
        return self.tool.engine

    def suggestion(self, variable: str) -> str:
        """What to put in the place of a build arg whose value `variable` has, where it cannot be moved; with ID for the id."""
        return self.tool.suggestion.replace(VARIABLE, variable)


def build_command(words: Sequence[Argument]) -> BuildCommand | None:
    """What `words` say, where the first of them is a program that builds from a Dockerfile; None where it is none."""
    found = _tool([word.text for word in words])
    if found is None:
        return None
    tool, behind = found
    options = tuple(_options(words, behind))
    if any(option.name in tool.unless for option in options):
        return None
    contexts = [option.value for option in options if option.name in tool.context]
    return BuildCommand(
        tool=tool,
        start=0,
        operands=behind,
        build_args=tuple(_build_args(words, options, tool)),
        feeds=tuple(found for option in options if option.name == "--secret" for found in SECRET_ID.findall(option.value or "")),
        file=next((option.value for option in reversed(options) if option.name in tool.file), None),
        context=contexts[-1] if contexts else _context(options),
        target=next((option.value for option in reversed(options) if option.name == "--target"), None),
        spreads=tuple(option.first for option in options if not option.name and MANY.match(option.value or "")),
    )


@dataclass(frozen=True, slots=True)
class _Option:
    """An option with its value; an operand has no name, and the word as its value. `first` and `last` are indexes of words."""

    name: str
    value: str | None = field(repr=False)
    first: int
    last: int
    joined: bool = False


def _tool(words: list[str]) -> tuple[Tool, int] | None:
    """The tool, and the index of the first word behind its operation."""
    if not words:
        return None
    words = [_program(words[0]), *words[1:]]
    if words[:2] in (["docker", "run"], ["podman", "run"], ["nerdctl", "run"]):
        return _run(words)
    for tool in TOOLS:
        if tool.words[0] == words[0] and (behind := _behind(tool.words, words)):
            return tool, behind
    return None


def _program(path: str) -> str:
    name = path.rpartition("/")[2].removesuffix(".exe")
    return "kaniko" if path.endswith("kaniko/executor") else name


def _run(words: list[str]) -> tuple[Tool, int] | None:
    """What an image is run for whose program builds."""
    for index, word in enumerate(words):
        name = next((name for image, name in IMAGES.items() if image in word and not word.startswith("-")), None)
        if name is not None:
            return next(tool for tool in TOOLS if tool.name == name), index + 1
    return None


def _behind(wanted: tuple[str, ...], words: list[str]) -> int:
    """The index behind the `wanted` words, where `words`, which have the first, have all, options between them apart; else 0."""
    index = 1
    for name in wanted[1:]:
        while index < len(words) and words[index].startswith("-"):
            index += 2 if words[index] in GLOBAL_TAKES_A_WORD else 1
        if index >= len(words) or words[index] != name:
            return 0
        index += 1
    return index


def _options(words: Sequence[Argument], index: int) -> Iterator[_Option]:
    while index < len(words):
        text = words[index].text
        if text == "--":
            yield from (_Option("", word.text, place, place) for place, word in enumerate(words[index + 1 :], index + 1))
            return
        option = _option(words, index)
        yield option
        index = option.last + 1


def _option(words: Sequence[Argument], index: int) -> _Option:
    text = words[index].text
    following = words[index + 1].text if index + 1 < len(words) else None
    if not text.startswith("-") or text == "-":
        return _Option("", text, index, index)
    if text.startswith("--"):
        name, equals, value = text.partition("=")
        if equals:
            return _Option(name, value, index, index, joined=True)
        return (
            _Option(name, following, index, index + 1)
            if name in TAKES_A_WORD and following is not None
            else _Option(name, None, index, index)
        )
    letter = next((place for place, letter in enumerate(text) if letter in SHORT_TAKES_A_WORD), None)
    if letter is None:
        return _Option(text, None, index, index)
    name, value = f"-{text[letter]}", text[letter + 1 :].removeprefix("=")
    if value or following is None:
        return _Option(name, value, index, index, joined=True)
    return _Option(name, following, index, index + 1)


def _context(options: tuple[_Option, ...]) -> str | None:
    """The operand that is the context: what may be several words is it only where there is no other."""
    operands = [option.value or "" for option in options if not option.name]
    sure = [operand for operand in operands if not MANY.match(operand)]
    chosen = sure or operands
    return chosen[-1] if chosen else None


def _build_args(words: Sequence[Argument], options: tuple[_Option, ...], tool: Tool) -> Iterator[BuildArg]:
    for option in options:
        passes = option.name in tool.passing or option.name == "--build-arg-file"
        text = option.value if passes else None
        inside = INSIDE.get(option.name)
        if text is None or (inside and not inside.match(text)):
            continue
        text = inside.sub("", text, count=1) if inside else text
        name, equals, value = text.partition("=")
        dynamic = NAME.fullmatch(name) is None or option.name == "--build-arg-file"
        span = Span(words[option.first].span.start, words[option.last].span.end)
        yield BuildArg(name, value if equals else None, span, option.first, option.last, option.joined, dynamic)
