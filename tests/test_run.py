"""Dockerfiles and callers of a tree together: what a refusal of one means for others, and what is written."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner

from codemod.callers import unknown
from codemod.callers.call import Move, Tree
from codemod.callers.shell import calls as shell_script
from codemod.cli import main
from codemod.migration import Command
from codemod.report.commands import build_commands
from codemod.report.files import FileReport
from codemod.result import Result
from codemod.text import Edit, Source, Span

from .trees import BUILD, DOCKERFILE, T, grow, refusals, said, work_tree


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- where paths are seen from ---------------------------------------------------------------------------------------


def test_calls_of_the_whole_work_tree_count(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the command is run; their paths are seen from there."""
    work_tree(folder, {"svc/Dockerfile": DOCKERFILE, "ci/build.sh": BUILD.replace(" .", " svc")})
    monkeypatch.chdir(folder / "svc")
    result = CliRunner().invoke(main, ["--write"], catch_exceptions=False)
    assert "../ci/build.sh:1: passes the secret now" in result.stderr
    assert "--- a/svc/Dockerfile\n" in result.stdout
    assert "--- a/ci/build.sh\n" in result.stdout
    assert f"The paths of the diff are seen from {folder.resolve()}: git -C {folder.resolve()} apply takes it.\n" in result.stderr
    assert (folder / "ci/build.sh").read_text() == "docker build --secret id=API_TOKEN svc\n"


