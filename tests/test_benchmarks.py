"""The monorepo that is measured on: the same for the same seed, as many files as were asked for, and none that the program cannot read."""

from __future__ import annotations

import importlib
import json
import re
import shlex
import subprocess
from pathlib import Path, PurePosixPath
from random import Random
from types import ModuleType
from typing import Any

import pytest

from codemod.callers.call import Tree
from codemod.callers.kinds import kind_of
from codemod.dockerfile.parser import parse
from codemod.filenames import is_dockerfile
from codemod.text import Source

from .command import REPOSITORY, dockerfix
from .documents import CODE

BENCHMARKS = REPOSITORY / "benchmarks"
DOCUMENT = REPOSITORY / "docs" / "performance.md"
SIZE = (40, 60, 12)


def module(name: str) -> ModuleType:
    """One of the scripts, which are no package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        return importlib.import_module(name)


tree, leaks, callers, dockerfiles, services = (module(f"tree{name}") for name in ("", ".leaks", ".callers", ".dockerfiles", ".services"))
monorepo = module("monorepo")
KINDS = [*callers.KINDS]


def numbers(seed: int) -> Random:
    return Random(seed)  # noqa: S311  (the same for the same seed)


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True).stdout.strip()


def service(leak: Any, number: int, *, root: bool = False) -> Any:
    ecosystem = next((each for each in dockerfiles.ECOSYSTEMS if each.name == leak.ecosystem), dockerfiles.ECOSYSTEMS[0])
    folder = f"services/core/leak-{number}"
    return services.Service("core", f"leak-{number}", folder, f"{folder}/Dockerfile", "." if root else folder, ecosystem, leak)


# --- the tree -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "tree"
    tree.make(folder, *SIZE, 1)
    return folder


def test_it_has_as_many_files_as_were_asked_for(made: Path) -> None:
    files = git(made, "ls-files").splitlines()
    assert len(files) == sum(SIZE)
    assert sum(is_dockerfile(path.rpartition("/")[2]) for path in files) == SIZE[0]
    assert git(made, "status", "--porcelain") == ""


@pytest.mark.parametrize(("seed", "same"), [(1, True), (2, False)], ids=["the same seed", "another"])
def test_a_seed_makes_one_tree(made: Path, tmp_path: Path, seed: int, *, same: bool) -> None:
    tree.make(tmp_path / "tree", *SIZE, seed)
    assert (git(tmp_path / "tree", "rev-parse", "HEAD^{tree}") == git(made, "rev-parse", "HEAD^{tree}")) is same


def test_three_in_a_hundred_leak(tmp_path: Path) -> None:
    assert sum(each.leak is not None for each in tree.make(tmp_path / "tree", 200, 0, 0, 1)) == 6


def test_every_dockerfile_can_be_read() -> None:
    random, lengths = numbers(1), []
    for number in range(1500):
        ecosystem = dockerfiles.ecosystem_of(random)
        leak = leaks.leak_for(random) if number % 3 == 0 else None
        text = dockerfiles.dockerfile(random, ecosystem, "name", leak)
        assert parse(Source.from_bytes(PurePosixPath("Dockerfile"), text.encode())).stages
        lengths.append(text.count("\n"))
    lengths.sort()
    assert 15 <= lengths[len(lengths) // 2] <= 35
    assert lengths[-1] > 100


# --- what the program makes of it -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def statuses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """One Dockerfile of each leak, in one tree; what becomes of it."""
    folder = tmp_path_factory.mktemp("leaks")
    for number, leak in enumerate(leaks.LEAKS):
        own = service(leak, number)
        (folder / own.folder).mkdir(parents=True)
        (folder / own.dockerfile).write_text(dockerfiles.dockerfile(numbers(number), own.ecosystem, own.name, leak), encoding="utf-8")
        for name, text in leak.files.items():
            (folder / own.folder / name).write_text(text, encoding="utf-8")
    git(folder, "init", "-q")
    document = json.loads(dockerfix("--format", "json", ".", cwd=folder).stdout)
    assert document["errors"] == []
    found: dict[str, set[str]] = {}
    for finding in document["findings"]:
        found.setdefault(str(PurePosixPath(finding["dockerfile"]).parent.name), set()).add(finding["status"])
    return found


@pytest.mark.parametrize("number", range(len(leaks.LEAKS)), ids=[f"{each.names[-1]} {number}" for number, each in enumerate(leaks.LEAKS)])
def test_a_leak_is_found_and_mended_if_it_can_be(number: int, statuses: dict[str, set[str]]) -> None:
    assert (statuses[f"leak-{number}"] == {"rewritten"}) is leaks.LEAKS[number].is_fixable


@pytest.mark.parametrize("root", [False, True], ids=["its folder as context", "the root as context"])
@pytest.mark.parametrize("kind", KINDS, ids=[PurePosixPath(kind.path).name or "compose" for kind in KINDS])
def test_a_caller_is_read_and_builds_its_dockerfile(kind: Any, monkeypatch: pytest.MonkeyPatch, *, root: bool) -> None:
    monkeypatch.setattr(callers, "KINDS", (kind,))
    own = service(leaks.LEAKS[0], 0, root=root)
    for seed in range(5):
        path, text = callers.caller(numbers(seed), [own])
        reader = kind_of(path, text.encode())
        assert reader is not None
        (call,) = reader.calls(Source.from_bytes(PurePosixPath(path), text.encode()), Tree())
        assert own.dockerfile in [place.dockerfile for place in call.places]
        assert own.context in [place.context for place in call.places]
        assert {*own.passed} <= {passed.name for passed in call.passes}


# --- the tables -----------------------------------------------------------------------------------------------------------


def test_the_document_names_options_that_there_are() -> None:
    commands = [words for words in CODE.findall(DOCUMENT.read_text(encoding="utf-8")) if "benchmarks/monorepo.py" in words]
    assert commands
    for command in commands:
        script = shlex.split(command)
        monorepo.parser().parse_args(script[script.index("benchmarks/monorepo.py") + 1 :])


def test_the_rows_of_the_document_are_those_that_are_measured() -> None:
    shown = re.findall(r"^\| (\S.*?) \| \d", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    rows = [row.name for row in monorepo.dockerfix_rows(monorepo.Tree(Path(), 0, 0, 0), Path())]
    assert rows == shown[: len(rows)]


def test_what_is_measured_is_an_option_of_the_command() -> None:
    said = dockerfix("--help").stdout.decode()
    options = [word for row in monorepo.dockerfix_rows(monorepo.Tree(Path(), 0, 0, 0), Path()) for word in row.argv if word.startswith("-")]
    assert [option for option in options if option not in said] == []


def test_tables_go_where_they_were() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    once = monorepo.with_tables(document, "| new |")
    assert "| new |" in once
    assert monorepo.with_tables(once, "| other |") == monorepo.with_tables(document, "| other |")
    before, after = document.split(monorepo.START)[0], document.split(monorepo.END)[1]
    assert once.startswith(before)
    assert once.endswith(after)


@pytest.mark.parametrize(
    ("own", "first", "said"),
    [((2.0, 4.0, 6.0), (1.0, 2.0, 3.0), "2"), ((1.0, 9.0, 1.0), (4.0, 4.0, 4.0), "0.25"), ((300.0,), (10.0, 2.0), "30")],
    ids=["each with its own round", "the median", "run once"],
)
def test_ratios_are_within_a_round(own: tuple[float, ...], first: tuple[float, ...], said: str) -> None:
    row = monorepo.Row("", ())
    assert monorepo.ratio(monorepo.Measured(row, own, (), 0.0), monorepo.Measured(row, first, (), 0.0)) == said
