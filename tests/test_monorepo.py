"""`examples/monorepo`: one command migrates all of it, as its patch and its README say."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Migration:
    """The repository in two folders of its own, before and after, and what was said of it."""

    before: Path
    after: Path
    document: dict[str, Any]


@pytest.fixture(scope="module")
def migration(tmp_path_factory: pytest.TempPathFactory) -> Migration:
    """All of it, in one go."""
    before, after = (copied(tmp_path_factory.mktemp("monorepo") / side) for side in ("before", "after"))
    return Migration(before, after, migrated(after))


def test_the_patch(*, update_cases: bool) -> None:
    """The diff that a dry run shows; `pytest --update-cases` writes it."""
    patch = MONOREPO / "migration.patch"
    shown = dockerfix("examples/monorepo").stdout
    if update_cases:
        patch.write_bytes(shown)
    assert patch.read_bytes() == shown


def test_the_patch_is_what_is_written(migration: Migration, tmp_path: Path) -> None:
    """To the byte, and with the mode of each file."""
    patched = tmp_path / "examples" / "monorepo"
    shutil.copytree(migration.before, patched)
    subprocess.run(["git", "apply", MONOREPO / "migration.patch"], cwd=tmp_path, check=True)
    assert files(patched) == files(migration.after)
    assert _modes(migration.after) == _modes(migration.before)


def _modes(folder: Path) -> dict[str, int]:
    return {path: (folder / path).stat().st_mode for path in files(folder)}


def test_all_of_it_moves(migration: Migration) -> None:
    """Each secret of each Dockerfile, and each caller; nothing is refused, left over, or to be done by hand."""
    document = migration.document
    found = {dockerfile: {each["secret"] for each in document["findings"] if each["dockerfile"] == dockerfile} for dockerfile in SECRETS}
    assert found == SECRETS
    assert {each["status"] for each in document["findings"]} == {"rewritten"}
    assert {each["path"] for each in document["files"] if each["written"]} == CALLERS | SECRETS.keys()
    calls = [call for each in document["findings"] for call in each["calls"]]
    assert {call["path"] for call in calls if call["status"] == "rewritten"} == CALLERS
    assert {call["status"] for call in calls} == {"rewritten", "irrelevant"}
    assert document["summary"]["leftovers"] == 0


def test_what_the_callers_say_of_the_secrets(migration: Migration) -> None:
    """One that nothing but a caller gives away; one that a build may go without."""
    kinds = {each["secret"]: {evidence["kind"] for evidence in each["evidence"]} for each in migration.document["findings"]}
    assert [name for name, found in kinds.items() if found == {"caller"}] == ["TIDES_FEED"]
    required = {name: f"id={name},required=true" in text for name, text in _mounts(migration.after)}
    assert [name for name, found in required.items() if not found] == ["SENTRY_AUTH_TOKEN"]


def _mounts(folder: Path) -> list[tuple[str, str]]:
    texts = [(folder / path).read_text() for path in SECRETS]
    return [(mount[1], mount[0]) for text in texts for mount in re.finditer(r"--mount=type=secret,id=(\w+)\S*", text)]


def test_a_second_run_is_idle(migration: Migration) -> None:
    """No change, nothing left over, nothing half-done."""
    second = dockerfix(cwd=migration.after, merged=True)
    assert second.returncode == 0
    assert second.stdout.decode() == "3 Dockerfiles, 0 secrets found\n"


def test_the_steps_end_where_the_one_does(migration: Migration, tmp_path: Path) -> None:
    """Each changes its own side alone."""
    stepwise, changed = copied(tmp_path / "stepwise"), []
    for phase in PHASES:
        document = migrated(stepwise, "--phase", phase)
        changed.append({each["path"] for each in document["files"] if each["written"]})
    assert files(stepwise) == files(migration.after)
    assert changed == [CALLERS, SECRETS.keys(), CALLERS]


@pytest.mark.parametrize("phase", PHASES[1:])
def test_a_step_before_its_turn_changes_nothing(migration: Migration, tmp_path: Path, phase: str) -> None:
    folder = copied(tmp_path / "early")
    migrated(folder, "--phase", phase)
    assert files(folder) == files(migration.before)


# --- what another parser loads ----------------------------------------------------------------------------------------------


def test_compose_differs_in_the_move(migration: Migration) -> None:
    planned = _loaded(migration.before / "compose.yaml")
    planned["services"]["web"]["build"] |= {"args": {"RELEASE": "dev"}, "secrets": ["PACKAGES_TOKEN"]}
    planned["services"]["api"]["build"] |= {
        "args": ["BASE=registry.example.com/harbour/base:${TAG:-dev}"],
        "secrets": ["PACKAGES_TOKEN", "TIDES_FEED"],
    }
    planned["secrets"] = {name: {"environment": name} for name in ("PACKAGES_TOKEN", "TIDES_FEED")}
    assert _loaded(migration.after / "compose.yaml") == planned


def test_the_workflow_differs_in_the_move(migration: Migration) -> None:
    path = ".github/workflows/images.yml"
    planned = _loaded(migration.before / path)
    base, site, api = (_step(planned, name) for name in ("Base image", "Site", "API"))
    base["env"] = {"APT_PASSWORD": "${{ secrets.ARCHIVE_PASSWORD }}"}
    base["run"] = base["run"].replace("--build-arg APT_PASSWORD=${{ secrets.ARCHIVE_PASSWORD }}", "--secret id=APT_PASSWORD")
    for step in (site, api):
        plain, secret = _parted(step["with"]["build-args"])
        step["with"] |= {"build-args": plain, "secrets": secret}
    assert _loaded(migration.after / path) == planned


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
