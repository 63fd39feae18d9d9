"""Annotations are commands that GitHub's runner reads back as they were meant, the important ones first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from codemod.report import github
from codemod.report.files import Problem, Report
from tests.trees import DOCKERFILE, grow

from .reports import PARAMETERS, report_of, report_of_case

LIKELY = "FROM alpine\nARG API_TOKEN\nRUN true $API_TOKEN\n"
PUBLIC = "FROM alpine\nARG VITE_API_TOKEN\nRUN make\n"
COMMAND = re.compile(r"::(\w+) ([^:]*)::(.*)")


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the runner makes of a line: it undoes the escapes, in properties two more than in the message."""

    name: str
    properties: dict[str, str]
    message: str


def read_back(text: str) -> tuple[list[Annotation], str]:
    """The commands of an output, and its last line."""
    *commands, last = text.removesuffix("\n").split("\n")
    return [_annotation(line) for line in commands], last


def _annotation(line: str) -> Annotation:
    match = COMMAND.fullmatch(line)
    assert match
    pairs = [pair.partition("=") for pair in match[2].split(",")]
    return Annotation(match[1], {key: _undone(value, properties=True) for key, _, value in pairs}, _undone(match[3], properties=False))


def _undone(text: str, *, properties: bool) -> str:
    escapes = {"%0D": "\r", "%0A": "\n", **({"%3A": ":", "%2C": ","} if properties else {})}
    for escape, character in escapes.items():
        text = text.replace(escape, character)
    return text.replace("%25", "%")


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_case(case: Path) -> None:
    """A command a line, without a value, and a line of counts."""
    text = github.dumps(report_of_case(case))
    found, last = read_back(text)
    assert last.startswith("dockerfix: ")
    assert "canary" not in text
    for each in found:
        assert each.name in ("warning", "notice")
        assert (case / "before" / each.properties["file"]).is_file()
        assert int(each.properties["line"]) >= 1


def test_what_can_be_said(tmp_path: Path) -> None:
    """Errors for files that were not read, warnings for secrets, notices for the rest; nothing for what a comment ignores."""
    ignored = DOCKERFILE.replace("ARG", "# dockerfix: ignore=API_TOKEN made up\nARG")
    grow(
        tmp_path,
        {"a.Dockerfile": PUBLIC, "b.Dockerfile": LIKELY, "c.Dockerfile": DOCKERFILE, "d.Dockerfile": ignored, "e.Dockerfile": "RUNN\n"},
    )
    found, last = read_back(github.dumps(report_of(tmp_path)))
    assert [(each.name, each.properties["file"][0], each.properties["title"]) for each in found] == [
        ("error", "e", "dockerfix: file-not-read"),
        ("warning", "c", "dockerfix: secret-in-build-arg"),
        ("warning", "b", "dockerfix: secret-in-build-arg"),
        ("notice", "a", "dockerfix: public-build-arg"),
    ]
    assert last == "dockerfix: 4 Dockerfiles, 2 secrets found in 3 places: 2 to rewrite, 1 reported, 1 error"


ODD = {
    "a colon": "a:b",
    "a comma": "a,b",
    "two colons": "a::b",
    "a percent": "100%",
    "an escape": "a%2Cb",
    "a newline": "a\nb",
    "a carriage return": "a\rb",
    "an equals sign": "a=b",
}


@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
def test_a_path_comes_back(tmp_path: Path, name: str) -> None:
    grow(tmp_path, {f"{name}/Dockerfile": DOCKERFILE})
    (annotation,), _ = read_back(github.dumps(report_of(tmp_path)))
    assert annotation.properties == {"file": f"{name}/Dockerfile", "line": "2", "title": "dockerfix: secret-in-build-arg"}


def test_a_message_comes_back_and_starts_no_command() -> None:
    message = "100%\r\n::error::no\n%0A"
    (annotation,), _ = read_back(github.dumps(Report(problems=(Problem("Dockerfile", None, message),))))
    assert annotation == Annotation("error", {"file": "Dockerfile", "title": "dockerfix: file-not-read"}, message)


def test_more_than_github_shows_are_counted(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE, "public.Dockerfile": PUBLIC})
    file, public = report_of(tmp_path).dockerfiles
    many = tuple(replace(file, path=f"{number}/Dockerfile") for number in range(13))
    found, last = read_back(github.dumps(Report((*many, public), problems=(Problem("a", None, "b"),) * 11)))
    assert [each.name for each in found] == ["error"] * 11 + ["warning"] * 13 + ["notice"]
    assert last.endswith("; GitHub shows 10 annotations of a kind, 4 more are above")


def test_nothing_to_say() -> None:
    assert github.dumps(Report(clean=("Dockerfile",))) == "dockerfix: 1 Dockerfile, 0 secrets found\n"
