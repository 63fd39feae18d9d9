"""`--split DIR`: what `git am` makes of the patches is what `--write` writes, in any order, and each goes by itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from codemod.cli import main

from .monorepo import copied
from .report.test_patch import CONTENTS, NAMES
from .trees import BUILD, DOCKERFILE, T, grow

PERSON = {"GIT_AUTHOR_NAME": "Ada Čapková", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_AUTHOR_DATE": "1700000000 -0330"}
COMMITTER = {"GIT_COMMITTER_NAME": "c", "GIT_COMMITTER_EMAIL": "c@example.com"}
WRITES_IT = f'FROM alpine\nARG {T}\nRUN echo "token=${T}" > /etc/tool.conf\n'
TWO_ARGS = BUILD.replace(" .", ' --build-arg OTHER_TOKEN="$OTHER_TOKEN" web')
TEAMS = {
    "CODEOWNERS": "* @org/platform\n/api/ @org/api\n/web/ @org/web\n/shared/ @org/api @org/web\n/nobody/\n",
    "api/Dockerfile": DOCKERFILE,
    "api/worker.Dockerfile": DOCKERFILE,
    "ci/api.sh": BUILD.replace(" .", " api"),
    "nobody/Dockerfile": DOCKERFILE,
    "shared/Dockerfile": DOCKERFILE,
    "tools/Dockerfile": DOCKERFILE,
    "web/Dockerfile": DOCKERFILE,
    "web/build.sh": BUILD.replace(" .", " web"),
    "nobody/second/Dockerfile": DOCKERFILE,
    "clean/Dockerfile": "FROM alpine\n",
}


@pytest.fixture(autouse=True)
def nothing_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its git knows nobody; the current folder is a new one."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in {**COMMITTER, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "tree"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def git(*arguments: str | Path, cwd: Path | None = None) -> str:
    return subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True).stdout.decode("utf-8", "surrogateescape")


def committed(folder: Path) -> Path:
    """All that is in the folder is its repository's first commit."""
    git("init", "-q", cwd=folder)
    git("add", "-A", cwd=folder)
    git("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qm", "as it was", cwd=folder)
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def split(folder: Path, *arguments: str | Path) -> list[Path]:
    """The patches that a run makes, in their order."""
    assert run("--split", folder, *arguments).exit_code == 1
    return sorted(folder.glob("*.patch"))


def clone(folder: Path, to: Path) -> Path:
    git("-c", "core.autocrlf=false", "clone", "-q", folder, to)
    return to


def contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def written(folder: Path, to: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What `--write` makes of a clone."""
    with monkeypatch.context() as context:
        context.chdir(clone(folder, to))
        run("--write")
    return contents(to)


def applied(patches: Sequence[Path], folder: Path) -> dict[str, bytes]:
    git("am", "--keep-cr", *patches, cwd=folder)
    return contents(folder)


def message(folder: Path) -> str:
    return git("log", "-1", "--format=%B", cwd=folder).strip()


# --- what git makes of them ------------------------------------------------------------------------------------------

AWKWARD = {name: f"{number}/{path}" for number, (name, path) in enumerate(NAMES.items())}
TREES: dict[str, Mapping[str, bytes]] = {
    "teams": {path: text.encode() for path, text in TEAMS.items()},
    "names": {path: DOCKERFILE.encode() for path in AWKWARD.values()},
    "names of teams": {**{path: DOCKERFILE.encode() for path in AWKWARD.values()}, "CODEOWNERS": b"* @all\n"},
    "contents": {f"{number}/Dockerfile": content for number, content in enumerate(CONTENTS.values())},
    "contents of teams": {
        **{f"{number}/Dockerfile": content for number, content in enumerate(CONTENTS.values())},
        "CODEOWNERS": b"* @all\n",
    },
    "callers with carriage returns": {"Dockerfile": DOCKERFILE.encode(), "build.sh": b"set -eu\r\n" + BUILD.strip().encode()},
}


def planted(name: str, folder: Path) -> Path:
    if name == "monorepo":
        shutil.rmtree(folder)
        return committed(copied(folder))
    for path, content in TREES[name].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return committed(folder)


ORDERS = [("teams", "forwards"), ("teams", "backwards"), *((name, "shuffled") for name in (*TREES, "monorepo"))]


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_all_patches_in_any_order_make_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, order: str) -> None:
    tree = planted(name, tmp_path / "tree")
    monkeypatch.chdir(tree)
    patches = split(tmp_path / "out")
    mixed = Random(len(patches)).sample(patches, len(patches))  # noqa: S311  (any order, the same in every run)
    ordered = {"forwards": patches, "backwards": patches[::-1], "shuffled": mixed}[order]
    after = written(tree, tmp_path / "written", monkeypatch)
    assert applied(ordered, clone(tree, tmp_path / "clone")) == after != contents(tree)


@pytest.mark.parametrize("name", [*TREES, "monorepo"])
def test_git_apply_and_patch_take_them_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    tree = planted(name, tmp_path / "tree")
    monkeypatch.chdir(tree)
    patches = split(tmp_path / "out")
    after = written(tree, tmp_path / "written", monkeypatch)
    git("apply", *patches, cwd=clone(tree, tmp_path / "clone"))
    assert contents(tmp_path / "clone") == after
    if "names" not in name and "contents" not in name:  # GNU patch guesses line ends and names of a mail
        for file in patches:
            subprocess.run(["patch", "-p1", "--binary", "-s", "-i", file], cwd=tree, check=True)
        assert contents(tree) == after


def test_each_patch_goes_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left to do after one is what the others do: no group is torn apart."""
    tree = planted("teams", tmp_path / "tree")
    diffs = {file: diff_of(file) for file in split(tmp_path / "out")}
    assert len(diffs) == 6
    for number, file in enumerate(diffs):
        alone = clone(tree, tmp_path / f"alone{number}")
        applied([file], alone)
        monkeypatch.chdir(alone)
        left = {diff_of(other) for other in split(tmp_path / f"out{number}")}
        assert left == {*diffs.values()} - {diffs[file]}


def diff_of(file: Path) -> bytes:
    return file.read_bytes().partition(b"\ndiff --git ")[2]


def test_a_patch_from_a_subfolder_is_for_the_whole_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is what it says."""
    tree = planted("teams", tmp_path / "tree")
    from_root = [file.read_bytes() for file in split(tmp_path / "out", "api")]
    monkeypatch.chdir(tree / "web")
    from_elsewhere = [file.read_bytes() for file in split(tmp_path / "elsewhere", "../api")]
    assert [*map(undated, from_elsewhere)] == [*map(undated, from_root)]
    git("am", *sorted((tmp_path / "elsewhere").glob("*.patch")), cwd=clone(tree, tmp_path / "clone") / "nobody")
    assert b"ARG" not in (tmp_path / "clone/api/Dockerfile").read_bytes()


def undated(text: bytes) -> bytes:
    return re.sub(rb"\nDate: .*", b"", text)


def test_a_file_behind_a_link_is_patched_itself(tmp_path: Path) -> None:
    tree = grow(tmp_path / "tree", {"real/Dockerfile": DOCKERFILE})
    (tree / "Dockerfile").symlink_to("real/Dockerfile")
    committed(tree)
    git("am", *split(tmp_path / "out", "Dockerfile"), cwd=clone(tree, tmp_path / "clone"))
    assert b"ARG" not in (tmp_path / "clone/real/Dockerfile").read_bytes()


def test_each_tree_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "tree"
    for name in ("one", "two"):
        committed(grow(folder / name, {"svc/Dockerfile": DOCKERFILE, ".github/CODEOWNERS": f"* @{name} @all\n"}))
    monkeypatch.chdir(folder)
    patches = split(tmp_path / "out")
    assert [file.name for file in patches] == ["0001-all+one.patch", "0002-all+two.patch"]
    for name, file in zip(("one", "two"), patches, strict=True):
        git("am", file, cwd=folder / name)
    page = (tmp_path / "out/README.md").read_text()
    assert re.findall("^## (.*)", page, re.MULTILINE) == [str(folder / "one"), str(folder / "two")]


def test_without_git_paths_are_seen_from_the_current_folder(tmp_path: Path) -> None:
    grow(tmp_path / "tree", {"svc/Dockerfile": DOCKERFILE, "CODEOWNERS": "* @all\n"})
    (file,) = split(tmp_path / "out")
    assert file.name == "0001-all.patch"
    subprocess.run(["patch", "-p1", "-s", "-i", file], cwd=tmp_path / "tree", check=True)
    assert "ARG" not in (tmp_path / "tree/svc/Dockerfile").read_text()


def test_without_git_files_elsewhere_have_a_folder_in_common(tmp_path: Path) -> None:
    grow(tmp_path, {"other/Dockerfile": DOCKERFILE})
    (file,) = split(tmp_path / "tree/out", tmp_path / "other/Dockerfile")
    subprocess.run(["patch", "-p1", "-s", "-i", file], cwd=tmp_path, check=True)
    assert "ARG" not in (tmp_path / "other/Dockerfile").read_text()


# --- for whom --------------------------------------------------------------------------------------------------------


def test_a_patch_is_for_the_owners_of_its_dockerfiles(tmp_path: Path) -> None:
    """What nobody owns is a patch a group."""
    planted("teams", tmp_path / "tree")
    patches = split(tmp_path / "out")
    assert {file.name: re.findall(r"^\+\+\+ b/(.*)", file.read_text(), re.MULTILINE) for file in patches} == {
        "0001-org-api.patch": ["api/Dockerfile", "api/worker.Dockerfile", "ci/api.sh"],
        "0002-nobody.patch": ["nobody/Dockerfile"],
        "0003-nobody-second.patch": ["nobody/second/Dockerfile"],
        "0004-org-api+org-web.patch": ["shared/Dockerfile"],
        "0005-org-platform.patch": ["tools/Dockerfile"],
        "0006-org-web.patch": ["web/Dockerfile", "web/build.sh"],
    }


def test_what_belongs_together_goes_to_the_owners_of_all_of_it(tmp_path: Path) -> None:
    files = {**TEAMS, "ci/all.sh": BUILD.replace(" .", " api") + BUILD.replace(" .", " web")}
    committed(grow(tmp_path / "tree", files))
    first = split(tmp_path / "out")[0]
    assert first.name == "0001-org-api+org-web.patch"
    assert "\nFor @org/api @org/web\nAlso owned by @org/platform: ci/all.sh, ci/api.sh\n\n" in first.read_text()


def test_without_owners_a_patch_is_a_group(tmp_path: Path) -> None:
    files = {path: text for path, text in TEAMS.items() if path != "CODEOWNERS"}
    committed(grow(tmp_path / "tree", {**files, "Dockerfile": DOCKERFILE}))
    names = [file.name for file in split(tmp_path / "out")]
    assert names == [f"{number:04}{name}.patch" for number, name in enumerate(FOLDERS, start=1)]


FOLDERS = ("", "-api", "-api", "-nobody", "-nobody-second", "-shared", "-tools", "-web")


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("@org/team.x", "org-team.x"),
        ("team@example.com", "team-example.com"),
        ("@@maintainer", "maintainer"),
        ("@Čapková", "Čapková"),
        (f"@{'long' * 20}", "long" * 15),
    ],
)
def test_a_file_is_named_after_the_owner(tmp_path: Path, owner: str, name: str) -> None:
    committed(grow(tmp_path / "tree", {"Dockerfile": DOCKERFILE, "CODEOWNERS": f"* {owner}\n"}))
    assert [file.name for file in split(tmp_path / "out")] == [f"0001-{name}.patch"]


@pytest.mark.parametrize(
    ("place", "others", "owner"),
    [
        (".github/CODEOWNERS", {"CODEOWNERS": "* @second\n"}, "first"),
        ("CODEOWNERS", {"docs/CODEOWNERS": "* @second\n"}, "first"),
        ("docs/CODEOWNERS", {".gitlab/CODEOWNERS": "* @second\n"}, "first"),
        (".gitlab/CODEOWNERS", {}, "first"),
        ("CODEOWNERS", {".gitlab-ci.yml": "", "docs/x": ""}, "gitlab"),
        ("CODEOWNERS", {".gitlab-ci.yml": "", ".github/x": ""}, "first"),
    ],
)
def test_where_the_owners_stand(tmp_path: Path, place: str, others: dict[str, str], owner: str) -> None:
    """The last line is about this Dockerfile for GitLab only."""
    text = "* @first\nsvc/Dockerfile @gitlab\n" if owner == "gitlab" or ".gitlab-ci.yml" in others else "* @first\n"
    committed(grow(tmp_path / "tree", {"a/svc/Dockerfile": DOCKERFILE, place: text, **others}))
    assert [file.name for file in split(tmp_path / "out")] == [f"0001-{owner}.patch"]


def test_owners_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Patches that go to nobody would be worse than none."""
    tree = committed(grow(tmp_path / "tree", TEAMS))
    reading = Path.read_text

    def denied(path: Path, *arguments: str, **options: str) -> str:
        if path.name == "CODEOWNERS":
            raise PermissionError(13, "Permission denied", str(path))
        return reading(path, *arguments, **options)

    monkeypatch.setattr(Path, "read_text", denied)
    result = run("--split", tmp_path / "out")
    assert result.exit_code == 3
    assert "error: CODEOWNERS: Permission denied\n" in result.stderr
    assert not (tmp_path / "out").exists()
    assert tree.is_dir()


# --- what they say ---------------------------------------------------------------------------------------------------

SAID = """\
Take build secrets out of 2 Dockerfiles of größe

A build arg is in the history of the image for anyone to read. These are
secrets, so they become build secrets, which RUNs mount:

- größe/Dockerfile: API_TOKEN
- größe/web/Dockerfile: API_TOKEN (id web-token)

These pass them:

- build.sh

Built with:

    docker build --secret id=API_TOKEN größe
    : "${API_TOKEN:?}" && docker build --secret id=web-token,env=API_TOKEN -f 'größe/web/Dockerfile' 'größe/web'

What remains:

- größe/Dockerfile:3: API_TOKEN: written-to-layer: `echo` writes it to /etc/tool.conf, which the layer keeps

Rotate API_TOKEN when this is merged: the images built so far,
their provenance and the logs of their builds have the values."""


def test_the_message_says_what_the_patch_does(tmp_path: Path) -> None:
    files = {
        "größe/Dockerfile": WRITES_IT,
        "größe/web/Dockerfile": DOCKERFILE,
        "größe/web/.dockerfix.toml": f'[id]\n{T} = "web-token"\n',
        "build.sh": BUILD.replace(" .", " größe"),
        "CODEOWNERS": "* @all\n",
    }
    tree = committed(grow(tmp_path / "tree", files))
    applied(split(tmp_path / "out"), clone(tree, tmp_path / "clone"))
    assert message(tmp_path / "clone") == SAID


def test_the_message_of_one_dockerfile(tmp_path: Path) -> None:
    tree = committed(grow(tmp_path / "tree", {"svc/Dockerfile": WRITES_IT, "build.sh": BUILD.replace(" .", " svc")}))
    applied(split(tmp_path / "out"), clone(tree, tmp_path / "clone"))
    assert message(tmp_path / "clone") == (
        "Take build secrets out of svc/Dockerfile\n\n"
        "A build arg is in the history of the image for anyone to read. These are\n"
        "secrets, so they become build secrets, which RUNs mount:\n\n"
        f"- svc/Dockerfile: {T}\n\n"
        "These pass them:\n\n"
        "- build.sh\n\n"
        "Built with:\n\n"
        f"    docker build --secret id={T} svc\n\n"
        "What remains:\n\n"
        f"- svc/Dockerfile:3: {T}: written-to-layer: `echo` writes it to /etc/tool.conf, which the layer keeps\n\n"
        f"Rotate {T} when this is merged: the images built so far,\n"
        "their provenance and the logs of their builds have the values."
    )


def test_calls_that_are_left_to_a_person_are_said_with_what_to_put_there(tmp_path: Path) -> None:
    jenkins = f"pipeline {{ steps {{ sh 'docker build --build-arg {T}=$TOKEN svc' }} }}\n"
    tree = committed(grow(tmp_path / "tree", {"svc/Dockerfile": DOCKERFILE, "Jenkinsfile": jenkins}))
    applied(split(tmp_path / "out", "--allow", "caller-not-rewritten"), clone(tree, tmp_path / "clone"))
    said = message(tmp_path / "clone")
    assert "To be changed by hand, in the same commit:\n\n- Jenkinsfile:1: " in said
    assert f"\n  --secret id={T},env=TOKEN" in said


@pytest.mark.parametrize(
    ("phase", "files", "subject", "rotates"),
    [
        ("callers", {"Dockerfile": DOCKERFILE, "build.sh": BUILD}, "Pass the build secrets of Dockerfile", False),
        (
            "cleanup",
            {
                "Dockerfile": f'FROM alpine\nRUN --mount=type=secret,id={T},env={T} curl -u "ci:${T}" https://example.com\n',
                "build.sh": BUILD.replace(" .", f" --secret id={T} ."),
            },
            "Pass secrets of Dockerfile as build args no longer",
            True,
        ),
    ],
)
def test_each_step_of_a_migration_has_its_message(
    tmp_path: Path, phase: str, files: dict[str, str], subject: str, *, rotates: bool
) -> None:
    tree = committed(grow(tmp_path / "tree", {**files, "CODEOWNERS": "* @all\n*.sh @ci\n"}))
    (file,) = split(tmp_path / "out", "--phase", phase)
    assert file.name == "0001-ci.patch"
    applied([file], clone(tree, tmp_path / "clone"))
    said = message(tmp_path / "clone")
    assert said.startswith(f"{subject}\n")
    assert f"\n- Dockerfile: {T}\n" in said
    assert (f"Rotate {T}" in said) is rotates


def test_no_message_has_a_value(tmp_path: Path) -> None:
    files = {
        "Dockerfile": f'FROM alpine\nARG {T}=canary-4711\nENV DB_PASSWORD=canary-4712\nRUN curl -u "ci:${T}" https://example.com\n',
        "build.sh": f"docker build --build-arg {T}=canary-4713 .\n",
    }
    committed(grow(tmp_path / "tree", files))
    (file,) = split(tmp_path / "out")
    text = file.read_text()
    assert "canary" in text
    assert "canary" not in text.partition("\ndiff --git")[0]
    assert "canary" not in (tmp_path / "out/README.md").read_text()
    assert f"- Dockerfile:2: {T} has a credential for its default: revoke it" in text


def test_nobody_is_named_in_a_commit(tmp_path: Path) -> None:
    """Where a name calls those who have it, it would do so at every push."""
    tree = planted("teams", tmp_path / "tree")
    patches = split(tmp_path / "out")
    assert "\n---\nFor @org/api\nAlso owned by @org/platform: ci/api.sh\n\n api/Dockerfile | 3 +, 2 -\n" in patches[0].read_text()
    applied(patches, clone(tree, tmp_path / "clone"))
    assert "@" not in git("log", "--format=%B", cwd=tmp_path / "clone")


def test_carriage_returns_are_announced(tmp_path: Path) -> None:
    planted("callers with carriage returns", tmp_path / "tree")
    (file,) = split(tmp_path / "out")
    assert "\n---\nLines of it end in carriage returns: git am --keep-cr takes it.\n\n" in file.read_bytes().decode()


# --- who they are by -------------------------------------------------------------------------------------------------


def author(file: Path) -> tuple[str, str | None]:
    mail = message_from_bytes(file.read_bytes())
    return str(make_header(decode_header(mail["From"]))), mail["Date"]


def by(tmp_path: Path, config: Mapping[str, str]) -> tuple[str, str | None]:
    tree = committed(grow(tmp_path / "tree", {"Dockerfile": DOCKERFILE}))
    for key, value in config.items():
        git("config", key, value, cwd=tree)
    (file,) = split(tmp_path / "out")
    applied([file], clone(tree, tmp_path / "clone"))
    name, address, date = git("log", "-1", "--format=%an%n%ae%n%aD", cwd=tmp_path / "clone").splitlines()
    assert author(file)[1] == date
    return f"{name} <{address}>", date


@pytest.mark.parametrize("name", ["Ada Capkova", "Ada Čapková", 'A. "B", C', "A [PATCH] B"])
def test_a_patch_is_by_whom_git_would_have_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", PERSON["GIT_AUTHOR_DATE"])
    tree = committed(grow(tmp_path / "tree", {"Dockerfile": DOCKERFILE}))
    git("config", "user.name", name, cwd=tree)
    git("config", "user.email", "ada@example.com", cwd=tree)
    (file,) = split(tmp_path / "out")
    applied([file], clone(tree, tmp_path / "clone"))
    said = git("log", "-1", "--format=%an <%ae> %aI", cwd=tmp_path / "clone").strip()
    assert said == f"{name} <ada@example.com> 2023-11-14T18:43:20-03:30"


def test_the_environment_says_who_and_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in PERSON.items():
        monkeypatch.setenv(key, value)
    assert by(tmp_path, {"user.name": "x", "user.email": "x@example.com"}) == (
        "Ada Čapková <ada@example.com>",
        "Tue, 14 Nov 2023 18:43:20 -0330",
    )


def test_the_same_run_makes_the_same_patches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in PERSON.items():
        monkeypatch.setenv(key, value)
    planted("teams", tmp_path / "tree")
    split(tmp_path / "out")
    split(tmp_path / "again")
    assert contents(tmp_path / "out") == contents(tmp_path / "again")


def test_where_git_knows_nobody_a_patch_is_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "1700000000 +0000")
    assert by(tmp_path, {}) == ("dockerfix <dockerfix@invalid>", "Tue, 14 Nov 2023 22:13:20 +0000")


