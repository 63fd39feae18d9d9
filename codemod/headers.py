"""The paths that a diff's headers have: all of them from one folder, so that `git apply` takes it there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codemod.result import Result

if TYPE_CHECKING:
    from codemod.groups import Group


@dataclass(frozen=True, slots=True)
class Headers:
    """Paths are seen from `here`, the current folder; from the folder `base`, where it is not None: something changes outside of `here`."""

    here: Path
    base: Path | None = None

    @classmethod
    def of(cls, groups: Sequence[Group], here: Path) -> Headers:
        """The headers for what changes in `groups`: seen from their tree, where that is one, else from the machine's root."""
        changed = [path for group in groups for path in _changed(group)]
        if all(_whole(here, path).is_relative_to(here) for path in changed):
            return cls(here)
        roots = {group.root for group in groups if any(True for _ in _changed(group))}
        return cls(here, roots.pop() if len(roots) == 1 else Path(here.anchor))

    def path(self, path: Path) -> str:
        """What a header has for a file."""
        whole = _whole(self.here, path)
        if self.base is None:
            return whole.relative_to(self.here).as_posix() if whole.is_relative_to(self.here) else whole.as_posix().lstrip("/")
        return (Path(os.path.realpath(whole.parent)) / whole.name).relative_to(self.base).as_posix()


def _changed(group: Group) -> list[Path]:
    own = [each.subject.path for each in group.dockerfiles if isinstance(each.result, Result) and each.result.changed]
    return [*own, *(path for path, _ in group.callers)]


def _whole(here: Path, path: Path) -> Path:
    """The path from the machine's root; links stay, as the path is the user's."""
    return Path(os.path.normpath(here / path))
