"""The build context on disk: which of its lines mention a variable, for a program to look up while the image is built."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.configuration import demands, is_configuration
from codemod.context import Mention
from codemod.dockerignore import Ignored, PatternError, Verdict, read
from codemod.filenames import NOT_READERS, SHARED_CONFIGURATION, SKIPPED_FOLDERS, TEXT, is_dockerfile
from codemod.repository import SUBMODULE

if TYPE_CHECKING:  # one Dockerfile needs none
    from codemod.repository import Repository
    from codemod.workers import Workers

PASSES = re.compile(rb"build-arg|--secret|build_args|buildargs|dockerfix", re.IGNORECASE)
# … where the option is the end of the line before
PASSES_BELOW = re.compile(rb"--(?:build-arg|secret)[\"'\s,\\`]*\Z")
LONGEST_OPTION = 80
# `# …` and `// …`, not `#!`, `#define` and npm's `//host/:_authToken`
COMMENT = re.compile(rb"\s*(?:#+|//+)(?:[ \t]|\Z)")
# our own table of a pyproject.toml names secrets, and reads none
OUR_TABLES = re.compile(rb"^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*dockerfix\b[^\n]*\n(?:(?![ \t]*\[)[^\n]*\n?)*", re.MULTILINE)
# our own outputs name secrets, and read none: a baseline, JSON, a patch that is a mail
OUR_OUTPUTS = re.compile(
    rb'\{"dockerfix-baseline":|\{\s*"version": 1,\s*"tool": \{\s*"name": "dockerfix"|From 0{40} [^\n]*\n(?s:.*)\n-- \ndockerfix [^\n]+\s*\Z'
)
# what of a path is no pattern's, and no variable's
KNOWN = re.compile(r"(?:[^/*?\[$\\]+(?:/|\Z))*")
# fewer files than these are read one by one
FEW = 500
MOST_FILES = 20_000
LARGEST_FILE = 1 << 20

Match = tuple[str, int, str]
"""A name that a file has, the number of its line, and the line."""


def mentions(folder: Path, names: Sequence[str], dockerfile: Path | None = None) -> dict[str, tuple[Mention, ...]]:
    """For each of `names` that has any, the lines below `folder`, a build context, that may read it while the image is built.

    `dockerfile` is the file that is built: a `.dockerignore` named after it comes before the folder's.
    """
    if not names:
        return {}
    pattern = any_of(names)
    files = islice(_files(folder, ignored_by(folder, dockerfile)), MOST_FILES)
    return _gathered((relative, match) for relative in files for match in matches(folder / relative, pattern))


def _gathered(found: Iterable[tuple[str, Match]]) -> dict[str, tuple[Mention, ...]]:
    """The mentions of each name, each line once; `found` has files of a context, and what stands in them."""
    places: dict[str, dict[tuple[str, int], Mention]] = {}
    for relative, (name, number, line) in found:
        own = places.setdefault(name, {})
        before = own.get((relative, number))
        own[relative, number] = Mention(relative, number, demands(relative, line, name) or (before is not None and before.demands))
    return {name: tuple(each.values()) for name, each in places.items()}


def any_of(names: Iterable[str]) -> re.Pattern[bytes]:
    """Fits each of `names` where it is a word."""
    return re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in sorted(names, key=len, reverse=True)) + rb")\b")


class Contexts:
    """Several contexts that have files in common: each is read once, for all `names`, whoever's it is."""

    def __init__(self, folders: Iterable[Path], names: Iterable[str], repository: Repository, workers: Workers) -> None:
        self._repository, self._workers, self._names = repository, workers, tuple(sorted(set(names)))
        tops: set[Path] = set()
        for folder in sorted({Path(os.path.realpath(folder)) for folder in folders}, key=lambda folder: len(folder.parts)):
            if not any(_is_walked(folder.relative_to(top).parts) for top in tops & {folder, *folder.parents}):
                tops.add(folder)
        paths = [*self._files(tops)]
        found = workers.map(matches_in, [(path, self._names) for path in paths], worth=2_000, is_local=True)
        self._matches = {path: each for path, each in zip(paths, found, strict=True) if each}

    def _files(self, tops: Collection[Path]) -> Iterator[str]:
        """The files below some folders that may have any of the names: as git has them listed, or else as they are on disk."""
        git, root = self._repository.git, self._repository.root
        if git is None or git.ignored is None:
            yield from (path for top in tops for path in _every(str(top)))
            return
        yield from (path for top in tops if not top.is_relative_to(root) for path in _every(str(top)))
        listed = _Below(top.relative_to(root).as_posix() for top in tops if top.is_relative_to(root))
        submodules = (f"{path}/" for path, entry in git.tracked.items() if entry.mode == SUBMODULE)
        tracked = self._searched([path for path in self._repository.in_place if path in listed])
        for path in (*tracked, *submodules, *git.others, *git.ignored):
            if path.endswith("/"):
                yield from (found for top in listed.within(path) for found in _every(f"{root}{os.sep}{top}"))
            elif path in listed and _may_read(path.rpartition("/")[2]):
                yield f"{root}{os.sep}{path}"

    def _searched(self, paths: Sequence[str]) -> list[str]:
        """Those of tracked files that may have any of the names: what git finds, and what an earlier run has not seen without them."""
        cache, git = self._workers.cache, self._repository.git
        blobs = self._repository.blobs if cache is not None else {}
        key = cache.key("contexts", self._names) if cache is not None else b""
        seen: dict[bytes, bool] = cache.get(key, {}) if cache is not None else {}
        unseen = [path for path in paths if blobs.get(path) not in seen]
        pattern = "|".join(map(re.escape, self._names))
        having = {*self._repository.to_read(unseen, git.search(pattern, "-P") if git is not None and len(unseen) > FEW else None)}
        having |= {path for path in paths if seen.get(blobs.get(path, b""))}
        if cache is not None and unseen:
            cache[key] = {blob: path in having for path in paths if (blob := blobs.get(path))}
        return sorted(having)

    def mentions(self, folder: Path, names: Sequence[str], dockerfile: Path) -> dict[str, tuple[Mention, ...]]:
        """What `mentions` says of one of the folders, for some of the names."""
        ignored, start = ignored_by(folder, dockerfile), f"{os.path.realpath(folder)}{os.sep}"
        below = ((path[len(start) :].replace(os.sep, "/"), found) for path, found in self._matches.items() if path.startswith(start))
        own = sorted(below, key=lambda each: _order(each[0]))
        walked = ((path, found) for path, found in own if _is_walked(path.split("/")[:-1]))
        files = [(path, found) for path, found in walked if _may_read(path) and not ignored.excludes(path)]
        wanted = {*names}
        return _gathered((path, match) for path, found in files for match in found if match[0] in wanted)


