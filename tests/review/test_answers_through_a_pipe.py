"""A whole review: answers come in lines, as from `yes |`, and what was accepted is on disk."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codemod.cli import main
from tests.trees import grow

from .team_trees import FILES, MOUNTED, ONE, SHOP, teams, written

CLEAN, FOUND, USAGE, FAILED = 0, 1, 2, 3
EVERYTHING = set(FILES) - {"auth/Dockerfile"}
BILLING = {"billing/Dockerfile", "billing/build.sh"}
SHOPS = {"shop/Dockerfile", "shop/worker.Dockerfile"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def review(answers: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-i", *arguments], input=answers, catch_exceptions=False)


def questions(result: Result) -> list[str]:
    return [line for line in result.stderr.splitlines() if "Write this change [" in line]


# the answers to billing (a Dockerfile and its caller), shop/Dockerfile and shop/worker.Dockerfile → how often it asks, what is written
WALKS = {
    "each accepted": ("y\ny\ny\n", 3, EVERYTHING),
    "each declined": ("n\nn\nn\n", 3, set[str]()),
    "the second alone": ("n\ny\nn\n", 3, {"shop/Dockerfile"}),
    "all of a folder": ("n\na\n", 2, SHOPS),
    "all of a folder that has no other": ("a\nn\nn\n", 3, BILLING),
    "none of a folder": ("y\nd\n", 2, BILLING),
    "the end after the first": ("y\nq\n", 2, BILLING),
    "the end at once": ("q\n", 1, set[str]()),
    "no more answers": ("y\n", 2, BILLING),
    "no answer at all": ("", 1, set[str]()),
    "a last line that does not end": ("y", 2, BILLING),
    "help, and nonsense, and then an answer": ("?\nyes\n\ny\nq\n", 5, BILLING),
    "capitals and carriage returns": ("Y\r\nQ\r\n", 2, BILLING),
}


@pytest.mark.parametrize(("answers", "asked", "files"), WALKS.values(), ids=WALKS)
def test_what_is_accepted_is_written_and_nothing_else(answers: str, asked: int, files: set[str], folder: Path) -> None:
    teams(folder)
    result = review(answers)
    assert (len(questions(result)), written(folder)) == (asked, files)


def test_the_next_run_asks_about_what_was_left(folder: Path) -> None:
    teams(folder)
    review("n\ny\nn\n")
    result = review("y\ny\n")
    assert questions(result) == ["(1/2) Write this change [y,n,a,d,q,e,?]? y", "(2/2) Write this change [y,n,a,d,q,e,?]? y"]
    assert written(folder) == EVERYTHING


def test_stdout_has_the_diff_of_what_was_written(folder: Path) -> None:
    """And nothing of what was declined; git takes it back."""
    teams(folder)
    result = review("y\nn\nn\n", "--patch", "accepted.patch")
    assert result.stdout == (folder / "accepted.patch").read_text()
    assert "+++ b/billing/build.sh\n" in result.stdout
    assert "shop" not in result.stdout
    subprocess.run(["git", "apply", "--reverse", "accepted.patch"], cwd=folder, check=True)
    assert written(folder) == set()


SUMMARIES = {
    "all": ("y\ny\ny\n", "3 rewritten, 1 refused (used-by-instruction), 1 left over, 1 caller moved"),
    "some": ("y\nn\nn\n", "1 rewritten, 2 to rewrite, 1 refused (used-by-instruction), 1 left over, 1 caller moved"),
    "none": ("q\n", "3 to rewrite, 1 refused (used-by-instruction), 1 left over, 1 caller to move"),
}


@pytest.mark.parametrize(("answers", "line"), SUMMARIES.values(), ids=SUMMARIES)
def test_the_summary_counts_what_was_written_and_what_was_left(answers: str, line: str, folder: Path) -> None:
    teams(folder)
    assert review(answers).stderr.splitlines()[-1] == f"4 Dockerfiles, 4 secrets found: {line}"


def test_what_was_shown_is_not_said_again(folder: Path) -> None:
    """What was not is: what is refused, and what an `a` wrote unseen."""
    teams(folder)
    last = review("n\na\n").stderr.split("Written: ")[-1]
    assert "auth/Dockerfile:2: SIGNING_KEY is a secret, and stays where it is" in last
    assert "shop/worker.Dockerfile:2: QUEUE_PASSWORD is now the build secret QUEUE_PASSWORD" in last
    assert "NPM_TOKEN" not in last
    assert "API_TOKEN" not in last


def test_to_rotate_is_said_at_the_end_of_what_was_moved(folder: Path) -> None:
    grow(folder, ONE)
    assert "rotate these secrets" not in review("n\n").stderr
    assert "rotate these secrets" in review("y\n").stderr


CODES = {
    "all accepted": (ONE, "y\n", CLEAN),
    "one declined": (ONE, "n\n", FOUND),
    "no answer": (ONE, "", FOUND),
    "nothing to ask": ({"Dockerfile": "FROM alpine\n"}, "", CLEAN),
    "nothing but a refusal": ({"Dockerfile": FILES["auth/Dockerfile"]}, "", FOUND),
    "all accepted, and one refused": ({**ONE, "auth/Dockerfile": FILES["auth/Dockerfile"]}, "y\n", FOUND),
    "one that cannot be read": ({**ONE, "b/Dockerfile": "FROM alpine\nARG API_TOKEN\nRUN <<EOF\n"}, "y\n", FAILED),
}


@pytest.mark.parametrize(("files", "answers", "code"), CODES.values(), ids=CODES)
def test_the_exit_code(files: dict[str, str], answers: str, code: int, folder: Path) -> None:
    grow(folder, files)
    assert review(answers).exit_code == code


def test_where_nothing_changes_nobody_is_asked(folder: Path) -> None:
    grow(folder, {"Dockerfile": FILES["auth/Dockerfile"]})
    result = review("y\n")
    assert questions(result) == []
    assert "SIGNING_KEY is a secret, and stays where it is" in result.stderr


EXCLUDED = {
    "to write without asking": (("--write",), "--write and --interactive exclude each other"),
    "only to check": (("--check",), "--interactive and --check exclude each other"),
    "all three": (("--write", "--check"), "--write and --interactive and --check exclude each other"),
    "to say nothing": (("--quiet",), "--interactive and --quiet exclude each other"),
    "a format for programs": (("--format", "json"), "--interactive and --format json exclude each other"),
    "the answers where the file is to come from": (("-",), "- goes with no other path, no --write and no --interactive"),
}


@pytest.mark.parametrize(("arguments", "message"), EXCLUDED.values(), ids=EXCLUDED)
def test_what_it_does_not_go_with(arguments: tuple[str, ...], message: str, folder: Path) -> None:
    grow(folder, ONE)
    result = review("y\n", *arguments)
    assert result.exit_code == USAGE
    assert message in result.stderr
    assert (folder / "Dockerfile").read_text() == SHOP


def test_a_file_that_changes_while_it_is_shown_leaves_its_group_alone_and_the_review_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saved it while it was looked at: here, from the editor."""
    teams(folder)
    monkeypatch.setenv("VISUAL", "echo '# saved' >> billing/build.sh; true")
    result = review("e\n1\ny\ny\nn\n")
    assert "error: billing/build.sh: the file changed while it was looked at: it is left alone" in result.stderr
    assert "Written: billing" not in result.stderr
    assert written(folder) == {"billing/build.sh", "shop/Dockerfile"}
    assert (folder / "billing/build.sh").read_text() == FILES["billing/build.sh"] + "# saved\n"
    assert "NPM_TOKEN" not in result.stdout
    assert result.exit_code == FAILED


