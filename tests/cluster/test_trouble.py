"""A cluster that cannot be used, or not any more: one line that says what to do, and nothing written."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path

import pytest

import codemod
from codemod import cluster, session
from codemod.cluster import Cluster, ClusterError
from tests.command import ENVIRONMENT, REPOSITORY, dockerfix

from .conftest import grown
from .processes import LocalCluster, started, until

pytestmark = pytest.mark.xdist_group("cluster")


# --- none that can be used: exit 2, and nothing is looked at ------------------------------------------------------------


def refused(result: subprocess.CompletedProcess[bytes]) -> str:
    """What is said; that is one line."""
    assert (result.returncode, result.stdout) == (session.USAGE, b"")
    (line,) = result.stderr.decode().splitlines()
    return line


@pytest.fixture
def silent() -> Iterator[str]:
    """An address where somebody listens, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("place", ["silent", "closed"])
def test_nobody_answers(place: str, tree: Path, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue(place)
    said = refused(dockerfix("--dask", address, cwd=tree))
    assert said == f"error: --dask {address}: no scheduler answers: dask scheduler starts one, and says where"


@pytest.mark.parametrize("address", ["scheduler", "carrier-pigeon://roof:1", "tcp://["])
def test_an_address_that_is_none(address: str, tree: Path) -> None:
    said = refused(dockerfix("--dask", address, cwd=tree))
    assert said.startswith(f"error: --dask {address}: ")
    assert said.endswith("; an address is like tcp://127.0.0.1:8786, or tls://…")


def test_tls_without_certificates(tree: Path) -> None:
    said = refused(dockerfix("--dask", "tls://127.0.0.1:8786", cwd=tree))
    assert said.endswith("this machine has no certificates for it: see distributed.comm.tls in Dask's configuration")


def test_the_extra_is_not_installed(tree: Path) -> None:
    program = "import sys; sys.modules['distributed'] = None; from codemod.cli import main; main()"
    result = run_python(program, "--dask", "tcp://127.0.0.1:8786", cwd=tree)
    assert refused(result) == "error: --dask dask.distributed is not there: pip install 'dockerfix[dask]'"


def test_a_cluster_without_workers(own_cluster: LocalCluster, tree: Path) -> None:
    said = refused(dockerfix(*own_cluster.option, cwd=tree))
    assert said == f"error: --dask {own_cluster.address}: it has no worker: dask worker {own_cluster.address} starts one"


def test_a_worker_without_dockerfix(own_cluster: LocalCluster, tree: Path) -> None:
    own_cluster.worker("plain", {"WITHOUT_DOCKERFIX": "1"})
    own_cluster.ready("plain")
    said = refused(dockerfix(*own_cluster.option, cwd=tree))
    assert said.endswith(f"it has no dockerfix, or an old one: pip install 'dockerfix[dask]=={codemod.__version__}' there")


def test_a_worker_with_another_version(own_cluster: LocalCluster, tree: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(REPOSITORY / "codemod", other / "codemod", ignore=shutil.ignore_patterns("__pycache__"))
    (other / "codemod" / "__init__.py").write_text('__version__ = "0.0.1"\n', encoding="utf-8")
    own_cluster.worker("old", {"PYTHONPATH": str(other)})
    own_cluster.ready("old")
    said = refused(dockerfix(*own_cluster.option, cwd=tree))
    assert f"dockerfix 0.0.1, here {codemod.__version__}, the files of dockerfix " in said
    assert said.endswith(": install the same there and here")


def test_what_another_python_or_parser_would_be_said_to_be() -> None:
    there = tuple((name, {"Python": "3.10", "tree-sitter": "none"}.get(name, value)) for name, value in cluster.PROGRAM)
    here = dict(cluster.PROGRAM)
    said = cluster._difference(there)  # noqa: SLF001  (no two Pythons on one machine)
    assert said.startswith(f"Python 3.10, here {here['Python']}, tree-sitter none, here {here['tree-sitter']}: ")
    assert cluster._difference(OSError()) == "it does not say what it has (OSError)"  # noqa: SLF001  (…)


# --- one that fails on the way: exit 3, and nothing is written ----------------------------------------------------------


def run_python(program: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", program, *arguments], cwd=cwd, env=ENVIRONMENT, capture_output=True, check=False)


@pytest.fixture
def marker(own_cluster: LocalCluster, tmp_path: Path) -> Path:
    """There when the only worker of `own_cluster` has done something, and never ends the next."""
    file = tmp_path / "it-has-work"
    own_cluster.worker("held", {"HOLD": str(file)})
    own_cluster.ready("held")
    return file


def state(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("services/**/*")) if path.is_file()}


def test_a_scheduler_that_dies(own_cluster: LocalCluster, marker: Path, tmp_path: Path) -> None:
    folder = grown(tmp_path / "tree")
    before = state(folder)
    run = started("--write", *own_cluster.option, "--no-cache", cwd=folder)
    until(marker.exists, "there is work")
    own_cluster.scheduler.kill()
    out, err = run.communicate()
    assert (run.returncode, out) == (session.FAILED, b"")
    assert err.decode() == f"error: --dask {own_cluster.address}: its scheduler is gone, or has restarted\n"
    assert state(folder) == before


def test_a_last_worker_that_dies(own_cluster: LocalCluster, marker: Path, tmp_path: Path) -> None:
    """Others may come; nobody waits for them for ever."""
    folder = grown(tmp_path / "tree")
    before = state(folder)
    program = "from codemod import cluster; cluster.LOOKS_AFTER = 0.5; from codemod.cli import main; main()"
    run = subprocess.Popen(
        [sys.executable, "-c", program, "--write", *own_cluster.option, "--no-cache"], cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE
    )
    until(marker.exists, "there is work")
    os.kill(int(marker.read_text(encoding="utf-8")), signal.SIGKILL)
    _, err = run.communicate()
    assert run.returncode == session.FAILED
    assert err.decode() == f"error: --dask {own_cluster.address}: its last worker is gone: nobody does what is left\n"
    assert state(folder) == before


def test_ctrl_c_takes_back_what_is_queued(own_cluster: LocalCluster, marker: Path, tmp_path: Path) -> None:
    folder = grown(tmp_path / "tree")
    before = state(folder)
    run = started("--write", *own_cluster.option, "--no-cache", cwd=folder)
    until(marker.exists, "there is work")
    assert tasks(own_cluster) > 1
    run.send_signal(signal.SIGINT)
    out, err = run.communicate()
    assert (out, err.decode().strip()) == (b"", "Interrupted.")
    until(lambda: tasks(own_cluster) == 0, "the scheduler forgets what nobody waits for")
    assert state(folder) == before


class Reconnecting:
    """A client whose connection is another one each time that somebody looks, and whose futures never end."""

    @property
    def scheduler_comm(self) -> object:
        return object()

    def get_executor(self, **_: object) -> Reconnecting:
        return self

    def submit(self, *_: object) -> Future[bytes]:
        return Future()


def test_a_scheduler_that_was_away_for_a_moment() -> None:
    """It knows nothing of what it was asked for."""
    with pytest.raises(ClusterError, match="tcp://there:1: its scheduler is gone, or has restarted"):
        list(Cluster(Reconnecting(), "tcp://there:1", 1).map(len, [["a"]]))


class Closed(Reconnecting):
    """One that has given up on its scheduler between two pieces of work."""

    def submit(self, *_: object) -> Future[bytes]:
        raise RuntimeError("Client is closed")


def test_a_scheduler_that_was_away_for_long() -> None:
    """Nothing more can be asked for."""
    with pytest.raises(ClusterError, match="tcp://there:1: its scheduler is gone, or has restarted"):
        Cluster(Closed(), "tcp://there:1", 1).map(len, [["a"]])


def tasks(local: LocalCluster) -> int:
    found: int = local.ask("c.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))")
    return found


# --- on a worker ---------------------------------------------------------------------------------------------------------


def on_a_worker(function: object, items: list[object], program: object = cluster.PROGRAM) -> object:
    return cluster._unpacked(cluster.done(function, items, program))  # type: ignore[arg-type]  # noqa: SLF001  (there, without a cluster)


def test_what_is_packed_is_done_where_it_is_unpacked() -> None:
    packed = cluster._packed(len, ["canary-1"])  # noqa: SLF001  (what travels)
    assert "canary" not in repr(packed)
    assert pickle.loads(pickle.load(packed)) == [8]


def test_a_bug_is_raised_here() -> None:
    with pytest.raises(TypeError):
        on_a_worker(len, [1])


def test_a_worker_that_comes_later_has_to_be_the_same() -> None:
    with pytest.raises(ClusterError, match="a worker that came later has another dockerfix"):
        on_a_worker(len, [""], (("dockerfix", "0.0.1"),))


class KilledWorker(Exception):  # noqa: N818  (Dask's name for it)
    pass


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CancelledError(), "its scheduler is gone, or has restarted"),
        (TimeoutError(), "its scheduler is gone, or has restarted"),
        (KilledWorker("load-1"), "as many of its workers as it allows (distributed.scheduler.allowed-failures) died of the same work"),
        (ModuleNotFoundError("No module named 'codemod'"), "a worker that came later has no dockerfix, or an old one: pip install"),
        (ValueError("canary-1"), "it failed (ValueError)"),
    ],
)
def test_why_there_is_no_result(error: BaseException, said: str) -> None:
    assert cluster._said(error).startswith(said)  # noqa: SLF001  (hard to come by)


def test_a_release_that_is_not_there() -> None:
    assert cluster._release("no-such-distribution") == "none"  # noqa: SLF001  (…)


def test_all_that_reads_files_has_to_be_the_same() -> None:
    """Of what the program is made of, some only shows, finds or stores."""
    import re  # noqa: PLC0415

    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    (dependencies,) = re.findall(r"^dependencies = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)
    names = set(re.findall(r'^    "([\w-]+)', dependencies, re.MULTILINE))
    others = {"click", "click-default-group", "pathspec", "platformdirs", "rich", "tomli"}
    assert names - others == set(cluster.READERS)
