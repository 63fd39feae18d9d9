"""The SARIF is what the standard's schema takes, what GitHub makes alerts of, and its fixes are the change itself."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from codemod.refusal import Reason
from codemod.report import sarif
from codemod.report.files import Problem, Report
from codemod.report.regions import region, replacements
from codemod.report.rules import RULES
from codemod.result import Status
from codemod.text import Source, Span
from tests.command import dockerfix
from tests.trees import BUILD, DOCKERFILE, grow, work_tree

from .applier import applied, offsets, path_of
from .objects import objects
from .reports import CASES, PARAMETERS, report_of, report_of_case

CANARY = "canary-0123456789"


@cache
def schema() -> Draft4Validator:
    """The standard's own, from a package that has it: it is not ours to copy."""
    try:
        own = files("linceo") or ()
    except PackageNotFoundError:
        pytest.skip("the package that has the schema needs Python 3.11")
    (path,) = [path for path in own if path.name == "sarif-schema-2.1.0.json"]
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["id"] == sarif.SCHEMA
    return Draft4Validator(found)


def run_of(report: Report) -> dict[str, Any]:
    """The one run of the output, read back and found valid."""
    written = json.loads(sarif.dumps(report))
    (run,) = written["runs"]
    schema().validate({**written, "runs": [{**run, "tool": {"driver": {"name": "the rules have a test of their own"}}}]})
    found: dict[str, Any] = run
    return found


@cache
def run_of_case(case: Path) -> dict[str, Any]:
    return run_of(report_of_case(case))


