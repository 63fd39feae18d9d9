"""A file that a call surely builds is a Dockerfile, whatever its name, where the folder that it is in is walked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from codemod.cli import main
from tests.trees import DOCKERFILE, T, grow, said, work_tree

BUILD = f'docker build --build-arg {T}="${T}" -f build/app.docker .\n'
FILES = {"build/app.docker": DOCKERFILE, "build.sh": BUILD}


@pytest.fixture(params=["git", "no git"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tree").mkdir()
    monkeypatch.chdir(tmp_path / "tree")
    if request.param == "git":
        work_tree(tmp_path / "tree", {})
    return tmp_path / "tree"


def found(*arguments: str) -> list[tuple[str, str]]:
    """The secrets that are found, each with what becomes of it."""
    return [(each["dockerfile"], each["status"]) for each in said(*arguments)["findings"]]


MOVED = [("build/app.docker", "rewritten")]


def test_it_is_rewritten_together_with_its_caller(folder: Path) -> None:
    grow(folder, FILES)
    document = said("--write")
    assert [(each["path"], each["written"]) for each in document["files"]] == [("build.sh", True), ("build/app.docker", True)]
    assert (folder / "build.sh").read_text() == f"docker build --secret id={T} -f build/app.docker .\n"
    assert found() == []


def test_as_where_it_is_named_or_has_a_dockerfiles_name(folder: Path) -> None:
    """Even where its own context is searched for who reads the variable: it mentions it itself."""
    text = f'FROM alpine\nARG {T}\nCOPY . .\nRUN ./install\nRUN curl -u "ci:${T}" https://example.com/f\n'
    grow(folder, FILES | {"build/app.docker": text, "build/other.docker": text, "other.sh": BUILD.replace("app", "other")})
    diff = CliRunner().invoke(main, [], catch_exceptions=False).stdout
    assert CliRunner().invoke(main, ["build/app.docker", "build/other.docker"], catch_exceptions=False).stdout == diff
    for name in ("app", "other"):
        (folder / f"build/{name}.docker").rename(folder / f"build/{name}.dockerfile")
        (folder / f"{name if name == 'other' else 'build'}.sh").write_text(BUILD.replace("app.docker", f"{name}.dockerfile"))
    assert CliRunner().invoke(main, [], catch_exceptions=False).stdout == diff.replace(".docker", ".dockerfile")


def test_in_the_order_of_paths(folder: Path) -> None:
    names = ("a/Dockerfile", "b/x", "c/Dockerfile", "c/y", "d/Dockerfile", "e")
    grow(folder, dict.fromkeys(names, DOCKERFILE) | {"build.sh": "".join(f"docker build -f {name} .\n" for name in ("e", "c/y", "b/x"))})
    assert [path for path, _ in found()] == list(names)
    assert [path for path, _ in found("c", "a", "b")] == ["c/Dockerfile", "c/y", "a/Dockerfile", "b/x"]
    (folder / "a/Dockerfile").unlink()
    assert [path for path, _ in found()] == [*names[1:]]


def test_clean_ones_are_counted(folder: Path) -> None:
    grow(folder, FILES | {"build/app.docker": "FROM alpine\n", "build.sh": "docker build -f build/app.docker .\n"})
    document = said()
    assert (document["summary"]["dockerfiles"], found()) == (1, [])
    assert "nothing to do" not in CliRunner().invoke(main, [], catch_exceptions=False).stderr


def test_only_below_what_is_walked(folder: Path) -> None:
    grow(folder, FILES | {"other/Dockerfile": "FROM alpine\n"})
    assert found("other") == []
    assert found("build") == MOVED
    assert found("other/Dockerfile") == []
    assert found("other/Dockerfile", "build/app.docker") == MOVED
    assert found("build/app.docker", ".") == MOVED


def test_by_way_of_a_link(folder: Path) -> None:
    grow(folder, FILES)
    (folder / "linked").symlink_to("build")
    (folder / "app").symlink_to("build/app.docker")
    for place in ("linked/app.docker", "app"):
        (folder / "build.sh").write_text(BUILD.replace("build/app.docker", place))
        assert found() == MOVED


def test_a_comment_of_its_own_is_no_call(folder: Path) -> None:
    grow(folder, FILES | {"build/app.docker": DOCKERFILE + f"# docker build --build-arg {T}=1 -f build/app.docker .\n"})
    (finding,) = said()["findings"]
    assert [(call["path"], call["status"]) for call in finding["calls"]] == [("build.sh", "rewritten")]


def test_it_is_asked_for_where_only_what_changed_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git = "git -c user.name=a -c user.email=a@example.com"
    work_tree(tmp_path, FILES | {"b/x": DOCKERFILE, "b.sh": "docker build -f b/x .\n"})
    assert os.system(f"{git} commit -qm all") == 0  # noqa: S605
    assert found("--changed-since", "HEAD") == []
    (tmp_path / "build.sh").write_text(f"# changed\n{BUILD}")
    assert found("--changed-since", "HEAD") == MOVED


def test_and_what_shares_a_call_with_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    work_tree(tmp_path, {"a/Dockerfile": DOCKERFILE, "b/Dockerfile": DOCKERFILE, "build.sh": f'docker build --build-arg {T} "$1"\n'})
    assert os.system("git -c user.name=a -c user.email=a@example.com commit -qm all") == 0  # noqa: S605, S607
    (tmp_path / "a/Dockerfile").write_text(f"{DOCKERFILE}# changed\n")
    assert [path for path, _ in found("--changed-since", "HEAD")] == ["a/Dockerfile", "b/Dockerfile"]


LEFT: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "nobody is asked": (("--no-callers",), {}),
    "left out": (("--exclude", "build"), {}),
    "left out by its end": (("--exclude", "*.docker"), {}),
    "left out by a configuration": ((), {".dockerfix.toml": "exclude = ['build']\n"}),
    "left out by an ignore file": ((), {".dockerfixignore": "*.docker\n"}),
    "the caller is left out": (("--exclude", "*.sh"), {}),
    "ignored by git": ((), {".gitignore": "*.docker\n"}),
    "no Dockerfile": ((), {"build/app.docker": f"{T}=1\n"}),
    "not there": ((), {"build.sh": BUILD.replace("app", "none")}),
    "one of two, and nobody knows which": ((), {"build.sh": BUILD.replace("build/app.docker", '"build/$1.docker"')}),
    "only documented": ((), {"build.sh": "", "README.md": f"    {BUILD}"}),
}


@pytest.mark.parametrize(("arguments", "files"), LEFT.values(), ids=LEFT)
def test_it_is_none_where(folder: Path, arguments: tuple[str, ...], files: dict[str, str]) -> None:
    grow(folder, FILES | files)
    assert found(*arguments) == []


def test_a_configuration_of_its_folder_holds(folder: Path) -> None:
    grow(folder, FILES | {"build/.dockerfix.toml": f'not-secret = ["{T}"]\n'})
    assert found() == []
    grow(folder, {"build/.dockerfix.toml": "wrong\n"})
    result = CliRunner().invoke(main, ["--write"], catch_exceptions=False)
    assert (result.exit_code, result.stderr.partition(" not")[0]) == (2, "error: build/.dockerfix.toml:1:")
    assert (folder / "build/app.docker").read_text() == DOCKERFILE


def test_a_step_of_a_migration(folder: Path) -> None:
    grow(folder, FILES)
    document = said("--phase", "callers", "--write")
    assert [each["path"] for each in document["files"] if each["written"]] == ["build.sh"]
    grow(folder, {"build.sh": "docker build -f build/none.docker .\n"})
    assert found("--phase", "callers") == []


def test_one_that_a_shared_call_builds_too(folder: Path) -> None:
    """It takes part in what is decided, as one that is looked at."""
    other = f"FROM alpine\nARG {T}\nLABEL a=${T}\n"
    grow(folder, FILES | {"Dockerfile": other, "build.sh": BUILD + BUILD.replace("build/app.docker", "Dockerfile")})
    assert dict(found()) == {"Dockerfile": "refused", "build/app.docker": "rewritten"}
