"""What the command says of what runs that were killed have left, and of files that it could not write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codemod.cli import main
from codemod.journal import Group, Journal, opened
from codemod.journal_places import found
from codemod.replacement import Replacement, digest
from codemod.writing import Change, Writer
from tests.command import dockerfix
from tests.trees import BUILD, DOCKERFILE, work_tree

FILES = {"Dockerfile": DOCKERFILE, "build.sh": BUILD, "other/Dockerfile": DOCKERFILE.replace("API_TOKEN", "DB_PASSWORD")}
HALF = "half done: a run was stopped between the files of a group, and this one is"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A work tree with a group of two files, and one of one."""
    monkeypatch.chdir(work_tree(tmp_path, FILES))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def stopped(folder: Path, texts: dict[str, tuple[str, str]], swapped: str) -> Group:
    """A run that was killed when it had renamed one of the files of a group; their texts, old and new."""
    each = enumerate(texts.items(), start=1)
    replacements = [
        Replacement(folder / path, digest(old.encode()), digest(new.encode()), f".dockerfix-0a1b2c3d-1-{number}")
        for number, (path, (old, new)) in each
    ]
    for replacement, (old, new) in zip(replacements, texts.values(), strict=True):
        replacement.target.write_text(old)
        replacement.prepare(new.encode())
        if replacement.target.name == swapped:
            replacement.swap()
    group = Group(".dockerfix-0a1b2c3d-1", tuple(replacements))
    journal = opened(folder)
    journal.begin(group)
    journal.close()
    return group


def half_done(folder: Path) -> Group:
    """The group of two, its Dockerfile new."""
    after = {path: (folder / path).read_text() for path in FILES}
    run("--write")
    texts = {path: (after[path], (folder / path).read_text()) for path in ("Dockerfile", "build.sh")}
    return stopped(folder, texts, "Dockerfile")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".git")


def test_a_dry_run_says_what_is_half_done(folder: Path) -> None:
    """Path by path, on stderr and in JSON; it changes nothing."""
    half_done(folder)
    before = names(folder)
    result = run("--format", "json")
    assert result.exit_code == 1
    errors = [(error["path"], error["line"], error["message"]) for error in json.loads(result.stdout)["errors"]]
    assert [(path, line) for path, line, _ in errors] == [("Dockerfile", None), ("build.sh", None)]
    assert errors[0][2].startswith(f"{HALF} new; .dockerfix-0a1b2c3d-1-1.old beside it: move what is kept")
    assert errors[1][2].startswith(f"{HALF} still old; .dockerfix-0a1b2c3d-1-2.old, .dockerfix-0a1b2c3d-1-2.new beside it")
    assert [line for line in result.stderr.splitlines() if HALF in line] == [f"error: {path}: {message}" for path, _, message in errors]
    assert names(folder) == before


def test_what_lies_beside_files_is_no_caller(folder: Path) -> None:
    """The old build.sh is there three times."""
    (folder / "build.sh").write_text(f"#!/bin/sh\n{BUILD}")
    half_done(folder)
    assert ".dockerfix-" not in run("--quiet").stdout
    assert ".dockerfix-" not in json.dumps(json.loads(run("--format", "json").stdout)["findings"])


def test_the_next_run_that_writes_finishes(folder: Path) -> None:
    half_done(folder)
    result = run("--write")
    assert result.exit_code == 0
    assert result.stderr.startswith("A run was stopped half-way here: what it had begun is finished now, in Dockerfile, build.sh.\n")
    assert "--secret id=API_TOKEN" in (folder / "build.sh").read_text()
    assert names(folder) == ["Dockerfile", "build.sh", "other"]
    assert result.stdout == ""


def test_the_next_run_that_writes_puts_back_and_begins_again(folder: Path) -> None:
    group = half_done(folder)
    group.replacements[1].new.unlink()
    result = run("--write")
    assert result.exit_code == 0
    assert result.stderr.startswith("A run was stopped half-way here: what it had begun is undone now, in Dockerfile, build.sh.\n")
    assert "--secret id=API_TOKEN" in (folder / "build.sh").read_text()
    assert names(folder) == ["Dockerfile", "build.sh", "other"]


def test_what_somebody_edited_is_said_at_each_run_until_it_is_put_right(folder: Path) -> None:
    group = half_done(folder)
    (folder / "build.sh").write_text("true\n")
    for _ in range(2):
        result = run("--write")
        assert result.exit_code == 3
        assert f"error: Dockerfile: {HALF} new; " in result.stderr
        assert f"error: build.sh: {HALF.removesuffix(' is')} was edited since; " in result.stderr
        assert (folder / "build.sh").read_text() == "true\n"
    for replacement in group.replacements:
        replacement.clear()
    result = run("--write")
    assert "half done: a run" not in result.stderr
    assert result.exit_code == 0
    assert [*found([folder])] == []


def test_a_run_at_work_is_mentioned(folder: Path) -> None:
    half_done(folder)
    ((path, root),) = found([folder])
    journal = Journal(path, root)
    result = run()
    journal.close()
    assert result.stderr.startswith("note: another run writes here at this moment: ")
    assert HALF not in result.stderr


@pytest.mark.parametrize("option", ["--check", "--write"])
def test_a_journal_that_cannot_be_read(folder: Path, option: str) -> None:
    """Nothing is written while it is not known what is half done."""
    (folder / ".git" / "dockerfix-journal").write_text('{"version": 2}\n')
    result = dockerfix(option, cwd=folder)
    assert result.returncode == 3
    said = "this version cannot read what a run that was killed has noted: another has to finish it, or delete it"
    assert result.stderr.decode() == f"error: .git/dockerfix-journal: {said}\n"
    assert (folder / "Dockerfile").read_text() == DOCKERFILE


def test_stdin_has_no_tree(folder: Path) -> None:
    half_done(folder)
    assert HALF not in dockerfix("-", cwd=folder, stdin=DOCKERFILE.encode()).stderr.decode()


# --- while it writes -------------------------------------------------------------------------------------------------


def test_a_file_that_changed_between_reading_and_writing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its group is left alone, and the next one is written."""
    real = Writer.write

    def late(self: Writer, root: Path, changes: Sequence[Change]) -> None:
        if len(changes) > 1:
            (folder / "build.sh").write_text("true\n")
        real(self, root, changes)

    monkeypatch.setattr(Writer, "write", late)
    result = run("--write")
    assert result.exit_code == 3
    assert result.stderr.startswith("error: build.sh: the file changed while it was looked at: it is left alone\n")
    assert result.stdout.startswith("--- a/other/Dockerfile\n")  # the diff is of what was written
    assert (folder / "Dockerfile").read_text() == DOCKERFILE
    assert (folder / "build.sh").read_text() == "true\n"
    assert "--mount=type=secret" in (folder / "other" / "Dockerfile").read_text()
    assert names(folder) == ["Dockerfile", "build.sh", "other"]


def test_what_cannot_be_put_back_is_said_path_by_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = Path.replace, list[Path]()

    def replace(path: Path, target: Path) -> Path:
        seen.append(path)
        if len(seen) in (2, 3):
            raise PermissionError(13, "Permission denied", str(target))
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    result = run("--write", "--quiet")
    assert result.exit_code == 3
    first, second = result.stderr.splitlines()
    assert first.startswith(f"error: Dockerfile: {HALF} new; ")
    assert second == f"error: build.sh: {HALF} still old"
    assert run("--write").exit_code == 0
    assert names(folder) == ["Dockerfile", "build.sh", "other"]
