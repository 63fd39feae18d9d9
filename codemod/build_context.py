"""The build context on disk: which of its lines mention a variable, for a program to look up while the image is built."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from codemod.configuration import demands, is_configuration
from codemod.context import Mention
from codemod.dockerignore import Ignored, PatternError, Verdict, read
from codemod.filenames import NOT_READERS, SHARED_CONFIGURATION, SKIPPED_FOLDERS, TEXT, is_dockerfile

PASSES = re.compile(rb"build-arg|--secret|build_args|buildargs|dockerfix", re.IGNORECASE)
# `# …` and `// …`, not `#!`, `#define` and npm's `//host/:_authToken`
COMMENT = re.compile(rb"\s*(?:#+|//+)(?:[ \t]|\Z)")
# our own table of a pyproject.toml names secrets, and reads none
OUR_TABLES = re.compile(rb"^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*dockerfix\b[^\n]*\n(?:(?![ \t]*\[)[^\n]*\n?)*", re.MULTILINE)
# our own outputs name secrets, and read none: a baseline, JSON, a patch that is a mail
OUR_OUTPUTS = re.compile(
    rb'\{"dockerfix-baseline":|\{\s*"version": 1,\s*"tool": \{\s*"name": "dockerfix"|From 0{40} [^\n]*\n(?s:.*)\n-- \ndockerfix [^\n]+\s*\Z'
)
MOST_FILES = 20_000
LARGEST_FILE = 1 << 20


def mentions(folder: Path, names: Sequence[str], dockerfile: Path | None = None) -> dict[str, tuple[Mention, ...]]:
    """For each of `names` that has any, the lines below `folder`, a build context, that may read it while the image is built.

    `dockerfile` is the file that is built: a `.dockerignore` named after it comes before the folder's.
    """
    if not names:
        return {}
    found: dict[str, dict[tuple[str, int], Mention]] = {name: {} for name in names}
    pattern = re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in names) + rb")\b")
    for relative in islice(_files(folder, _ignored(folder, dockerfile)), MOST_FILES):
        for name, number, line in _matches(folder / relative, pattern):
            demanded = demands(relative, line, name)
            before = found[name].get((relative, number))
            found[name][relative, number] = Mention(relative, number, demanded or (before is not None and before.demands))
    return {name: tuple(places.values()) for name, places in found.items() if places}


def _ignored(folder: Path, dockerfile: Path | None) -> Ignored:
    """What is no part of the context; all is where the builder would refuse the file, and where there is none."""
    own = dockerfile.with_name(f"{dockerfile.name}.dockerignore") if dockerfile is not None else None
    path = own if own is not None and own.is_file() else folder / ".dockerignore"
    try:
        return read(path.read_bytes().decode("utf-8", "surrogateescape"))
    except (OSError, PatternError):
        return Ignored()


def _files(folder: Path, ignored: Ignored) -> Iterator[str]:
    """The files of the context that could read a variable, folder by folder, as paths from there."""
    verdicts = {folder: Verdict(excluded=False)}
    for base, folders, files in os.walk(folder):
        here = Path(base)
        verdict, place = verdicts.pop(here), here.relative_to(folder).as_posix()
        inside = "" if place == "." else f"{place}/"
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        for name in folders:
            verdicts[here / name] = ignored.verdict(f"{inside}{name}", verdict)
        if not ignored.has_exceptions:
            folders[:] = [name for name in folders if not verdicts[here / name].excluded]
        for name in sorted(files):
            if _may_read(f"{inside}{name}") and not ignored.verdict(f"{inside}{name}", verdict).excluded:
                yield f"{inside}{name}"


def _may_read(path: str) -> bool:
    if is_dockerfile(path.rpartition("/")[2]) or NOT_READERS.fullmatch(path):
        return False
    return TEXT.fullmatch(path) is None or path.lower().endswith("cmakelists.txt") or is_configuration(path)


def _matches(path: Path, pattern: re.Pattern[bytes]) -> Iterator[tuple[str, int, str]]:
    """Each name that a file has, with its line; lines that pass it on, and comments, do not count."""
    try:
        state = path.lstat()
        if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST_FILE:
            return
        content = path.read_bytes()
    except OSError:
        return  # what cannot be read here cannot be copied into the image either
    if OUR_OUTPUTS.match(content):
        return
    if path.name == SHARED_CONFIGURATION:
        content = OUR_TABLES.sub(lambda table: b"\n" * table[0].count(b"\n"), content)
    number, counted = 1, 0
    for match in pattern.finditer(content):
        number, counted = number + content.count(b"\n", counted, match.start()), match.start()
        end = content.find(b"\n", counted)
        line = content[content.rfind(b"\n", 0, counted) + 1 : end if end >= 0 else None]
        if not PASSES.search(line) and not COMMENT.match(line):
            yield match[0].decode(), number, line.decode("utf-8", "surrogateescape")
