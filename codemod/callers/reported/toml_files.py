"""fly.toml and railway.toml: they are read as TOML, and their lines are found by what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname
from typing import Any

from codemod.callers.call import ID, Call, NotUnderstoodError, Passed, Tree
from codemod.callers.credentials import credential
from codemod.callers.places import places
from codemod.callers.reported.deployments import RAILWAY
from codemod.text import Source, Span

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

FLY = "fly.toml has no secrets: they are given to fly deploy, with their values"
KEY = re.compile(r"(?<![\w-])[\"']?([\w-]+)[\"']?[ \t]*=[ \t]*(?:\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|[^\s,{}\[\]\"']+)?")
PLACE = re.compile(r"\(at line (\d+)")


def calls(source: Source, tree: Tree) -> tuple[Call, ...]:  # noqa: ARG001  (as every kind of caller has it)
    """The build that a file describes. Raises NotUnderstoodError."""
    build = _table(_load(source), "build")
    if _text(build, "image") or (_text(build, "builder") or "dockerfile").lower() != "dockerfile":
        return ()
    is_fly = source.path.name.lower().startswith("fly")
    header = re.search(r"^[ \t]*\[build\b.*$", source.text, re.MULTILINE)
    span = Span(*header.span()) if header else Span(0, 0)
    folder = dirname(source.path.as_posix()) or "."
    return (
        Call(
            kind="fly.toml" if is_fly else "service of Railway",
            span=span,
            line=source.line(span.start),
            places=places((folder,), _text(build, "dockerfile") or _text(build, "dockerfilePath"), None),
            passes=tuple(_passes(_table(build, "args"), source)) if is_fly else (),
            target=_text(build, "build-target"),
            blocks="" if is_fly else RAILWAY,
        ),
    )


def _load(source: Source) -> dict[str, Any]:
    try:
        values: dict[str, Any] = tomllib.loads(source.text.removeprefix("\ufeff").encode("utf-8", "replace").decode())
    except tomllib.TOMLDecodeError as error:
        line = PLACE.search(str(error))
        raise NotUnderstoodError(int(line[1]) if line else 1, "is not TOML that can be read") from None
    return values


def _table(values: dict[str, Any], key: str) -> dict[str, Any]:
    found = values.get(key)
    return found if isinstance(found, dict) else {}


def _text(values: dict[str, Any], key: str) -> str | None:
    found = values.get(key)
    return found if isinstance(found, str) else None


def _passes(values: dict[str, Any], source: Source) -> Iterator[Passed]:
    table = re.search(r"\bargs\b", source.text)
    places: dict[str, Span] = {}
    for match in KEY.finditer(source.text, table.end() if table else 0):
        places.setdefault(match[1], Span(*match.span()))
    for name, value in values.items():
        span = places.get(name, Span(0, 0))
        yield Passed(
            name=name,
            span=span,
            line=source.line(span.start),
            value=str(value),
            credential=credential(str(value)),
            obstacle=FLY,
            suggestion=f'fly deploy --build-secret {ID}="${name}"',
        )
