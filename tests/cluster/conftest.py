"""A cluster with two workers, and a tree that is enough for both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trees import work_tree

from .processes import LocalCluster

SERVICES = 210  # enough for a cache as well


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nobody writes into it."""
    return grown(tmp_path_factory.mktemp("tree"))


def grown(folder: Path) -> Path:
    """Services with a secret each and a script that builds them; every third is refused, every fifth cannot be read."""
    files = {}
    for number in range(SERVICES):
        token = f"SERVICE_{number}_TOKEN"
        last = f"LABEL token=${token}\n" if number % 3 == 0 else ""
        text = f'FROM alpine\nARG {token}=canary-{number}\nRUN curl -u "ci:${token}" https://example.com/{number}\n{last}'
        files[f"services/{number}/Dockerfile"] = text if number % 5 else f"{text}RUN <<EOF\n"
        files[f"services/{number}/build.sh"] = f'#!/bin/sh\ndocker build --build-arg {token}="${token}" services/{number}\n'
    return work_tree(folder, files)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """One that nobody harms."""
    with LocalCluster(tmp_path_factory.mktemp("cluster")) as local:
        local.worker("one")
        local.worker("two")
        local.ready("one", "two")
        yield local


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[LocalCluster]:
    """One for a test alone; it has no worker yet."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    with LocalCluster(folder) as local:
        yield local
