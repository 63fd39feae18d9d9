"""The disk: which files are Dockerfiles, what their folders mention, and writing a file whole or not at all."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

from codemod.configuration import demands, is_configuration
from codemod.context import Mention
from codemod.dockerignore import Ignored, PatternError, Verdict, read

NAMES = re.compile(r"(?:docker|container)file(?:\..+)?|.+\.(?:docker|container)file", re.IGNORECASE)
NOT_NAMES = re.compile(r".*(?:\.dockerignore|\.md|\.rst|\.txt|\.bak|\.orig|\.rej|\.swp|\.tmp|\.old|~)", re.IGNORECASE)
TEMPLATES = re.compile(r".*\.(?:j2|jinja2?|tmpl|tpl|in|erb|mustache|hbs|gotmpl)", re.IGNORECASE)
SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".mypy_cache", ".terraform"})

# files that pass a build arg, document it or set it, rather than read it when the image is built
NOT_READERS = re.compile(
    r"(?:.*/)?(?:\.(?:github|gitlab|circleci|git|buildkite|semaphore|teamcity|azure-pipelines|drone|woodpecker|vscode|idea)/.*|docs?/.*|"
    r"[^/]*compose[^/]*\.ya?ml|\.gitlab-ci[^/]*|jenkinsfile[^/]*|[^/]*\.(?:md|rst|adoc|log)|docker-bake[^/]*|azure-pipelines[^/]*|"
    r"bitbucket-pipelines[^/]*|buildspec[^/]*|cloudbuild[^/]*\.(?:ya?ml|json)|appveyor\.ya?ml|codefresh[^/]*\.ya?ml|skaffold[^/]*\.ya?ml|"
    r"\.(?:travis|drone|woodpecker|appveyor|cirrus|wercker)[^/]*\.ya?ml|tiltfile|\.env[^/]*|[^/]*\.dockerignore|\.gitignore)",
    re.IGNORECASE,
)
# … but for those that tools read
TEXT = re.compile(r".*\.txt", re.IGNORECASE)
PASSES = re.compile(rb"build-arg|--secret|build_args|buildargs|dockerfix", re.IGNORECASE)
# `# …` and `// …`, not `#!`, `#define` and npm's `//host/:_authToken`
COMMENT = re.compile(rb"\s*(?:#+|//+)(?:[ \t]|\Z)")
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


def mentions(folder: Path, names: Sequence[str], dockerfile: Path | None = None) -> dict[str, tuple[Mention, ...]]:
    """For each of `names` that has any, the lines below `folder`, a build context, that may read it while the image is built.

    `dockerfile` is the file that is built: a `.dockerignore` named after it comes before the folder's.
    """
    if not names:
        return {}
    found: dict[str, dict[tuple[str, int], Mention]] = {name: {} for name in names}
    pattern = re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in names) + rb")\b")
    for path in islice(_files(folder, _ignored(folder, dockerfile)), MOST_FILES):
        relative = path.relative_to(folder).as_posix()
        for name, number, line in _matches(path, pattern):
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


def _files(folder: Path, ignored: Ignored) -> Iterator[Path]:
    """The files of the context that could read a variable, folder by folder."""
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
                yield here / name


def _may_read(path: str) -> bool:
    if is_dockerfile(path.rpartition("/")[2]) or NOT_READERS.fullmatch(path):
        return False
    return TEXT.fullmatch(path) is None or path.lower().endswith("cmakelists.txt") or is_configuration(path)


def _matches(path: Path, pattern: re.Pattern[bytes]) -> Iterator[tuple[str, int, str]]:
    """Each name that a file has, with its line; lines that pass it on, and comments, do not count."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size > LARGEST_FILE:
            return
        content = path.read_bytes()
    except OSError:
        return  # what cannot be read here cannot be copied into the image either
    number, counted = 1, 0
    for match in pattern.finditer(content):
        number, counted = number + content.count(b"\n", counted, match.start()), match.start()
        end = content.find(b"\n", counted)
        line = content[content.rfind(b"\n", 0, counted) + 1 : end if end >= 0 else None]
        if not PASSES.search(line) and not COMMENT.match(line):
            yield match[0].decode(), number, line.decode("utf-8", "surrogateescape")


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
