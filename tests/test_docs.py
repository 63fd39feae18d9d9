"""What the documents say is what the program does: blocks are made anew, names and paths are looked up."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from codemod import __version__, session
from codemod.explanations import EXPLANATIONS, page
from codemod.options import Options
from codemod.refusal import ALLOWABLE, HINTS, Reason
from codemod.report.formats import FORMATS, TEXT
from codemod.report.rules import RULES
from codemod.user_configuration import FOR_A_RUN, KEYS, read

from .command import REPOSITORY, dockerfix
from .documents import CODE, LINK, blocks, made_anew, titles

README = REPOSITORY / "README.md"
CONTRIBUTING = REPOSITORY / "CONTRIBUTING.md"
REFUSALS = REPOSITORY / "docs" / "refusals.md"
OUTPUT = REPOSITORY / "docs" / "output.md"
CONFIGURATION = REPOSITORY / "docs" / "configuration.md"
DOCUMENTS = (README, CONTRIBUTING, REPOSITORY / "CHANGELOG.md", *sorted((REPOSITORY / "docs").glob("*.md")))
EXAMPLES = sorted((REPOSITORY / "examples").glob("**/README.md"))
# a path of the repository: it starts with one of our folders, or is one of the files at the top
FOLDERS = r"(?:\.ci|benchmarks|codemod|docs|examples|tests)/[\w./<>-]*"
FILES = r"(?:pyproject\.toml|Makefile|README\.md|CHANGELOG\.md|CONTRIBUTING\.md)"
OUR_PATH = re.compile(rf"{FOLDERS}|{FILES}")


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def names(paths: tuple[Path, ...] | list[Path]) -> list[str]:
    return [path.relative_to(REPOSITORY).as_posix() for path in paths]


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_blocks_are_the_programs_own_words(document: Path, monkeypatch: pytest.MonkeyPatch, *, update_cases: bool) -> None:
    """`pytest --update-cases` writes them."""
    monkeypatch.chdir(REPOSITORY)
    anew = made_anew(text_of(document))
    if update_cases:
        document.write_text(anew, encoding="utf-8")
    assert text_of(document) == anew


@pytest.mark.parametrize("document", [*DOCUMENTS, *EXAMPLES], ids=names([*DOCUMENTS, *EXAMPLES]))
def test_paths_exist(document: Path) -> None:
    """Links, and what stands in backticks and is one of our paths."""
    text = text_of(document)
    links = [document.parent / link for link in LINK.findall(text) if "://" not in link]
    named = [REPOSITORY / name for name in CODE.findall(text) if OUR_PATH.fullmatch(name) and "<" not in name]
    assert [path for path in (*links, *named) if not path.exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_links_to_headings_have_their_heading(document: Path) -> None:
    for name, heading in re.findall(r"\]\(([\w/.-]*)#([\w-]+)\)", text_of(document)):
        target = document.parent / name if name else document
        assert heading in [title.lower().replace(" ", "-") for title in titles(text_of(target))]


def test_readme_has_the_help_and_the_first_example() -> None:
    shown = [block.body.splitlines()[0] for block in blocks(text_of(README)) if block.language == "console"]
    assert shown == ["$ dockerfix examples/curl/Dockerfile", "$ dockerfix --help"]


def test_readme_and_ci_have_one_command_for_the_tests() -> None:
    """`.ci/run` takes it out of the README: there has to be one, whole."""
    pattern = re.search(r"sed -n 's/(.*)/\\1/p' README.md", text_of(REPOSITORY / ".ci" / "run"))
    assert pattern
    basic = pattern[1].replace(r"\(", "(").replace(r"\)", ")")
    (command,) = re.findall(basic, text_of(README), re.MULTILINE)
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install")


@pytest.mark.parametrize("document", [README, OUTPUT], ids=names([README, OUTPUT]))
def test_exit_codes(document: Path) -> None:
    rows = dict(re.findall(r"^\| (\d) \| (.*) \|$", text_of(document), re.MULTILINE))
    assert sorted(map(int, rows)) == [session.CLEAN, session.FOUND, session.USAGE, session.FAILED]
    assert rows == dict(re.findall(r"^\| (\d) \| (.*) \|$", text_of(OUTPUT), re.MULTILINE))


# --- refusals --------------------------------------------------------------------------------------------------------

REASONS = [reason.value for reason in Reason]
EXAMPLES_OF = {reason.value: said for reason, said in EXPLANATIONS.items() if said.example}
BY_HAND = {reason: said.after for reason, said in EXAMPLES_OF.items() if said.after}


def test_the_page_about_refusals_is_what_explain_says(*, update_cases: bool) -> None:
    """`pytest --update-cases` writes it."""
    if update_cases:
        REFUSALS.write_text(page(), encoding="utf-8")
    assert text_of(REFUSALS) == page()


def test_each_reason_has_a_heading_in_their_order() -> None:
    assert titles(text_of(REFUSALS)) == ["Refusals", *REASONS]


def test_each_reason_has_a_hint() -> None:
    assert list(HINTS) == list(Reason)


def test_each_reason_but_our_own_bug_has_an_example() -> None:
    assert [reason for reason in REASONS if reason not in EXAMPLES_OF] == [Reason.CHECK_FAILED.value]


@pytest.mark.parametrize("reason", EXAMPLES_OF)
def test_the_example_of_a_reason_gives_it(reason: str, tmp_path: Path) -> None:
    said = EXAMPLES_OF[reason]
    for path, text in said.others:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert _reasons_given(said.example, tmp_path, *said.options.split()) == [reason]


@pytest.mark.parametrize("reason", BY_HAND)
def test_what_is_done_by_hand_is_refused_no_more(reason: str, tmp_path: Path) -> None:
    assert _reasons_given(BY_HAND[reason], tmp_path) == []


def _reasons_given(text: str, folder: Path, *options: str) -> list[str]:
    (folder / "Dockerfile").write_text(text, encoding="utf-8")
    document = json.loads(dockerfix("--format", "json", *options, "Dockerfile", cwd=folder).stdout)
    assert document["errors"] == []
    return [finding["refusal"]["reason"] for finding in document["findings"] if finding["refusal"]]


def test_what_can_be_allowed() -> None:
    (sentence,) = re.findall(r"^`--allow REASON` .*$", text_of(REFUSALS), re.MULTILINE)
    assert CODE.findall(sentence)[1:] == [reason.value for reason in ALLOWABLE]


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_the_keys_of_a_finding_are_explained() -> None:
    """In the table, or by their name alone."""
    document = json.loads(dockerfix("--format", "json", "examples/private-git/Dockerfile").stdout)
    (finding,) = document["findings"]
    explained = set(re.findall(r"^\| `(\w+)` \|", text_of(OUTPUT).partition("## JSON")[2].partition("## Rules")[0], re.MULTILINE))
    assert set(document) - {"version", "tool"} <= explained
    assert set(finding) - {"dockerfile", "secret"} <= explained
    assert explained <= set(document) | set(finding)


def test_no_list_of_the_example_hides_its_keys() -> None:
    """Lists of objects that are empty there are described in words; these are the ones."""
    document = json.loads(dockerfix("--format", "json", "examples/private-git/Dockerfile").stdout)
    assert sorted(_empty(document)) == ["calls", "errors", "remains", "warnings"]


def _empty(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [name for key, inner in value.items() for name in ([key] if inner == [] else _empty(inner))]
    return [name for inner in value for name in _empty(inner)] if isinstance(value, list) else []


def test_the_rules_are_explained() -> None:
    """In the program's own words and order."""
    rows = re.findall(r"^\| `([\w-]+)` \| (.*?) \| (.*?) \|$", text_of(OUTPUT).partition("## Rules")[2], re.MULTILINE)
    assert rows == [(rule.id, rule.short, rule.level.value) for rule in RULES]


