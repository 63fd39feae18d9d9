"""The user's configuration on disk: which file counts for which folder, and what cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codemod import configuration_files
from codemod.configuration_files import ConfigurationError, Configurations
from codemod.options import Options
from codemod.settings import Settings, Style, words

OWN, SHARED = ".dockerfix.toml", "pyproject.toml"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def table(name: str) -> str:
    """A pyproject.toml's table that says that `name` is a secret."""
    return f"[tool.dockerfix]\nsecret = ['{name}']\n"


NEAREST = {
    "none": ({}, ()),
    "in the folder": ({"a/b/.dockerfix.toml": "secret = ['A']"}, words(["A"], source=OWN)),
    "two folders above": ({".dockerfix.toml": "secret = ['A']"}, words(["A"], source=OWN)),
    "a pyproject.toml": ({"a/pyproject.toml": table("A")}, words(["A"], source=SHARED)),
    "the nearer of two": ({"a/pyproject.toml": table("A"), ".dockerfix.toml": "secret = ['B']"}, words(["A"], source=SHARED)),
    "both in one folder": ({"a/pyproject.toml": table("A"), "a/.dockerfix.toml": "secret = ['B']"}, words(["B"], source=OWN)),
    "an empty one is the nearest all the same": ({"a/.dockerfix.toml": "", "pyproject.toml": table("A")}, ()),
    "one about other tools is passed over": ({"a/pyproject.toml": "", "pyproject.toml": table("A")}, words(["A"], source=SHARED)),
    "so is one that only names it": ({"a/pyproject.toml": "d = ['dockerfix']", "pyproject.toml": table("A")}, words(["A"], source=SHARED)),
    "so is a broken one of other tools": ({"a/pyproject.toml": "[ruff\n", "pyproject.toml": table("A")}, words(["A"], source=SHARED)),
    "one beside the way": ({"b/.dockerfix.toml": "secret = ['A']"}, ()),
    "one below": ({"a/b/c/.dockerfix.toml": "secret = ['A']"}, ()),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), NEAREST.values(), ids=NEAREST)
def test_the_nearest_above(tmp_path: Path, files: dict[str, str], expected: object) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    write(tmp_path, files)
    assert Configurations(Options()).of(tmp_path / "a" / "b").settings.words == expected


def test_a_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its way to the root leads through the current folder."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    write(tmp_path, {".dockerfix.toml": "style = 'env'"})
    monkeypatch.chdir(tmp_path / "a")
    for folder in (Path(), Path("b"), Path("b/.."), Path("..")):
        assert Configurations(Options()).of(folder).settings == Settings(style=Style.ENV)


def test_a_link_to_a_folder_is_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "there")
    write(tmp_path, {"here/.dockerfix.toml": "style = 'env'"})
    assert Configurations(Options()).of(tmp_path / "here" / "link").settings.style is Style.ENV


def test_the_command_line_counts_first(tmp_path: Path) -> None:
    write(tmp_path, {".dockerfix.toml": "style = 'env'\nfrontend = '1.10'"})
    assert Configurations(Options(style=Style.FILE)).of(tmp_path).settings == Settings(frontend=(1, 10))


def test_each_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def watched(path: Path) -> bytes:
        seen.append(path)
        return path.read_bytes()

    monkeypatch.setattr(configuration_files, "_content", watched)
    write(tmp_path, {"pyproject.toml": table("A"), "a/pyproject.toml": "", "a/b/c/Dockerfile": "", "a/d/Dockerfile": ""})
    configurations = Configurations(Options())
    for folder in ("a/b/c", "a/d", "a/b", "a", ".", "a/d"):
        configurations.of(tmp_path / folder)
    assert seen == [tmp_path / "a" / "pyproject.toml", tmp_path / "pyproject.toml"]


# --- what a walk leaves out ------------------------------------------------------------------------------------------

LEFT_OUT = {
    "a name": ("Dockerfile.old", {"Dockerfile.old", "a/Dockerfile.old"}),
    "a folder": ("a", {"a", "a/Dockerfile", "a/Dockerfile.old"}),
    "a path from the configuration's folder": ("a/Dockerfile", {"a/Dockerfile"}),
    "a glob": ("*.old", {"Dockerfile.old", "a/Dockerfile.old"}),
    "a folder above the configuration's": ("above", set[str]()),
}


@pytest.mark.parametrize(("pattern", "expected"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_left_out(tmp_path: Path, pattern: str, expected: set[str]) -> None:
    folder = tmp_path / "above"
    write(folder, {".dockerfix.toml": f"exclude = ['{pattern}']"})
    configurations = Configurations(Options())
    paths = ("Dockerfile", "Dockerfile.old", "a", "a/Dockerfile", "a/Dockerfile.old", "b/Dockerfile")
    assert {path for path in paths if configurations.leaves_out(folder / path)} == expected


# --- what cannot be followed -----------------------------------------------------------------------------------------


def error_of(folder: Path, options: Options | None = None) -> tuple[Path, int | None, str]:
    with pytest.raises(ConfigurationError) as caught:
        Configurations(options or Options()).of(folder)
    return caught.value.path, caught.value.line, caught.value.message


@pytest.mark.parametrize(("name", "start"), [(OWN, ""), (SHARED, "[tool.dockerfix]\n")])
def test_a_mistake_has_its_path(tmp_path: Path, name: str, start: str) -> None:
    write(tmp_path, {name: f"{start}\nstyle = 1\n"})
    assert error_of(tmp_path) == (tmp_path / name, 2 + bool(start), 'style has to be "file" or "env"')


@pytest.mark.parametrize("name", [OWN, SHARED])
def test_what_is_not_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder" / name).mkdir(parents=True)
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / name).symlink_to("nowhere")
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / name)
    for folder in ("folder", "link", "pipe"):
        assert error_of(tmp_path / folder) == (tmp_path / folder / name, None, "not a file")


def test_what_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even root, who may read everything, can test it so."""
    write(tmp_path, {OWN: ""})

    def refused(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert error_of(tmp_path) == (tmp_path / OWN, None, "Permission denied")


def test_an_id_that_the_command_line_gave_to_another(tmp_path: Path) -> None:
    write(tmp_path, {OWN: "id.A = 'x'"})
    message = "with the command line's --id: each name has one id, and each id one name"
    assert error_of(tmp_path, Options(ids=(("B", "x"),))) == (tmp_path / OWN, None, message)
