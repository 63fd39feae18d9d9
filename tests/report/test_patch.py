"""The diffs are what `git apply` and `patch -p1` take, and applied they are what `--write` writes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from codemod.report.patch import diff, patch
from tests.command import ENVIRONMENT, dockerfix

LEAKING = b'FROM alpine\nARG MY_SECRET\nRUN curl -u "user:$MY_SECRET" https://ifconfig.me\n'
NAMES = {
    "plain": "Dockerfile",
    "a blank": "my service/Dockerfile",
    "blanks at the ends": " a/Dockerfile .dockerfile",
    "umlauts": "größe/Dockerfile",
    "another script": "コンテナ/Dockerfile",
    "double quotes": 'a "b"/Dockerfile',
    "a single quote": "it's/Dockerfile",
    "a backslash": "a\\b/Dockerfile",
    "a tab": "a\tb/Dockerfile",
    "a newline": "a\nb/Dockerfile",
    "not UTF-8": "a\udcffb/Dockerfile",
    "a dash first": "-a/Dockerfile",
    "a name like a header": "a/b/Dockerfile",
    "umlauts and quotes": 'ü"/Dockerfile',
}
CONTENTS = {
    "plain": LEAKING,
    "CRLF": LEAKING.replace(b"\n", b"\r\n"),
    "mixed newlines": LEAKING.replace(b"alpine\n", b"alpine\r\n"),
    "no newline at the end": LEAKING.rstrip(b"\n"),
    "CRLF and no newline at the end": LEAKING.rstrip(b"\n").replace(b"\n", b"\r\n"),
    "a BOM": b"\xef\xbb\xbf" + LEAKING,
    "Latin-1": LEAKING + b"# caf\xe9\n",
    "a lone carriage return": LEAKING.replace(b"FROM", b"# a\rb\nFROM") + b"RUN true\rfalse\n",
    "what Python takes for newlines": b"# a\x0bb\x0cc\x1cd\xc2\x85e\xe2\x80\xa8f\n" + LEAKING + b"# \x0c\n",
    "lines like a diff's": b"# x\n" + LEAKING + b"RUN <<EOF\n--- a\n+++ b\n@@ -1 +1 @@\n\\ No newline at end of file\nEOF\n",
    "an ARG at the end": b"FROM alpine\nRUN true\nARG MY_SECRET",
    "blank lines around": b"\n\nFROM alpine\n\nARG MY_SECRET\n\nRUN true\n\n\n",
    "far apart": LEAKING + b"RUN true\n" * 30 + LEAKING,
}


def apply_with_git(patch: bytes, folder: Path) -> None:
    for options in (("--check",), ()):
        _apply(["git", "apply", *options], patch, folder)


def apply_with_patch(patch: bytes, folder: Path) -> None:
    _apply(["patch", "-p1", "--no-backup-if-mismatch", "--fuzz=0", "--force"], patch, folder)


def _apply(command: list[str], patch: bytes, folder: Path) -> None:
    environment = ENVIRONMENT | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(command, cwd=folder, input=patch, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")


APPLIERS = {"git apply": apply_with_git, "patch -p1": apply_with_patch}


@pytest.fixture(params=APPLIERS)
def applier(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if not shutil.which(name.split(maxsplit=1)[0]):
        pytest.skip(f"there is no {name.split(maxsplit=1)[0]} here")
    return name


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def check_both_ways(folder: Path, applier: str) -> None:
    """What the diff makes of the folder is what `--write` makes of it, and it is something."""
    before = tree(folder)
    shown = dockerfix("--quiet", cwd=folder).stdout
    APPLIERS[applier](shown, folder)
    applied = tree(folder)
    for name, content in before.items():
        (folder / name).write_bytes(content)
    written = dockerfix("--quiet", "--write", cwd=folder)
    assert written.stdout == shown
    assert applied == tree(folder) != before


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_paths(tmp_path: Path, name: str, applier: str) -> None:
    """GNU patch takes no newline in a name."""
    applier = "git apply" if "\n" in name else applier
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(LEAKING)
    check_both_ways(tmp_path, applier)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_contents(tmp_path: Path, content: bytes, applier: str) -> None:
    (tmp_path / "Dockerfile").write_bytes(content)
    check_both_ways(tmp_path, applier)


def test_many_files(tmp_path: Path, applier: str) -> None:
    for index, content in enumerate(CONTENTS.values()):
        (tmp_path / f"Dockerfile.{index}").write_bytes(content)
    check_both_ways(tmp_path, applier)


def test_a_subfolder_of_a_work_tree(tmp_path: Path) -> None:
    """Git takes the paths of a diff from where it stands."""
    subprocess.run(["git", "init", "--quiet", tmp_path], env=ENVIRONMENT, check=True)
    inside = tmp_path / "svc"
    inside.mkdir()
    for folder in (tmp_path, inside):
        (folder / "Dockerfile").write_bytes(LEAKING)
    check_both_ways(inside, "git apply")
    assert (tmp_path / "Dockerfile").read_bytes() == LEAKING


def test_a_saved_patch_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(CONTENTS["Latin-1"])
    shown = dockerfix("--patch", "saved", cwd=tmp_path).stdout
    assert (tmp_path / "saved").read_bytes() == shown


# --- the function itself ---------------------------------------------------------------------------------------------

DIFFS = {
    "nothing changed": ("a\nb\n", "a\nb\n", ""),
    "a newline at the end comes": ("a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
    "a newline at the end goes": ("a\n", "a", "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"),
    "none at either end": ("a", "b", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"),
    "all goes": ("a\n", "", "@@ -1 +0,0 @@\n-a\n"),
    "all comes": ("", "a\n", "@@ -0,0 +1 @@\n+a\n"),
    "only a carriage return comes": ("a\n", "a\r\n", "@@ -1 +1 @@\n-a\n+a\r\n"),
}


@pytest.mark.parametrize(("before", "after", "hunk"), DIFFS.values(), ids=DIFFS)
def test_diff(before: str, after: str, hunk: str) -> None:
    assert diff("f", before, after) == ("--- a/f\n+++ b/f\n" + hunk if hunk else "")


LINES = st.text(st.sampled_from("ab \r\t\f\x0b\x1c\x85\u2028\\@-+ü\udcff"), max_size=3)
TEXTS = st.builds(lambda lines, end: "\n".join(lines) + end, st.lists(LINES, max_size=12), st.sampled_from(("", "\n")))


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_git_makes_of_the_one_the_other(tmp_path_factory: pytest.TempPathFactory, before: str, after: str) -> None:
    """An empty file is no file to git."""
    assume(before and after)
    folder = tmp_path_factory.mktemp("patch")
    (folder / "f").write_bytes(before.encode("utf-8", "surrogateescape"))
    if text := diff("f", before, after):
        apply_with_git(text.encode("utf-8", "surrogateescape"), folder)
    assert (folder / "f").read_bytes() == after.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", ["Dockerfile", "a b", 'ü"', "a\udcff"])
def test_counts_are_unidiffs(name: str) -> None:
    before = "".join(f"{number}\n" for number in range(40))
    counted = patch(name, before, before.replace("3\n", "x\ny\n", 1).replace("37\n", ""))
    assert (counted.added, counted.removed, counted.hunks) == (2, 2, 2)
