"""What docs/dockerfix.schema.json says of the JSON is what the program prints, and no more than that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from codemod.evidence import Confidence
from codemod.passing import CallStatus
from codemod.refusal import Reason
from codemod.report.files import Problem, Report
from codemod.report.json_v1 import INSTRUCTIONS, document, dumps
from codemod.report.rules import LEFTOVERS, RULES
from codemod.result import Status
from codemod.settings import Style
from codemod.uses import How
from tests.command import REPOSITORY, dockerfix

from .objects import objects
from .reports import CASES, PARAMETERS, report_of, report_of_case

SCHEMA: dict[str, Any] = json.loads((REPOSITORY / "docs" / "dockerfix.schema.json").read_text(encoding="utf-8"))
FINDING = SCHEMA["$defs"]["finding"]["properties"]
VALIDATOR = Draft202012Validator(SCHEMA)

ENUMS: dict[str, tuple[Any, list[str]]] = {
    "rules": (FINDING["rule"], [rule.id for rule in RULES]),
    "what became of a finding": (FINDING["status"], [status.value for status in Status]),
    "confidence": (FINDING["confidence"], [each.value for each in Confidence]),
    "instructions": (FINDING["declared"]["items"]["properties"]["instruction"], sorted({*INSTRUCTIONS.values()})),
    "how it is read": (FINDING["uses"]["items"]["properties"]["how"], [how.value for how in How]),
    "how a RUN gets it": (FINDING["mounts"]["items"]["properties"]["style"], [style.value for style in Style]),
    "what becomes of a call": (FINDING["calls"]["items"]["properties"]["status"], [status.value for status in CallStatus]),
    "reasons": (FINDING["refusal"]["anyOf"][0]["properties"]["reason"], [reason.value for reason in Reason]),
    "leftovers": (FINDING["remains"]["items"]["properties"]["reason"], list(LEFTOVERS)),
}


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("described", "values"), ENUMS.values(), ids=ENUMS)
def test_what_can_stand_there_is_what_the_program_has(described: dict[str, Any], values: list[str]) -> None:
    assert described["enum"] == values


def test_the_counts_have_every_status() -> None:
    counts = SCHEMA["properties"]["summary"]["required"]
    assert [name for name in counts if name in {status.value for status in Status}] == [status.value for status in Status]


def test_evidence_is_of_the_kinds_that_the_documents_name() -> None:
    """They are words of several modules: what all cases have is all there is."""
    found = {item["kind"] for case in CASES for finding in document(report_of_case(case))["findings"] for item in finding["evidence"]}
    assert found == {*FINDING["evidence"]["items"]["properties"]["kind"]["enum"]}


def test_every_object_is_closed_and_every_key_is_there() -> None:
    """Nothing is optional: what is not known is null."""
    described = [each for each in objects(SCHEMA) if each.get("type") == "object"]
    assert len(described) > 10
    assert all(each["additionalProperties"] is False and each["required"] == list(each["properties"]) for each in described)


@pytest.mark.parametrize("case", PARAMETERS)
def test_the_output_of_a_case_is_of_that_form(case: Path) -> None:
    said = json.loads(dumps(report_of_case(case)))
    VALIDATOR.validate(said)
    assert "canary" not in json.dumps({key: said[key] for key in said if key != "files"})


def test_errors_are_of_that_form() -> None:
    said = document(Report(problems=(Problem("Dockerfile", 3, "unterminated heredoc"), Problem("missing", None, "No such file"))))
    VALIDATOR.validate(said)
    assert [error["line"] for error in said["errors"]] == [3, None]


def test_a_real_run_is_of_that_form(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM alpine\nARG MY_SECRET\nRUN <<EOF\ntrue\n")
    (tmp_path / "good.Dockerfile").write_text("FROM alpine\nRUN true\n")
    said = json.loads(dockerfix("--format", "json", cwd=tmp_path).stdout)
    VALIDATOR.validate(said)
    assert said["errors"]
    assert [file["group"] for file in said["files"]] == [None]


CHANGES = {
    "another key": lambda said: said.update(more=1),
    "a key less": lambda said: said["findings"][0].pop("rule"),
    "an unknown status": lambda said: said["findings"][0].update(status="done"),
    "line 0": lambda said: said["findings"][0]["declared"][0].update(line=0),
    "another version": lambda said: said.update(version=2),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_anything_else_is_not(change: Any, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text('FROM alpine\nARG MY_SECRET\nRUN curl -u "user:$MY_SECRET" https://example.com\n')
    said = document(report_of(tmp_path))
    VALIDATOR.validate(said)
    change(said)
    with pytest.raises(ValidationError):
        VALIDATOR.validate(said)


def test_a_caller_that_passes_it_by_its_name_has_no_literal() -> None:
    """What is `…` in a diff is a value: no reference, no name."""
    (case,) = (case for case in CASES if case.name == "bake_args_become_secrets")
    files = document(report_of_case(case))["files"]
    assert [file["redacted"] for file in files] == [False] * len(files)


def test_a_value_that_stands_in_a_caller_is_redacted() -> None:
    (case,) = (case for case in CASES if case.name == "shell_script_with_a_literal_token")
    files = {file["path"]: file for file in document(report_of_case(case))["files"]}
    redacted = [file for file in files.values() if file["redacted"]]
    assert redacted
    assert all("…" in file["diff"] and "canary" not in file["diff"] for file in redacted)