# --- e: the editor -----------------------------------------------------------------------------------------------------

EDITED = "# edited\n" + MOUNTED
# what the editors do, one after the other; the answers; what is in the file at last; what is said
EDITS = {
    "an edit that is right is shown and then written": (["edited"], "e\ny\n", EDITED, "+# edited"),
    "an edit that is shown may be declined": (["edited"], "e\nn\n", SHOP, "+# edited"),
    "an edit of an edit": (["edited", "more"], "e\ne\ny\n", "# more\n" + EDITED, "+# more"),
    "nothing edited": (["same"], "e\ny\n", MOUNTED, "nothing was edited: the change is as it was"),
    "an editor that fails": (["fails"], "e\ny\n", MOUNTED, "ended with status 1: the change is as it was"),
    "a file that is emptied": (["empties"], "e\ny\n", MOUNTED, "the text is empty: the change is as it was"),
    "a syntax error that is dropped": (["breaks"], "e\nn\ny\n", MOUNTED, "error: Dockerfile:5: unknown instruction"),
    "a syntax error that is mended": (["breaks", "mends"], "e\ny\ny\n", EDITED, "Edit it again (n drops what was edited) [y,n]? y"),
    "the build arg put back": (["puts back"], "e\nn\nn\n", SHOP, "error: Dockerfile:2: API_TOKEN is still a build arg"),
    "an answer that is none": (["breaks"], "e\nx\nn\ny\n", MOUNTED, "what was edited is dropped: the change is as it was"),
    "no answer about the edit": (["breaks"], "e\n", SHOP, "1 to rewrite"),
}
SCRIPTS = {
    "edited": "sed -i '1i # edited' \"$1\"",
    "more": "sed -i '1i # more' \"$1\"",
    "same": "true",
    "fails": "echo '# lost' >> \"$1\"; exit 1",
    "empties": ': > "$1"',
    "breaks": 'echo "NO SUCH THING" >> "$1"',
    "mends": "sed -i '$d; 1i # edited' \"$1\"",
    "puts back": "sed -i '2i ARG API_TOKEN' \"$1\"",
}


