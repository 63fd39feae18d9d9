"""`--baseline FILE` accepts what is known and fails on what is new; `--format baseline` makes the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codemod.cli import main
from codemod.report.baseline import Known, read
from codemod.user_configuration import Mistake

from .command import dockerfix
from .trees import BUILD, DOCKERFILE, T, grow, work_tree

KNOWN = "known.jsonl"
TITLE = '{"dockerfix-baseline": 1}\n'
NO_BASELINE = 'no baseline: it has to begin with {"dockerfix-baseline": 1}; --format baseline prints one'
NO_OBJECT = "no JSON object, as each line of a baseline is"
WRITES_IT = f'FROM alpine\nARG {T}\nRUN echo "token=${T}" > /etc/tool.conf\n'
LITERAL = "FROM alpine\nENV DB_PASSWORD=canary-4711\n"
REFUSED = f'FROM alpine\nARG {T}\nRUN curl -H "Authorization: ${T}" https://example.com\nLABEL token=${T}\n'
TWO_SECRETS = 'FROM alpine\nARG NPM_TOKEN\nARG API_TOKEN\nRUN curl -u "ci:$API_TOKEN" "https://$NPM_TOKEN@example.com/f"\n'
Grow = Callable[..., Path]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def knows(*arguments: str) -> str:
    """Make a baseline of all that there is."""
    text = run("--format", "baseline", *arguments).stdout
    Path(KNOWN).write_text(text)
    return text


def compared(*arguments: str) -> Result:
    return run("--baseline", KNOWN, *arguments)


def since(tree: Grow, before: str, after: str, *arguments: str) -> Result:
    """A run on a Dockerfile that became another one when all of it was known."""
    folder = tree(Dockerfile=before)
    knows()
    (folder / "Dockerfile").write_text(after)
    return compared(*arguments)


def last_lines(result: Result) -> list[str]:
    """What is said of the baseline."""
    lines: list[str] = result.stderr.splitlines()
    return lines[next(index for index, line in enumerate(lines) if line.startswith(f"{KNOWN}:")) :]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Grow:
    """Makes a work tree, and that the current folder."""

    def make(**files: str) -> Path:
        monkeypatch.chdir(tmp_path)
        return work_tree(tmp_path, files)

    return make


# --- the file --------------------------------------------------------------------------------------------------------


def test_a_baseline_has_a_line_for_each_finding_in_order_and_no_value(tree: Grow) -> None:
    tree(**{"web/Dockerfile": DOCKERFILE, "db/Dockerfile": LITERAL, "keeps/Dockerfile": WRITES_IT})
    result = run("--format", "baseline")
    assert result.exit_code == 1
    assert result.stdout == (
        TITLE + '{"dockerfile": "db/Dockerfile", "secret": "DB_PASSWORD", "enters": "env", "remains": ["history"]}\n'
        f'{{"dockerfile": "keeps/Dockerfile", "secret": "{T}", "enters": "arg", '
        '"remains": ["history", "written-to-layer /etc/tool.conf"]}\n'
        f'{{"dockerfile": "web/Dockerfile", "secret": "{T}", "enters": "arg", "remains": ["history"]}}\n'
    )


def test_a_baseline_is_the_same_when_lines_move(tree: Grow) -> None:
    folder = tree(Dockerfile=WRITES_IT, **{"db.Dockerfile": LITERAL})
    before = knows()
    for path in folder.glob("*Dockerfile"):
        path.write_text("# one\n# two\n" + path.read_text().replace("RUN ", "RUN true\n\nRUN "))
    assert knows() == before


def test_what_is_only_noted_is_in_no_baseline(tree: Grow) -> None:
    """The comment may go: then the secret is new."""
    folder = tree(
        Dockerfile=DOCKERFILE.replace("ARG", f"# dockerfix: ignore={T} not ours\nARG"), **{"p.Dockerfile": "FROM a\nARG VITE_TOKEN\n"}
    )
    assert knows("--show", "possible") == TITLE
    (folder / "Dockerfile").write_text(DOCKERFILE)
    assert compared("--check").exit_code == 1


def test_a_baseline_without_findings_accepts_none(tree: Grow) -> None:
    folder = tree(Dockerfile="FROM alpine\n")
    assert knows() == TITLE
    assert compared("--check").exit_code == 0
    (folder / "Dockerfile").write_text(DOCKERFILE)
    assert compared("--check").exit_code == 1


@pytest.mark.parametrize("name", ["größe/Dockerfile", 'a "b"\n/Dockerfile', "a\udcffb/Dockerfile", " /Dockerfile"])
def test_any_path_is_known_again(tmp_path: Path, name: str) -> None:
    grow(tmp_path, {name: DOCKERFILE})
    known = dockerfix("--format", "baseline", cwd=tmp_path).stdout
    assert json.loads(known.splitlines()[1])["dockerfile"] == name
    (tmp_path / KNOWN).write_bytes(known)
    done = dockerfix("--baseline", KNOWN, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")


# --- what is known ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [DOCKERFILE, LITERAL, REFUSED, WRITES_IT, TWO_SECRETS], ids=["plain", "literal", "refused", "kept", "two"])
@pytest.mark.parametrize("options", [(), ("--check",), ("--write",), ("--format", "json")], ids=" ".join)
def test_what_is_known_is_accepted_and_left_alone(tree: Grow, text: str, options: tuple[str, ...]) -> None:
    folder = tree(Dockerfile=text, **{"build.sh": BUILD})
    assert run("--check").exit_code == 1
    number = len(knows().splitlines()) - 1
    result = compared(*options)
    assert result.exit_code == 0
    assert ((folder / "Dockerfile").read_text(), (folder / "build.sh").read_text()) == (text, BUILD)
    assert T not in result.stderr
    assert "@@" not in result.stdout
    assert last_lines(result) == [f"{KNOWN}: {number} known finding{'s' * (number > 1)} left aside"]


@pytest.mark.parametrize("text", [DOCKERFILE, WRITES_IT, TWO_SECRETS], ids=["plain", "kept", "two"])
def test_json_and_the_summary_count_what_is_known(tree: Grow, text: str) -> None:
    """In no other count, and by nothing else."""
    tree(Dockerfile=text)
    number = len(knows().splitlines()) - 1
    result = compared("--format", "json")
    document = json.loads(result.stdout)
    assert document["summary"] == dict.fromkeys(document["summary"], 0) | {"files": 1, "dockerfiles": 1, "known": number}
    assert document["findings"] == []
    assert f"\n1 Dockerfile, 0 secrets found, {number} known\n" in f"\n{result.stderr}"
    assert json.loads(run("--format", "json").stdout)["summary"]["known"] == 0


def test_what_is_known_may_move(tree: Grow) -> None:
    assert since(tree, WRITES_IT, "# syntax=docker/dockerfile:1\n\n" + WRITES_IT, "--check").exit_code == 0


def test_what_is_known_may_become_less(tree: Grow) -> None:
    result = since(tree, WRITES_IT, DOCKERFILE)
    assert result.exit_code == 0
    assert last_lines(result) == [
        f"{KNOWN}: 1 known finding left aside",
        f"{KNOWN}: 1 of it no longer there; --format baseline makes a new one:",
        f"    Dockerfile: {T}: written-to-layer /etc/tool.conf",
    ]


# --- what is new -----------------------------------------------------------------------------------------------------


def test_what_is_new_is_all_that_is_shown(tree: Grow) -> None:
    folder = tree(**{"old/Dockerfile": DOCKERFILE})
    knows()
    grow(folder, {"new/Dockerfile": DOCKERFILE})
    result = compared("--write")
    assert result.exit_code == 0
    assert result.stdout.count("+++ b/") == 1
    assert "+++ b/new/Dockerfile" in result.stdout
    assert "old/Dockerfile" not in result.stderr
    assert (folder / "old/Dockerfile").read_text() == DOCKERFILE
    assert "--mount=type=secret" in (folder / "new/Dockerfile").read_text()


def test_the_same_secret_entering_otherwise_is_new(tree: Grow) -> None:
    result = since(tree, DOCKERFILE, DOCKERFILE + f"FROM alpine\nENV {T}=canary-4711\n", "--check")
    assert result.exit_code == 1


def test_one_more_of_the_same_is_new(tree: Grow) -> None:
    result = since(tree, LITERAL, LITERAL + "\n" + LITERAL)
    assert result.exit_code == 1
    assert "Dockerfile:5: DB_PASSWORD is a credential in the file" in result.stderr
    assert "Dockerfile:2: DB_PASSWORD" not in result.stderr


def test_two_of_the_same_are_known_as_two(tree: Grow) -> None:
    tree(Dockerfile=LITERAL + "\n" + LITERAL)
    knows()
    assert compared("--check").exit_code == 0


def test_a_known_secret_that_leaves_a_new_copy_is_new(tree: Grow) -> None:
    result = since(tree, DOCKERFILE, WRITES_IT)
    assert result.exit_code == 1
    assert "written-to-layer" in result.stderr
    assert last_lines(result) == [f"{KNOWN}: 0 known findings left aside"]


@pytest.mark.parametrize("text", [DOCKERFILE, LITERAL], ids=["a build arg", "a literal"])
def test_what_only_a_stage_had_is_new_in_the_image(tree: Grow, text: str) -> None:
    result = since(tree, text + "FROM alpine\n", text, "--check")
    assert result.exit_code == 1
    assert last_lines(result) == [f"{KNOWN}: 0 known findings left aside"]


def test_what_the_image_had_is_known_in_a_stage(tree: Grow) -> None:
    result = since(tree, LITERAL, LITERAL + "FROM alpine\n", "--check")
    assert result.exit_code == 0
    assert last_lines(result)[-1] == "    Dockerfile: DB_PASSWORD: history"


def test_it_is_the_same_baseline_in_every_folder_of_a_work_tree(tree: Grow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two Dockerfiles that have one name where they are stay two."""
    folder = tree(**{"Dockerfile": DOCKERFILE, "web/Dockerfile": DOCKERFILE})
    monkeypatch.chdir(folder / "web")
    everything = knows("..")
    (folder / "web" / KNOWN).unlink()
    monkeypatch.chdir(folder)
    assert knows() == everything
    of_web = json.loads(knows("web").splitlines()[1])
    assert of_web["dockerfile"] == "web/Dockerfile"
    knows("Dockerfile")
    monkeypatch.chdir(folder / "web")
    result = run("--baseline", f"../{KNOWN}", "--check")
    assert result.exit_code == 1


