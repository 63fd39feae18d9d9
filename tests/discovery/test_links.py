"""A link is another name of a file, and leads nowhere out of its tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trees import DOCKERFILE

from .looked_at import git, looked_at, plant, repository

KINDS = ("tracked", "new", "without git")


def tree(folder: Path, kind: str, links: dict[str, str], *paths: str) -> Path:
    """A tree with Dockerfiles, and with links to what is beside them."""
    folder.mkdir(exist_ok=True)
    if kind == "without git":
        plant(folder, *paths)
    else:
        repository(folder, *paths)
    for name, target in links.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(target)
    if kind == "tracked":
        git(folder, "add", ".")
    return folder


LINKS: dict[str, tuple[dict[str, str], tuple[str, ...], list[str]]] = {
    "to one that is found": ({"Dockerfile": "docker/Dockerfile"}, ("docker/Dockerfile",), ["docker/Dockerfile"]),
    "to one of another name": ({"Dockerfile": "docker/app"}, ("docker/app",), ["Dockerfile"]),
    "two to one of another name": ({"Dockerfile": "app", "b/Dockerfile": "../app"}, ("app",), ["Dockerfile"]),
    "of a link": ({"Dockerfile": "x", "x": "docker/Dockerfile"}, ("docker/Dockerfile",), ["docker/Dockerfile"]),
    "in a circle": ({"Dockerfile": "x", "x": "Dockerfile"}, (), []),
    "to itself": ({"Dockerfile": "Dockerfile"}, (), []),
    "nowhere": ({"Dockerfile": "nowhere"}, (), []),
    "to a folder": ({"Dockerfile": "docker"}, ("docker/Dockerfile",), ["docker/Dockerfile"]),
    "of a folder": ({"linked": "docker"}, ("docker/Dockerfile",), ["docker/Dockerfile"]),
    "of a folder to the one above": ({"docker/up": ".."}, ("docker/Dockerfile",), ["docker/Dockerfile"]),
    "out of the tree": ({"Dockerfile": "../outside/Dockerfile"}, ("a/Dockerfile",), ["a/Dockerfile"]),
    "of a folder out of the tree": ({"linked": "../outside"}, ("a/Dockerfile",), ["a/Dockerfile"]),
    "into another work tree": ({"Dockerfile": "inner/Dockerfile"}, ("a/Dockerfile",), ["a/Dockerfile"]),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("links", "paths", "found"), LINKS.values(), ids=LINKS)
def test_a_link(tmp_path: Path, kind: str, links: dict[str, str], paths: tuple[str, ...], found: list[str]) -> None:
    plant(tmp_path, "outside/Dockerfile")
    root = tree(tmp_path / "tree", kind, links, *paths)
    inner = "inner/Dockerfile" in links.values()
    if inner:
        repository(root / "inner", "Dockerfile")
    expected = [*found, "inner/Dockerfile"] if inner and kind == "without git" else found  # where a walk goes anyhow
    assert looked_at(root) == expected
    assert looked_at(root, "--write") == expected
    assert (tmp_path / "outside/Dockerfile").read_text() == DOCKERFILE


def test_a_tracked_file_that_has_become_a_link(tmp_path: Path) -> None:
    plant(tmp_path, "outside/Dockerfile")
    root = repository(tmp_path / "tree", "a/Dockerfile", "b/Dockerfile", "c/app")
    for name, target in (("a", "../../outside/Dockerfile"), ("b", "../c/app")):
        (root / name / "Dockerfile").unlink()
        (root / name / "Dockerfile").symlink_to(target)
    assert looked_at(root, "--write") == ["b/Dockerfile"]
    assert (tmp_path / "outside/Dockerfile").read_text() == DOCKERFILE


def test_a_tracked_folder_that_has_become_a_link(tmp_path: Path) -> None:
    """As when somebody works on a library beside the tree."""
    plant(tmp_path, "outside/Dockerfile")
    root = repository(tmp_path / "tree", "a/Dockerfile", "lib/Dockerfile", "library/Dockerfile")
    (root / "lib/Dockerfile").unlink()
    (root / "lib").rmdir()
    (root / "lib").symlink_to("../outside")
    assert looked_at(root, "--write") == ["a/Dockerfile", "library/Dockerfile"]
    assert (tmp_path / "outside/Dockerfile").read_text() == DOCKERFILE


def test_a_file_and_a_link_to_it_that_are_both_named(tmp_path: Path) -> None:
    root = tree(tmp_path / "tree", "new", {"Dockerfile.link": "Dockerfile"}, "Dockerfile")
    assert looked_at(root, "Dockerfile.link", ".") == ["Dockerfile.link"]
    assert looked_at(root, ".", "Dockerfile.link") == ["Dockerfile"]


def test_a_folder_by_a_link(tmp_path: Path) -> None:
    repository(tmp_path / "tree", "sub/Dockerfile")
    (tmp_path / "link").symlink_to("tree/sub")
    assert looked_at(tmp_path, "link") == ["link/Dockerfile"]
    assert looked_at(tmp_path, "link", "tree") == ["link/Dockerfile"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_by_another_case_is_another(tmp_path: Path, kind: str) -> None:
    root = tree(tmp_path / "tree", kind, {}, "a/Dockerfile", "A/Dockerfile", "A/DOCKERFILE")
    assert looked_at(root) == ["A/DOCKERFILE", "A/Dockerfile", "a/Dockerfile"]
