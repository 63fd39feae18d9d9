"""The files of a tree that speak of builds, and the scripts that others read into their own shell."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from codemod import speakers
from codemod.cache import Cache
from codemod.repository import Repository
from codemod.speakers import SOURCES, SPEAKS, Speakers, flags_of
from codemod.workers import Workers

from .discovery.looked_at import git
from .trees import grow

TEXTS: dict[str, tuple[str, int]] = {
    "docker": ("docker build .\n", SPEAKS),
    "in any case": ("DOCKER\n", SPEAKS),
    "a build arg": ("x --build-arg A=b\n", SPEAKS),
    "build args of others": ("build_args: 1\n", SPEAKS),
    "podman": ("sudo podman\n", SPEAKS),
    "buildah": ("buildah bud\n", SPEAKS),
    "kaniko": ("image: kaniko\n", SPEAKS),
    "a key": ("  build:\n", SPEAKS),
    "a key with blanks": ("build  : .\n", SPEAKS),
    "source": ("source ./lib.sh\n", SOURCES),
    "a dot": (". lib/x.bash\n", SOURCES),
    "behind something": ("set -e; . ./lib.sh\n", SOURCES),
    "both": ("docker ps\n. ./lib.sh\n", SPEAKS | SOURCES),
    "neither": ("nothing\n", 0),
    "a dot of a sentence": ("so it is. Or lib.sh\n", 0),
    "a name that ends so": ("resource lib.sh\n", 0),
    "over two lines": ("source x\nlib.sh\n", 0),
    "behind a pipe": ("source x | lib.sh\n", 0),
    "no text": ("docker\0", 0),
    "text up to there": ("docker " + "x" * 8000 + "\0", SPEAKS),
    "no end of line": ("docker", SPEAKS),
    "nothing": ("", 0),
    "lines of Windows": ("echo\r\n. ./lib.sh\r\ndocker\r\n", SPEAKS | SOURCES),
    "an encoding of its own": ("\xe9 docker\n", SPEAKS),
}
Make = Callable[..., Speakers]


@pytest.fixture(params=["read", "searched", "cached", "no git"])
def make(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Speakers of a tree, found out in one of the ways that there are."""

    def cached(root: Path, keeps: Callable[[str], bool]) -> Speakers:
        with Workers(cache=Cache(tmp_path / "cache")) as workers:
            repository = Repository(root)
            repository.ask_for_changes()
            found = Speakers(repository, keeps, workers)
            assert found.paths is not None
            return found

    def made(files: dict[str, str], keeps: Callable[[str], bool] = lambda _: True) -> Speakers:
        root = grow(tmp_path / "tree", files)
        if request.param != "no git":
            git(root, "init", "-q")
            git(root, "add", ".")
        if request.param != "read":
            monkeypatch.setattr(speakers, "FEW", 0)
        if request.param != "cached":
            return Speakers(Repository(root), keeps, Workers())
        return [cached(root, keeps) for _ in range(2)][-1]

    return made


def test_what_a_file_has(make: Make) -> None:
    names = [f"{number}.x" for number in range(len(TEXTS))]
    found = make(dict(zip(names, (text for text, _ in TEXTS.values()), strict=True)))
    assert found.paths == {name for name, (_, flags) in zip(names, TEXTS.values(), strict=True) if flags & SPEAKS}


@pytest.mark.parametrize(("text", "flags"), TEXTS.values(), ids=TEXTS)
def test_as_one_reads_it(tmp_path: Path, text: str, flags: int) -> None:
    grow(tmp_path, {"x": text})
    assert flags_of((Repository(tmp_path), "x")) == flags


def test_what_need_not_speak_of_it(make: Make) -> None:
    names = ("docker-bake.hcl", "a/bake.json", "compose.yaml", "a/my-compose.yml", "fly.toml", "fly.x.toml", "a/railway.json")
    others = ("composer.yaml.x", "my.toml", "bake.py", "a/config/deploy.rb")
    assert make(dict.fromkeys((*names, "config/deploy.yml", "a/config/deploy.x.yaml", *others), "")).paths == {
        *(*names, "config/deploy.yml", "a/config/deploy.x.yaml")
    }