def test_another_path_is_new(tree: Grow) -> None:
    folder = tree(Dockerfile=DOCKERFILE)
    knows()
    (folder / "Dockerfile").rename(folder / "web.Dockerfile")
    result = compared()
    assert result.exit_code == 1
    assert last_lines(result)[1:] == [f"{KNOWN}: 1 of it no longer there; --format baseline makes a new one:", f"    Dockerfile: {T}"]


# --- what belongs together -------------------------------------------------------------------------------------------


def test_what_is_known_comes_along_with_what_is_written_together(tree: Grow) -> None:
    """A Dockerfile and its callers are never changed by halves."""
    folder = tree(**{"Dockerfile": WRITES_IT, "build.sh": BUILD})
    knows()
    grow(folder, {"web/Dockerfile": DOCKERFILE, "build.sh": BUILD + BUILD.replace(" .", " web")})
    result = compared("--write")
    assert (folder / "build.sh").read_text() == f"docker build --secret id={T} .\ndocker build --secret id={T} web\n"
    assert "ARG" not in (folder / "Dockerfile").read_text() + (folder / "web/Dockerfile").read_text()
    assert "    note: line 3: `echo` writes it to /etc/tool.conf, which the layer keeps; that is known\n" in result.stderr
    assert last_lines(result) == [f"{KNOWN}: 1 known finding left aside, 1 of them changed together with what is new"]
    assert result.exit_code == 0


