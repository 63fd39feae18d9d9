"""Compose and bake files as the engine's own tools resolve them: the secret's variable has the value that the build arg had."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

import pytest

from codemod.callers.bake import hcl as bake_hcl
from codemod.callers.bake import json as bake_json
from codemod.callers.call import Move, Tree
from codemod.callers.compose import calls as compose
from codemod.text import Source, apply

from .client import Engine

pytestmark = pytest.mark.engine

KINDS: dict[str, ModuleType] = {".yml": compose, ".hcl": bake_hcl, ".json": bake_json}
STATES: dict[str, dict[str, str]] = {"set": {"TOK": "canary-1", "OF_CI": "canary-2"}, "empty": {"TOK": "", "OF_CI": ""}, "unset": {}}
NAMES = frozenset({"TOK", "OTHER"})

COMPOSE = """\
x-build: &build
  context: shared
  args:
    - TOK=${TOK}
    - NODE=20
x-args: &args
  TOK: ${TOK}
  NODE: 20
services:
  first:
    build: {context: ., args: *args}
  second:
    build:
      context: .
      args:
        <<: *args
        OTHER: $OF_CI
  shared:
    build: *build
  merged:
    build:
      <<: *build
      target: prod
  web:
    build:
      context: web
      args:
        NODE: "20"
        TOK: ${TOK}
        OTHER: "$OF_CI"
      target: prod
  worker:
    build:
      context: worker
      args:
        - TOK
        - OTHER=${OF_CI:-}
      secrets:
        - netrc
  brackets:
    build: {context: ., args: {TOK: $TOK}}
  child:
    extends: web
    build:
      dockerfile: Other.Dockerfile
secrets:
  netrc:
    file: ./netrc
"""
HCL = """\
variable "TOK" { default = "" }
variable "OF_CI" {}
target "base" {
  args = {
    NODE  = "20"
    TOK   = TOK
    OTHER = "${OF_CI}"
  }
}
target "web" {
  inherits = ["base"]
  context  = "web"
  secret   = ["id=netrc,src=netrc"]
}
target "worker" {
  inherits = ["base"]
  args     = { TOK = OF_CI }
}
target "one" { args = { TOK = TOK, NODE = "20" } }
target "matrix" {
  name   = "matrix-${tgt}"
  matrix = { tgt = ["a", "b"] }
  target = tgt
  args   = { TOK = (TOK) }
}
"""
JSON = """\
{
  "variable": {"TOK": {"default": null}, "OF_CI": {}},
  "target": {
    "web": {
      "args": {
        "NODE": "20",
        "TOK": "${TOK}"
      },
      "context": "web"
    },
    "worker": {"secret": ["id=netrc,src=netrc"], "args": {"OTHER": "${OF_CI}"}}
  }
}
"""
FILES = {
    "compose.yml": (COMPOSE, ("first", "second", "shared", "merged", "web", "worker", "brackets", "child")),
    "docker-bake.hcl": (HCL, ("base", "web", "worker", "one", "matrix")),
    "docker-bake.json": (JSON, ("web", "worker")),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A file of callers, before and after."""

    name: str
    before: str
    after: str


def _pair(name: str, text: str, *, optional: bool) -> Pair:
    kind, source = KINDS[PurePosixPath(name).suffix], Source(PurePosixPath(name), text)
    passed = [each for call in kind.calls(source, Tree()) for each in call.passes if each.name in NAMES]
    assert passed
    assert not any(each.obstacle for each in passed)
    moves = [Move(each, each.name, optional) for each in passed]
    after = apply(text, kind.edits(source, Tree(), moves))
    assert kind.mistake(source, Source(source.path, after), moves) is None
    return Pair(name, text, after)


def _targets(engine: Engine, folder: Path, name: str, text: str, variables: Mapping[str, str]) -> dict[str, Any]:
    """What bake makes of a file."""
    (folder / name).write_text(text)
    (folder / "netrc").write_text("")
    targets = " ".join(FILES[name][1])
    done = engine.shell(f"docker buildx bake --print -f {name} {targets}", folder=folder, variables=variables)
    found: dict[str, Any] = json.loads(done.stdout)["target"]
    return found


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", FILES)
def test_the_variable_has_the_value_of_the_build_arg(engine: Engine, tmp_path: Path, name: str, state: str) -> None:
    pair, variables = _pair(name, FILES[name][0], optional=True), STATES[state]
    before = _targets(engine, tmp_path, name, pair.before, variables)
    after = _targets(engine, tmp_path, name, pair.after, variables)
    assert before.keys() == after.keys()
    for target, was in before.items():
        now = after[target]
        values = {key: value for key, value in was.get("args", {}).items() if key in NAMES}
        secrets = {secret["id"]: secret for secret in now.get("secret", [])}
        assert {key: variables.get(secrets[key]["env"], "") for key in values} == values
        assert _rest(now) == _rest(was)
        assert not NAMES & now.get("args", {}).keys()