def test_an_address_that_no_mail_can_have(tmp_path: Path) -> None:
    assert by(tmp_path, {"user.name": "Ada", "user.email": "ada@größe.example"})[0] == "Ada <ada@größe.example>"


def test_without_git_a_patch_has_no_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(tmp_path / "tree", {"Dockerfile": DOCKERFILE})
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    (file,) = split(tmp_path / "out")
    assert author(file) == ("dockerfix <dockerfix@invalid>", None)


# --- the folder ------------------------------------------------------------------------------------------------------


def test_a_page_lists_them(tmp_path: Path) -> None:
    files = {
        **TEAMS,
        "web/Dockerfile": WRITES_IT,
        "a|b/Dockerfile": DOCKERFILE,
        "web/build.sh": TWO_ARGS,
        "label/Dockerfile": f"FROM a\nARG {T}\nLABEL a=${T}\n",
    }
    committed(grow(tmp_path / "tree", files))
    result = run("--split", tmp_path / "out")
    assert f"6 patches in {tmp_path}/out: {tmp_path}/out/README.md says whose\n" in result.stderr
    rows = [line for line in (tmp_path / "out/README.md").read_text().splitlines() if line.startswith("| ")]
    secret = T.replace("_", "\\_")
    assert rows == [
        "| patch | for | Dockerfiles | callers | also owned by |",
        "| 0001-org-api.patch | @org/api | api/Dockerfile, api/worker.Dockerfile | ci/api.sh | @org/platform |",
        "| 0002-org-platform.patch | @org/platform | a\\|b/Dockerfile, tools/Dockerfile |  |  |",
        "| 0003-nobody.patch |  | nobody/Dockerfile |  |  |",
        "| 0004-nobody-second.patch |  | nobody/second/Dockerfile |  |  |",
        "| 0005-org-api+org-web.patch | @org/api @org/web | shared/Dockerfile |  |  |",
        "| 0006-org-web.patch | @org/web | web/Dockerfile | web/build.sh |  |",
        "| for | what |",
        f"| @org/platform | label/Dockerfile:3: {secret} stays: used-by-instruction: LABEL expands {secret} |",
        f"| @org/web | web/Dockerfile:3: {secret}: written-to-layer: \\`echo\\` writes it to /etc/tool.conf, which the layer keeps |",
        "| @org/web | web/Dockerfile:1: OTHER\\_TOKEN is passed as a build arg, and taken by nothing |",
    ]