def test_neither_dockerfiles_nor_our_own_nor_what_is_left_out(make: Make) -> None:
    names = ("Dockerfile", "a/x.dockerfile", ".dockerfix.toml", ".dockerfixignore", "left/build.sh", "build.sh", "left/compose.yml")
    found = make(dict.fromkeys(names, "docker build .\n"), lambda path: not path.startswith("left/"))
    assert found.paths == {"build.sh"}


def test_a_link_is_another_name_of_a_caller(make: Make, tmp_path: Path) -> None:
    """Of one that is found, of one that is no caller by its own name, and of one that is not of this tree."""
    grow(tmp_path, {"outside.sh": "docker\n"})
    root = grow(tmp_path / "tree", {"build.sh": "docker build .\n", "base": "a: 1\n", "quiet.yml": "a\n"})
    for link, target in {"linked.sh": "build.sh", "compose.yml": "base", "outside.sh": "../outside.sh", "gone.sh": "gone"}.items():
        (root / link).symlink_to(target)
    assert make({}).paths == {"build.sh", "compose.yml"}


def test_scripts_that_are_sourced(make: Make) -> None:
    files = {
        "lib/build.sh": "docker build .\n",
        "lib/other.sh": "docker build .\n",
        "lib/plain": "docker build .\n",
        "a.sh": 'source "$(dirname "$0")/lib/build.sh"\n',
        "b.sh": "x; . ./lib/PLAIN\n",
        "c.sh": "bash lib/other.sh\n",
        "new.sh": "resource lib/other.sh\n",
    }
    found = make(files)
    scripts = ("lib/build.sh", "lib/other.sh", "lib/plain")
    assert found.sourced(scripts) == {"lib/build.sh", "lib/plain"}
    assert found.sourced(scripts[:2]) == {"lib/build.sh"}
    assert found.sourced(()) == set()


def test_one_of_the_same_name_may_be_meant(make: Make) -> None:
    found = make({"a/build.sh": "docker\n", "b/Build.sh": "docker\n", "x.sh": ". $DIR/build.sh\n"})
    assert found.sourced(("a/build.sh", "b/Build.sh")) == {"a/build.sh", "b/Build.sh"}


def test_files_that_are_new_or_other_than_git_has_them(make: Make, tmp_path: Path) -> None:
    root = tmp_path / "tree"
    make({"a.sh": "docker\n", "b.sh": "true\n", "c.sh": "docker\n"})
    grow(root, {"a.sh": "true\n", "b.sh": "docker\n", "new.sh": "docker\n"})
    (root / "c.sh").unlink()
    subprocess.run(["git", "-C", root, "rm", "-q", "--cached", "--ignore-unmatch", "new.sh"], check=False, stderr=subprocess.DEVNULL)
    with Workers() as workers:
        assert Speakers(Repository(root), lambda _: True, workers).paths == {"b.sh", "new.sh"}


def test_a_git_that_knows_no_such_expressions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not each is made with Perl's: all is read then."""
    root = grow(tmp_path / "tree", {"a.sh": "docker\n", "b.sh": "true\n"})
    git(root, "init", "-q")
    git(root, "add", ".")
    monkeypatch.setattr(speakers, "FEW", 0)
    monkeypatch.setattr(speakers, "PATTERN", "(")
    assert Speakers(Repository(root), lambda _: True, Workers()).paths == {"a.sh"}


def test_git_and_we_read_the_expressions_alike(tmp_path: Path) -> None:
    """Each text in each place of a line."""
    texts = [before + text + after for (text, _), before, after in itertools.product(TEXTS.values(), ("", "x", "\n"), ("", "x", "\n"))]
    root = grow(tmp_path / "tree", {f"{number}": text for number, text in enumerate(texts)})
    git(root, "init", "-q")
    git(root, "add", ".")
    repository = Repository(root)
    assert repository.git is not None
    said = {path.decode() for path in repository.git.search(speakers.PATTERN, "-Pi").answer() or ()}
    binary = {path for path in repository.files if "\0" in texts[int(path)]}
    assert said - binary == {path for path in repository.files if flags_of((repository, path))} - binary