def test_paths_below_the_current_folder_are_seen_from_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by way of the root: `git apply` would take no such path."""
    work_tree(folder, {"svc/Dockerfile": DOCKERFILE, "svc/build.sh": f"#!/bin/sh\n# {T}\n{BUILD}"})
    monkeypatch.chdir(folder / "svc")
    result = CliRunner().invoke(main, [], catch_exceptions=False)
    assert "--- a/build.sh\n" in result.stdout
    assert "    build.sh:3: is made to pass the secret\n    its name also stands in build.sh:2\n" in result.stderr


def test_git_applies_the_diff_where_it_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work_tree(folder, {"svc/Dockerfile": DOCKERFILE, "ci/build.sh": BUILD.replace(" .", " svc")})
    monkeypatch.chdir(folder / "svc")
    result = CliRunner().invoke(main, [], catch_exceptions=False)
    subprocess.run(["git", "-C", folder, "apply"], input=result.stdout_bytes, check=True)
    assert (folder / "ci/build.sh").read_text() == "docker build --secret id=API_TOKEN svc\n"
    assert "--mount" in (folder / "svc/Dockerfile").read_text()


def test_a_diff_of_two_trees_elsewhere_is_seen_from_the_top(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "here"):
        (folder / name).mkdir()
    for name in ("a", "b"):
        work_tree(folder / name, {"Dockerfile": DOCKERFILE})
    monkeypatch.chdir(folder / "here")
    result = CliRunner().invoke(main, ["../a", "../b"], catch_exceptions=False)
    assert f"--- a{folder.resolve()}/b/Dockerfile\n" in result.stdout
    assert "git -C / apply takes it" in result.stderr


def test_two_work_trees_in_one_run(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
        work_tree(folder / name, {"Dockerfile": DOCKERFILE, "build.sh": BUILD})
    document = said("--write", "a", "b")
    assert [file["path"] for file in document["files"]] == ["a/Dockerfile", "a/build.sh", "b/Dockerfile", "b/build.sh"]


def test_a_tree_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("there", "here"):
        (folder / name).mkdir()
    work_tree(folder / "there", {"Dockerfile": DOCKERFILE, "build.sh": BUILD})
    monkeypatch.chdir(folder / "here")
    document = said(str(folder / "there" / "Dockerfile"))
    (call,) = document["findings"][0]["calls"]
    assert call["path"] == f"{folder}/there/build.sh"


# --- what cannot be read ---------------------------------------------------------------------------------------------


def test_a_dockerfile_of_a_shared_call_that_cannot_be_read_keeps_the_arg(folder: Path) -> None:
    """What it declares is seen all the same."""
    grow(
        folder, {"a/Dockerfile": DOCKERFILE, "b/Dockerfile": f"FROM alpine\nARG {T}\nNONSENSE\n", "build.sh": BUILD.replace(" .", ' "$1"')}
    )
    assert refusals(said("a")) == [("a/Dockerfile", "shared-call", "build.sh:1 builds b/Dockerfile too, where API_TOKEN stays")]


def test_a_caller_that_cannot_be_read_is_reported(folder: Path) -> None:
    grow(folder, {"Dockerfile": DOCKERFILE, "docker-compose.yml": f"a: [\nbuild:\n  args: --build-arg {T}\n"})
    ((_, reason, detail),) = refusals(said())
    assert reason == "caller-not-rewritten"
    assert detail.startswith("docker-compose.yml:3: ")


def test_a_configuration_beside_a_caller_is_none_of_its_business(folder: Path) -> None:
    """One that is wrong stops those that it is for."""
    grow(folder, {"Dockerfile": DOCKERFILE, "ci/build.sh": BUILD, "ci/.dockerfix.toml": "nonsense\n"})
    assert said("Dockerfile")["findings"][0]["calls"][0]["path"] == "ci/build.sh"


def test_a_stack_needs_its_compose_file_as_it_is(folder: Path) -> None:
    compose = f"services:\n  app:\n    build:\n      context: .\n      args:\n        {T}: ${{{T}}}\n"
    grow(folder, {"Dockerfile": DOCKERFILE, "compose.yml": compose, "up.sh": "docker stack deploy -c compose.yml app\n"})
    ((_, reason, detail),) = refusals(said())
    assert reason == "caller-cannot-pass-secrets"
    assert detail.endswith(
        "up.sh:1 deploys this file with docker stack, which takes no file with build secrets: build the images from another"
    )


# --- our own mistakes ------------------------------------------------------------------------------------------------

Edits = Callable[[Source, Tree, Sequence[Move]], tuple[Edit, ...]]
MISTAKES: dict[str, tuple[str, str]] = {
    "a call less": ("true\n", "it has another number of calls"),
    "the build arg stays": (BUILD.replace(" .", f" --secret id={T} ."), "line 1: the build args are not those that were planned"),
    "another secret": ("docker build --secret id=OTHER .\n", "line 1: the secrets are not those that were planned"),
}


@pytest.mark.parametrize(("text", "wrong"), MISTAKES.values(), ids=MISTAKES)
def test_a_caller_that_comes_out_wrong_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, wrong: str) -> None:
    grow(folder, {"Dockerfile": DOCKERFILE, "build.sh": BUILD})
    monkeypatch.setattr(shell_script, "edits", lambda source, *_: (Edit(Span(0, len(source.text)), text),))
    document = said("--write")
    assert refusals(document) == [("Dockerfile", "check-failed", f"build.sh: {wrong}")]
    assert (folder / "build.sh").read_text() == BUILD
    assert (folder / "Dockerfile").read_text() == DOCKERFILE


def test_nor_does_one_of_a_kind_that_is_never_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though its reader says that what it passes could move."""
    grow(folder, {"Dockerfile": DOCKERFILE, "build.tcl": BUILD})
    monkeypatch.setattr(unknown, "calls", shell_script.calls)
    document = said("--write")
    assert refusals(document) == [("Dockerfile", "check-failed", "build.tcl: nothing can be moved in a file of this kind")]
    assert (folder / "Dockerfile").read_text() == DOCKERFILE


def test_a_wrong_caller_keeps_only_what_it_passes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = DOCKERFILE.replace(T, "DB_PASSWORD")
    grow(folder, {"a/Dockerfile": DOCKERFILE, "b/Dockerfile": two, "a/build.sh": BUILD})
    monkeypatch.setattr(shell_script, "edits", lambda *_: ())
    document = said()
    assert [each["status"] for each in document["findings"]] == ["refused", "rewritten"]


# --- written together ------------------------------------------------------------------------------------------------