def results(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run_of(report)["results"]
    return found


def place_of(result: dict[str, Any]) -> str:
    return path_of(result["locations"][0]["physicalLocation"]["artifactLocation"])


def locations(value: Any) -> list[dict[str, Any]]:
    """Every artifactLocation."""
    return [each for each in objects(value) if "uri" in each]


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_case(case: Path) -> None:
    """Valid, without a value, and with links that lead somewhere."""
    run = run_of_case(case)
    assert "canary" not in json.dumps(run)
    assert len({result["partialFingerprints"]["dockerfixFinding/v1"] for result in run["results"]}) == len(run["results"])
    for location in locations(run):
        assert path_of(location)
    for result in run["results"]:
        assert RULES[result["ruleIndex"]].id == result["ruleId"]
        linked = re.findall(r"[^\\]\]\((\d+)\)", result["message"]["text"])
        assert linked == [str(place["id"]) for place in result["relatedLocations"][:5]]


@pytest.mark.parametrize("case", PARAMETERS)
def test_the_fixes_of_a_case_are_what_write_writes(case: Path) -> None:
    """Each result of what is rewritten has the change of all files that are written with it, or says that it is not given."""
    report = report_of_case(case)
    before, after = case / "before", case / "after" if (case / "after").exists() else case / "before"
    planned = [file.path for file in report.dockerfiles if file.result.changed for outcome in file.result.outcomes if outcome.plan]
    found = [
        result
        for result in run_of_case(case)["results"]
        if "fixes" in result or "Its change is not given here" in result["message"]["text"]
    ]
    assert sorted(place_of(result) for result in found) == sorted(planned)
    changed: set[str] = set()
    for fix in (fix for result in found for fix in result.get("fixes", ())):
        for change in fix["artifactChanges"]:
            path = path_of(change["artifactLocation"])
            changed.add(path)
            assert applied(change, (before / path).read_bytes()) == (after / path).read_bytes()
    if planned and all("fixes" in result for result in found):
        assert changed == {file.path for file in report.changes}


CHARACTERS = st.text(st.sampled_from("ab\n\r\t ü😀\ufeff"), max_size=12)
TEXTS = st.builds(lambda parts: "".join(parts).lstrip("\ufeff"), st.lists(CHARACTERS, max_size=6))
MARKS = st.sampled_from(("", "\ufeff"))


@settings(max_examples=300, deadline=None)
@given(MARKS, TEXTS, TEXTS)
def test_replacements_make_of_one_text_the_other(mark: str, before: str, after: str) -> None:
    change = {"replacements": list(replacements(mark + before, mark + after))}
    assert applied(change, (mark + before).encode()).decode() == mark + after


@settings(max_examples=300, deadline=None)
@given(MARKS, TEXTS, st.data())
def test_a_region_is_the_place_that_is_meant(mark: str, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = Span(start, end).shifted(len(mark))
    first, last = offsets(text, region(Source(PurePosixPath("f"), mark + text), span))
    assert text.encode("utf-16-le")[first * 2 : last * 2].decode("utf-16-le") == text[start:end]


# --- where ------------------------------------------------------------------------------------------------------------


def test_columns_count_utf_16_code_units(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": f'FROM alpine\nARG NAME="😀" API_TOKEN\n{DOCKERFILE.splitlines()[2]}\n'})
    (result,) = results(report_of(tmp_path))
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 15, "endLine": 2, "endColumn": 24}


def test_a_byte_order_mark_is_no_column(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": f"\ufeffARG API_TOKEN={CANARY}\n{DOCKERFILE}"})
    found = results(report_of(tmp_path))
    assert [result["locations"][0]["physicalLocation"]["region"]["startColumn"] for result in found] == [5, 1]


def test_paths_are_uris(tmp_path: Path) -> None:
    grow(tmp_path, {"a b:c/100%/ü#?.Dockerfile": DOCKERFILE})
    (result,) = results(report_of(tmp_path))
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "a%20b%3Ac/100%25/%C3%BC%23%3F.Dockerfile", "uriBaseId": "%SRCROOT%"}


def test_files_outside_of_the_folder_have_their_whole_path(tmp_path: Path) -> None:
    """A path with `..` would lead out of the root, which the standard does not allow."""
    top = tmp_path / "top"
    top.mkdir()
    work_tree(top, {"build.sh": BUILD.replace(" .", " in"), "in/Dockerfile": DOCKERFILE})
    grow(tmp_path, {"b/Dockerfile": DOCKERFILE})
    found = {place_of(result): result for result in results(report_of(top / "in", ".", "../../b"))}
    assert sorted(found) == sorted([(tmp_path / "b/Dockerfile").as_posix(), "Dockerfile"])
    own, caller = (path_of(change["artifactLocation"]) for change in found["Dockerfile"]["fixes"][0]["artifactChanges"])
    assert (own, caller) == ("Dockerfile", (top / "build.sh").as_posix())


def test_a_path_that_is_no_text_comes_back(tmp_path: Path) -> None:
    grow(tmp_path, {"caf\udce9/Dockerfile": DOCKERFILE})
    (result,) = results(report_of(tmp_path))
    assert path_of(result["locations"][0]["physicalLocation"]["artifactLocation"]) == "caf\udce9/Dockerfile"
    assert result["fixes"]


def test_the_way_of_the_secret_is_a_flow(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE})
    (result,) = results(report_of(tmp_path))
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    lines = [step["location"]["physicalLocation"]["region"]["startLine"] for step in steps]
    assert (lines, [step["location"]["message"]["text"] for step in steps]) == ([2, 3], ["API_TOKEN enters here", "API_TOKEN is read here"])


# --- what -------------------------------------------------------------------------------------------------------------


def test_the_tool_is_valid() -> None:
    schema().validate(json.loads(sarif.dumps(Report())))


def test_the_rules_have_names_that_never_change() -> None:
    """Alerts are filtered and dismissed by them."""
    assert [rule["id"] for rule in run_of(Report())["tool"]["driver"]["rules"]] == [
        "secret-in-build-arg",
        "literal-credential",
        "default-of-a-secret",
        "leftover-written-to-layer",
        "leftover-git-remote",
        "leftover-printed",
        "leftover-traced",
        "build-arg-beside-secret",
        "build-arg-of-nobody",
        "secret-not-passed",
        "public-build-arg",
        "possible-secret",
    ]


@pytest.mark.parametrize("rule", sarif.document(Report())["runs"][0]["tool"]["driver"]["rules"], ids=lambda rule: rule["id"])
def test_a_rule_is_as_github_wants_it(rule: dict[str, Any]) -> None:
    """Its page on SARIF has the limits and the words."""
    said = rule["properties"]
    assert 0 < len(rule["shortDescription"]["text"]) <= 100 < len(rule["help"]["text"])
    assert len(rule["fullDescription"]["text"]) <= 1024
    assert "`" not in rule["help"]["text"]
    assert len(said["tags"]) <= 10
    assert said["precision"] in ("very-high", "high", "medium", "low")
    assert said["problem.severity"] in ("error", "warning", "recommendation")
    assert ("security" in said["tags"]) == ("security-severity" in said)
    assert 0 < float(said.get("security-severity", "1")) <= 10
    assert "helpUri" not in rule


def test_the_help_of_a_secret_in_a_build_arg_has_every_reason_why_it_may_stay() -> None:
    assert all(f"`{reason.value}`" in RULES[0].help for reason in Reason)


def test_every_rule_has_a_case() -> None:
    found = {result["ruleId"] for case in CASES for result in run_of_case(case)["results"]}
    assert found == {rule.id for rule in RULES}


LEVELS = {
    "certain": (DOCKERFILE, (), [("secret-in-build-arg", "error")]),
    "likely": ("FROM alpine\nARG API_TOKEN\nRUN true $API_TOKEN\n", (), [("secret-in-build-arg", "warning")]),
    "possible": ("FROM alpine\nARG AUTH\nRUN true $AUTH\n", ("--show", "possible"), [("possible-secret", "note")]),
    "public": ("FROM alpine\nARG VITE_API_TOKEN\nRUN make\n", (), [("public-build-arg", "note")]),
    "a literal": (f"FROM alpine\nENV API_TOKEN={CANARY}\n", (), [("literal-credential", "error")]),
    "left behind": (
        'FROM alpine\nRUN --mount=type=secret,id=t,env=T echo "$T" > /etc/t\n',
        (),
        [("leftover-written-to-layer", "error")],
    ),
}


@pytest.mark.parametrize(("text", "options", "expected"), LEVELS.values(), ids=LEVELS)
def test_levels(tmp_path: Path, text: str, options: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    grow(tmp_path, {"Dockerfile": text})
    assert [(result["ruleId"], result["level"]) for result in results(report_of(tmp_path, *options))] == expected


def test_what_a_comment_ignores_is_suppressed(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE.replace("ARG", "# dockerfix: ignore=API_TOKEN made up\nARG"), "b.Dockerfile": DOCKERFILE})
    ignored, other = results(report_of(tmp_path))
    assert (ignored["suppressions"], other["suppressions"]) == ([{"kind": "inSource", "status": "accepted"}], [])


def test_what_is_refused_says_why_and_what_to_do(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": "FROM alpine\nARG API_TOKEN\nLABEL token=$API_TOKEN\n"})
    (result,) = results(report_of(tmp_path))
    assert "It stays (used-by-instruction): line 3: LABEL expands API_TOKEN." in result["message"]["text"]
    assert "fixes" not in result


def test_half_a_migration_names_the_call(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": "FROM alpine\nRUN --mount=type=secret,id=API_TOKEN make\n", "build.sh": BUILD})
    found = {result["ruleId"]: result["message"]["text"] for result in results(report_of(tmp_path))}
    assert "build.sh:1: it does not pass the secret" in found["build-arg-beside-secret"]


def test_brackets_are_no_links(tmp_path: Path) -> None:
    grow(tmp_path, {"a[1](2)/Dockerfile": DOCKERFILE, "a[1](2)/build.sh": BUILD})
    (result,) = results(report_of(tmp_path))
    assert "[a\\[1\\](2)/build.sh:1](2)" in result["message"]["text"]


# --- what must not be there ---------------------------------------------------------------------------------------------


def test_a_change_that_has_a_credential_is_not_given(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE.replace("ARG API_TOKEN", "ARG API_TOKEN=unlikely-but-real")})
    moved, default = results(report_of(tmp_path))
    assert (moved["ruleId"], default["ruleId"]) == ("secret-in-build-arg", "default-of-a-secret")
    assert "Its change is not given here" in moved["message"]["text"]
    assert "fixes" not in moved
    assert "unlikely-but-real" not in json.dumps([moved, default])


def test_a_change_of_bytes_that_are_no_text_is_not_given(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(DOCKERFILE.encode() + b"# caf\xe9\n")
    (result,) = results(report_of(tmp_path))
    assert "Its change is not given here" in result["message"]["text"]
    assert "fixes" not in result


def test_what_was_written_is_no_result(tmp_path: Path) -> None:
    """What it leaves behind is; so is what the callers' step alone has not mended."""
    left = DOCKERFILE + 'RUN echo "$API_TOKEN" > /etc/token\n'
    grow(tmp_path, {"Dockerfile": left.replace("ARG API_TOKEN", f"ARG API_TOKEN={CANARY}")})
    report = report_of(tmp_path, "--write")
    run = run_of(report)
    assert [result["ruleId"] for result in run["results"]] == ["leftover-written-to-layer"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (note["descriptor"]["id"], note["level"]) == ("lines-of-before", "note")


def test_a_step_that_moves_only_callers_leaves_the_result(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE, "build.sh": BUILD})
    (result,) = results(report_of(tmp_path, "--phase", "callers", "--write"))
    assert "its callers come first" in result["message"]["text"]
    assert "fixes" not in result


def test_a_call_that_was_mended_is_no_result(tmp_path: Path) -> None:
    files = {"Dockerfile": "FROM alpine\nRUN --mount=type=secret,id=API_TOKEN make\n", "build.sh": BUILD}
    grow(tmp_path, files)
    (dry,) = results(report_of(tmp_path, "--phase", "callers"))
    assert dry["ruleId"] == "build-arg-beside-secret"
    assert results(report_of(tmp_path, "--phase", "callers", "--write")) == []


# --- how much ----------------------------------------------------------------------------------------------------------


def test_a_file_that_could_not_be_read_is_a_notification() -> None:
    problems = (Problem("Dockerfile", 3, "unterminated heredoc"), Problem("missing", None, "No such file"))
    (invocation,) = run_of(Report(problems=problems))["invocations"]
    first, second = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert "region" not in second["locations"][0]["physicalLocation"]


def test_a_real_run(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": "FROM alpine\nARG API_TOKEN\nRUN <<EOF\ntrue\n"})
    said = dockerfix("--format", "sarif", cwd=tmp_path)
    written = json.loads(said.stdout)
    assert (said.returncode, written["runs"][0]["invocations"][0]["executionSuccessful"]) == (3, False)


def test_the_least_important_results_beyond_what_github_takes_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sarif.MOST_RESULTS == 5_000
    monkeypatch.setattr(sarif, "MOST_RESULTS", 5)
    grow(tmp_path, {"a.Dockerfile": "FROM alpine\nARG VITE_API_TOKEN\nRUN make\n", "b.Dockerfile": DOCKERFILE})
    note, error = report_of(tmp_path).dockerfiles
    many = [replace(error, path=f"{number}.Dockerfile", group=number + 2) for number in range(sarif.MOST_RESULTS - 1)]
    run = run_of(Report((note, *many, replace(note, path="z.Dockerfile"))))
    assert len(run["results"]) == sarif.MOST_RESULTS
    assert [result["level"] for result in run["results"]].count("error") == len(many)
    (left_out,) = run["invocations"][0]["toolExecutionNotifications"]
    assert left_out["message"]["text"] == "1 results are left out, the least important ones."


def test_the_fix_of_a_large_group_stands_at_its_first_result(tmp_path: Path) -> None:
    names = [f"{number}/Dockerfile" for number in range(sarif.MOST_COPIES + 1)]
    work_tree(tmp_path, {"build.sh": BUILD.replace(" .", ' "$1"'), **dict.fromkeys(names, DOCKERFILE)})
    found = results(report_of(tmp_path))
    (fix,) = found[0]["fixes"]
    assert len(fix["artifactChanges"]) == len(names) + 1
    assert ["fixes" in result for result in found[1:]] == [False] * sarif.MOST_COPIES


def test_a_long_message_is_cut(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE})
    report = report_of(tmp_path)
    (file,) = report.dockerfiles
    (outcome,) = file.result.outcomes
    long = replace(outcome, status=Status.REPORTED, plan=None, warnings=("word " * 1000,))
    (result,) = results(Report((replace(file, result=replace(file.result, outcomes=(long,))),)))
    assert len(result["message"]["text"]) <= sarif.LONGEST_MESSAGE + 100
    assert "…" in result["message"]["text"]
