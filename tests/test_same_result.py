"""However a run comes to it, the result is one: by one process or several, with what earlier runs found out or without, whatever git has.

Trees are made up, changed step by step, and looked at in all of these ways after each.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, partialmethod
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from codemod import build_context, looking, preparation, speakers
from codemod import git as asking
from codemod import run as running
from codemod.cache import OURS
from codemod.cli import main
from codemod.workers import Workers

from .command import dockerfix
from .discovery.looked_at import NOBODY, git
from .trees import grow

Map = Callable[..., object]
LEAKING = 'FROM alpine\nARG API_TOKEN\nRUN curl -u "ci:$API_TOKEN" https://example.com/f\n'
CALL = 'docker build --build-arg API_TOKEN="$API_TOKEN" '
DOCKERFILES = (
    "FROM alpine\n",
    "FROM alpine\nARG VERSION=1\nRUN apk add curl=$VERSION\n",
    LEAKING,
    LEAKING.replace("API_TOKEN", "DB_PASSWORD"),
    LEAKING.replace("RUN", "COPY . .\nRUN ./install\nRUN"),
    "FROM alpine\nARG API_TOKEN\nLABEL a=$API_TOKEN\n",
    "FROM alpine\nARG MIRROR\nRUN apk add -X $MIRROR curl\n",
    "FROM alpine\nARG PLAIN\nRUN echo $PLAIN\n",
    "FROM alpine\nRUN --mount=type=secret,id=API_TOKEN cat /run/secrets/API_TOKEN > /x\n",
    "FROM alpine\nNONSENSE\nARG API_TOKEN\n",
    "FROM {{ base }}\nARG API_TOKEN\n",
    "FROM alpine\nARG A_TOKEN \\\n# a comment\nARG B\nRUN curl -u x:$A_TOKEN example.com\n",
    "",
    "FROM alpine\0\nARG API_TOKEN\n",
)
FOLDERS = ("", "a/", "a/b/", "c/", "d d/")
CALLERS = (
    *(f"{CALL}{folder or '.'}\n" for folder in ("", "a", "a/b", "c")),
    f"{CALL}-f c/app.docker c\n",
    f"{CALL}a\n{CALL}c\n",
    f'{CALL}"$1"\n',
    "docker build --build-arg MIRROR=${{ secrets.X }} c\n",
    'docker build --build-arg PLAIN="$(vault read x)" a\n',
    "source ./lib.sh\n",
    f"# see the docker images\n{CALL}--build-arg DB_PASSWORD=x a\n",
    "echo API_TOKEN docker build\n",
    "true\n",
    "\0docker build\n",
)
OTHERS = {
    "install": ("curl -H $API_TOKEN\n", "true\n"),
    "README.md": (f"    {CALL}.\n", "nothing\n"),
    "docker-compose.yml": ("services:\n  app:\n    build:\n      context: a\n      args:\n        API_TOKEN: ${API_TOKEN}\n", "a: 1\n"),
    ".dockerfix.toml": ('secret = ["MIRROR"]\n', 'not-secret = ["API_TOKEN"]\n', "exclude = ['c']\n", "", "show = 'possible'\n"),
    ".gitignore": ("b/\n", "*.sh\n", "", ".dockerfix.toml\n"),
    ".dockerfixignore": ("a/\n!a/b\n", "", "*.sh\n"),
}


class Maker:
    """A tree that somebody works on; all that is done to it is decided by a number."""

    def __init__(self, root: Path, seed: int, *, is_repository: bool) -> None:
        self.root, self.random, self.is_repository = root, Random(seed), is_repository  # noqa: S311  (not for secrets)
        root.mkdir()
        if is_repository:
            git(root, "init", "-q")
        for _ in range(25):
            self.write()
        self.write("c/app.docker", LEAKING)
        self.all()

    def write(self, path: str = "", text: str = "") -> None:
        """Another file, or another content of one."""
        pick = self.random.choice
        folder, kind = pick(FOLDERS), self.random.random()
        if not path and kind < 0.5:
            path, text = folder + pick(("Dockerfile", "Dockerfile.dev", "x.dockerfile")), pick(DOCKERFILES)
        elif not path and kind < 0.8:
            path, text = folder + pick(("build.sh", "lib.sh", "Makefile", "deploy")), pick(CALLERS)
        elif not path:
            name = pick(sorted(OTHERS))
            path, text = folder + name, pick(OTHERS[name])
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink():
            target.unlink()
        target.write_text(text)

    def some(self) -> Path:
        """A file that there is."""
        return self.random.choice([path for path in sorted(self.root.rglob("*")) if path.is_file() and ".git" not in path.parts])

    def touch(self) -> None:
        os.utime(self.some())

    def rename(self) -> None:
        file = self.some()
        file.rename(file.with_name(f"{file.name}.x" if self.random.random() < 0.5 else "Dockerfile.renamed"))

    def move(self) -> None:
        file = self.some()
        target = self.root / self.random.choice(FOLDERS) / file.name
        target.parent.mkdir(exist_ok=True, parents=True)
        file.replace(target)

    def copy(self) -> None:
        file = self.some()
        folder = self.root / self.random.choice(FOLDERS)
        folder.mkdir(exist_ok=True, parents=True)
        (folder / f"Dockerfile.{self.random.randrange(3)}").write_bytes(file.read_bytes())

    def delete(self) -> None:
        self.some().unlink()

    def link(self) -> None:
        file = self.some()
        link = self.root / self.random.choice(FOLDERS) / self.random.choice(("Dockerfile.link", "linked.sh"))
        link.parent.mkdir(exist_ok=True, parents=True)
        if not os.path.lexists(link):
            link.symlink_to(os.path.relpath(file, link.parent))

    def mode(self) -> None:
        file = self.some()
        file.chmod(file.stat().st_mode ^ stat.S_IXUSR)

    def replace(self) -> None:
        """Another content of the same length, at the same time."""
        file = self.some()
        before = file.stat()
        file.write_bytes(file.read_bytes().replace(b"API_TOKEN", b"API_LEVEL"))
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def git(self, *arguments: str) -> None:
        if self.is_repository:
            subprocess.run(["git", "-C", self.root, *arguments], env=os.environ | NOBODY, capture_output=True, check=False)

    def add(self) -> None:
        self.git("add", "--", str(self.some()))

    def all(self) -> None:
        self.git("add", ".")

    def commit(self) -> None:
        self.git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qam", "all")

    def restore(self) -> None:
        self.git("checkout", "--", str(self.some()))

    def unwatch(self) -> None:
        """Git is told not to compare a file, which changes all the same."""
        file = self.some()
        self.git("update-index", self.random.choice(("--assume-unchanged", "--skip-worktree")), "--", str(file))
        if self.random.random() < 0.5:
            file.unlink()
        else:
            file.write_text(self.random.choice(DOCKERFILES if "ockerfile" in file.name else CALLERS))

    def step(self) -> str:
        """One of these, by its name."""
        plain = (self.write, self.write, self.touch, self.rename, self.move, self.copy, self.delete, self.link, self.mode, self.replace)
        each: Callable[[], None] = self.random.choice((*plain, self.add, self.all, self.commit, self.restore, self.unwatch))
        each()
        return each.__name__


@dataclass(frozen=True)
class Said:
    code: int
    stdout: str
    stderr: str


def said(*arguments: str) -> Said:
    """What a run in the current folder says, but for how long it took."""
    done = CliRunner(env=NOBODY).invoke(main, ["--format", "json", *arguments], catch_exceptions=False)
    lines = [line for line in done.stderr.splitlines() if not line.startswith(tuple("0123456789")) or "Dockerfile" not in line]
    return Said(done.exit_code, done.stdout, "\n".join(lines))


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKERFIX_CACHE_DIR", str(tmp_path / "caches"))
    return tmp_path / "caches"


def _at_once(self: Workers, real: Map, function: object, items: object, *, worth: int = 2, is_local: bool = False) -> object:
    """Two pieces of work are enough for a pool."""
    return real(self, function, items, worth=min(worth, 2), is_local=is_local)


@contextmanager
def as_a_large_one() -> Iterator[None]:
    """Small trees are taken for large ones."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(preparation, "WORTH_A_CACHE", 0)
        patched.setattr(looking, "MANY", 2)
        for module in (looking, running):
            patched.setattr(module, "SOME", 2)
        patched.setattr(asking, "MANY", 0)
        for module in (speakers, build_context):
            patched.setattr(module, "FEW", 0)
        patched.setattr(Workers, "map", partialmethod(_at_once, Workers.map))
        yield