def test_what_is_known_and_stays_is_not_said_beside_what_is_new(tree: Grow) -> None:
    result = since(tree, LITERAL, DOCKERFILE + LITERAL, "--write")
    assert result.exit_code == 0
    assert "DB_PASSWORD" not in result.stderr
    assert last_lines(result) == [f"{KNOWN}: 1 known finding left aside"]


def test_a_call_that_is_known_comes_along_where_its_file_changes(tree: Grow) -> None:
    """`--phase callers` mends a call that goes with a Dockerfile which needs no change."""
    mounts = f'FROM alpine\nRUN --mount=type=secret,id={T},env={T} curl -u "ci:${T}" https://example.com\n'
    folder = tree(**{"Dockerfile": mounts, "build.sh": BUILD})
    assert f'"secret": "{T}", "enters": "call"' in knows("--phase", "callers")
    assert compared("--phase", "callers", "--check").exit_code == 0
    grow(folder, {"web/Dockerfile": DOCKERFILE, "build.sh": BUILD + BUILD.replace(" .", " web")})
    result = compared("--phase", "callers", "--format", "json")
    counts = json.loads(result.stdout)["summary"]
    assert (counts["known"], counts["findings"]) == (1, 2)  # it is in both
    assert last_lines(result) == [f"{KNOWN}: 1 known finding left aside, 1 of them changed together with what is new"]
    assert f"Dockerfile:2: {T} is mounted as a secret, and still passed as a build arg" in result.stderr


