"""`--dask` over many small repositories: none has enough for a cluster alone, all together have."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from codemod import session
from tests.command import ENVIRONMENT, dockerfix
from tests.trees import work_tree

from .processes import LocalCluster, started, until
from .test_cluster import local, work_done
from .test_trouble import tasks

pytestmark = pytest.mark.xdist_group("cluster")

REPOSITORIES = 30


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nobody writes into it."""
    return clones(tmp_path_factory.mktemp("organisation"))


def clones(folder: Path) -> Path:
    """Repositories with a secret or two, who builds them, and who only speaks of it; some are refused, some cannot be read."""
    for number in range(REPOSITORIES):
        token, password = f"SERVICE_{number}_TOKEN", "PIP_PASSWORD"
        last = f"LABEL token=${token}\n" if number % 3 == 0 else ""
        text = f'FROM alpine\nARG {token}=canary-{number}\nRUN curl -u "ci:${token}" https://example.com/{number}\n{last}'
        files = {
            "Dockerfile": text if number % 7 else f"{text}RUN <<EOF\n",
            "worker/Dockerfile": f"FROM python\nARG {password}\nRUN pip install -i https://ci:${password}@pip.example.com/simple app\n",
            "build.sh": f'#!/bin/sh\ndocker build --build-arg {token}="${token}" .\n',
            "release.py": f'import subprocess\nsubprocess.run(["docker", "build", "--build-arg", "{password}", "worker"], check=True)\n',
            "compose.yaml": f"services:\n  app:\n    build:\n      context: .\n      args:\n        {token}: ${{{token}}}\n",
            "README.md": f"docker build --build-arg {token}=… .\n",
        }
        work_tree(folder / f"repository-{number}", files)
    return folder


def state(folder: Path) -> Mapping[str, bytes]:
    """All files but git's own."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.glob("*/[!.]*")) if path.is_file()}


def steps(cluster: LocalCluster) -> Mapping[str, int]:
    """For each worker by its name, how many steps its tasks have come on, since it was started."""
    found: dict[str, tuple[str, int]] = cluster.ask("c.run(lambda dask_worker: (dask_worker.name, dask_worker.state.transition_counter))")
    return dict(found.values())


def is_for_each_repository(before: Mapping[str, int], after: Mapping[str, int]) -> bool:
    """Whether there was a task for the calls of each, and one for its Dockerfiles: begun, done, and forgotten."""
    return sum(after.values()) - sum(before.values()) >= 3 * 2 * REPOSITORIES


def test_there_is_something_of_everything(organisation: Path) -> None:
    summary = json.loads(local(organisation))["summary"]
    assert {"rewritten", "refused", "errors"} <= {name for name, count in summary.items() if count}


@pytest.mark.parametrize("format_", ["json", "text", "sarif"])
def test_a_cluster_says_what_a_local_run_says(format_: str, organisation: Path, cluster: LocalCluster) -> None:
    before = steps(cluster)
    result = dockerfix(*cluster.option, "--no-cache", "--format", format_, cwd=organisation)
    assert result.stdout == local(organisation, "--format", format_)
    after = steps(cluster)
    assert {worker for worker in after if after[worker] > before[worker]} == {"one", "two"}
    assert is_for_each_repository(before, after)


def test_repositories_that_are_given_one_by_one(organisation: Path, cluster: LocalCluster) -> None:
    paths = [f"repository-{number}" for number in reversed(range(REPOSITORIES))]
    before = steps(cluster)
    assert dockerfix(*cluster.option, "--no-cache", "--format", "json", *paths, cwd=organisation).stdout == local(organisation, *paths)
    assert is_for_each_repository(before, steps(cluster))


def test_work_trees_inside_another(tmp_path: Path, cluster: LocalCluster) -> None:
    folder = clones(work_tree(tmp_path / "outer", {"Dockerfile": "FROM alpine\n"}))
    before = steps(cluster)
    assert dockerfix(*cluster.option, "--nested", "--no-cache", "--format", "json", cwd=folder).stdout == local(folder, "--nested")
    assert is_for_each_repository(before, steps(cluster))


def test_it_writes_what_a_local_run_writes(tmp_path: Path, cluster: LocalCluster) -> None:
    here, there = clones(tmp_path / "here"), clones(tmp_path / "there")
    before = state(here)
    codes = [
        dockerfix("--write", "--no-cache", *options, cwd=folder).returncode for folder, options in ((here, ()), (there, cluster.option))
    ]
    assert codes == [session.FAILED] * 2
    assert before != state(here) == state(there)


def test_a_worker_that_is_killed_half_way_changes_nothing(organisation: Path, tmp_path: Path, own_cluster: LocalCluster) -> None:
    marker = tmp_path / "it-has-work"
    victim = own_cluster.worker("victim", {"HOLD": str(marker)})
    own_cluster.worker("other")
    own_cluster.ready("victim", "other")
    run = started(*own_cluster.option, "--no-cache", "--format", "json", cwd=organisation)
    until(marker.exists, "the victim has done a chunk, and begun another")
    victim.kill()
    out, _ = run.communicate()
    assert out == local(organisation)
    assert list(work_done(own_cluster)) == ["other"]


@pytest.fixture
def marker(own_cluster: LocalCluster, tmp_path: Path) -> Path:
    """There when the only worker of `own_cluster` has done something, and never ends the next."""
    file = tmp_path / "it-has-work"
    own_cluster.worker("held", {"HOLD": str(file)})
    own_cluster.ready("held")
    return file


def test_a_scheduler_that_dies(own_cluster: LocalCluster, marker: Path, tmp_path: Path) -> None:
    folder = clones(tmp_path / "organisation")
    before = state(folder)
    run = started("--write", *own_cluster.option, "--no-cache", cwd=folder)
    until(marker.exists, "there is work")
    own_cluster.scheduler.kill()
    out, err = run.communicate()
    assert (run.returncode, out) == (session.FAILED, b"")
    assert err.decode() == f"error: --dask {own_cluster.address}: its scheduler is gone, or has restarted\n"
    assert state(folder) == before


def test_a_last_worker_that_dies(own_cluster: LocalCluster, marker: Path, tmp_path: Path) -> None:
    folder = clones(tmp_path / "organisation")
    before = state(folder)
    program = "from codemod import cluster; cluster.LOOKS_AFTER = 0.5; from codemod.cli import main; main()"
    run = subprocess.Popen(
        [sys.executable, "-c", program, "--write", *own_cluster.option, "--no-cache"], cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE
    )
    until(lambda: marker.exists() and marker.read_text(encoding="utf-8") != "", "there is work")
    os.kill(int(marker.read_text(encoding="utf-8")), signal.SIGKILL)
    _, err = run.communicate()
    assert run.returncode == session.FAILED
    assert err.decode() == f"error: --dask {own_cluster.address}: its last worker is gone: nobody does what is left\n"
    assert state(folder) == before


def test_ctrl_c_takes_back_what_all_of_them_have_queued(own_cluster: LocalCluster, marker: Path, tmp_path: Path) -> None:
    folder = clones(tmp_path / "organisation")
    before = state(folder)
    run = started("--write", *own_cluster.option, "--no-cache", cwd=folder)
    until(marker.exists, "there is work")
    until(lambda: tasks(own_cluster) > REPOSITORIES // 2, "many trees wait for theirs")
    run.send_signal(signal.SIGINT)
    out, err = run.communicate()
    assert (out, err.decode().strip()) == (b"", "Interrupted.")
    until(lambda: tasks(own_cluster) == 0, "the scheduler forgets what nobody waits for")
    assert state(folder) == before
