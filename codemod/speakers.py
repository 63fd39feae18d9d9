"""The files of a tree that speak of builds, and the scripts that others read into their own shell: one search for both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from codemod.filenames import OWN, is_dockerfile
from codemod.repository import HEAD, Repository
from codemod.workers import Workers

# who runs a build says one of these, but for files that need not; the readers say what it is
WORDS = r"build[-_]?arg|docker|podman|buildah|nerdctl|depot|kaniko|buildctl|build *:"
ALWAYS = re.compile(
    r".*bake[^/]*\.(?:hcl|json)|.*compose[^/]*\.ya?ml|(?:.*/)?(?:(?:fly|railway)[^/]*\.(?:toml|json)|config/deploy[^/]*\.ya?ml)",
    re.IGNORECASE,
)
# what reads a script, by its name, into its own shell
SOURCING = r"(^|[^a-z0-9_./-])(source|\.) +[^;|]*\.(ba|da|a|k)?sh"
SCRIPTS = re.compile(r"\.(?:ba|da|a|k)?sh\Z")
PATTERN = f"{WORDS}|{SOURCING}"
OPTIONS = re.IGNORECASE | re.MULTILINE
WORD = re.compile(WORDS.encode(), OPTIONS)
SOURCE = re.compile(SOURCING.replace("[^;|]", r"[^;|\n]").encode(), OPTIONS)
# what a file has
SPEAKS, SOURCES = 1, 2
KEY = b"speakers"
# fewer new files than these are read one by one
FEW = 500


class Speakers:
    """What a tree has to say of builds. git begins to search when this is made; `keeps` says of a path that the user does not leave it out.

    What earlier runs saw of files that are as git has recorded them is in the workers' cache.
    """

    def __init__(self, repository: Repository, keeps: Callable[[str], bool], workers: Workers) -> None:
        self._repository, self._keeps, self._workers, cache = repository, keeps, workers, workers.cache
        self._cache = cache
        self._blobs = repository.blobs if cache is not None else {}
        self._seen: dict[bytes, int] = cache.get(KEY, {}) if cache is not None else {}
        unseen = [path for path in repository.files if self._blobs.get(path) not in self._seen]
        self._asked = repository.git.search(PATTERN, "-Pi") if repository.git is not None and len(unseen) > FEW else None
        self._unseen = unseen

    @cached_property
    def paths(self) -> frozenset[str]:
        """The files that may run a build: by what they have, and, where that need not say so, by name."""
        found = {*(path for path, flags in self._flags.items() if flags & SPEAKS), *filter(ALWAYS.fullmatch, self._repository.files)}
        return frozenset(path for path in found if self._may_call(path))

    def sourced(self, scripts: Iterable[str]) -> frozenset[str]:
        """Those of `scripts` that another file reads into its own shell; one of the same name may be meant."""
        names: dict[str, list[str]] = {}
        for path in scripts:
            names.setdefault(path.rpartition("/")[2].lower(), []).append(path)
        plain = [name for name in names if not SCRIPTS.search(name)]
        sources = {path for path, flags in self._flags.items() if flags & SOURCES} if names else set()
        if plain:  # the search was for what says by its name that it is a script
            sources |= {*self._repository.having(rf"(^|[^a-z0-9_./-])(source|\.) +[^;|]*({'|'.join(map(re.escape, plain))})")}
        meant = re.compile(rb"(?:^|[^a-z0-9_./-])(?:source|\.) +[^;|\n]*?(" + "|".join(map(re.escape, names)).encode() + rb")", OPTIONS)
        texts = (self._repository.read(path) or b"" for path in sources)
        found = {match.decode("utf-8", "surrogateescape").lower() for text in texts for match in meant.findall(text)}
        return frozenset(path for name in found for path in names.get(name, ()))

    @cached_property
    def _flags(self) -> dict[str, int]:
        """What each file has; those that have neither need not be in it."""
        flags = {path: self._seen[blob] for path, blob in self._blobs.items() if blob in self._seen}
        to_read = self._repository.to_read(self._unseen, self._asked)
        read = dict(zip(to_read, self._workers.map(flags_of, [(self._repository, path) for path in to_read], is_local=True), strict=True))
        flags |= dict.fromkeys(self._unseen, 0) | read
        if self._cache is not None:
            self._cache[KEY] = {blob: flags[path] for path, blob in self._blobs.items() if path in flags}
        return flags

    def _may_call(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return not is_dockerfile(name) and not name.startswith(OWN) and self._keeps(path) and not self._is_another_name(path)

    def _is_another_name(self, path: str) -> bool:
        """Whether it is a link to a file that may run a build itself, or to one that is no file of the tree."""
        target = self._repository.real(path) if self._repository.is_link(path) else path
        return target != path and self._is_found(target)

    def _is_found(self, path: str) -> bool:
        return bool(self._flags.get(path, 0) & SPEAKS) or ALWAYS.fullmatch(path) is not None


def flags_of(item: tuple[Repository, str]) -> int:
    """What a file has: SPEAKS, SOURCES, both or nothing."""
    repository, path = item
    content = repository.read(path) or b""
    if b"\0" in content[:HEAD]:
        return 0
    return (SPEAKS if WORD.search(content) else 0) | (SOURCES if SOURCE.search(content) else 0)
