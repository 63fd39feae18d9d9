"""A Dask cluster that does the work: reached, asked whether it has this very program, and left as it was."""

from __future__ import annotations

import hashlib
import io
import logging
import pickle
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, wait
from concurrent.futures import TimeoutError as NeverEndedError  # a class of its own before Python 3.11
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, TypeVar

from codemod import __version__

Item = TypeVar("Item")
Value = TypeVar("Value")

ANSWERS_WITHIN = 5.0  # seconds, of a scheduler
LOOKS_AFTER = 30.0  # … until somebody looks whether there is still a worker, as often as there is no result
PULSE = 0.5  # … until somebody looks whether the scheduler is still the one that was asked
RETRIES = 2  # of what a worker could not even begin; one that dies is another matter, and the scheduler's

# what reads files: with other releases of these the same Dockerfile may come to something else
READERS = (
    "dockerfile-parse",
    "libcst",
    "pyyaml",
    "tree-sitter",
    "tree-sitter-bash",
    "tree-sitter-hcl",
    "tree-sitter-json",
    "tree-sitter-yaml",
    "unidiff",
)
INSTALL = "dask.distributed is not there: pip install 'dockerfix[dask]'"
CERTIFICATES = "see distributed.comm.tls in Dask's configuration"
SAME = "install the same there and here"


class ClusterError(Exception):
    """A cluster that cannot be used, or not any more; it says what to do. It knows no text of any file."""