class _Below:
    """Whether a walk of one of some folders, none of which another has, finds paths from a root; "." is the root."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = {"" if folder == "." else folder for folder in folders}
        self._known = dict.fromkeys(self._folders, True)

    def __contains__(self, path: str) -> bool:
        folder = path.rpartition("/")[0]
        if folder not in self._known:
            self._known[folder] = bool(folder) and _is_walked([folder.rpartition("/")[2]]) and folder in self
        return self._known[folder]

    def within(self, folder: str) -> list[str]:
        """What of a folder, with a slash at its end, is found: what a walk of it has, and those of them that are in it."""
        whole = [folder.rstrip("/")] if folder in self else []
        return [*whole, *(each for each in self._folders if each.startswith(folder))]


def likely_contexts(own: Path, root: Path, paths: Iterable[str]) -> list[Path]:
    """The folders that a Dockerfile may be built from where nobody says which, from its `own` up to the `root` of its tree.

    These are its own, and for each of the `paths` that it asks for the nearest in which there is one of that name.
    """
    above = _and_above(own, root)
    found = (next((folder for folder in above if (folder / part).exists()), own) for part in _known(paths))
    return [*dict.fromkeys((own, *found))]


def likely_context(own: Path, root: Path, paths: Iterable[str]) -> tuple[Path, str] | None:
    """The nearest folder above that has all of the `paths` that are anywhere, with the first that `own` has not; None where it has all."""
    above = _and_above(own, root)
    there = [part for part in _known(paths) if any((folder / part).exists() for folder in above)]
    missing = [part for part in there if not (own / part).exists()]
    whole = (folder for folder in above if all((folder / part).exists() for part in there))
    folder = next(whole, None) if missing else None
    return None if folder is None else (folder, missing[0])


def _and_above(own: Path, root: Path) -> list[Path]:
    real = Path(os.path.realpath(own))
    return [own, *(folder for folder in real.parents if folder.is_relative_to(root))]


def _known(paths: Iterable[str]) -> list[str]:
    """What of each path is known, each once."""
    known = (KNOWN.match(path.lstrip("/")) for path in paths)
    return sorted(filter(None, {match[0].rstrip("/") for match in known if match is not None}))


def leads_beyond(folder: Path, root: Path) -> bool:
    """Whether a context is none of the tree at `root`, or in a folder of it that no walk enters."""
    real = Path(os.path.realpath(folder))
    return not real.is_relative_to(root) or not _is_walked(real.relative_to(root).parts)


def _is_walked(folders: Iterable[str]) -> bool:
    """Whether a walk enters all folders of these names."""
    return SKIPPED_FOLDERS.isdisjoint(folders)


def _order(path: str) -> tuple[tuple[bool, str], ...]:
    """The order of a walk: the files of a folder come before those of its folders."""
    *folders, name = path.split("/")
    return (*((True, folder) for folder in folders), (False, name))


def matches_in(item: tuple[str, tuple[str, ...]]) -> list[Match]:
    """What the file at a path has of some names."""
    path, names = item
    anywhere, pattern = _compiled(names)
    content = _content(path)
    return [*_matches(os.path.basename(path), content, pattern)] if content and anywhere.search(content) else []  # noqa: PTH119  (forty thousand)


@lru_cache(8)
def _compiled(names: tuple[str, ...]) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """What fits the names anywhere, which is quicker, and where they are words."""
    return re.compile(b"|".join(re.escape(name.encode()) for name in names)), any_of(names)


def _every(top: str) -> Iterator[str]:
    """The files below a folder that could be read, whoever's context they are in: files before folders, each in order."""
    for base, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        yield from (f"{base}{os.sep}{name}" for name in sorted(files) if _may_read(name))


