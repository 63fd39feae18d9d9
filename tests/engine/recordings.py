"""What the stand-in tools of a build were given, as they wrote it down in `/recorded`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of one tool. Whatever holds a canary is there as its hash: a record must not be a leak itself."""

    tool: str
    words: tuple[str, ...]
    stdin: tuple[str, ...]
    files: tuple[str, ...]
    environment: Mapping[str, str]
    mounted: Mapping[str, str]


def read_recordings(text: str) -> tuple[Invocation, ...]:
    """The invocations of one stage, in the order they happened."""
    blocks = text.split("end\n")[:-1]
    return tuple(_read_block(block.splitlines()) for block in blocks)


def _read_block(lines: Iterable[str]) -> Invocation:
    fields: dict[str, list[str]] = {key: [] for key in ("tool", "word", "stdin", "file", "env", "mounted")}
    for line in lines:
        key, _, value = line.partition(" ")
        fields[key].append(value)
    return Invocation(
        tool=fields["tool"][0],
        words=tuple(fields["word"]),
        stdin=tuple(fields["stdin"]),
        files=tuple(fields["file"]),
        environment=_pairs(fields["env"]),
        mounted=_pairs(fields["mounted"]),
    )


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    return {name: value for name, _, value in (text.partition("=") for text in texts)}


def differences(before: Iterable[Invocation], after: Iterable[Invocation]) -> list[str]:
    """Where the tools were given something else than before; empty where the build does the same."""
    olds, news = list(before), list(after)
    if [old.tool for old in olds] != [new.tool for new in news]:
        return [f"tools run: {[old.tool for old in olds]} became {[new.tool for new in news]}"]
    return [line for old, new in zip(olds, news, strict=True) for line in _changes(old, new)]


def _changes(old: Invocation, new: Invocation) -> list[str]:
    lines = [
        f"{old.tool}: {name} {one} became {other}"
        for name, one, other in (
            ("words", old.words, new.words),
            ("stdin", old.stdin, new.stdin),
            ("files", old.files, new.files),
        )
        if one != other
    ]
    return lines + _environment_changes(old, new)


def _environment_changes(old: Invocation, new: Invocation) -> list[str]:
    """An ARG reaches every RUN after it, a mount only its own: a secret may be gone where it is not mounted.

    So may one of two names of it.
    """
    added = [f"{old.tool}: new variable {name}" for name in new.environment.keys() - old.environment.keys()]
    changed = [
        f"{old.tool}: variable {name} {value} became {new.environment.get(name, 'unset')}"
        for name, value in old.environment.items()
        if new.environment.get(name) != value and not _narrowed(name, value, new)
    ]
    return added + changed


def _narrowed(name: str, value: str, new: Invocation) -> bool:
    gone = name not in new.environment and (value not in new.mounted.values() or value in new.environment.values())
    return gone and value.startswith("sha256:")