@pytest.mark.parametrize("is_repository", [True, False], ids=["git", "no git"])
@pytest.mark.parametrize("seed", range(5))
def test_the_same_after_each_step(tmp_path: Path, caches: Path, monkeypatch: pytest.MonkeyPatch, seed: int, *, is_repository: bool) -> None:
    maker = Maker(tmp_path / "tree", seed, is_repository=is_repository)
    monkeypatch.chdir(maker.root)
    options = ((), ("--secret", "PLAIN"), ("--no-callers",), ("--exclude", "a"), ("--show", "possible"))
    for number in range(10):
        step = maker.step() if number else "begin"
        option = options[number % len(options)]
        plain = said("--no-cache", "-j", "1", *option)
        with as_a_large_one():
            for arguments in (("-j", "1"), ("-j", "1"), ("-j", "3"), ("--no-cache", "-j", "1")):
                assert said(*arguments, *option) == plain, (step, number, arguments, option)
    assert any(OURS.fullmatch(file.name) for file in caches.iterdir())


# --- whatever git has, and whoever's it is ------------------------------------------------------------------------------

COPYING = LEAKING.replace("RUN", "COPY . .\nRUN ./install\nRUN")
READER = "curl -H $API_TOKEN\n"
TREE = {
    "a/Dockerfile": COPYING,
    "a/install": "true\n",
    "b/Dockerfile": COPYING,
    "b/install": READER,
    "build.sh": f"{CALL}a\n{CALL}b\n",
}