def test_a_file_that_cannot_be_read_is_no_matter_of_the_baseline(tree: Grow) -> None:
    folder = tree(**{"Dockerfile": DOCKERFILE, "web/Dockerfile": DOCKERFILE, "build.sh": BUILD + BUILD.replace(" .", " web")})
    knows()
    (folder / "web/Dockerfile").write_text(DOCKERFILE + "NONSENSE\n")
    result = compared()
    assert result.exit_code == 3
    assert "web/Dockerfile:4: " in result.stderr
    assert last_lines(result) == [f"{KNOWN}: 1 known finding left aside"]


# --- what is gone ----------------------------------------------------------------------------------------------------


def test_what_is_no_longer_there_is_said(tree: Grow) -> None:
    folder = tree(**{"mended/Dockerfile": DOCKERFILE, "deleted/Dockerfile": DOCKERFILE, "elsewhere/Dockerfile": DOCKERFILE})
    knows()
    (folder / "mended/Dockerfile").write_text("FROM alpine\n")
    (folder / "deleted/Dockerfile").unlink()
    result = compared("mended")
    assert result.exit_code == 0
    assert last_lines(result) == [
        f"{KNOWN}: 0 known findings left aside",
        f"{KNOWN}: 2 of it no longer there; --format baseline makes a new one:",
        f"    deleted/Dockerfile: {T}",
        f"    mended/Dockerfile: {T}",
    ]


def test_what_is_gone_beside_what_is_still_there(tree: Grow) -> None:
    result = since(tree, LITERAL + DOCKERFILE, DOCKERFILE)
    assert result.exit_code == 0
    assert last_lines(result) == [
        f"{KNOWN}: 1 known finding left aside",
        f"{KNOWN}: 1 of it no longer there; --format baseline makes a new one:",
        "    Dockerfile: DB_PASSWORD",
    ]


def test_of_much_that_is_gone_some_is_named(tree: Grow) -> None:
    folder = tree(Dockerfile="FROM alpine\n")
    lines = [json.dumps({"dockerfile": f"{number:02}/Dockerfile", "secret": T, "enters": "arg"}) for number in range(12)]
    (folder / KNOWN).write_text(TITLE + "\n".join(lines))
    said = last_lines(compared())
    assert len(said) == 13
    assert said[-2:] == [f"    09/Dockerfile: {T}", "    … and 2 more"]