def test_the_folder_may_be_there_and_empty(tmp_path: Path) -> None:
    planted("teams", tmp_path / "tree")
    (tmp_path / "out").mkdir()
    assert len(split(tmp_path / "out")) == 6


@pytest.mark.parametrize("options", [(), ("--check",), ("--write",), ("--format", "json"), ("--quiet",)], ids=" ".join)
def test_patches_go_with_other_outputs(tmp_path: Path, options: tuple[str, ...]) -> None:
    planted("teams", tmp_path / "tree")
    run("--split", tmp_path / "deep/out", *options)
    assert len([*(tmp_path / "deep/out").glob("*.patch")]) == 6


def test_where_nothing_changes_there_is_no_folder(tmp_path: Path) -> None:
    grow(tmp_path / "tree", {"Dockerfile": "FROM alpine\n"})
    result = run("--split", "out")
    assert (result.exit_code, (tmp_path / "tree/out").exists()) == (0, False)
    assert "No patches for out: nothing changes.\n" in result.stderr


@pytest.mark.parametrize("taken", ["out/notes.txt", "out/0001-old.patch", "out"])
def test_what_is_there_is_left_alone(tmp_path: Path, taken: str) -> None:
    tree = grow(tmp_path / "tree", {"Dockerfile": DOCKERFILE, taken: "mine"})
    result = run("--write", "--split", "out")
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.search("out has files in it: name a new folder|out: Not a directory", result.stderr)
    assert contents(tree) == {"Dockerfile": DOCKERFILE.encode(), taken: b"mine"}


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    grow(tmp_path / "tree", {"Dockerfile": DOCKERFILE, "file": "mine"})
    result = run("--split", "file/out")
    assert result.exit_code == 3
    assert "error: file/out: Not a directory\n" in result.stderr


def test_patches_in_the_tree_change_nothing(tmp_path: Path) -> None:
    """Where they stand in the build context, no RUN gets a secret because a program could look at them."""
    committed(grow(tmp_path / "tree", {"Dockerfile": DOCKERFILE.replace("RUN", "COPY . .\nRUN ./configure\nRUN")}))
    before = run("--split", "out").stdout
    assert run().stdout == before


def test_stdin_is_sent_to_nobody(tmp_path: Path) -> None:
    result = run("--split", tmp_path / "out", "-")
    assert result.exit_code == 2
    assert "--split goes with no -" in result.stderr
