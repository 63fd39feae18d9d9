"""docs/fleet.md: its scripts are run, its workflow is read, its options are there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from codemod import session
from tests.command import ENVIRONMENT, REPOSITORY, dockerfix
from tests.documents import Block, blocks
from tests.trees import DOCKERFILE, grow, work_tree

TEXT = (REPOSITORY / "docs" / "fleet.md").read_text(encoding="utf-8")
SCRIPTS = [block.body for block in blocks(TEXT) if block.language == "bash"]
WORKFLOW, STEP = (yaml.safe_load(block.body) for block in blocks(TEXT) if block.language == "yaml")
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]] + STEP
RUNS = [step["run"] for step in STEPS if "run" in step]

CLEAN = "FROM alpine\n"
REFUSED = f"{DOCKERFILE}LABEL token=$API_TOKEN\n"
BROKEN = f"{DOCKERFILE}RUN <<EOF\n"
# a multi-gitter that clones no repositories but those in a folder, and does what it does of a script: nothing of one that fails
GITTER = """
import os, pathlib, subprocess, sys
script, folder = sys.argv[2], pathlib.Path(os.environ["REPOSITORIES"])
print(*sys.argv[3:])
for repository in sorted(folder.glob("*/*")):
    name = repository.relative_to(folder).as_posix()
    if subprocess.run([script], cwd=repository, env={**os.environ, "REPOSITORY": name}).returncode == 0:
        if subprocess.run(["git", "diff", "--quiet"], cwd=repository).returncode:
            print("pull request:", name)
    else:
        print("failed:", name)
"""
GH = """
import pathlib, sys
print("gh", *sys.argv[1:-1], pathlib.Path(sys.argv[-1]).read_text().splitlines()[0])
"""


@pytest.fixture
def tools(tmp_path: Path) -> dict[str, str]:
    """The variables of a machine that has what the scripts call."""
    folder = tmp_path / "bin"
    scripts = {"dockerfix": f'exec {sys.executable} -m codemod "$@"\n'}
    for name, program in (("multi-gitter", GITTER), ("gh", GH)):
        scripts |= {name: f'exec {sys.executable} {folder}/{name}.py "$@"\n', f"{name}.py": program}
    grow(folder, {name: text if name.endswith(".py") else f"#!/bin/sh\n{text}" for name, text in scripts.items()})
    for file in folder.iterdir():
        file.chmod(0o755)
    return ENVIRONMENT | {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(REPOSITORY), "RUNNER_TEMP": str(tmp_path)}


@pytest.fixture
def organisation(tmp_path: Path) -> Path:
    for name, text in {"clean": CLEAN, "moved": DOCKERFILE, "refused": REFUSED, "broken": BROKEN}.items():
        work_tree(tmp_path / "repositories" / "org" / name, {"Dockerfile": text})
    return tmp_path / "repositories"


def test_each_repository_gets_its_own_text(tools: dict[str, str], organisation: Path, tmp_path: Path) -> None:
    take_out, send = SCRIPTS
    folder = grow(tmp_path / "run", {"take-out": take_out, "send": send})
    (folder / "take-out").chmod(0o755)
    variables = tools | {"REPOSITORIES": str(organisation)}
    done = subprocess.run(["bash", "send", "org"], cwd=folder, env=variables, capture_output=True, check=True)
    said = done.stdout.decode().splitlines()
    assert said[0].startswith("--org org --branch dockerfix/build-secrets --concurrent 4 --pr-title Build secrets")
    assert said[1:3] == ["failed: org/broken", "pull request: org/moved"]
    (sent,) = said[3:]
    assert sent.startswith("gh pr edit dockerfix/build-secrets --repo org/moved --body-file ")
    assert {path.name for path in (folder / "bodies").iterdir()} == {"org__moved.md"}


@pytest.mark.parametrize("script", [*SCRIPTS, *RUNS])
def test_the_shell_reads_it(script: str) -> None:
    assert "${{" not in script, "an expression in a script is its injection"
    read = subprocess.run(["bash", "-n"], input=script.encode(), capture_output=True, check=False)
    assert (read.returncode, read.stderr) == (0, b"")


def step(name: str) -> str:
    """What a step of the workflow runs."""
    (found,) = (each["run"] for each in STEPS if each.get("name", each.get("id")) == name)
    return str(found)


@pytest.mark.parametrize(
    ("text", "code", "is_changed"), [(CLEAN, 0, False), (DOCKERFILE, 0, True), (REFUSED, 0, False), (BROKEN, session.FAILED, False)]
)
def test_the_workflows_step_fails_where_a_file_cannot_be_read(
    text: str, code: int, tools: dict[str, str], tmp_path: Path, *, is_changed: bool
) -> None:
    folder = work_tree(tmp_path / "repository", {"Dockerfile": text})
    done = subprocess.run(["bash", "-e", "-c", step("Take the secrets out")], cwd=folder, env=tools, check=False, capture_output=True)
    assert (done.returncode, (folder / "Dockerfile").read_text(encoding="utf-8") != text) == (code, is_changed)
    assert (tmp_path / "body.md").read_bytes()


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize(("part", "first", "count"), [("0", "r0000", 256), ("1", "r0256", 44), ("2", None, 0)])
def test_the_workflow_takes_256_repositories_at_once(
    part: str, first: str | None, count: int, tools: dict[str, str], tmp_path: Path
) -> None:
    names = "\n".join(f"r{number:04}" for number in range(300))
    grow(tmp_path / "bin", {"gh": f"#!/bin/sh\ncat <<EOF\n{names}\nEOF\n"})
    variables = tools | {"PART": part, "ORGANISATION": "org", "GITHUB_OUTPUT": str(tmp_path / "output")}
    subprocess.run(["bash", "-e", "-c", step("list")], env=variables, check=True)
    _, _, value = (tmp_path / "output").read_text(encoding="utf-8").partition("repositories=")
    found: list[Any] = json.loads(value)
    assert (found[:1], len(found)) == ([first] if first else [], count)


def test_the_workflow_is_no_caller(tmp_path: Path) -> None:
    """Of this tool's own: nothing in it builds."""
    (workflow, _) = (block.body for block in blocks(TEXT) if block.language == "yaml")
    folder = work_tree(tmp_path, {".github/workflows/fleet.yml": workflow, "Dockerfile": DOCKERFILE})
    document = json.loads(dockerfix("--format", "json", cwd=folder).stdout)
    assert [finding["calls"] for finding in document["findings"]] == [[]]
    assert [file["path"] for file in document["files"]] == ["Dockerfile"]


def test_its_options_are_there() -> None:
    lines = [line for block in (*blocks(TEXT), Block("", TEXT, "")) for line in re.findall(r"dockerfix ([^|`\n]*)", block.body)]
    options = {option for line in lines for option in re.findall(r"(?<!\S)--[a-z-]+", line)}
    shown = dockerfix("--help").stdout.decode()
    assert "--dask" in options
    assert {option for option in options if not re.search(rf"{option}\b", shown)} == set()