def _rest(target: dict[str, Any]) -> dict[str, Any]:
    """All that is no build arg and no secret of those that move."""
    args = {key: value for key, value in target.get("args", {}).items() if key not in NAMES}
    secrets = [secret for secret in target.get("secret", []) if secret["id"] not in NAMES]
    return {**target, "args": args, "secret": secrets}


@pytest.mark.parametrize("name", ["docker-bake.hcl", "docker-bake.json"])
def test_a_required_secret_of_bake_stops_without_its_variable(engine: Engine, tmp_path: Path, name: str) -> None:
    pair = _pair(name, FILES[name][0], optional=False)
    (tmp_path / name).write_text(pair.after)
    (tmp_path / "netrc").write_text("")
    command = f"docker buildx bake --print -f {name} web"
    assert engine.shell(command, folder=tmp_path, variables=STATES["set"]).returncode == 0
    assert "stat TOK" in engine.shell(command, folder=tmp_path, check=False).stderr


# --- built for real ---------------------------------------------------------------------------------------------------------

WITH_ARG = """\
FROM busybox
ARG TOK
RUN test -n "$TOK" && printf %s "$TOK" > /found
"""
WITH_SECRET = """\
FROM busybox
RUN --mount=type=secret,id=TOK,required=true TOK="$(cat /run/secrets/TOK)" && test -n "$TOK" && printf %s "$TOK" > /found
"""
BAKE = "docker buildx bake --no-cache --load -f {} app"
BUILT_BY_COMPOSE = """\
services:
  app:
    build:
      context: .
      network: none
      args:
        - TOK=${OF_CI}
    image: IMAGE
"""
BUILT = {
    "compose.yml": BUILT_BY_COMPOSE,
    "docker-bake.hcl": 'variable "TOK" {}\ntarget "app" {\n  args = { TOK = TOK }\n  network = "none"\n  tags = ["IMAGE"]\n}\n',
    "docker-bake.json": '{"variable": {"TOK": {}}, "target": {"app": {"args": {"TOK": "${TOK}"}, "network": "none", "tags": ["IMAGE"]}}}\n',
}


# Without the cache: a secret's value is no part of its key, so another file's canary would come back.
@pytest.mark.parametrize(("name", "command"), [*((name, BAKE) for name in BUILT), ("compose.yml", "docker compose build --no-cache app")])
def test_the_value_arrives(engine: Engine, image: str, tmp_path: Path, name: str, command: str) -> None:
    if command != BAKE and engine.shell("docker compose version", check=False).returncode:
        pytest.skip("this engine has no docker compose")
    pair = _pair(name, BUILT[name].replace("IMAGE", image), optional=False)
    for dockerfile, text in ((WITH_ARG, pair.before), (WITH_SECRET, pair.after)):
        # builds at once share steps that are equal, with the secret of one of them
        (tmp_path / "Dockerfile").write_text(dockerfile.replace("FROM busybox\n", f"FROM busybox\nENV IMAGE={image}\n"))
        (tmp_path / name).write_text(text)
        engine.shell(f"BUILDX_NO_DEFAULT_ATTESTATIONS=1 {command.format(name)}", folder=tmp_path, variables=STATES["set"])
        value = "canary-2" if "OF_CI" in text else "canary-1"
        assert engine.docker("run", "--rm", "--network=none", image, "cat", "/found") == value
        history = engine.docker("history", "--no-trunc", image)
        assert (value in history) is (dockerfile is WITH_ARG)


@pytest.fixture
def image(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """A name for what is built."""
    name = f"dockerfix-called:{sha256(bytes(tmp_path)).hexdigest()[:20]}"
    yield name
    engine.docker("image", "rm", "--force", name, check=False)
