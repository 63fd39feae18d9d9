"""What BuildKit itself leaves in a context, for the rows that `tests/test_dockerignore.py` has."""

from __future__ import annotations

import io
import shlex
import tarfile
from pathlib import Path

import pytest

from ..test_dockerignore import ERRORS, FILES, KEPT
from .client import Engine

pytestmark = pytest.mark.engine


def lay_out(folder: Path, ignored: str, name: str = ".dockerignore") -> Path:
    for file in (*FILES, name):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(ignored.encode() if file == name else b"")
    return folder


def copied(engine: Engine, folder: Path, dockerfile: str, *options: str) -> set[str]:
    """The files of an image that is built from `folder`."""
    (folder / "Dockerfile").write_text(dockerfile)
    archive = folder.with_suffix(".tar")
    options = ("--network=none", f"--output=type=tar,dest={archive}", *options)
    engine.docker("build", *options, str(folder))
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as opened:
        return {member.name for member in opened if member.isfile()}


def test_what_stays(engine: Engine, tmp_path: Path) -> None:
    """All rows in one build: each is a context of its own."""
    rows = {f"row{number}": lay_out(tmp_path / str(number), text) for number, (text, _) in enumerate(KEPT.values())}
    (tmp_path / "main").mkdir()
    dockerfile = "FROM scratch\n" + "".join(f"COPY --from={name} / /{name}/\n" for name in rows)
    found = copied(engine, tmp_path / "main", dockerfile, *(f"--build-context={name}={folder}" for name, folder in rows.items()))
    kept = {row: {path for path in FILES if f"row{number}/{path}" in found} for number, row in enumerate(KEPT)}
    assert kept == {row: {*expected} for row, (_, expected) in KEPT.items()}


@pytest.mark.parametrize("text", ERRORS)
def test_what_the_builder_refuses(engine: Engine, tmp_path: Path, text: str) -> None:
    lay_out(tmp_path, text)
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    done = engine.shell(shlex.join(("docker", "build", "--network=none", "--output=type=cacheonly", str(tmp_path))), check=False)
    assert done.returncode != 0
    assert "pattern" in done.stderr


@pytest.mark.parametrize("text", ["", "a"], ids=["empty", "with a pattern"])
def test_one_beside_the_dockerfile_comes_first(engine: Engine, tmp_path: Path, text: str) -> None:
    folder = lay_out(lay_out(tmp_path / "context", "top"), text, "Dockerfile.dockerignore")
    assert "top" in copied(engine, folder, "FROM scratch\nCOPY . /\n")
