"""`--dask`: what a cluster does is what this machine does, also where a worker dies half-way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codemod import session
from tests.command import dockerfix
from tests.monorepo import files

from .conftest import grown
from .processes import LocalCluster, started, until

pytestmark = pytest.mark.xdist_group("cluster")


def local(tree: Path, *options: str) -> bytes:
    """What one process of this machine says, the program's own words."""
    return dockerfix("--no-cache", "--jobs", "1", "--format", "json", *options, cwd=tree).stdout


def test_the_tree_has_what_may_become_of_a_file(tree: Path) -> None:
    summary = json.loads(local(tree))["summary"]
    assert {"rewritten", "refused", "errors"} <= {name for name, count in summary.items() if count}


@pytest.mark.parametrize("format_", ["json", "text", "sarif"])
def test_a_cluster_says_what_a_local_run_says(format_: str, tree: Path, cluster: LocalCluster) -> None:
    done_before = work_done(cluster)
    result = dockerfix(*cluster.option, "--no-cache", "--format", format_, cwd=tree)
    assert result.stdout == local(tree, "--format", format_)
    assert {worker for worker, count in work_done(cluster).items() if count > done_before.get(worker, 0)} == {"one", "two"}


def test_nothing_of_a_file_is_in_the_clusters_logs(tree: Path, cluster: LocalCluster) -> None:
    dockerfix(*cluster.option, "--no-cache", cwd=tree)
    assert "Register worker" in cluster.logs()
    assert "canary-" not in cluster.logs()


def test_it_writes_what_a_local_run_writes(tmp_path: Path, cluster: LocalCluster) -> None:
    here, there = grown(tmp_path / "here"), grown(tmp_path / "there")
    before = text_of(here)
    codes = [
        dockerfix("--write", "--no-cache", *options, cwd=folder).returncode for folder, options in ((here, ()), (there, cluster.option))
    ]
    assert codes == [session.FAILED] * 2
    assert before != text_of(here) == text_of(there)


def test_what_earlier_runs_found_out_is_not_asked_again(tmp_path: Path, cluster: LocalCluster) -> None:
    folder, variables = grown(tmp_path / "tree"), {"DOCKERFIX_CACHE_DIR": str(tmp_path / "cache")}
    runs, counts = [], [work_done(cluster)]
    for _ in range(2):
        runs.append(dockerfix("--format", "json", *cluster.option, cwd=folder, variables=variables).stdout)
        counts.append(work_done(cluster))
    assert runs == [local(folder)] * 2
    assert counts[0] != counts[1] == counts[2]


def test_a_worker_that_is_killed_half_way_changes_nothing(tree: Path, tmp_path: Path, own_cluster: LocalCluster) -> None:
    marker = tmp_path / "it-has-work"
    victim = own_cluster.worker("victim", {"HOLD": str(marker)})
    own_cluster.worker("other")
    own_cluster.ready("victim", "other")
    run = started(*own_cluster.option, "--no-cache", "--format", "json", cwd=tree)
    until(marker.exists, "the victim has done a chunk, and begun another")
    assert victim.pid == int(marker.read_text(encoding="utf-8"))
    assert processing(own_cluster)["victim"] > 0
    victim.kill()
    out, _ = run.communicate()
    assert out == local(tree)
    assert list(work_done(own_cluster)) == ["other"]


def text_of(tree: Path) -> dict[str, bytes]:
    """All files but git's own."""
    return files(tree / "services")


def work_done(cluster: LocalCluster) -> dict[str, int]:
    """For each worker by its name, how often it has begun something."""
    code = "c.run(lambda dask_worker: (dask_worker.name, sum('executing' in entry for entry in dask_worker.state.log)))"
    found: dict[str, tuple[str, int]] = cluster.ask(code)
    return dict(found.values())


def processing(cluster: LocalCluster) -> dict[str, int]:
    """For each worker by its name, how much it has to do, as the scheduler sees it."""
    code = "c.run_on_scheduler(lambda dask_scheduler: {w.name: len(w.processing) for w in dask_scheduler.workers.values()})"
    found: dict[str, int] = cluster.ask(code)
    return found
