"""Where the journals of runs that write lie: looking for one costs a dry run next to nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

NAME = "dockerfix-journal"


def found(roots: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """The journals that are there for these trees, for parts of them and for what they are part of: each with its own root."""
    known = [*roots]
    state = _state()
    for root in known:
        folder = _git_folder(root)
        own = [folder / NAME] if folder else []
        yield from ((path, root) for path in (*own, root / f".{NAME}") if path.is_file())
    for path in sorted(state.glob(f"{NAME}-*")) if state else ():
        named = _root_in(path)
        if named is not None and any(named.is_relative_to(each) or each.is_relative_to(named) for each in known):
            yield path, named


def places(root: Path) -> Iterator[Path]:
    """Git's folder; else the user's own; where there is neither, the tree has to do."""
    git = _git_folder(root)
    if git is not None:
        yield git / NAME
    state = _state()
    if state is not None:
        yield state / f"{NAME}-{_key(root)}"
    yield root / f".{NAME}"


def _key(root: Path) -> str:
    from hashlib import sha256  # noqa: PLC0415  (a dry run needs none)

    return sha256(os.fsencode(root)).hexdigest()[:32]


def _state() -> Path | None:
    """Where programs note what is to survive them; None for a user without a home."""
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    folder = named if named.is_absolute() else Path(os.path.expanduser("~/.local/state"))  # noqa: PTH111  (Path's raises without a home)
    return folder / "dockerfix" if folder.is_absolute() else None


def _git_folder(root: Path) -> Path | None:
    """The folder that git has for a work tree: `.git`, or for submodules and other work trees the one that it names."""
    entry = root / ".git"
    if entry.is_dir():
        return entry
    try:
        kind, _, path = entry.read_text(encoding="utf-8", errors="surrogateescape").rstrip("\n").partition(": ")
    except OSError:
        return None
    folder = root / path
    return folder if kind == "gitdir" and folder.is_dir() else None


def _root_in(path: Path) -> Path | None:
    """The root that a journal names; None where it does not come to that."""
    import json  # noqa: PLC0415  (…)

    try:
        with path.open("rb") as file:
            return Path(json.loads(file.readline())["root"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
