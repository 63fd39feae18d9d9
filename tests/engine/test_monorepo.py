"""`examples/monorepo`, built through its own callers before and after it is migrated.

The engine may have no `docker compose`: the compose file is built with `docker buildx bake -f compose.yaml`. The workflow's actions run
nowhere but at GitHub; its `run:` step is given to bash, with what GitHub puts into it.
"""

from __future__ import annotations

import json
import re
import secrets
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.monorepo import copied, migrated

from .builds import ALWAYS, Builder
from .client import Engine
from .images import Image, read_image
from .recordings import differences

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("monorepo")]

REGISTRY = "registry.example.com/harbour"
BASES = ("python:3.13-slim", "node:22-alpine")
NAMES = ("APT_PASSWORD", "PACKAGES_TOKEN", "SENTRY_AUTH_TOKEN", "TIDES_FEED")
OF_IMAGE = {"base": {"APT_PASSWORD"}, "web": {"PACKAGES_TOKEN"}, "api": {"APT_PASSWORD", "PACKAGES_TOKEN", "TIDES_FEED"}}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to build: a command line with TAG in it, and the images that it makes; `also` are what they are given beside the rest."""

    command: str
    images: tuple[str, ...]
    also: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def given(self, image: str) -> set[str]:
        """The secrets that its build has."""
        return OF_IMAGE[image] | self.also.get(image, frozenset())


BASE_FIRST = "make --silent base TAG=$TAG && "
WORKFLOW = "the workflow's run step"
WAYS = {
    "make": Way("make base TAG=$TAG && make web TAG=$TAG", ("base", "web")),
    "make with the bake file": Way("make images TAG=$TAG", ("base", "web", "api")),
    "the shell script": Way(f"{BASE_FIRST}scripts/build.sh $TAG", ("web", "api"), {"web": frozenset({"TIDES_FEED"})}),
    "the Python script": Way(f"{BASE_FIRST}python3 scripts/release.py $TAG", ("web", "api"), {"web": frozenset({"SENTRY_AUTH_TOKEN"})}),
    "the compose file": Way(f"{BASE_FIRST}docker buildx bake -f compose.yaml", ("web", "api")),
    WORKFLOW: Way("bash -e step.sh", ("base",)),
}
# where a caller takes a value from itself: what the environment must not have
ELSEWHERE = {"make": {"APT_PASSWORD"}, "the shell script": {"PACKAGES_TOKEN", "APT_PASSWORD"}, WORKFLOW: set(NAMES)}

# A caller's `docker` has to build from stand-ins, without a network and without the cache; what it says is otherwise its own.
# Bake takes contexts and a network best from a file: it makes an empty text of `--set *.network=none`.
DOCKER = """\
#!/bin/sh
case "$1 $2" in
    "build "*) shift; exec @DOCKER@ build @BUILD@ "$@" ;;
    "buildx bake") shift 2; exec @DOCKER@ buildx bake @BAKE@ "$@" -f @STANDINS@ ;;
    "push "*) ;;
    *) echo "docker $*: no build" >&2; exit 1 ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Side:
    """What one way of building made of the repository, before or after."""

    log: str = field(repr=False)
    images: Mapping[str, Image]


@dataclass(frozen=True, slots=True)
class Built:
    """The same way, before and after, with the same canaries."""

    way: Way
    canaries: Mapping[str, str] = field(repr=False)
    before: Side
    after: Side


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """As it is, and migrated."""
    before, after = (copied(tmp_path_factory.mktemp("monorepo") / side) for side in ("before", "after"))
    migrated(after)
    return before, after