def _linked(root: Path) -> Path:
    (root / "b").rename(root / "moved")
    (root / "b").symlink_to("moved")
    return grow(root, {"Dockerfile": COPYING, "install": "true\n"})


def _empty_submodule(root: Path) -> Path:
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},a/module")
    return grow(root, {"a/module/go": READER})


def _below_the_top(root: Path) -> Path:
    """A folder that looks like a work tree, and is none to git, which takes it for a part of the one around it."""
    inside = grow(root / "inside", TREE)
    git(root, "add", ".")
    (inside / ".git").mkdir()
    grow(inside, {"a/new": READER})
    return inside


def _configured(key: str, value: str) -> Callable[[Path], Path]:
    def configure(root: Path) -> Path:
        git(root, "config", key, value)
        return grow(root, {"a/new": READER})

    return configure


STATES: dict[str, Callable[[Path], Path]] = {
    "names have colours": _configured("color.ui", "always"),
    "lists have columns": _configured("column.ui", "always"),
    "nobody wants to see new files": _configured("status.showUntrackedFiles", "no"),
    "searches are for plain text": _configured("grep.patternType", "fixed"),
    "a reader has the name of a folder that no walk enters": lambda root: grow(root, {"a/venv": READER}),
    "a context is in such a folder": lambda root: grow(root, {"node_modules/p/Dockerfile": COPYING, "node_modules/p/install": READER}),
    "… and in another context": lambda root: grow(
        root, {"node_modules/p/Dockerfile": COPYING, "node_modules/p/install": READER, "Dockerfile": COPYING, "install": "true\n"}
    ),
    "… which git ignores": lambda root: grow(
        root, {".gitignore": "node_modules\n", "node_modules/p/install": READER, "build.sh": f"{CALL}-f a/Dockerfile node_modules/p\n"}
    ),
    "a folder is a link by now": _linked,
    "a submodule has files and no .git": _empty_submodule,
    "git has the work tree elsewhere": _below_the_top,
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
@pytest.mark.parametrize("is_added", [False, True], ids=["new", "added"])
@pytest.mark.usefixtures("caches")
def test_the_same_in_odd_states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: Callable[[Path], Path], *, is_added: bool) -> None:
    root = grow(tmp_path / "tree", TREE)
    git(root, "init", "-q")
    git(root, "add", ".")
    folder = state(root)
    if is_added:
        git(root, "add", ".")
    monkeypatch.chdir(folder)
    plain = said("--no-cache", "-j", "1")
    assert "API_TOKEN" in plain.stdout
    with as_a_large_one():
        for _ in range(2):
            assert said("-j", "1") == plain


