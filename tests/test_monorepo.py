"""`examples/monorepo`: one command migrates all of it, as its patch and its README say."""

from __future__ import annotations

import re
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from .command import REPOSITORY, dockerfix
from .documents import CODE
from .monorepo import MONOREPO, copied, files, migrated

SECRETS = {
    "images/base/Dockerfile": {"APT_PASSWORD"},
    "services/api/Dockerfile": {"PACKAGES_TOKEN", "TIDES_FEED"},
    "services/web/Dockerfile": {"PACKAGES_TOKEN", "SENTRY_AUTH_TOKEN"},
}
CALLERS = {".github/workflows/images.yml", "Makefile", "compose.yaml", "docker-bake.hcl", "scripts/build.sh", "scripts/release.py"}
PHASES = ("callers", "dockerfile", "cleanup")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The repository, on its own."""
    return copied(tmp_path / "repository")


def test_the_patch(*, update_cases: bool) -> None:
    """The diff that a dry run shows; `pytest --update-cases` writes it."""
    patch = MONOREPO / "migration.patch"
    shown = dockerfix("examples/monorepo").stdout
    if update_cases:
        patch.write_bytes(shown)
    assert patch.read_bytes() == shown


def test_the_patch_is_what_is_written(folder: Path, tmp_path: Path) -> None:
    """To the byte, and with the mode of each file."""
    patched = tmp_path / "patched"
    shutil.copytree(folder, patched / "examples" / "monorepo")
    subprocess.run(["git", "apply", MONOREPO / "migration.patch"], cwd=patched, check=True)
    migrated(folder)
    assert files(patched / "examples" / "monorepo") == files(folder)
    assert [path for path in files(folder) if (folder / path).stat().st_mode != (MONOREPO / path).stat().st_mode] == []


def test_all_of_it_moves(folder: Path) -> None:
    """Each secret of each Dockerfile, and each caller; nothing is refused, left over, or to be done by hand."""
    document = migrated(folder)
    found = {dockerfile: {each["secret"] for each in document["findings"] if each["dockerfile"] == dockerfile} for dockerfile in SECRETS}
    assert found == SECRETS
    assert {each["status"] for each in document["findings"]} == {"rewritten"}
    assert {each["path"] for each in document["files"] if each["written"]} == CALLERS | SECRETS.keys()
    calls = [call for each in document["findings"] for call in each["calls"]]
    assert {call["path"] for call in calls if call["status"] == "rewritten"} == CALLERS
    assert {call["status"] for call in calls} == {"rewritten", "irrelevant"}
    assert document["summary"]["leftovers"] == 0


def test_what_the_callers_say_of_the_secrets(folder: Path) -> None:
    """One that nothing but a caller gives away; one that a build may go without."""
    document = migrated(folder)
    kinds = {each["secret"]: {evidence["kind"] for evidence in each["evidence"]} for each in document["findings"]}
    assert [name for name, found in kinds.items() if found == {"caller"}] == ["TIDES_FEED"]
    required = {name: f"id={name},required=true" in text for name, text in _mounts(folder)}
    assert [name for name, found in required.items() if not found] == ["SENTRY_AUTH_TOKEN"]


def _mounts(folder: Path) -> list[tuple[str, str]]:
    texts = [(folder / path).read_text() for path in SECRETS]
    return [(mount[1], mount[0]) for text in texts for mount in re.finditer(r"--mount=type=secret,id=(\w+)\S*", text)]


def test_a_second_run_is_idle(folder: Path) -> None:
    """No change, nothing left over, nothing half-done."""
    migrated(folder)
    second = dockerfix(cwd=folder, merged=True)
    assert second.returncode == 0
    assert second.stdout.decode() == "3 Dockerfiles, 0 to rewrite, 0 refused, 0 reported, 0 left over\n"


def test_the_steps_end_where_the_one_does(folder: Path, tmp_path: Path) -> None:
    """Each changes its own side alone."""
    stepwise, changed = copied(tmp_path / "stepwise"), []
    for phase in PHASES:
        document = migrated(stepwise, "--phase", phase)
        changed.append({each["path"] for each in document["files"] if each["written"]})
    migrated(folder)
    assert files(stepwise) == files(folder)
    assert changed == [CALLERS, SECRETS.keys(), CALLERS]


def test_each_step_leaves_the_next_to_do(folder: Path) -> None:
    """A step before its turn changes nothing."""
    before = files(folder)
    for phase in reversed(PHASES[1:]):
        migrated(folder, "--phase", phase)
        assert files(folder) == before


# --- what another parser loads ----------------------------------------------------------------------------------------------


def test_compose_differs_in_the_move(folder: Path) -> None:
    before = _loaded(folder / "compose.yaml")
    migrated(folder)
    planned = deepcopy(before)
    planned["services"]["web"]["build"] |= {"args": {"RELEASE": "dev"}, "secrets": ["PACKAGES_TOKEN"]}
    planned["services"]["api"]["build"] |= {
        "args": ["BASE=registry.example.com/harbour/base:${TAG:-dev}"],
        "secrets": ["PACKAGES_TOKEN", "TIDES_FEED"],
    }
    planned["secrets"] = {name: {"environment": name} for name in ("PACKAGES_TOKEN", "TIDES_FEED")}
    assert _loaded(folder / "compose.yaml") == planned


def test_the_workflow_differs_in_the_move(folder: Path) -> None:
    path = folder / ".github" / "workflows" / "images.yml"
    before = _loaded(path)
    migrated(folder)
    planned = deepcopy(before)
    base, site, api = (_step(planned, name) for name in ("Base image", "Site", "API"))
    base["env"] = {"APT_PASSWORD": "${{ secrets.ARCHIVE_PASSWORD }}"}
    base["run"] = base["run"].replace("--build-arg APT_PASSWORD=${{ secrets.ARCHIVE_PASSWORD }}", "--secret id=APT_PASSWORD")
    for step in (site, api):
        plain, secret = _parted(step["with"]["build-args"])
        step["with"] |= {"build-args": plain, "secrets": secret}
    assert _loaded(path) == planned


def _parted(lines: str) -> tuple[str, str]:
    every = lines.splitlines(keepends=True)
    return "".join(line for line in every if "secrets." not in line), "".join(line for line in every if "secrets." in line)


def _step(workflow: Any, name: str) -> Any:
    (found,) = (step for job in workflow["jobs"].values() for step in job["steps"] if step.get("name") == name)
    return found


def _loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


# --- README -----------------------------------------------------------------------------------------------------------------


def test_the_readme_shows_the_commands() -> None:
    assert "    dockerfix examples/monorepo\n    dockerfix --write examples/monorepo\n" in _readme()


def test_the_readme_has_each_secret_and_each_caller() -> None:
    rows = re.findall(r"^\| (.*?) \| (.*) \|$", _readme(), re.MULTILINE)
    by_secret = {path: {CODE.findall(first)[0] for first, rest in rows if f"]({path})" in rest.split(" | ")[0]} for path in SECRETS}
    assert by_secret == SECRETS
    linked = {link for first, _ in rows for link in re.findall(r"\]\((.*?)\)", first)}
    assert linked == CALLERS


def test_names_are_its_own() -> None:
    """A call whose Dockerfile nobody can tell is linked to each that takes what it passes."""
    others = [path.read_text() for path in (REPOSITORY / "examples").glob("*/Dockerfile")]
    assert [name for names in SECRETS.values() for name in names for text in others if name in text] == []


def _readme() -> str:
    return (MONOREPO / "README.md").read_text(encoding="utf-8")
