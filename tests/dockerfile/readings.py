"""A Dockerfile as BuildKit v0.12.5 reads it (the PyPI package `dockerfile`) and as we do, in one shape."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from codemod.dockerfile.error import ParseError
from codemod.dockerfile.lines import GO_SPACE, LineReader
from codemod.dockerfile.nodes import Instruction
from codemod.dockerfile.parser import read_instructions
from codemod.dockerfile.words import BLANKS
from codemod.text import Source

# by name: this folder, too, could be taken for a package `dockerfile`
binding = importlib.import_module("dockerfile")
# the one message that quotes the file's bytes as they are
MESSAGE = b"invalid escape token "
FOLDER = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a thousand files a second


@dataclass(frozen=True, slots=True)
class Reading:
    """What both say of one instruction; `trigger` is the keyword of the inner one, `heredocs` name, descriptor and body.

    The binding leaves out an ONBUILD's heredocs, so both do. `code` is the joined line, to see what a difference is about.
    """

    keyword: str
    trigger: str
    first: int
    last: int
    flags: tuple[str, ...]
    json: bool
    values: tuple[str, ...]
    heredocs: tuple[tuple[str, int, str], ...]
    code: str = field(compare=False)


class NotComparableError(Exception):
    """The binding has read the file, but cannot give back what is not UTF-8."""


def theirs(content: bytes) -> tuple[Reading, ...] | str:
    """BuildKit v0.12.5's reading, or its error's message."""
    with tempfile.NamedTemporaryFile(dir=FOLDER) as file:
        file.write(content)
        file.flush()
        try:
            commands = binding.parse_file(file.name)
        except binding.GoParseError as error:
            return str(error)
        except UnicodeDecodeError as error:
            if error.object.startswith(MESSAGE):
                return repr(error.object)
            raise NotComparableError from None
    return tuple(_their_reading(command) for command in commands)


def _their_reading(command: object) -> Reading:
    get = command.__getattribute__
    return Reading(
        keyword=get("cmd") or "",
        trigger=get("sub_cmd") or "",
        first=get("start_line"),
        last=get("end_line"),
        flags=get("flags"),
        json=get("json"),
        values=get("value"),
        # the binding makes a signed number of the descriptor
        heredocs=tuple((doc.name, doc.file_descriptor % 2**64, doc.content) for doc in get("heredocs")),
        code=(get("original") or "").partition("\n")[0],
    )


def ours(content: bytes) -> tuple[Reading, ...] | ParseError:
    """Our reading, or our error."""
    try:
        return tuple(_our_reading(found, content) for found in instructions(content))
    except ParseError as error:
        return error


def instructions(content: bytes) -> tuple[Instruction, ...]:
    """What the syntax alone makes of a file."""
    return read_instructions(LineReader(Source.from_bytes(PurePosixPath("Dockerfile"), content)))


def _our_reading(found: Instruction, content: bytes) -> Reading:
    text = content.decode("utf-8", "surrogateescape")
    reading = Reading(
        keyword=keyword(found),
        trigger=keyword(found.trigger) if found.trigger else "",
        first=found.lines[0].number,
        last=found.lines[-1].number,
        flags=tuple(flag.text for flag in found.flags),
        json=(found.trigger or found).json is not None,
        values=values(found.trigger) if found.trigger else values(found),
        heredocs=tuple((doc.name, doc.file_descriptor, doc.body.of(text)) for doc in found.heredocs if not found.trigger),
        code=found.joined.text,
    )
    return _as_c_strings(reading)


def keyword(found: Instruction) -> str:
    """The instruction's word as it is written, without the continuation that may split it."""
    return BLANKS.split(found.joined.text.strip(GO_SPACE), maxsplit=1)[0]


def values(found: Instruction) -> tuple[str, ...]:
    """The node's values: a form each (dispatch in parser/parser.go)."""
    text = found.arguments.text
    if found.json is not None:
        return (*_health(text)[:1], *found.json) if found.name == "HEALTHCHECK" else found.json
    if found.name not in SHAPES:
        return ("",)
    return SHAPES[found.name](found) if text else ()


def _words(found: Instruction) -> tuple[str, ...]:
    return tuple(word.name if word.value is None else f"{word.name}={word.value}" for word in found.variables)


def _pairs(found: Instruction) -> tuple[str, ...]:
    return tuple(part for word in found.variables for part in (word.name, word.value or ""))


def _list(found: Instruction) -> tuple[str, ...]:
    return tuple(BLANKS.split(found.arguments.text))


def _whole(found: Instruction) -> tuple[str, ...]:
    return (found.arguments.text,)


SHAPES: dict[str, Callable[[Instruction], tuple[str, ...]]] = {
    "ARG": _words,
    "HEALTHCHECK": lambda found: _health(found.arguments.text),
    "ONBUILD": lambda _: ("",),  # an ONBUILD in an ONBUILD
    **dict.fromkeys(("ENV", "LABEL"), _pairs),
    **dict.fromkeys(("ADD", "COPY", "EXPOSE", "FROM", "VOLUME"), _list),
    **dict.fromkeys(("CMD", "ENTRYPOINT", "MAINTAINER", "RUN", "SHELL", "STOPSIGNAL", "USER", "WORKDIR"), _whole),
}


def _health(text: str) -> tuple[str, ...]:
    latin = text.encode("utf-8", "surrogateescape").decode("latin-1")
    end = next((at for at, byte in enumerate(latin) if byte in "\t\n\v\f\r \x85\xa0"), len(latin))
    kind, rest = latin[:end], latin[end:].lstrip("\t\n\v\f\r \x85\xa0")
    parts = (kind, rest) if rest else (kind,) if kind else ()
    return tuple(part.encode("latin-1").decode("utf-8", "surrogateescape") for part in parts)


def _as_c_strings(reading: Reading) -> Reading:
    """The binding's strings end at a NUL."""

    def cut(texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(text.partition("\0")[0] for text in texts)

    return replace(
        reading,
        keyword=reading.keyword.partition("\0")[0],
        trigger=reading.trigger.partition("\0")[0],
        flags=cut(reading.flags),
        values=cut(reading.values),
        heredocs=tuple((cut((name,))[0], descriptor, cut((body,))[0]) for name, descriptor, body in reading.heredocs),
    )