# --- what must show though the Dockerfile did not change ---------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path, caches: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A tree that earlier runs have seen as git has recorded it."""
    root = tmp_path / "tree"
    root.mkdir()
    monkeypatch.chdir(root)
    git(root, "init", "-q")
    for path, text in {
        "a/Dockerfile": "FROM alpine\nARG PLAIN\nRUN echo $PLAIN\n",
        "b/Dockerfile": "FROM alpine\nARG MIRROR\nRUN apk add -X $MIRROR curl\n",
        "c/Dockerfile": LEAKING,
        "d/Dockerfile": LEAKING,
        "build.sh": "docker build --build-arg PLAIN=1 a\n",
        "c/install": "true\n",
        "e/notes": "nothing\n",
    }.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    git(root, "add", ".")
    git(root, "commit", "-qm", "all")
    with as_a_large_one():
        for _ in range(2):
            assert found() == {("c/Dockerfile", "API_TOKEN"), ("d/Dockerfile", "API_TOKEN")}
        assert len([*caches.iterdir()]) == 2  # of files, and of the whole
        yield root


def found(*arguments: str) -> set[tuple[str, str]]:
    return {(each["dockerfile"], each["secret"]) for each in json.loads(said("-j", "1", *arguments).stdout)["findings"]}


KNOWN = {("c/Dockerfile", "API_TOKEN"), ("d/Dockerfile", "API_TOKEN")}
CHANGES: dict[str, tuple[str, str, set[tuple[str, str]]]] = {
    "a caller passes a secret": (
        "build.sh",
        'docker build --build-arg PLAIN="$(vault read -field=x y)" a\n',
        KNOWN | {("a/Dockerfile", "PLAIN")},
    ),
    "a new caller does": ("e/new.sh", 'docker build --build-arg PLAIN="$(vault read -field=x y)" a\n', KNOWN | {("a/Dockerfile", "PLAIN")}),
    "a file that was none is a caller": (
        "e/notes",
        '#!/bin/sh\ndocker build --build-arg PLAIN="$(vault read -field=x y)" a\n',
        KNOWN | {("a/Dockerfile", "PLAIN")},
    ),
    "a configuration says so": (".dockerfix.toml", 'secret = ["MIRROR"]\n', KNOWN | {("b/Dockerfile", "MIRROR")}),
    "a configuration of the folder": ("b/.dockerfix.toml", 'secret = ["MIRROR"]\n', KNOWN | {("b/Dockerfile", "MIRROR")}),
    "a configuration says no": ("c/.dockerfix.toml", 'not-secret = ["*"]\n', KNOWN - {("c/Dockerfile", "API_TOKEN")}),
    "the Dockerfile is another": ("a/Dockerfile", LEAKING, KNOWN | {("a/Dockerfile", "API_TOKEN")}),
    "it has the content of one that is known": (
        "d/Dockerfile",
        "FROM alpine\nARG PLAIN\nRUN echo $PLAIN\n",
        KNOWN - {("d/Dockerfile", "API_TOKEN")},
    ),
}


@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize(("path", "text", "expected"), CHANGES.values(), ids=CHANGES)
def test_a_change_shows(tree: Path, path: str, text: str, expected: set[tuple[str, str]], *, is_committed: bool) -> None:
    (tree / path).write_text(text)
    if is_committed:
        git(tree, "add", ".")
        git(tree, "commit", "-qm", "more")
    assert found() == expected
    assert found() == expected
    assert found("--no-cache") == expected


