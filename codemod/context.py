"""Files that name a variable for a program to look up: which RUNs have them, from the build context or from an earlier instruction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import basename, join

from codemod.configuration import demands, is_configuration, reads
from codemod.dockerfile.mounts import mounts
from codemod.dockerfile.nodes import Dockerfile, Instruction, Stage
from codemod.dockerignore import fits
from codemod.places import normal
from codemod.script import script_of
from codemod.shell import Shell

__all__ = ["Mention", "Origin", "Travel", "arrives", "demands", "known_as", "reads", "travel"]

HEREDOC = re.compile(r"\d*<<-?")
REMOTE = re.compile(r"\w+://|git@")
# what a RUN takes whole folders elsewhere with, and single files
COPIES_ALL = re.compile(r"(?:\A|[\s;&|(])(?:cp\s+(?:-\S+\s+)*-\w*[rRa]|mv\s|rsync\s|tar\s|cpio\s)")
COPIES_ONE = re.compile(r"(?:\A|[\s;&|(])(?:cp|install|ln|tee|cat)\s")
IMAGE_WITH_TRIGGERS = re.compile(r".*[:-]onbuild", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A line of a file of the build context that has the name; `demands` says that a tool cannot do without the value."""

    path: str
    line: int
    demands: bool

    @property
    def place(self) -> str:
        """`path:line`."""
        return f"{self.path}:{self.line}"

    def __str__(self) -> str:
        return self.place


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file comes from: the context, or an `instruction` that writes it, at `offset` of its shell text.

    `path` is what it is called there; empty where that is not known. `elsewhere` says that the path is none from the WORKDIR.
    """

    path: str
    instruction: Instruction | None = None
    offset: int = 0
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Travel:
    """The RUNs that may find a file, as offsets of their spans, and the paths by which it is known to them."""

    runs: frozenset[int]
    names: tuple[str, ...]


def asked_for(dockerfile: Dockerfile) -> Iterator[str]:
    """The paths that COPY, ADD and bind mounts take from the context, as far as they are known."""
    for instruction in (each for stage in dockerfile.stages for each in stage.instructions):
        if instruction.name in ("COPY", "ADD") and not any(flag.name == "from" for flag in instruction.flags):
            yield from (source for source in _words(instruction)[:-1] if not REMOTE.match(source))
        for options in (dict(mount.fields) for mount in mounts(instruction) if mount.type == "bind"):
            yield from [options.get("source", options.get("src", "/"))] if "from" not in options else []


def arrives(dockerfile: Dockerfile, stage: Stage, run: Instruction, path: str) -> bool:
    """Whether the file at `path` of the context may be there when `run`, an instruction of `stage`, runs."""
    return run.span.start in travel(dockerfile, Origin(path), until=stage).runs


def known_as(dockerfile: Dockerfile, path: str) -> tuple[str, ...]:
    """`path` of the context, and what COPY and mounts make of it: `npmrc.ci` may be `/root/.npmrc`."""
    return travel(dockerfile, Origin(path)).names


def travel(dockerfile: Dockerfile, origin: Origin, *, until: Stage | None = None) -> Travel:
    """Follow a file through the stages, up to and with `until`, all of them where it is None."""
    traveller = _Traveller(dockerfile, origin)
    for stage in dockerfile.stages[: None if until is None else until.index + 1]:
        traveller.visit(stage)
    return Travel(frozenset(traveller.runs), tuple(dict.fromkeys(filter(None, (origin.path, *traveller.names)))))


Place = str | None
"""A path from the root of an image, as `places.normal` spells it; None where it may be anywhere."""


class _Traveller:
    """One pass over the stages; `here` is where the stage at hand has the file."""

    def __init__(self, dockerfile: Dockerfile, origin: Origin) -> None:
        self.dockerfile, self.origin = dockerfile, origin
        # what is read by its name keeps it; other files may be compiled, bundled or included
        self.keeps_its_name = is_configuration(origin.path)
        self.runs: set[int] = set()
        self.names: list[str] = []
        self.ends: list[frozenset[Place]] = []
        self.folders: list[Place] = []
        self.here: set[Place] = set()
        self.folder: Place = None

    def visit(self, stage: Stage) -> None:
        self.here = set() if stage.parent is None else set(self.ends[stage.parent])
        self.folder = None if stage.parent is None else self.folders[stage.parent]
        if stage.parent is None and self.origin.instruction is None and IMAGE_WITH_TRIGGERS.fullmatch(stage.base):
            self.here.add(None)
        for instruction in (*self._triggers(stage), *stage.instructions):
            self._follow(instruction, stage)
        self.ends.append(frozenset(self.here))
        self.folders.append(self.folder)

    def _triggers(self, stage: Stage) -> Iterator[Instruction]:
        """What ONBUILD of the parent runs first; no trigger reaches further than the child."""
        parent = () if stage.parent is None else self.dockerfile.stages[stage.parent].instructions
        yield from (instruction.trigger for instruction in parent if instruction.trigger is not None)

    def _follow(self, instruction: Instruction, stage: Stage) -> None:
        if instruction.name == "WORKDIR":
            path = instruction.arguments.text.strip("\"'")
            self.folder = None if "$" in path or (self.folder is None and not path.startswith("/")) else join(self.folder or "/", path)
        elif instruction.name in ("COPY", "ADD"):
            self._arrive(self._copied(instruction, stage))
        elif instruction.name == "RUN":
            self._run(instruction, stage)
        if instruction is self.origin.instruction:
            self._arrive([None if self.origin.elsewhere else self._from_here(self.origin.path)])
            self._remove(instruction, self.origin.offset)

    def _arrive(self, places: Iterable[Place]) -> None:
        for place in places:
            self.here.add(place if self.keeps_its_name else None)
            self.names += [place] if place else []

    def _run(self, run: Instruction, stage: Stage) -> None:
        mounted = list(self._mounted(run, stage))
        if self.here or mounted or run is self.origin.instruction:
            self.runs.add(run.span.start)
        self.names += [place for place in mounted if place]
        self._arrive([None] if self._is_copied(run, mounted) else [])
        self._remove(run, 0)

    def _is_copied(self, run: Instruction, mounted: list[Place]) -> bool:
        """Whether the RUN may put a copy of the file where nobody can tell."""
        if not self.here and not mounted:
            return False
        text = script_of(run, self.dockerfile.source.text).text.text
        named = any(basename(name) in text for name in (self.origin.path, *self.names))
        return COPIES_ALL.search(text) is not None or (named and COPIES_ONE.search(text) is not None)

    def _remove(self, run: Instruction, offset: int) -> None:
        """Take away what the RUN certainly removes behind `offset`: a file whose place is known."""
        if run.name != "RUN" or run.json is not None or not self.here - {None}:
            return
        shell = script_of(run, self.dockerfile.source.text).shell
        removers = [command for command in shell.commands if command.name == "rm" and command.span.start >= offset]
        certain = shell.understood and "||" not in shell.text and not _changes_folder(shell)
        for command in removers if certain else ():
            if not any(command.span in block for block in shell.blocks):
                targets = [self._from_here(word.plain) for word in command.words[1:]]
                self.here = {place for place in self.here if not any(_is_below(place, target) for target in targets)}

    def _from_here(self, path: str) -> Place:
        """A path as seen from the WORKDIR, from the root."""
        spelled = normal(path)
        if not spelled or "$" in spelled:
            return None
        if spelled.startswith(("/", "~")):
            return spelled
        return normal(join(self.folder, path)) if self.folder else None

    # --- COPY, ADD and mounts

    def _copied(self, copy: Instruction, stage: Stage) -> Iterator[Place]:
        words = _words(copy)
        sources, target = words[:-1], words[-1] if words else ""
        origin = next((flag.value for flag in copy.flags if flag.name == "from"), "")
        for place in self._sources(origin, stage):
            for source in sources:
                if not REMOTE.match(source):
                    yield from self._landed(place, source, target, several=len(sources) > 1)

    def _mounted(self, run: Instruction, stage: Stage) -> Iterator[Place]:
        for mount in mounts(run):
            options = dict(mount.fields)
            if mount.type in ("bind", "cache") and (mount.type == "bind" or "from" in options):
                source = options.get("source", options.get("src", "/"))
                for place in self._sources(options.get("from", ""), stage):
                    yield from self._landed(place, source or "/", mount.target or "/", several=False)

    def _sources(self, origin: str, stage: Stage) -> Iterable[Place]:
        """Where a stage has the file, or the context; `origin` is what `from` says."""
        if not origin:
            return [normal(f"/{self.origin.path}")] if self.origin.instruction is None else []
        earlier = self.dockerfile.stages[: stage.index]
        if "$" in origin:
            return {place for end in self.ends for place in end}
        found = [other.index for other in earlier if origin.lower() in (other.name, str(other.index))]
        return self.ends[found[-1]] if found else []

    def _landed(self, place: Place, source: str, target: str, *, several: bool) -> Iterator[Place]:
        """Where a file at `place` is once `source` is copied to `target`, if that covers it."""
        if place is None or "$" in source:
            yield None
            return
        pattern = normal(join("/", source))
        for folder in _with_folders(place):
            if _fits(pattern, folder):
                yield from self._below(target, place, folder, several=several or target.endswith(("/", ".")))

    def _below(self, target: str, place: str, folder: str, *, several: bool) -> Iterator[Place]:
        base = self._from_here(target)
        if base is None:
            yield None
        elif folder != place:
            yield normal(join(base, place.removeprefix(folder).lstrip("/")))
        else:
            yield normal(join(base, basename(place)))
            if not several:
                yield base


def _words(copy: Instruction) -> list[str]:
    """The sources of a COPY or ADD, and its target."""
    if copy.json:
        return [*copy.json]
    return [word.strip("\"'") for word in copy.arguments.text.split() if not HEREDOC.match(word)]


def _with_folders(place: str) -> Iterator[str]:
    """`/`, each folder on the way, and the file itself."""
    yield "/"
    yield from (place[:end] for end in range(1, len(place)) if place[end] == "/")
    yield place


def _is_below(place: Place, target: Place) -> bool:
    return place is not None and target is not None and f"{place}/".startswith(f"{target}/")


def _changes_folder(shell: Shell) -> bool:
    return any(command.name in ("cd", "pushd") for command in shell.commands)


def _fits(pattern: str, path: str) -> bool:
    try:
        return fits(pattern, path)
    except re.error:
        return True
