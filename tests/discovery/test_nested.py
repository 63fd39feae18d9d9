"""Other work trees inside: submodules, linked work trees, clones that nobody tracks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import dockerfix
from tests.trees import BUILD

from .looked_at import git, looked_at, plant, repository


@pytest.fixture
def outer(tmp_path: Path) -> Path:
    """A repository with a submodule, a clone that it does not track, one that it ignores, and a linked work tree."""
    module = repository(tmp_path / "module", "Dockerfile", "deep/Dockerfile")
    root = repository(tmp_path / "outer", "Dockerfile", "z/Dockerfile")
    git(root, "submodule", "add", "-q", str(module), "libs/module")
    (root / ".gitignore").write_text("ignored/\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "more")
    repository(root / "clone", "Dockerfile")
    repository(root / "ignored", "Dockerfile")
    git(root, "worktree", "add", "-q", "linked")
    return root


def test_they_are_left_alone(outer: Path) -> None:
    assert looked_at(outer) == ["Dockerfile", "z/Dockerfile"]


def test_unless_they_are_asked_for(outer: Path) -> None:
    """But for what git ignores, and for modules that nobody has fetched."""
    assert looked_at(outer, "--nested") == [
        *("Dockerfile", "z/Dockerfile", "clone/Dockerfile"),
        *("libs/module/Dockerfile", "libs/module/deep/Dockerfile", "linked/Dockerfile", "linked/z/Dockerfile"),
    ]
    assert not (outer / "linked/libs/module/Dockerfile").exists()


def test_some_of_them(outer: Path) -> None:
    assert looked_at(outer, "--nested", "libs") == ["libs/module/Dockerfile", "libs/module/deep/Dockerfile"]
    assert looked_at(outer, "libs") == []
    assert looked_at(outer, "--nested", "--exclude", "libs", "--exclude", "linked") == ["Dockerfile", "z/Dockerfile", "clone/Dockerfile"]


def test_one_that_is_named(outer: Path) -> None:
    assert looked_at(outer, "libs/module", "linked/z", "ignored") == [
        *("libs/module/Dockerfile", "libs/module/deep/Dockerfile", "linked/z/Dockerfile", "ignored/Dockerfile")
    ]


def test_each_has_its_own_callers(outer: Path) -> None:
    """A call builds a Dockerfile of its own tree."""
    for folder in (outer, outer / "clone"):
        (folder / "build.sh").write_text(BUILD)
    found = json.loads(dockerfix("--nested", "--format", "json", cwd=outer).stdout)["findings"]
    calls = {each["dockerfile"]: [call["path"] for call in each["calls"]] for each in found}
    assert (calls["Dockerfile"], calls["clone/Dockerfile"], calls["z/Dockerfile"]) == (["build.sh"], ["clone/build.sh"], [])


def test_a_folder_of_clones_is_all_of_them(tmp_path: Path) -> None:
    for name in ("a", "b"):
        repository(tmp_path / name, "Dockerfile")
        (tmp_path / name / ".gitignore").write_text("out\n")
        plant(tmp_path / name, "out/Dockerfile")
    plant(tmp_path, "c/Dockerfile")
    assert looked_at(tmp_path) == ["a/Dockerfile", "b/Dockerfile", "c/Dockerfile"]
    assert looked_at(tmp_path, "--nested") == ["a/Dockerfile", "b/Dockerfile", "c/Dockerfile"]