def test_every_format_has_a_row() -> None:
    shown = re.findall(r"^\| `dockerfix --format (\w+) …`", text_of(OUTPUT), re.MULTILINE)
    assert [TEXT, *shown] == [*FORMATS]


# --- configuration ---------------------------------------------------------------------------------------------------


def test_the_configurations_shown_are_right() -> None:
    """The first is the example's, and the second says no other."""
    own, shared = [block.body for block in blocks(text_of(CONFIGURATION)) if block.language == "toml"]
    assert own == text_of(REPOSITORY / "examples" / "configured" / ".dockerfix.toml")
    first, second = read(".dockerfix.toml", own.encode()), read("pyproject.toml", shared.encode())
    assert isinstance(first, Options)
    assert second == replace(first, source="pyproject.toml", exclude=("vendor", "*.bak.Dockerfile"))


def test_the_keys_are_explained() -> None:
    """What they take in the program's own words, in its order; and those that are none."""
    rows = re.findall(r"^\| `([\w-]+)` \| (.*?) \|", text_of(CONFIGURATION), re.MULTILINE)
    assert [(key, takes.replace("`", "")) for key, takes in rows] == [(name, key.takes) for name, key in KEYS.items()]
    (sentence,) = re.findall(r"^(`write`.*) are about one run", text_of(CONFIGURATION), re.MULTILINE)
    assert tuple(CODE.findall(sentence)) == FOR_A_RUN


# --- the rest --------------------------------------------------------------------------------------------------------


def test_the_changelog_has_this_version() -> None:
    versions = re.findall(r"^## (?:\[)?([\w.]+)", text_of(REPOSITORY / "CHANGELOG.md"), re.MULTILINE)
    assert versions[0] in ("Unreleased", __version__)


def test_contributing_has_every_module_in_reading_order() -> None:
    """Import-linter's layers, the other way round."""
    (layers,) = re.findall(r"layers = \[\n(.*?)\n\]", text_of(REPOSITORY / "pyproject.toml"), re.DOTALL)
    order = {name: place for place, layer in enumerate(reversed(layers.splitlines())) for name in re.findall(r"\w+", layer)}
    rows = re.findall(r"^\| (`codemod/.*?) \|", text_of(CONTRIBUTING), re.MULTILINE)
    listed = [PurePosixPath(name).stem for row in rows for name in CODE.findall(row)]
    assert set(listed) == set(order) - {"__main__"}
    assert listed == sorted(listed, key=order.__getitem__)