def _release(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _files() -> str:
    """The program's own files, as one word."""
    folder = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


PROGRAM: tuple[tuple[str, str], ...] = (
    ("dockerfix", __version__),
    ("Python", "{}.{}".format(*sys.version_info)),
    *((name, _release(name)) for name in READERS),
    ("the files of dockerfix", _files()),
)
"""What decides what becomes of a file; each worker has to have the same."""


class Cluster:
    """A cluster that is there and has this program; `jobs` workers at first, others may come and go."""

    def __init__(self, client: Any, address: str, jobs: int) -> None:  # noqa: ANN401  (has no types where the extra is not there)
        self.jobs = jobs
        self._client, self._address = client, address
        self._line = client.scheduler_comm
        self._executor = client.get_executor(pure=False, retries=RETRIES)

    def __enter__(self) -> Cluster:  # noqa: PYI034  (Self is of Python 3.11)
        return self

    def __exit__(self, *_: object) -> None:
        """What nobody has begun yet is taken back: the scheduler forgets what no client asks for."""
        self._executor.shutdown(wait=False)
        self._client.close(timeout=ANSWERS_WITHIN)

    def map(self, function: Callable[[Item], Value], chunks: Sequence[Sequence[Item]]) -> Iterator[Sequence[Value]]:
        """The values of each chunk, in order. Raises ClusterError, and whatever `function` does.

        All is asked for at once; only who takes a value waits, and may do so in a thread beside others that do.
        """
        packed = [_packed(function, chunk) for chunk in chunks]
        try:
            futures = [self._executor.submit(pickle.load, each) for each in packed]
        except Exception:  # noqa: BLE001  (a client that has lost its scheduler takes nothing)
            raise ClusterError(f"{self._address}: {_said(CancelledError())}") from None
        return (_unpacked(self._result(future)) for future in futures)

    def _result(self, future: Future[bytes]) -> bytes:
        try:
            self._wait(future)
            return future.result()
        except ClusterError:
            raise
        except (Exception, CancelledError) as error:  # noqa: BLE001  (of Dask, and of all that it is made of)
            raise ClusterError(f"{self._address}: {_said(error)}") from None

    def _wait(self, future: Future[bytes]) -> None:
        """Until there is a result; as long as there is none, workers may be away for a while, to be started anew."""
        absent, next_look = 0, time.monotonic() + LOOKS_AFTER
        while not wait([future], PULSE).done:
            if self._client.scheduler_comm is not self._line:  # Dask connects anew, and what was asked for is lost
                raise CancelledError
            if time.monotonic() < next_look:
                continue
            absent, next_look = 0 if self._client.nthreads() else absent + 1, time.monotonic() + LOOKS_AFTER
            if absent > 1:
                raise ClusterError(f"{self._address}: its last worker is gone: nobody does what is left")


def connected(address: str) -> Cluster:
    """The cluster whose scheduler is at `address`. Raises ClusterError."""
    try:
        from distributed import Client  # noqa: PLC0415  (an extra)
        from distributed.comm import get_address_host_port  # noqa: PLC0415  (…)
        from distributed.security import Security  # noqa: PLC0415  (…)
    except ImportError:
        raise ClusterError(INSTALL) from None
    logging.disable(logging.CRITICAL)  # what matters of it, we say
    warnings.filterwarnings("ignore", module=r"distributed(\..*)?")
    try:
        get_address_host_port(address)
    except ValueError as error:
        raise ClusterError(f"{address}: {error}; an address is like tcp://127.0.0.1:8786, or tls://…") from None
    if address.startswith("tls://") and Security().get_connection_args("client")["ssl_context"] is None:
        raise ClusterError(f"{address}: this machine has no certificates for it: {CERTIFICATES}")
    try:
        client = _soon(lambda: Client(address, timeout=ANSWERS_WITHIN, set_as_default=False, name="dockerfix"))
    except OSError:
        raise ClusterError(f"{address}: no scheduler answers: dask scheduler starts one, and says where") from None
    try:
        return Cluster(client, address, _checked(client, address))
    except BaseException:
        client.close(timeout=ANSWERS_WITHIN)
        raise


def _soon(connect: Callable[[], Any]) -> Any:  # noqa: ANN401  (…)
    """What `connect` gives. Raises what it raises; TimeoutError where it waits for ever, for one who listens and says nothing."""
    found: Future[Any] = Future()

    def attempt() -> None:
        try:
            found.set_result(connect())
        except Exception as error:  # noqa: BLE001  (raised again where it is waited for)
            found.set_exception(error)

    threading.Thread(target=attempt, daemon=True).start()
    try:
        return found.result(2 * ANSWERS_WITHIN)
    except NeverEndedError:
        raise TimeoutError from None


def _checked(client: Any, address: str) -> int:  # noqa: ANN401  (…)
    """How many workers there are; each has this program. They are asked in words that those without it understand as well."""
    found: Mapping[str, Any] = client.run(resolve_name, f"{__name__}:PROGRAM", on_error="return")
    if not found:
        raise ClusterError(f"{address}: it has no worker: dask worker {address} starts one")
    for worker, program in sorted(found.items()):
        if wrong := _difference(program):
            raise ClusterError(f"{address}: worker {worker}: {wrong}")
    return len(found)


def _difference(program: Any) -> str:  # noqa: ANN401  (what another machine says)
    """What a worker has that is not what is here."""
    if isinstance(program, (ImportError, AttributeError)):
        return f"it has no dockerfix, or an old one: pip install 'dockerfix[dask]=={__version__}' there"
    if not isinstance(program, tuple):
        return f"it does not say what it has ({type(program).__name__})"
    there = dict(program)
    wrong = [f"{name} {there.get(name, 'none')}, here {here}" for name, here in PROGRAM if there.get(name) != here]
    return f"{', '.join(wrong)}: {SAME}" if wrong else ""


# --- what travels --------------------------------------------------------------------------------------------------------

ONE_AT_A_TIME = threading.Lock()


class _Chunk:
    """Work that is done where it is unpickled: nobody on the way, the scheduler least of all, needs to have the program."""

    def __init__(self, function: Callable[[Any], Any], items: Sequence[Any]) -> None:
        self.parts = (function, items, PROGRAM)

    def __reduce__(self) -> tuple[Callable[..., bytes], tuple[Any, ...]]:
        return done, self.parts


def _packed(function: Callable[[Any], Any], items: Sequence[Any]) -> io.BytesIO:
    """As a file, which shows nothing of what it has in anybody's log or page."""
    return io.BytesIO(pickle.dumps(_Chunk(function, items), pickle.HIGHEST_PROTOCOL))


def done(function: Callable[[Any], Any], items: Sequence[Any], program: object) -> bytes:
    """On a worker: the values, or what was raised instead, or what is wrong with this worker.

    All of it as one text: what several values share travels once, and nothing of an error comes into a worker's log.
    """
    found: object
    if program != PROGRAM:
        found = ClusterError("a worker that came later has another dockerfix, or other libraries: install the same everywhere")
        return pickle.dumps(found)
    try:
        with ONE_AT_A_TIME:  # parsers are shared, and threads of one process take turns anyway
            found = [function(item) for item in items]
    except Exception as error:  # noqa: BLE001  (it is raised where somebody sees it)
        found = error
    return pickle.dumps(found, pickle.HIGHEST_PROTOCOL)


def _unpacked(result: bytes) -> Sequence[Any]:
    found = pickle.loads(result)  # noqa: S301  (of a cluster that is trusted with the files)
    if isinstance(found, Exception):
        raise found
    values: Sequence[Any] = found
    return values


def _said(error: BaseException) -> str:
    """Why there is no result; the words of an unknown error may have anything in them."""
    if isinstance(error, (CancelledError, OSError)):
        return "its scheduler is gone, or has restarted"
    if type(error).__name__ == "KilledWorker":
        return "as many of its workers as it allows (distributed.scheduler.allowed-failures) died of the same work: give them more memory"
    if isinstance(error, ImportError):
        return f"a worker that came later has no dockerfix, or an old one: pip install 'dockerfix[dask]=={__version__}' there"
    return f"it failed ({type(error).__name__})"
