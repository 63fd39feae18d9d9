"""The last line that a person is told: what was looked at, how many secrets were found, and what became of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from codemod.report.files import Report
from codemod.report.text import MANY, summary
from tests.trees import BUILD, DOCKERFILE, T, grow

from .reports import report_of

PLAIN = "FROM alpine\n"
OTHER = DOCKERFILE.replace(T, "DB_PASSWORD")
LABEL = f"FROM alpine\nARG {T}\nLABEL token=${T}\n"
ONBUILD = f"FROM alpine\nARG {T}\nONBUILD RUN curl -u ci:${T} https://example.com\n"
KEPT = f"FROM alpine\nARG {T}\nRUN echo ${T} > /etc/tool.conf\n"
IGNORED = DOCKERFILE.replace("ARG", f"# dockerfix: ignore={T} made up\nARG")
TABLE = {
    "none": ({"Dockerfile": PLAIN}, "1 Dockerfile, 0 secrets found"),
    "one": ({"Dockerfile": DOCKERFILE, "b/Dockerfile": PLAIN}, "2 Dockerfiles, 1 secret found: 1 to rewrite"),
    "one in two Dockerfiles": (
        {"Dockerfile": DOCKERFILE, "b/Dockerfile": LABEL},
        "2 Dockerfiles, 1 secret found in 2 places: 1 to rewrite, 1 refused (used-by-instruction)",
    ),
    "two": (
        {"Dockerfile": DOCKERFILE, "b/Dockerfile": DOCKERFILE.replace(T, "DB_PASSWORD")},
        "2 Dockerfiles, 2 secrets found: 2 to rewrite",
    ),
    "reasons, the most frequent one first": (
        {"a/Dockerfile": ONBUILD, "b/Dockerfile": LABEL, "c/Dockerfile": LABEL},
        "3 Dockerfiles, 1 secret found in 3 places: 3 refused (2 used-by-instruction, 1 onbuild)",
    ),
    "a literal": ({"Dockerfile": "FROM alpine\nENV DB_PASSWORD=canary-4711\n"}, "1 Dockerfile, 1 secret found: 1 reported"),
    "a copy that the image keeps": ({"Dockerfile": KEPT}, "1 Dockerfile, 1 secret found: 1 to rewrite, 1 left over"),
    "a caller": ({"Dockerfile": DOCKERFILE, "build.sh": BUILD}, "1 Dockerfile, 1 secret found: 1 to rewrite, 1 caller to move"),
    "callers": (
        {"Dockerfile": DOCKERFILE, "a.sh": BUILD, "b.sh": BUILD},
        "1 Dockerfile, 1 secret found: 1 to rewrite, 2 callers to move",
    ),
    "one that a comment ignores": ({"Dockerfile": IGNORED}, "1 Dockerfile, 0 secrets found"),
    "an error": ({"Dockerfile": PLAIN, "b/Dockerfile": "NONSENSE\n"}, "1 Dockerfile, 0 secrets found, 1 error"),
}


@pytest.mark.parametrize(("files", "line"), TABLE.values(), ids=TABLE)
def test_what_there_is_any_of_is_counted(tmp_path: Path, files: dict[str, str], line: str) -> None:
    grow(tmp_path, files)
    assert summary(report_of(tmp_path)) == line


def test_what_is_written_is_counted_as_done(tmp_path: Path) -> None:
    grow(tmp_path, {"Dockerfile": DOCKERFILE, "build.sh": BUILD})
    assert summary(report_of(tmp_path, "--write")) == "1 Dockerfile, 1 secret found: 1 rewritten, 1 caller moved"


def test_what_a_baseline_accepts_is_counted_apart() -> None:
    assert summary(Report(clean=("Dockerfile",), known=2)) == "1 Dockerfile, 0 secrets found, 2 known"


def test_of_many_dockerfiles_the_time_is_said() -> None:
    many = Report(clean=tuple(map(str, range(MANY))), seconds=1.94)
    assert summary(many) == f"{MANY} Dockerfiles, 0 secrets found, in 1.9 s"
    assert summary(replace(many, clean=many.clean[1:])) == f"{MANY - 1} Dockerfiles, 0 secrets found"
