"""The page as text: the report's data, whole and harmless, and a policy that lets nothing else run."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.report.html import SCRIPTS, STYLES, page
from tests.command import REPOSITORY, dockerfix

from .documents import CREDENTIAL, company, many, reported, with_texts

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


def data_of(text: str) -> dict[str, Any]:
    """What the page's script reads, as a browser finds it."""
    (found,) = DATA.findall(text)
    data: dict[str, Any] = json.loads(found)
    return data


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_the_command_writes_it_and_prints_as_ever(tmp_path: Path) -> None:
    folder = company(tmp_path)
    plain = dockerfix(cwd=folder)
    done = dockerfix("--report", "report.html", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert [finding["secret"] for finding in data_of(text)["findings"]].count("API_TOKEN") == 2


def test_it_is_the_same_each_time(document: dict[str, Any]) -> None:
    assert page(document) == page(document)


def test_a_page_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM alpine\n", encoding="utf-8")
    done = dockerfix("--report", "/dev/full", cwd=tmp_path)
    assert done.returncode == 3
    assert "error: /dev/full: No space left on device" in done.stderr.decode()


def test_findings_are_those_of_the_json(document: dict[str, Any]) -> None:
    """All that the JSON has of them, but for mentions that change nothing."""
    for given_, shown in zip(document["findings"], data_of(page(document))["findings"], strict=True):
        assert {key: shown[key] for key in given_ if key != "calls"} == {key: given_[key] for key in given_ if key != "calls"}


def test_mentions_are_counted(document: dict[str, Any]) -> None:
    """The first have their places."""
    mention: dict[str, Any] = {"path": "docs/x.md", "kind": "mention", "status": "irrelevant", "why": None, "suggestion": None, "notes": []}
    finding = document["findings"][0] | {"calls": [mention | {"line": line} for line in range(1, 31)]}
    (shown,) = data_of(page(document | {"findings": [finding]}))["findings"]
    assert (shown["calls"], shown["mentioned"], shown["mentions"]) == ([], 30, [f"docs/x.md:{line}" for line in range(1, 21)])


def test_findings_of_one_line_and_name_have_numbers(document: dict[str, Any]) -> None:
    twice = data_of(page(document | {"findings": [document["findings"][0]] * 2}))["findings"]
    assert [finding["ordinal"] for finding in twice] == [0, 1]


def test_only_files_that_change_are_there(document: dict[str, Any]) -> None:
    shown = {file["path"]: (file["added"], file["removed"]) for file in data_of(page(document))["files"]}
    assert shown == {
        "data/etl.Dockerfile": (3, 2),
        "identity/web/Dockerfile": (3, 2),
        "payments/api/Dockerfile": (3, 2),
        "payments/api/build.sh": (1, 1),
    }


def test_no_credential_is_in_it(tmp_path: Path) -> None:
    """Neither where the file that has it stays as it is, nor where its line changes."""
    folder = company(tmp_path)
    (folder / "default.Dockerfile").write_text(f"FROM alpine\nARG API_TOKEN={CREDENTIAL}\nRUN curl -u x:$API_TOKEN https://example.com\n")
    document = reported(folder)
    assert any(file["redacted"] for file in document["files"])
    assert CREDENTIAL not in page(document)


# --- what is said without a script -----------------------------------------------------------------------------------

SCOPES = {
    "a dry run": ((), "would change: nothing has been written."),
    "written": (("--write",), "4 files of 4 written."),
    "nothing to change": (("--exclude", "*/*"), "0 findings of 0 secrets in 0 Dockerfiles. No file changes."),
}


@pytest.mark.parametrize(("options", "said"), SCOPES.values(), ids=SCOPES)
def test_the_scope(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    assert said in page(reported(company(tmp_path), *options))


def test_the_summary(document: dict[str, Any]) -> None:
    tiles = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page(document))
    assert tiles == [("to rewrite", "3"), ("refused", "2"), ("reported", "3"), ("ignored", "0"), ("copies left", "1"), ("errors", "1")]


def test_large_numbers_can_be_read(document: dict[str, Any]) -> None:
    assert "<dd>12,345</dd>" in page(document | {"summary": document["summary"] | {"refused": 12345}})


def test_reasons_and_folders(document: dict[str, Any]) -> None:
    rows = re.findall(r"<tr><th scope=row>(.*?)</th><td>(.*?)</td></tr>", page(document))
    assert sorted(rows[:3]) == [("literal-credential", "1"), ("onbuild", "1"), ("used-by-instruction", "1")]
    assert sorted(rows[3:]) == [("data", "2"), ("identity", "2"), ("mobile", "2"), ("payments", "2")]


# --- what it may not do ----------------------------------------------------------------------------------------------

ANYTHING = st.text(st.characters(), max_size=30)
HARMFUL = st.sampled_from(
    ["</script>", "<!--", "<script>", "]]>", "\u2028", "\u202e", "\ud83d", "\udcff", "${data}", "$data", "&lt;", "\x00"]
)
TEXTS = st.lists(ANYTHING | HARMFUL, max_size=5).map("".join)


@given(text=TEXTS)
def test_any_text_stays_data(text: str) -> None:
    """It comes back as it was, the page can be written as UTF-8, and its markup has nothing of it."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # two halves side by side are one to JSON
    document = TEMPLATE | {"errors": [{"path": text, "line": 1, "message": text}]}
    shown = page(document)
    shown.encode("utf-8")
    assert data_of(shown)["errors"] == document["errors"]
    assert DATA.sub("", shown) == DATA.sub("", page(TEMPLATE))


@given(name=TEXTS)
def test_any_folder_is_named_without_a_script(name: str) -> None:
    """As text: between the tags of its row there is no other."""
    finding = {**FINDING, "dockerfile": f"{name}/Dockerfile"}
    shown = page(TEMPLATE | {"findings": [finding]})
    shown.encode("utf-8")
    (row,) = re.findall(r"<caption>Folders</caption>\n(.*)\n</table>", shown)
    assert re.fullmatch(r"<tr><th scope=row>[^<>]+</th><td>1</td></tr>", row)


FINDING: dict[str, Any] = {
    "dockerfile": "Dockerfile", "secret": "TOKEN", "id": None, "status": "refused", "confidence": "certain", "evidence": [],
    "declared": [{"line": 1, "instruction": "ARG", "stage": 0}], "uses": [], "mounts": [], "calls": [], "refusal": None, "remains": [],
    "warnings": [],
}  # fmt: skip
TEMPLATE: dict[str, Any] = {
    "version": 1, "tool": {"name": "dockerfix", "version": "1"}, "files": [], "findings": [], "build_commands": [], "errors": [],
    "summary": dict.fromkeys(("files", "dockerfiles", "findings", "rewritten", "refused", "reported", "ignored", "leftovers", "errors"), 0),
}  # fmt: skip


def test_the_policy_is_of_this_style_and_this_script(document: dict[str, Any]) -> None:
    text = page(document)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', text)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["style-src"] == _hash(style)
    assert rules["script-src"] == _hash(script)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_it_names_no_other_place(document: dict[str, Any]) -> None:
    """No address is in what is ours of it."""
    ours = DATA.sub("", page(document | {"findings": []}))
    assert (
        re.findall(r"(?:https?:)?//[\w.]+|url\(|@import|\bfetch\(|XMLHttpRequest", re.sub(r"^\s*//.*$", "", ours, flags=re.MULTILINE)) == []
    )
    assert re.findall(r'(?:src|href)="(?!data:,|#)', ours) == []


def test_two_thousand_findings_are_a_few_megabytes(document: dict[str, Any]) -> None:
    assert len(page(many(document, 2000))) < 4_000_000


def test_texts_of_users_are_all_changed_for_the_tests(document: dict[str, Any]) -> None:
    """What means harm in the browser's tests is in each of these places."""
    changed = json.dumps(with_texts(document, lambda _: "HARM"))
    assert "payments" not in changed
    assert "TOKEN" not in changed


# --- what the documents say of it ------------------------------------------------------------------------------------


def test_the_keys_are_those_of_the_document() -> None:
    script = (REPOSITORY / "codemod" / "report" / "page" / "start.js").read_text(encoding="utf-8")
    (keys,) = re.findall(r"^const KEYS = \[\n(.*?)^\];", script, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| \*\*(.)\*\* \| (.*) \|$", (REPOSITORY / "docs" / "output.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == re.findall(r'^  \["(.)", "(.*?)",', keys, re.MULTILINE)


def test_all_of_its_parts_are_in_it() -> None:
    """No script or style that is forgotten, none that is not there."""
    parts = {path.name for path in (REPOSITORY / "codemod" / "report" / "page").iterdir()}
    assert parts == {"page.html", *STYLES, *SCRIPTS}