def test_a_word_of_the_command_line_shows(tree: Path) -> None:
    assert found("--secret", "MIRROR") == KNOWN | {("b/Dockerfile", "MIRROR")}
    assert found() == KNOWN
    assert found("--not-secret", "API_TOKEN") == set()
    assert tree.is_dir()


def test_a_reader_in_the_context_shows(tree: Path) -> None:
    text = LEAKING.replace("RUN", "COPY . .\nRUN ./install\nRUN")
    (tree / "c/Dockerfile").write_text(text)
    (tree / "d/Dockerfile").write_text(text)
    before = said("-j", "1")
    (tree / "c/install").write_text("curl -H $API_TOKEN\n")
    after = said("-j", "1")
    assert after != before
    assert after == said("-j", "1", "--no-cache")


IN_THE_CONTEXT = {
    "a file that git ignores": ("c", "c/x.local", True),
    "a file of a folder that it ignores": ("c", "c/out/x", True),
    "the context is in a folder that it ignores": ("out/context", "out/context/x", True),
    "beside the context": ("out/context", "out/x", False),
    "what nobody looks into": ("c", "c/node_modules/x", False),
}


@pytest.mark.parametrize(("context", "path", "is_reader"), IN_THE_CONTEXT.values(), ids=IN_THE_CONTEXT)
def test_a_reader_that_git_ignores_shows(tree: Path, context: str, path: str, *, is_reader: bool) -> None:
    text = LEAKING.replace("RUN", "COPY . .\nRUN ./install\nRUN")
    for name, content in {
        ".gitignore": "*.local\nout/\nnode_modules/\n",
        "c/Dockerfile": text,
        "d/Dockerfile": text,
        "build.sh": f"docker build -f c/Dockerfile {context}\n",
        "out/context/other": "true\n",
    }.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content)
    before = said("-j", "1")
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text("curl -H $API_TOKEN\n")
    after = said("-j", "1")
    assert (after != before) is is_reader
    assert after == said("-j", "1", "--no-cache")


OUTSIDE: dict[str, tuple[str, str]] = {
    "a link to a folder": ("linked", "linked"),
    "a folder that no walk enters": ("node_modules/p", "node_modules/p"),
}


@pytest.mark.parametrize(("context", "place"), OUTSIDE.values(), ids=OUTSIDE)
def test_a_reader_in_a_context_that_is_none_of_the_trees_shows(tree: Path, context: str, place: str) -> None:
    (tree / "linked").symlink_to(tree.parent / "outside")
    (tree.parent / "outside").mkdir()
    text = LEAKING.replace("RUN", "COPY . .\nRUN ./install\nRUN")
    grow(
        tree,
        {".gitignore": "node_modules\n", "c/Dockerfile": text, "build.sh": f"{CALL}-f c/Dockerfile {context}\n", f"{place}/install": ""},
    )
    before = said("-j", "1")
    assert said("-j", "1") == before
    (tree / place / "install").write_text("curl -H $API_TOKEN\n")
    after = said("-j", "1")
    assert after != before
    assert after == said("-j", "1", "--no-cache")


def test_a_path_that_leads_elsewhere_shows(tree: Path) -> None:
    link = tree.parent / "link"
    link.symlink_to(tree / "c")
    assert len(found(str(link))) == 1
    link.unlink()
    link.symlink_to(tree / "a")
    assert found(str(link)) == set()


def _write(tree: Path, text: str) -> None:
    (tree / "x/Dockerfile").write_text(text)


def _check_out(tree: Path, text: str) -> None:
    git(tree, "checkout", "-q", "other" if "ARG" not in text else "-")


