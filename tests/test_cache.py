"""What earlier runs found out: it changes how long a run takes, and nothing else."""

from __future__ import annotations

import errno
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path, PurePosixPath

import platformdirs
import pytest

from codemod import cache
from codemod.cache import Cache, cache_of, folder
from codemod.text import Source

from .command import ENVIRONMENT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "caches" / ("0" * 32)


def kept(file: Path, **values: object) -> Cache:
    """A cache on disk with some values."""
    found = Cache(file)
    for key, value in values.items():
        found[key.encode()] = value
    found.save()
    return Cache(file)


def test_a_value_comes_back(file: Path) -> None:
    found = kept(file, a={"x": [1]}, b=None)
    assert (b"a" in found, found[b"a"], found[b"b"], found.get(b"c"), len(found), {*found}) == (
        True,
        {"x": [1]},
        None,
        None,
        2,
        {b"a", b"b"},
    )
    found[b"c"] = 3
    assert (found[b"c"], len(found), {*found}) == (3, 3, {b"a", b"b", b"c"})
    del found[b"a"]
    assert ({*found}, b"a" in found) == ({b"b", b"c"}, False)


def test_what_nobody_asks_for_goes(file: Path) -> None:
    found = kept(file, a=1, b=2)
    assert found[b"a"] == 1
    found.save()
    assert dict(Cache(file)) == {b"a": 1}


def test_but_not_where_a_run_did_not_come_to_its_end(file: Path) -> None:
    found = kept(file, a=1, b=2)
    found[b"c"] = 3
    found.save(whole=False)
    assert dict(Cache(file)) == {b"a": 1, b"b": 2, b"c": 3}


def test_another_value_is_written(file: Path) -> None:
    """The keys are the same."""
    found = kept(file, a=frozenset({b"x"}))
    assert found[b"a"] == {b"x"}
    found[b"a"] = frozenset({b"y"})
    found.save()
    assert Cache(file)[b"a"] == {b"y"}


def test_the_same_is_not(file: Path) -> None:
    found = kept(file, a=frozenset({b"x"}))
    before = file.stat().st_ino
    assert found[b"a"] == {b"x"}
    found[b"a"] = frozenset({b"x"})
    found.save()
    assert file.stat().st_ino == before


def test_nobody_else_may_read_it(file: Path) -> None:
    """It has texts of the user's files."""
    kept(file, a=1)
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)


# --- keys ------------------------------------------------------------------------------------------------------------


class Colour(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Thing:
    name: str
    parts: frozenset[str] = frozenset()
    drawn: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Other(Thing):
    pass


SAME: dict[str, tuple[object, object]] = {
    "sets in any order": (frozenset({"a", "b", "c"}), frozenset({"c", "b", "a"})),
    "lists and tuples": ([1, 2], (1, 2)),
    "texts that are not one object": ("ab" * 3, "".join(["ab", "abab"])),
    "patterns": (re.compile("a"), re.compile("a")),
    "what a value makes of itself": (Thing("a", drawn=1), Thing("a", drawn=2)),
    "text that is none": ("\udcff", "\udcff"),
}
DIFFERENT: dict[str, tuple[object, object]] = {
    "texts": ("a", "b"),
    "a text and bytes": ("a", b"a"),
    "a text and a path": ("a", PurePosixPath("a")),
    "a text and a number": ("1", 1),
    "words that are joined": (("ab", "c"), ("a", "bc")),
    "groups": ((("a",), "b"), ("a", ("b",))),
    "nothing": ("", None),
    "colours": (Colour.RED, Colour.BLUE),
    "mappings": ({"a": 1}, {"a": 2}),
    "their keys": ({"a": 1}, {"b": 1}),
    "sets": ({"a"}, {"a", "b"}),
    "fields": (Thing("a"), Thing("b")),
    "fields that are sets": (Thing("a", frozenset({"b"})), Thing("a")),
    "classes": (Thing("a"), Other("a")),
    "sources": (Source(PurePosixPath("a"), "x"), Source(PurePosixPath("b"), "x")),
    "patterns": (re.compile("a"), re.compile("b")),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_one_key(file: Path, one: object, other: object) -> None:
    assert Cache(file).key("f", one) == Cache(file).key("f", other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_two_keys(file: Path, one: object, other: object) -> None:
    assert Cache(file).key("f", one) != Cache(file).key("f", other)


def test_a_key_is_that_of_all_runs(file: Path) -> None:
    """Whatever the order that a process has for its sets."""
    words = frozenset("abcdefgh")
    program = f"from codemod.cache import Cache; from pathlib import Path; print(Cache(Path('x')).key('a', {{*{sorted(words)}}}).hex())"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program], env=ENVIRONMENT | {"PYTHONHASHSEED": seed}, stdout=subprocess.PIPE, check=True
        )
        assert done.stdout.decode().strip() == Cache(file).key("a", words).hex()


# --- what is wrong with a file ----------------------------------------------------------------------------------------


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _turned(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes(content)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _nonsense(file: Path) -> None:
    file.write_bytes(b"\x80" * 5000)


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _endless(file: Path) -> None:
    file.unlink()
    file.symlink_to("/dev/zero")


def _huge(file: Path) -> None:
    os.truncate(file, cache.LARGEST + 1)


def _anybodys(file: Path) -> None:
    """Reading it runs what it says."""
    file.chmod(0o666)


WRONG: tuple[Callable[[Path], None], ...] = (_cut, _turned, _empty, _nonsense, _folder, _pipe, _endless, _huge, _anybodys)


@pytest.mark.parametrize("spoil", WRONG)
def test_a_file_that_is_wrong_is_as_none(file: Path, spoil: Callable[[Path], None]) -> None:
    kept(file, a=1)
    spoil(file)
    found = Cache(file)
    assert dict(found) == {}
    found[b"b"] = 2
    found.save()
    assert dict(Cache(file)) == ({} if spoil is _folder else {b"b": 2})
    assert [each for each in file.parent.iterdir() if each != file] == []


def test_a_file_of_somebody_else_is_not_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(file, a=1)
    monkeypatch.setattr(os, "getuid", lambda: file.stat().st_uid + 1)
    assert dict(Cache(file)) == {}
    monkeypatch.delattr(os, "getuid")
    assert dict(Cache(file)) == {b"a": 1}


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES, errno.EDQUOT])
@pytest.mark.parametrize("call", ["mkdir", "open", "replace"])
def test_a_disk_that_takes_nothing_costs_only_time(file: Path, monkeypatch: pytest.MonkeyPatch, number: int, call: str) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    found = kept(file, a=1)
    found[b"b"] = 2
    with monkeypatch.context() as patched:
        patched.setattr(*(("os.open", refuse) if call == "open" else (f"pathlib.Path.{call}", refuse)))
        patched.setattr("pathlib.Path.unlink", refuse)  # a disk that cannot be written says so before it looks
        found.save()
    assert dict(Cache(file)) == {b"a": 1}