def ignored_by(folder: Path, dockerfile: Path | None) -> Ignored:
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


def matches(path: Path, pattern: re.Pattern[bytes]) -> Iterator[Match]:
    """Each name that a file has, with its line; lines that pass it on, and comments, do not count."""
    return _matches(path.name, _content(str(path)) or b"", pattern)


def _content(path: str) -> bytes | None:
    """What a file has; None where it cannot be read here: it cannot be copied into the image either."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb", 0) as file:
            state = os.fstat(file.fileno())
            return file.read() if stat.S_ISREG(state.st_mode) and state.st_size <= LARGEST_FILE else None
    except OSError:
        return None


def _matches(name: str, content: bytes, pattern: re.Pattern[bytes]) -> Iterator[Match]:
    if OUR_OUTPUTS.match(content):
        return
    if name == SHARED_CONFIGURATION:
        content = OUR_TABLES.sub(lambda table: b"\n" * table[0].count(b"\n"), content)
    number, counted = 1, 0
    for match in pattern.finditer(content):
        number, counted = number + content.count(b"\n", counted, match.start()), match.start()
        end = content.find(b"\n", counted)
        start = content.rfind(b"\n", 0, counted) + 1
        line = content[start : end if end >= 0 else None]
        passes = PASSES.search(line) or PASSES_BELOW.search(content, max(0, start - LONGEST_OPTION), start)
        if not passes and not COMMENT.match(line):
            yield match[0].decode(), number, line.decode("utf-8", "surrogateescape")