@pytest.mark.parametrize("change", [_write, _check_out])
def test_what_is_there_only_while_a_run_reads_does_not_stay(
    tree: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path, str], None]
) -> None:
    """Another content, where git has said before that it is what it has recorded."""
    leaking, clean, read = f"{LEAKING}# x\n", "FROM alpine\n", looking.Dockerfiles.read
    for text in (leaking, clean):
        grow(tree, {"x/Dockerfile": text})
        git(tree, "add", ".")
        git(tree, "commit", "-qm", "x")
    git(tree, "branch", "other")
    git(tree, "reset", "-q", "--hard", "HEAD~1")
    os.utime(tree / "x/Dockerfile", (1, 1))  # written long ago: git does not see what happens within a second
    git(tree, "update-index", "--refresh")

    def read_meanwhile(self: looking.Dockerfiles) -> None:
        change(tree, clean)
        read(self)
        change(tree, leaking)

    with monkeypatch.context() as patched:
        patched.setattr(looking.Dockerfiles, "read", read_meanwhile)
        assert found() == KNOWN
    assert found() == KNOWN | {("x/Dockerfile", "API_TOKEN")}


@pytest.mark.parametrize("bit", ["--assume-unchanged", "--skip-worktree"])
def test_a_change_that_git_was_told_not_to_look_for_shows(tree: Path, bit: str) -> None:
    for path in ("a/Dockerfile", "build.sh"):
        git(tree, "update-index", bit, "--", path)
    (tree / "a/Dockerfile").write_text(LEAKING)
    assert found() == KNOWN | {("a/Dockerfile", "API_TOKEN")}
    (tree / "a/Dockerfile").write_text("FROM alpine\nARG PLAIN\nRUN echo $PLAIN\n")
    (tree / "build.sh").write_text('docker build --build-arg PLAIN="$(vault read -field=x y)" a\n')
    assert found() == KNOWN | {("a/Dockerfile", "PLAIN")}


# --- the file of the cache ---------------------------------------------------------------------------------------------


def _cut(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[:100])


def _read_only(folder: Path) -> None:
    folder.chmod(0o500)
    for file in folder.iterdir():
        file.chmod(0o400)


def _in_the_way(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("")


SPOILED: tuple[Callable[[Path], None], ...] = (shutil.rmtree, _cut, _read_only, _in_the_way)


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_cache_that_is_spoiled_costs_only_time(tree: Path, caches: Path, spoil: Callable[[Path], None]) -> None:
    before = said("-j", "1")
    spoil(caches)
    (tree / "f").mkdir()
    (tree / "f/Dockerfile").write_text("FROM alpine\n")
    for _ in range(2):
        after = said("-j", "1")
        assert (after.code, after.stderr) == (before.code, before.stderr)
        assert after == said("-j", "1", "--no-cache")
    if caches.is_dir():
        caches.chmod(0o700)


def test_no_cache_writes_none(tree: Path, caches: Path) -> None:
    shutil.rmtree(caches)
    said("--no-cache", "-j", "1")
    assert (caches.exists(), tree.exists()) == (False, True)


def test_what_is_written_is_seen_by_the_next_run(tree: Path) -> None:
    written = {each["path"] for each in json.loads(said("--write", "-j", "1").stdout)["files"] if each["written"]}
    assert written == {"c/Dockerfile", "d/Dockerfile"}
    for _ in range(2):
        assert found() == found("--no-cache") == set()
    git(tree, "checkout", ".")
    assert found() == KNOWN


def test_large_trees_have_one_without_being_asked(tmp_path: Path) -> None:
    """Two runs of the real command at once, and one after them."""
    root = tmp_path / "tree"
    for number in range(preparation.WORTH_A_CACHE):
        (root / str(number)).mkdir(parents=True)
        (root / str(number) / "Dockerfile").write_text(LEAKING if number % 50 == 0 else "FROM alpine\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    outputs: list[bytes] = []
    run = partial(dockerfix, "--format", "json", cwd=root, variables={"DOCKERFIX_CACHE_DIR": str(tmp_path / "caches")})

    threads = [threading.Thread(target=lambda: outputs.append(run().stdout)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outputs += [run().stdout, dockerfix("--format", "json", "--no-cache", "-j", "4", cwd=root).stdout]
    assert len({*outputs}) == 1
    assert len(json.loads(outputs[0])["findings"]) == preparation.WORTH_A_CACHE // 50
    assert [len(file.name) for file in (tmp_path / "caches").iterdir()] == [32, 32]
