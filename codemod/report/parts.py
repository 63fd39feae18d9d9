"""A run's changes → the patches that are sent out: for whom each is, what it changes, and what stays for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from posixpath import commonpath, dirname

from codemod.report.files import FileReport
from codemod.report.mail import FileChange, printable

# of a file name, without its number and its ending
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Touched:
    """A file that changes, with its owners."""

    change: FileChange
    owners: tuple[str, ...]
    is_dockerfile: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A patch. `dockerfiles` are those that it is about, by their paths from the root of `tree`, whether they change or only their callers.

    `literals` are credentials of its files, which no message repeats.
    """

    tree: str
    dockerfiles: tuple[FileReport, ...]
    touched: tuple[Touched, ...]
    literals: tuple[str, ...] = field(default=(), repr=False)

    @property
    def owners(self) -> tuple[str, ...]:
        """For whom it is: the owners of its Dockerfiles; those of callers, where only these change."""
        own = [each for each in self.touched if each.is_dockerfile] or self.touched
        return tuple(sorted({owner for each in own for owner in each.owners}))

    @property
    def others(self) -> dict[str, list[str]]:
        """Who owns other files that it changes, with their paths."""
        own = self.owners
        found: dict[str, list[str]] = {}
        for each in self.touched:
            for owner in each.owners:
                if owner not in own:
                    found.setdefault(owner, []).append(printable(each.change.path))
        return dict(sorted(found.items()))

    def paths(self, *, dockerfiles: bool) -> list[str]:
        """The Dockerfiles that change, or the callers."""
        return [printable(each.change.path) for each in self.touched if each.is_dockerfile is dockerfiles]

    @property
    def folder(self) -> str:
        """Where all of it is, empty for the root; of Dockerfiles, if any change."""
        own = [each for each in self.touched if each.is_dockerfile] or self.touched
        return commonpath([dirname(each.change.path) or "." for each in own])


def for_owners(groups: Sequence[Part]) -> tuple[Part, ...]:
    """What goes to the same owners is one patch, and what nobody owns is a patch a group; in the order of the first group of each."""
    found: dict[object, list[Part]] = {}
    for number, part in enumerate(groups):
        found.setdefault((part.tree, part.owners) if part.owners else number, []).append(part)
    return tuple(map(_joined, found.values()))


def _joined(parts: Sequence[Part]) -> Part:
    dockerfiles = tuple(file for part in parts for file in part.dockerfiles)
    touched = sorted((each for part in parts for each in part.touched), key=lambda each: not each.is_dockerfile)
    return Part(parts[0].tree, dockerfiles, tuple(touched), tuple(literal for part in parts for literal in part.literals))


def file_names(parts: Sequence[Part]) -> Iterator[str]:
    """`0001-team.patch`: a number, and whom it is for, else the folder."""
    for number, part in enumerate(parts, start=1):
        words = [re.sub(r"[^\w.-]+", "-", word.lstrip("@")).strip("-.") for word in (part.owners or (part.folder,))]
        name = "+".join(filter(None, words))[:LONGEST_NAME]
        yield f"{number:04}-{name}.patch" if name else f"{number:04}.patch"
