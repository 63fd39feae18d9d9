"""The disk: which files are Dockerfiles, what their folders mention, and writing a file whole or not at all."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from codemod.context import Mention

NAMES = re.compile(r"(?:docker|container)file(?:\..+)?|.+\.(?:docker|container)file", re.IGNORECASE)
NOT_NAMES = re.compile(r".*(?:\.dockerignore|\.md|\.rst|\.txt|\.bak|\.orig|\.rej|\.swp|\.tmp|\.old|~)", re.IGNORECASE)
TEMPLATES = re.compile(r".*\.(?:j2|jinja2?|tmpl|tpl|in|erb|mustache|hbs|gotmpl)", re.IGNORECASE)
SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".mypy_cache", ".terraform"})

# files that pass a build arg, document it or set it, rather than read it when the image is built
NOT_READERS = re.compile(
    r"(?:.*/)?(?:\.github/.*|\.circleci/.*|\.git/.*|docs?/.*|[^/]*compose[^/]*\.ya?ml|\.gitlab-ci[^/]*|jenkinsfile[^/]*|[^/]*\.(?:md|rst|txt|adoc)|"
    r"docker-bake[^/]*|azure-pipelines[^/]*|bitbucket-pipelines[^/]*|buildspec[^/]*|\.env[^/]*|\.dockerignore|\.gitignore)",
    re.IGNORECASE,
)
PASSES = re.compile(rb"build-arg|--secret|build_args|buildargs|dockerfix", re.IGNORECASE)
MOST_FILES = 20_000
LARGEST_FILE = 1 << 20


class ChangedError(OSError):
    """The file is no longer what was read."""


def dockerfiles(paths: Sequence[Path], exclude: Sequence[str]) -> Iterator[tuple[Path, bool]]:
    """The files to look at, each once by whatever names, in order, and whether the user named it."""
    seen: set[Path] = set()
    for path in paths:
        for found, named in [(path, True)] if not path.is_dir() else ((file, False) for file in _walk(path)):
            real = Path(os.path.realpath(found))  # resolve() gives up on a loop of links
            if real not in seen and not is_excluded(found, exclude):
                seen.add(real)
                yield found, named


def _walk(folder: Path) -> Iterator[Path]:
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        found = [path for name in sorted(files) if is_dockerfile(name) and (path := Path(base, name)).is_file()]
        yield from sorted(found, key=Path.is_symlink)  # a link beside its target is the target's other name


def is_dockerfile(name: str) -> bool:
    """Whether a file of this name is taken for a Dockerfile when a folder is walked."""
    return NAMES.fullmatch(name) is not None and NOT_NAMES.fullmatch(name) is None


def is_template(path: Path, content: bytes) -> bool:
    """Whether a program writes the Dockerfile from this file, so that it need not be one itself."""
    return TEMPLATES.fullmatch(path.name) is not None or re.search(rb"\{\{|\{%|<%", content) is not None


def is_excluded(path: Path, patterns: Iterable[str]) -> bool:
    """Whether a glob fits the path, its end, or a folder above it."""
    parts = path.parts
    names = ["/".join(parts[start:end]) for end in range(1, len(parts) + 1) for start in range(end)]
    return any(fnmatchcase(name, pattern.rstrip("/")) for pattern in patterns for name in names)


def mentions(folder: Path, names: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
    """For each of `names`, the files below `folder` that may read it while the image is built, as path:line."""
    found: dict[str, list[Mention]] = {name: [] for name in names}
    pattern = re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in names) + rb")\b")
    for count, path in enumerate(_files(folder)):
        if count >= MOST_FILES:
            break
        for number, line in _matching_lines(path, pattern):
            for match in set(pattern.findall(line)):
                found[match.decode()].append(Mention(path.relative_to(folder).as_posix(), number))
    return {name: tuple(places) for name, places in found.items() if places}


def _files(folder: Path) -> Iterator[Path]:
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        for name in sorted(files):
            path = Path(base, name)
            if not is_dockerfile(name) and not NOT_READERS.fullmatch(path.relative_to(folder).as_posix()):
                yield path


def _matching_lines(path: Path, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, bytes]]:
    try:
        if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size > LARGEST_FILE:
            return
        content = path.read_bytes()
    except OSError:
        return  # what cannot be read here cannot be copied into the image either
    if pattern.search(content):
        for number, line in enumerate(content.splitlines(), 1):
            if pattern.search(line) and not PASSES.search(line):
                yield number, line


def write(path: Path, before: bytes, after: bytes) -> None:
    """Replace the file that `path` leads to by one with `after`: mode and owner stay, and at no moment is it half written.

    Raises ChangedError where it no longer holds `before`, OSError where it cannot be written.
    """
    target = path.resolve(strict=True)
    state = target.stat()
    beside = target.with_name(f".{target.name}.dockerfix-{os.getpid()}")
    file = beside.open("xb")
    try:
        with file:
            file.write(after)
            file.flush()
            _take_over(file.fileno(), state)
            os.fsync(file.fileno())
        _check_unchanged(target, before)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _check_unchanged(target: Path, before: bytes) -> None:
    if target.read_bytes() != before:
        raise ChangedError("the file changed while it was looked at: it is left alone")


def _take_over(descriptor: int, state: os.stat_result) -> None:
    os.fchmod(descriptor, stat.S_IMODE(state.st_mode))
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (state.st_uid, state.st_gid):
        os.fchown(descriptor, state.st_uid, state.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(state.st_mode))  # a change of owner drops set-id bits


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