def test_quiet_says_nothing_of_it(tree: Grow) -> None:
    tree(Dockerfile=DOCKERFILE)
    knows()
    assert compared("--quiet").stderr == ""


# --- the file among the others of the tree -----------------------------------------------------------------------------


@pytest.mark.parametrize("options", [("--format", "baseline"), ("--format", "json")], ids=" ".join)
def test_what_is_known_of_a_secret_reads_none(tree: Grow, options: tuple[str, ...]) -> None:
    """Where it stands in the build context, no RUN gets a secret because a program could look at it."""
    folder = tree(Dockerfile=DOCKERFILE.replace("RUN", "COPY . .\nRUN ./configure\nRUN"))
    before = run().stdout
    (folder / KNOWN).write_text(run(*options).stdout)
    assert run().stdout == before
    (folder / "other.json").write_text(json.dumps({"secret": T}))
    assert "configure" in run().stdout.replace(before, "")


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, NO_BASELINE),
        ("\n{}\n", 2, NO_BASELINE),
        ('{\n  "version": 1\n}\n', 1, NO_BASELINE),
        ('{"dockerfix-baseline": 2}\n', 1, NO_BASELINE),
        (TITLE + "<<<<<<< HEAD\n", 2, NO_OBJECT),
        (TITLE + "[" * 100_000, 2, NO_OBJECT),
        (TITLE + "[]\n", 2, NO_OBJECT),
        (TITLE + "\n{}\n", 3, "'dockerfile' has to be a string"),
        (TITLE + '{"dockerfile": "Dockerfile", "secret": 1}\n', 2, "'secret' has to be a string"),
        (TITLE + '{"dockerfile": "a", "secret": "b", "enters": "door"}\n', 2, "'enters' has to be one of arg, call, default, env, mount"),
        (TITLE + '{"dockerfile": "a", "secret": "b", "enters": "arg", "remains": "x"}\n', 2, "'remains' has to be a list of strings"),
        (TITLE + '{"dockerfile": "a", "secret": "b", "enters": "arg", "remains": [1]}\n', 2, "'remains' has to be a list of strings"),
    ],
)
def test_a_file_that_is_no_baseline_ends_it_before_anything_happens(tree: Grow, text: str, line: int, message: str) -> None:
    folder = tree(**{"Dockerfile": DOCKERFILE, KNOWN: text})
    result = compared("--write")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: {KNOWN}:{line}: {message}\n"
    assert (folder / "Dockerfile").read_text() == DOCKERFILE


@pytest.mark.parametrize(("name", "message"), [("nowhere.jsonl", "No such file or directory"), (".", "Is a directory")])
def test_a_baseline_that_cannot_be_read(tree: Grow, name: str, message: str) -> None:
    tree(Dockerfile=DOCKERFILE)
    result = run("--baseline", name)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {name}: {message}\n")


def test_what_else_a_line_says_is_left_alone() -> None:
    """A byte order mark, carriage returns and blank lines as well."""
    text = f'\ufeff{TITLE}\r\n{{"dockerfile": "a", "secret": "b", "enters": "arg", "why": "until May"}}\r\n'
    assert read(text.encode()) == (Known("a", "b", "arg"),)


def test_what_is_not_utf_8_is_no_baseline() -> None:
    assert read(TITLE.encode() + b'{"dockerfile": "\xff"}') == Mistake(2, NO_OBJECT)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--baseline", KNOWN, "-"), "--baseline goes with no - and no --format baseline"),
        (("--baseline", KNOWN, "--format", "baseline"), "--baseline goes with no - and no --format baseline"),
        (("--format", "baseline", "--write"), "--format baseline goes with no --write"),
    ],
)
def test_what_does_not_go_together(tree: Grow, arguments: tuple[str, ...], message: str) -> None:
    folder = tree(Dockerfile=DOCKERFILE)
    knows()
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert (folder / "Dockerfile").read_text() == DOCKERFILE