def test_a_caller_that_cannot_be_replaced_puts_its_dockerfile_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(folder, {"Dockerfile": DOCKERFILE, "build.sh": BUILD})
    real, seen = Path.replace, list[Path]()

    def replace(self: Path, target: Path) -> Path:
        seen.append(target)
        if len(seen) == 2:
            raise PermissionError(13, "Permission denied", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    result = CliRunner().invoke(main, ["--write"], catch_exceptions=False)
    assert result.exit_code == 3
    assert [path.name for path in seen] == ["Dockerfile", "build.sh", "Dockerfile"]  # the last one back again
    assert (folder / "Dockerfile").read_text() == DOCKERFILE
    assert sorted(path.name for path in folder.iterdir()) == ["Dockerfile", "build.sh"]


# --- redacted --------------------------------------------------------------------------------------------------------


def test_json_has_no_literal_of_a_caller(folder: Path) -> None:
    grow(folder, {"Dockerfile": DOCKERFILE, "build.sh": BUILD.replace(f'"${T}"', "canary-0123456789")})
    document = said()
    (caller,) = (file for file in document["files"] if file["kind"] == "caller")
    assert caller["redacted"]
    assert "canary-0123456789" not in str(document)
    assert document["build_commands"][0]["argv"] == ["sh", "-c", "API_TOKEN=… docker build --secret id=API_TOKEN ."]


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_dockerfile_that_a_call_names_by_a_link_is_the_one_that_it_leads_to(folder: Path) -> None:
    grow(folder, {"docker/app.Dockerfile": DOCKERFILE, "build.sh": BUILD})
    (folder / "Dockerfile").symlink_to("docker/app.Dockerfile")
    for arguments in ((), ("Dockerfile",), ("docker",)):
        (finding,) = said(*arguments)["findings"]
        assert [call["status"] for call in finding["calls"]] == ["rewritten"], arguments


# --- files that need not speak of docker ------------------------------------------------------------------------------

SILENT = {
    "bake": ("docker-bake.json", '{"target": {"app": {"args": {"API_TOKEN": "x"}}}}'),
    "fly": ("fly.toml", '[build.args]\nAPI_TOKEN = "x"\n'),
    "kamal": ("config/deploy.yml", 'builder:\n  args:\n    API_TOKEN: "x"\n'),
}


@pytest.mark.parametrize(("path", "text"), SILENT.values(), ids=SILENT)
def test_a_caller_that_does_not_speak_of_docker(folder: Path, path: str, text: str) -> None:
    grow(folder, {"Dockerfile": DOCKERFILE, path: text})
    (finding,) = said()["findings"]
    assert [call["path"] for call in finding["calls"]] == [path]


def test_a_caller_that_is_nested_too_deep_is_reported(folder: Path) -> None:
    deep = "[" * 3000
    grow(folder, {"Dockerfile": DOCKERFILE, "compose.yml": f"a: {deep}\nx: --build-arg API_TOKEN=1\n"})
    ((_, reason, detail),) = refusals(said())
    assert reason == "caller-not-rewritten"
    assert detail.startswith("compose.yml:2: ")


# --- commands --------------------------------------------------------------------------------------------------------

WORDS = {
    "words": ("docker build --secret id=A -t 'a b' .", ["docker", "build", "--secret", "id=A", "-t", "a b", "."]),
    "a variable": ("docker build $X", ["sh", "-c", "docker build $X"]),
    "an assignment": ("A=b docker build .", ["sh", "-c", "A=b docker build ."]),
    "a folder first": ("cd a && docker build .", ["sh", "-c", "cd a && docker build ."]),
    "a quote that nothing closes": ("docker build '", ["sh", "-c", "docker build '"]),
}


@pytest.mark.parametrize(("text", "argv"), WORDS.values(), ids=WORDS)
def test_the_words_of_a_callers_command(text: str, argv: list[str]) -> None:
    command = Command("build.sh:1", text, ("Dockerfile",))
    result = Result(Source(PurePosixPath("Dockerfile"), ""), "", ())
    (made,) = build_commands(FileReport("Dockerfile", result, "", written=False, commands=(command,)))
    assert (list(made.argv), made.text, made.origin) == (argv, text, "build.sh:1")


def test_build_args_that_nobody_can_read_may_be_any(folder: Path) -> None:
    """Of a Dockerfile that nobody can tell, too."""
    grow(folder, {"a/Dockerfile": DOCKERFILE, "build.sh": "docker build $(sed 's/^/--build-arg /' .env) -f \"$1\" .\n"})
    ((path, reason, detail),) = refusals(said())
    assert (path, reason) == ("a/Dockerfile", "caller-not-rewritten")
    assert detail.startswith("build.sh:1: ")


def test_a_script_that_another_one_sources_has_no_environment_of_its_own(folder: Path) -> None:
    """By a path that is put together, too: what it does not set need not be exported."""
    grow(folder, {"Dockerfile": DOCKERFILE, "lib/build.sh": BUILD, "all.sh": 'source "$(dirname "$0")/lib/build.sh"\n'})
    CliRunner().invoke(main, ["--write"], catch_exceptions=False)
    assert (folder / "lib/build.sh").read_text() == 'API_TOKEN="$API_TOKEN" docker build --secret id=API_TOKEN .\n'