@pytest.fixture(scope="module")
def tools(builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the callers' `docker`, which stands before the real one."""
    folder, tag = tmp_path_factory.mktemp("tools"), f"dockerfix-debian:{secrets.token_hex(6)}"
    (folder / "Dockerfile").write_text(f"FROM {builder.standin}\nRUN mkdir -p /etc/apt/auth.conf.d\n")
    builder.engine.docker("build", "--network=none", "--quiet", "--tag", tag, str(folder))
    stands_in = [f"{base}=docker-image://{tag}" for base in BASES]
    contexts = ", ".join(f'"{base}" = "docker-image://{tag}"' for base in BASES)
    targets = (f'target "{image}" {{\n  network  = "none"\n  contexts = {{ {contexts} }}\n}}\n' for image in OF_IMAGE)
    (folder / "stand-ins.hcl").write_text("".join(targets))
    filled = {
        "@DOCKER@": str(shutil.which("docker", path=builder.engine.environment["PATH"])),
        "@BUILD@": shlex.join((*ALWAYS, *(f"--build-context={each}" for each in stands_in))),
        "@BAKE@": shlex.join(("--no-cache", "--progress=plain", "--provenance=mode=max")),
        "@STANDINS@": shlex.quote(str(folder / "stand-ins.hcl")),
    }
    (folder / "docker").write_text(re.sub("@[A-Z]+@", lambda found: filled[found[0]], DOCKER))
    (folder / "docker").chmod(0o755)
    yield folder
    builder.engine.docker("image", "rm", "--force", tag, check=False)


@pytest.fixture(scope="module", params=WAYS)
def built(
    request: pytest.FixtureRequest, engine: Engine, repositories: tuple[Path, Path], tools: Path, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    """Both sides, each built once."""
    canaries = {name: f"canary-{secrets.token_hex(8)}" for name in NAMES}
    canaries["TIDES_FEED"] = f"https://tides.example.com/{canaries['TIDES_FEED']}"
    around = {"TAG": f"test-{secrets.token_hex(6)}", "PATH": f"{tools}:{engine.environment['PATH']}"}
    sides = [_built(engine, request.param, copied_to, around, canaries) for copied_to in _scratch(repositories, tmp_path_factory)]
    return Built(WAYS[request.param], canaries, *sides)


def _scratch(repositories: Sequence[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders to build in, each with a `repository`."""
    for repository in repositories:
        folder = tmp_path_factory.mktemp("built")
        shutil.copytree(repository, folder / "repository")
        yield folder


def _built(engine: Engine, name: str, scratch: Path, around: Mapping[str, str], canaries: Mapping[str, str]) -> Side:
    way, tag = WAYS[name], around["TAG"]
    variables = {**_variables(name, scratch, canaries), **around}
    if name == WORKFLOW:
        _write_step(scratch / "repository", tag, canaries)
    done = engine.shell(way.command, folder=scratch / "repository", variables=variables, check=False)
    try:
        assert done.returncode == 0, done.stdout + done.stderr
        return Side(done.stdout + done.stderr, {image: read_image(engine, f"{REGISTRY}/{image}:{tag}", scratch) for image in way.images})
    finally:
        engine.docker("image", "rm", "--force", *(f"{REGISTRY}/{image}:{tag}" for image in OF_IMAGE), check=False)


def _variables(name: str, scratch: Path, canaries: Mapping[str, str]) -> dict[str, str]:
    """The environment of a build; what is not in it stands in the files that the callers read."""
    (scratch / "repository" / ".apt-password").write_text(canaries["APT_PASSWORD"] + "\n")
    (scratch / "harbour").mkdir()
    (scratch / "harbour" / "token").write_text(canaries["PACKAGES_TOKEN"] + "\n")
    there = {variable: value for variable, value in canaries.items() if variable not in ELSEWHERE.get(name, ())}
    return {"XDG_CONFIG_HOME": str(scratch), **there}


def _write_step(folder: Path, tag: str, canaries: Mapping[str, str]) -> None:
    """The step as GitHub runs it: expressions are put in as text, `env` is what it says."""
    workflow = yaml.safe_load((folder / ".github" / "workflows" / "images.yml").read_text())
    (step,) = (step for job in workflow["jobs"].values() for step in job["steps"] if "run" in step)
    values = {"secrets.ARCHIVE_PASSWORD": canaries["APT_PASSWORD"]}

    def filled(text: str) -> str:
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: values[found[1]], text)

    environment = {"GITHUB_SHA": tag, **workflow["env"], **step.get("env", {})}
    exports = "".join(f"export {name}={shlex.quote(filled(value))}\n" for name, value in environment.items())
    (folder / "step.sh").write_text(exports + filled(step["run"]))


# --- what the builds do -----------------------------------------------------------------------------------------------------


def test_before_shows_each_canary(built: Built) -> None:
    """In the history of the image that people get."""
    for name, image in built.before.images.items():
        for secret in OF_IMAGE[name] | (built.way.given(name) - {"TIDES_FEED"}):
            assert "history" in image.places(built.canaries[secret]), f"{secret} is not in {name}"


def test_after_shows_no_canary(built: Built) -> None:
    """In no history, config, layer or provenance; and the log is silent."""
    for secret, canary in built.canaries.items():
        shown = {name: places for name, image in built.after.images.items() if (places := image.places(canary))}
        assert not shown, f"{secret} is still in {shown}"
        assert canary not in built.after.log


def test_tools_are_given_the_same(built: Built) -> None:
    """Arguments, input, the files they read and the environment of those that look at it."""
    for name, before in built.before.images.items():
        assert before.recordings()
        assert differences(before.recordings(), built.after.images[name].recordings()) == []


def test_some_tool_saw_each_secret(built: Built) -> None:
    """Two builds that both had nothing would also do the same."""
    for name, image in built.after.images.items():
        mounted = {secret for tool in image.recordings() for secret in tool.mounted}
        assert mounted == built.way.given(name) & _mounted_by(name)


def _mounted_by(image: str) -> set[str]:
    return OF_IMAGE[image] | ({"SENTRY_AUTH_TOKEN"} if image == "web" else set())


def test_images_hold_the_same_files(built: Built) -> None:
    """Same paths, modes, owners and contents."""
    for name, before in built.before.images.items():
        assert built.after.images[name].files() == before.files()


def test_images_start_the_same(built: Built) -> None:
    """Same command, user and environment."""
    for name, before in built.before.images.items():
        assert built.after.images[name].config()["config"] == before.config()["config"]


# --- what bake makes of the files -------------------------------------------------------------------------------------------


def test_the_bake_file_differs_in_the_move(engine: Engine, repositories: tuple[Path, Path]) -> None:
    planned, after = (_targets(engine, folder, "docker-bake.hcl", "base", "web", "api") for folder in repositories)
    for name, moved in {"base": ["APT_PASSWORD"], "web": ["PACKAGES_TOKEN"], "api": ["TIDES_FEED", "PACKAGES_TOKEN"]}.items():
        _move(planned[name], moved, {})
    assert _sorted(after) == _sorted(planned)


def test_the_compose_file_differs_in_the_move(engine: Engine, repositories: tuple[Path, Path]) -> None:
    planned, after = (_targets(engine, folder, "compose.yaml", "web", "api") for folder in repositories)
    for name, moved in {"web": ["PACKAGES_TOKEN"], "api": ["PACKAGES_TOKEN", "TIDES_FEED"]}.items():
        _move(planned[name], moved, {secret: secret for secret in moved})
    assert _sorted(after) == _sorted(planned)


def _move(target: dict[str, Any], moved: Sequence[str], variables: Mapping[str, str]) -> None:
    """What a person means by it; the value comes from the variable of the secret's name, be that said or not."""
    target["args"] = {name: value for name, value in target["args"].items() if name not in moved}
    target["secret"] = [{"id": name} | ({"env": variables[name]} if name in variables else {}) for name in moved]
    if not target["args"]:
        del target["args"]


def _targets(engine: Engine, folder: Path, file: str, *names: str) -> dict[str, Any]:
    variables = {name: f"canary-{number}" for number, name in enumerate(NAMES)}
    done = engine.shell(f"docker buildx bake --print -f {file} {' '.join(names)}", folder=folder, variables=variables)
    found: dict[str, Any] = json.loads(done.stdout)["target"]
    return found


def _sorted(targets: dict[str, Any]) -> dict[str, Any]:
    return {name: target | {"secret": sorted(target.get("secret", []), key=str)} for name, target in targets.items()}
