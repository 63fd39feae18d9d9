"""The Code Quality report has what GitLab reads, with fingerprints that tell its entries apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from codemod.report import gitlab
from codemod.report.files import Problem, Report
from tests.command import dockerfix
from tests.trees import DOCKERFILE, grow

from .reports import PARAMETERS, report_of, report_of_case

TEXT = {"type": "string", "minLength": 1}
# what its page on the report's format asks for
FORM = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": TEXT,
            "check_name": TEXT,
            "fingerprint": TEXT,
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/.]|^\\.[^/]"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}


def entries(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(gitlab.dumps(report))
    Draft202012Validator(FORM).validate(found)
    assert len({entry["fingerprint"] for entry in found}) == len(found)
    return found


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_case(case: Path) -> None:
    assert "canary" not in json.dumps(entries(report_of_case(case)))


def test_what_can_be_said(tmp_path: Path) -> None:
    ignored = DOCKERFILE.replace("ARG", "# dockerfix: ignore=API_TOKEN made up\nARG")
    left = DOCKERFILE + 'RUN echo "$API_TOKEN"\n'
    public = "FROM alpine\nARG VITE_API_TOKEN\nRUN make\n"
    grow(
        tmp_path,
        {"a.Dockerfile": ignored, "b.Dockerfile": left, "c.Dockerfile": public, "d.Dockerfile": "FROM alpine\nARG D_TOKEN\nRUNN\n"},
    )
    found = entries(report_of(tmp_path))
    assert [
        (entry["location"]["path"][0], entry["location"]["lines"]["begin"], entry["check_name"], entry["severity"]) for entry in found
    ] == [
        ("d", 3, "file-not-read", "blocker"),
        ("b", 2, "secret-in-build-arg", "critical"),
        ("b", 4, "leftover-printed", "major"),
        ("c", 2, "public-build-arg", "info"),
    ]


def test_a_file_that_cannot_be_read_stands_at_its_first_line() -> None:
    (entry,) = entries(Report(problems=(Problem("Dockerfile", None, "Permission denied"),)))
    assert entry["location"]["lines"] == {"begin": 1}


def test_no_lone_surrogates(tmp_path: Path) -> None:
    """GitLab would take the whole report for broken."""
    grow(tmp_path, {"caf\udce9/Dockerfile": DOCKERFILE})
    (entry,) = entries(report_of(tmp_path))
    assert entry["location"]["path"].encode() == b"caf\\udce9/Dockerfile"


def test_nothing_to_say_is_an_empty_list(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": "FROM alpine\n"})
    assert dockerfix("--format", "gitlab", cwd=tmp_path).stdout == b"[]\n"
