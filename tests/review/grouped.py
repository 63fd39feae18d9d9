"""Groups as a run makes them, of small trees in the current folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from codemod.groups import Group
from codemod.headers import Headers
from codemod.proposed import caller_reports, file_reports
from codemod.repository import Repositories
from codemod.review.card import card
from codemod.run import run
from codemod.settings import Settings
from codemod.subject import Subject
from codemod.workers import Workers
from tests.trees import grow

NOBODY = Settings()


def group_of(files: Mapping[str, str], settings: Settings = NOBODY) -> Group:
    """The only group of a tree with these files; the first is its Dockerfile."""
    grow(Path(), files)
    paths = [path for path in files if "Dockerfile" in path]
    subjects = [Subject(Path(path), path, settings, Path()) for path in paths]
    (tree,) = run(subjects, Repositories(), Workers(), lambda _: lambda _: True)
    (group,) = tree.groups
    return group


def card_of(group: Group, width: int = 80) -> list[str]:
    """The lines of its card."""
    headers = Headers.of([group], Path.cwd())
    lines = card([*file_reports(group, 1, headers)], [*caller_reports(group, 1, headers)], "(1/1)", width)
    return ["".join(part.text for part in line) for line in lines]