def test_where_a_file_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "caches").write_text("")
    assert dict(kept(tmp_path / "caches" / "x", a=1)) == {}


def test_another_run_that_is_killed_while_it_writes(file: Path) -> None:
    kept(file, a=1)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_bytes(b"half")
    assert dict(kept(file, a=2)) == {b"a": 1}
    assert not beside.exists()
    assert dict(kept(file, a=2)) == {b"a": 2}


# --- the folder ------------------------------------------------------------------------------------------------------


def test_what_nobody_has_used_for_long_goes(file: Path) -> None:
    old = time.time() - cache.LONG - 60
    paths = {name: file.parent / name for name in ("1" * 32, "2" * 32, f"{'3' * 32}.77", "taxes.ods", "4" * 31, f"x{'5' * 32}")}
    file.parent.mkdir()
    for name, path in paths.items():
        path.write_text("")
        if not name.startswith("2"):
            os.utime(path, (old, old))
    kept(file, a=1)
    assert {path.name for path in file.parent.iterdir()} == {file.name, "2" * 32, "taxes.ods", "4" * 31, f"x{'5' * 32}"}


def test_another_run_may_forget_it_first(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: Path) -> Iterator[Path]:
        yield file.parent / ("9" * 32)

    monkeypatch.setattr(Path, "iterdir", gone)
    assert dict(kept(file, a=1)) == {b"a": 1}


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKERFIX_CACHE_DIR", str(tmp_path))
    assert folder() == tmp_path
    found = cache_of(tmp_path / "a")
    assert found is not None
    assert cache.OURS.fullmatch(found.file.name)
    assert found.file.parent == tmp_path


@pytest.mark.parametrize("value", ["", None])
def test_unless_said_it_is_where_caches_of_the_user_are(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("DOCKERFIX_CACHE_DIR", raising=False)
    if value is not None:
        monkeypatch.setenv("DOCKERFIX_CACHE_DIR", value)
    assert folder() == Path(platformdirs.user_cache_dir("dockerfix", appauthor=False))


def test_a_user_without_a_home_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be a folder of the tree that is called `~`."""
    monkeypatch.delenv("DOCKERFIX_CACHE_DIR", raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: "~/.cache/dockerfix")
    assert folder() is None
    assert cache_of(Path("/a")) is None


def test_each_tree_and_each_program_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKERFIX_CACHE_DIR", str(tmp_path))
    packages = tmp_path / "site-packages"
    packages.mkdir()
    monkeypatch.setattr("sys.path", ["/nowhere/dist-packages", str(packages), "zipped"])
    files = [found.file for each in ("/a", "/b", "/a\udcff") if (found := cache_of(Path(each))) is not None]
    os.utime(packages, (1, 1))  # another version of a library is there
    files += [found.file for found in [cache_of(Path("/a"))] if found is not None]
    monkeypatch.setattr(cache, "__version__", "next")
    files += [found.file for found in [cache_of(Path("/a"))] if found is not None]
    assert len({*files}) == 5
