"""Documents whose blocks are the program's own words: what a block shows is made anew and compared.

A block of `console` is `$ dockerfix …` and what that prints at the top of the repository; one of `pycon` is `>>> …` and what that
prints, and all of a document share their names.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .command import dockerfix

if TYPE_CHECKING:
    from collections.abc import Iterator

FENCED = re.compile(r"^```(?P<language>[\w-]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(?P<marks>#+) (?P<title>.*)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `title` is the heading it stands below."""

    language: str
    body: str
    title: str


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    for match in FENCED.finditer(text):
        titles = [heading["title"] for heading in HEADING.finditer(text, 0, match.start())]
        yield Block(match["language"], match["body"], titles[-1] if titles else "")


def titles(text: str) -> list[str]:
    """The headings of a document, those in blocks apart."""
    return [heading["title"] for heading in HEADING.finditer(FENCED.sub("", text))]


def made_anew(text: str) -> str:
    """The document with every block that shows the program as the program is now."""
    names: dict[str, Any] = {}

    def body(match: re.Match[str]) -> str:
        if match["language"] == "console":
            return f"```console\n{_console(match['body'])}```"
        return f"```pycon\n{_python(match['body'], names)}```" if match["language"] == "pycon" else match[0]

    return FENCED.sub(body, text)


def _console(shown: str) -> str:
    commands = [line for line in shown.splitlines() if line.startswith("$ ")]
    return "".join(f"{command}\n{_output(command)}" for command in commands)


def _output(command: str) -> str:
    """What is printed; `2>/dev/null` leaves out what is said to a person."""
    name, *words = shlex.split(command.removeprefix("$ "))
    assert name == "dockerfix", f"a document can show no command but ours: {command}"
    only_product = words[-1] == "2>/dev/null"
    return dockerfix(*words[: -1 if only_product else None], merged=not only_product).stdout.decode()


def _python(shown: str, names: dict[str, Any]) -> str:
    return "".join(_example(example, names) for example in doctest.DocTestParser().get_examples(shown))


def _example(example: doctest.Example, names: dict[str, Any]) -> str:
    first, *others = example.source.splitlines()
    source = "".join(f"{line}\n" for line in (f">>> {first}", *(f"... {other}" for other in others)))
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(example.source, "<document>", "single"), names)  # noqa: S102  (our own documents)
    return source + printed.getvalue()