def editor(folder: Path, scripts: list[str]) -> str:
    """A program that does another thing each time, in a folder with a blank in its name."""
    own = folder / ".my editors" / "editor"
    own.parent.mkdir()
    calls = "".join(f"{number}) {SCRIPTS[script]} ;;\n" for number, script in enumerate(scripts, start=1))
    own.write_text(f'#!/bin/sh\necho x >> "$0.calls"\ncase $(wc -l < "$0.calls" | tr -d " ") in\n{calls}*) exit 9 ;;\nesac\n')
    own.chmod(0o755)
    return f"'{own}'"


@pytest.mark.parametrize(("scripts", "answers", "text", "said"), EDITS.values(), ids=EDITS)
def test_what_is_written_may_be_edited_first(
    scripts: list[str], answers: str, text: str, said: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(folder, ONE)
    monkeypatch.setenv("VISUAL", editor(folder, scripts))
    result = review(answers)
    assert said in result.stderr
    assert (folder / "Dockerfile").read_text() == text
    assert len((folder / ".my editors" / "editor.calls").read_text()) == 2 * len(scripts)


def test_one_of_several_files_is_edited_and_the_others_go_along(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    teams(folder)
    monkeypatch.setenv("VISUAL", editor(folder, ["edited"]))
    result = review("e\nx\n3\n2\ny\nq\n")
    assert (
        "  1  billing/Dockerfile\n  2  billing/build.sh\nWhich file [1-2]? x\nWhich file [1-2]? 3\nWhich file [1-2]? 2\n" in result.stderr
    )
    assert (folder / "billing/build.sh").read_text().startswith("# edited\n#!/bin/sh\n")
    assert written(folder) == BILLING


def test_what_was_edited_is_in_the_diff_on_stdout(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(folder, ONE)
    monkeypatch.setenv("VISUAL", editor(folder, ["edited"]))
    assert "+# edited\n" in review("e\ny\n").stdout
