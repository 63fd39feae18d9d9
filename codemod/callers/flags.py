"""The flags of `docker build` in a text that is no shell script: in a string of another language, in a list of words.

They are found by their own looks, so nothing of the language around them needs to be known; and nothing of it can be changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from codemod.callers.call import Engine
from codemod.text import Span

# between a flag and what it is given: a blank, =, or the next string of a list or of XML
BETWEEN = r"(?:\s*=\s*|[\"']?\s*,\s*(?:\\?\n\s*)?[fr]?[\"']|</\w+>\s*<\w+>|[\"']?\s+(?:-\s+)?(?:\\\s*)?)"
ARG = re.compile(rf"--build-arg{BETWEEN}(?P<quote>\\?[\"'])?(?P<name>[A-Za-z_]\w*)(?P<equals>=)?")
COMPUTED = re.compile(r"--build-arg(?![\w-])")
SECRET = re.compile(rf"--secret{BETWEEN}[\"']?(?:[\w=]+,)*?id=([\w.-]+)")
FILE = re.compile(rf"(?<![\w-])(?:-f|--file|--dockerfile){BETWEEN}[\"']?([^\s\"',<]+)")
TARGET = re.compile(rf"--target{BETWEEN}[\"']?([\w.-]+)")
PODMAN = re.compile(r"(?<![\w-])(?:podman|buildah)(?![\w-])")
CLASSIC = re.compile(r"DOCKER_BUILDKIT\s*[=:]\s*[\"']?(?:0|false)\b")
COMMAND = re.compile(
    r"(?<![\w./-])(?:docker|podman|nerdctl|depot)(?:\s+-\S+(?:=\S+)?)*\s+(?:(?:buildx|image|builder)\s+)?(?:build|b)(?=\s|$)|"
    r"(?<![\w./-])buildah\s+(?:build|bud)(?=\s|$)"
)
CHANGE = re.compile(r"(?:^|[\n;&(])\s*cd\s+([^\s;&|)]+)\s*(?:&&|;|\n)")
OPENING = {"(": ")", "{": "}", "`": "`"}


@dataclass(frozen=True, slots=True)
class Flag:
    """A `--build-arg`, `span` being all of it; no name where it is computed."""

    name: str
    span: Span
    value: str | None = field(repr=False)


def build_args(text: str, within: Span | None = None) -> Iterator[Flag]:
    """Every `--build-arg` of a text, or of a part of it."""
    part = within or Span(0, len(text))
    for found in COMPUTED.finditer(text, part.start, part.end):
        match = ARG.match(text, found.start(), part.end)
        if not match:
            yield Flag("", Span(*found.span()), None)
            continue
        end = word_end(text, match.end(), match["quote"] or "", part.end)
        yield Flag(match["name"], Span(found.start(), end), text[match.end() : end] if match["equals"] else None)


def word_end(text: str, start: int, quote: str, limit: int) -> int:
    """Where the word ends that has `start` in it: at its quote, else at a blank or what cannot be in a word."""
    position, opened = start, [quote] if quote else []
    while position < limit:
        character = text[position]
        if opened and text.startswith(opened[-1], position):
            position += len(opened.pop())
            if quote and not opened:
                return position - len(quote)
        elif text.startswith(("$(", "${", "`"), position):
            position += 1 if character == "`" else 2
            opened.append(OPENING[text[position - 1]])
        elif not opened and character in "\"'" and text[position - 1] == "=":
            opened.append(character)
            position += 1
        elif (not opened and (character.isspace() or character in "\"',;<>|&)]}")) or ("\n" in character and not opened[-1:] == [")"]):
            return position
        else:
            position += 1
    return limit


def feeds(text: str) -> tuple[str, ...]:
    """The ids of the secrets that a text passes already."""
    return tuple(dict.fromkeys(SECRET.findall(text)))


def file(text: str) -> str | None:
    """The Dockerfile that a text names."""
    return match[1] if (match := FILE.search(text)) else None


def target(text: str) -> str | None:
    """The stage that a text asks for."""
    return match[1] if (match := TARGET.search(text)) else None


def engine(text: str) -> Engine:
    """Who builds, by the words of a text."""
    return Engine.BUILDAH if PODMAN.search(text) else Engine.BUILDKIT


def context(text: str) -> str | None:
    """The last word of a command that builds; None where it could be what belongs to a flag."""
    match = COMMAND.search(text)
    if match is None:
        return None
    words = re.split(r"\n|&&|\|\||[;|]", re.sub(r"\\\r?\n", " ", text[match.end() :]))[0].split()
    last = words[-1].strip("\"'") if words else ""
    return last if last and not last.startswith("-") and (len(words) == 1 or not re.fullmatch(r"-[a-z]|--[a-z-]+", words[-2])) else None


def folder(text: str) -> str:
    """Where a text goes before it builds."""
    match = CHANGE.search(text)
    return match[1].strip("\"'") if match else "."
