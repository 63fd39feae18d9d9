"""Files that are neither Dockerfiles nor callers: sources, data, documents, pictures, as services have them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from .words import PLAIN, ROLES, SUBJECTS, chance, constant, hexadecimal, identifier, sentence, version

# how many lines a source has at the median, how far it goes, and where it ends
LINES, SPREAD, MOST = 4.1, 0.9, 1500
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def _length(random: Random) -> int:
    return min(int(random.lognormvariate(LINES, SPREAD)), MOST)


# what has nothing to do with the build of an image, and speaks of one
PASSING = (
    "runs in a docker container", "see the docker logs", "the Docker socket is not mounted here", "same as in docker-compose", "build: none",
    "podman works as well", "was a Dockerfile once",
)  # fmt: skip
SPEAKS = 0.02


def _remark(random: Random) -> str:
    return random.choice(PASSING) if chance(random, SPEAKS) else sentence(random)


def _python(random: Random) -> str:
    lines = [
        f'"""{sentence(random)}."""',
        "",
        "import logging",
        f"from app import {random.choice(SUBJECTS)}",
        "",
        "log = logging.getLogger(__name__)",
        "",
    ]
    while len(lines) < _length(random):
        name, value = identifier(random), random.choice(SUBJECTS)
        lines += [
            "",
            f"def {name}({value}, limit={random.randrange(100)}):",
            f'    """{sentence(random)}."""',
            f"    if not {value}:",
            "        return None",
        ]
        lines += [f'    log.info("{sentence(random, 6)}: %s", {value})', f"    return {identifier(random)}({value})[:limit]", ""]
    return "\n".join(lines)


def _typescript(random: Random) -> str:
    lines = [f"// {_remark(random)}", f"import {{ {random.choice(SUBJECTS)} }} from './{random.choice(SUBJECTS)}';", ""]
    while len(lines) < _length(random):
        name, value = identifier(random), random.choice(SUBJECTS)
        lines += [f"// {sentence(random)}", f"export async function {name}({value}: string, limit = {random.randrange(100)}) {{"]
        lines += [f"  const found = await {identifier(random)}({value});", "  return found.slice(0, limit);", "}", ""]
    return "\n".join(lines)


def _go(random: Random) -> str:
    lines = [f"// {_remark(random)}", f"package {random.choice(SUBJECTS)}", "", 'import (\n\t"context"\n\t"fmt"\n)', ""]
    while len(lines) < _length(random):
        name = identifier(random).title().replace("_", "")
        lines += [f"// {name} {sentence(random).lower()}.", f"func {name}(ctx context.Context, id string) error {{"]
        lines += [
            f"\tif err := {identifier(random)}(ctx, id); err != nil {{",
            f'\t\treturn fmt.Errorf("{sentence(random, 5).lower()}: %w", err)',
            "\t}",
            "\treturn nil",
            "}",
            "",
        ]
    return "\n".join(lines)


def _java(random: Random) -> str:
    name = random.choice(SUBJECTS).title() + random.choice(ROLES).title()
    lines = [f"// {_remark(random)}", "package com.example.harbour;", "", "import java.util.List;", "", f"public class {name} {{"]
    while len(lines) < _length(random):
        lines += [f"    /** {sentence(random)}. */", f"    public List<String> {identifier(random)}(String id) {{"]
        lines += [f"        return this.{identifier(random)}(id, {random.randrange(100)});", "    }", ""]
    return "\n".join([*lines, "}"])


def _yaml(random: Random) -> str:
    lines = [f"# {_remark(random)}"]
    for _ in range(random.randint(3, 25)):
        lines += [
            f"{random.choice(SUBJECTS)}_{random.choice(ROLES)}:",
            f"  enabled: {random.choice(('true', 'false'))}",
            f"  workers: {random.randrange(16)}",
        ]
        lines += [f"  path: /var/lib/{random.choice(SUBJECTS)}", f'  note: "{sentence(random)}"']
    return "\n".join(lines)


def _deployment(random: Random) -> str:
    name = f"{random.choice(SUBJECTS)}-{random.choice(ROLES)}"
    pairs = "".join(
        f"            - name: {constant(random)}\n              value: '{random.randrange(100)}'\n" for _ in range(random.randint(1, 12))
    )
    if chance(random, 0.05):
        secret = random.choice(("JWT_SECRET", "DATABASE_PASSWORD", "API_TOKEN"))
        reference = f"                secretKeyRef:\n                  name: {name}\n                  key: {secret.lower()}\n"
        pairs += f"            - name: {secret}\n              valueFrom:\n{reference}"
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  replicas: {random.randint(1, 6)}\n  template:\n    spec:\n"
        f"      containers:\n        - name: {name}\n          image: registry.example.com/harbour/{name}:{version(random)}\n          env:\n{pairs}"
        f"          ports:\n            - containerPort: 8080\n"
    )


def _data(random: Random) -> str:
    rows = [{"id": number, "name": sentence(random, 5), "value": random.random()} for number in range(random.randint(2, 120))]
    return json.dumps(rows, indent=2)


def _package(random: Random) -> str:
    names = random.sample(SUBJECTS, random.randint(2, 20))
    document = {
        "name": f"@harbour/{random.choice(SUBJECTS)}-{random.choice(ROLES)}",
        "version": version(random),
        "private": True,
        "scripts": {"build": "tsc -p tsconfig.json", "start": "node dist/index.js", "test": "jest", "lint": "eslint src"},
        "dependencies": {f"{name}-{random.choice(ROLES)}": f"^{version(random)}" for name in names},
    }
    return json.dumps(document, indent=2)


def _lock(random: Random) -> str:
    packages = {
        f"node_modules/{random.choice(SUBJECTS)}-{random.choice(ROLES)}-{number}": {
            "version": version(random),
            "resolved": f"https://npm.example.com/p/{number}.tgz",
            "integrity": f"sha512-{hexadecimal(random, 88)}",
            "engines": {"node": ">=18"},
        }
        for number in range(min(int(random.lognormvariate(4.5, 1.3)), 2500))
    }
    return json.dumps({"name": "lock", "lockfileVersion": 3, "packages": packages}, indent=2)


def _requirements(random: Random) -> str:
    return "\n".join(f"{random.choice(SUBJECTS)}-{random.choice(ROLES)}=={version(random)}" for _ in range(random.randint(3, 40)))


def _readme(random: Random) -> str:
    lines = [f"# {random.choice(SUBJECTS)} {random.choice(ROLES)}", ""]
    for _ in range(random.randint(1, 8)):
        lines += [f"## {sentence(random, 5)}", "", *(f"{sentence(random, 25)}." for _ in range(random.randint(1, 6))), ""]
    if chance(random, 0.2):
        lines += [
            "## Run it",
            "",
            random.choice(("    docker compose up", "    docker build -t local .", "    make build && docker run local")),
            "",
            f"The image runs with Docker {random.randint(20, 28)} and later.",
            "",
        ]
    return "\n".join(lines)


def _shell(random: Random) -> str:
    lines = ["#!/usr/bin/env bash", "set -euo pipefail", ""]
    for _ in range(random.randint(2, 12)):
        lines += [
            f"# {_remark(random)}",
            f'echo "{sentence(random, 6)}" >> "$LOG/{random.choice(SUBJECTS)}.log"',
            f"./bin/{random.choice(VERBS_OF_SCRIPTS)} --limit {random.randrange(99)}",
        ]
    return "\n".join(lines)


VERBS_OF_SCRIPTS = ("migrate", "seed", "backup", "restore", "rotate", "report")


def _style(random: Random) -> str:
    return "\n".join(
        f".{random.choice(SUBJECTS)}-{random.choice(ROLES)} {{\n  margin: {random.randrange(40)}px;\n  color: #{hexadecimal(random, 6)};\n}}"
        for _ in range(random.randint(3, 60))
    )


def _sql(random: Random) -> str:
    name = random.choice(SUBJECTS)
    columns = ",\n".join(
        f"  {identifier(random)} {random.choice(('text', 'bigint', 'timestamptz', 'boolean'))}" for _ in range(random.randint(3, 15))
    )
    return f"-- {sentence(random)}\nCREATE TABLE {name}s (\n  id bigserial PRIMARY KEY,\n{columns}\n);\n"


def _terraform(random: Random) -> str:
    return "\n".join(
        f'resource "example_{random.choice(SUBJECTS)}" "{random.choice(ROLES)}_{number}" {{\n  name = "{random.choice(SUBJECTS)}"\n  size = {random.randrange(100)}\n}}\n'
        for number in range(random.randint(1, 15))
    )


def _ignore(random: Random) -> str:
    return "\n".join(
        random.sample(
            ("node_modules", "dist", "*.log", ".env", "coverage", "__pycache__", "*.pyc", "target", ".git", "tmp", "*.md"),
            random.randint(2, 7),
        )
    )


@dataclass(frozen=True, slots=True)
class Other:
    """A kind of file: where it stands in a service's folder, and what it has. `@n@` is a number, `@word@` a word.

    Where it is a source, it is one of services of an `ecosystem`.
    """

    path: str
    share: int
    text: Callable[[Random], str]
    ecosystem: str = ""


OTHERS = (
    Other("src/@word@/@word@_@n@.py", 600, _python, "python"), Other("src/@word@/@word@@n@.ts", 600, _typescript, "node"),
    Other("internal/@word@/@word@_@n@.go", 600, _go, "go"), Other("src/main/java/com/example/@word@/@word@@n@.java", 600, _java, "java"),
    Other("config/@word@-@n@.yaml", 60, _yaml), Other("deploy/@word@-@n@.yaml", 60, _deployment), Other("testdata/@word@-@n@.json", 60, _data),
    Other("package.json", 60, _package, "node"), Other("package-lock.json", 35, _lock, "node"), Other("requirements.txt", 50, _requirements, "python"),
    Other("README.md", 35, _readme), Other("docs/@word@-@n@.md", 30, _readme), Other("scripts/@word@-@n@.sh", 20, _shell),
    Other("web/@word@@n@.css", 60, _style, "node"), Other("migrations/@n@_@word@.sql", 20, _sql), Other("infra/@word@@n@.tf", 14, _terraform),
    Other(".dockerignore", 25, _ignore), Other(".gitignore", 12, lambda random: "\n".join((".env", f"{random.choice(PLAIN)}.tmp"))),
)  # fmt: skip


def other(random: Random, ecosystem: str, subjects: Sequence[str]) -> tuple[str, bytes]:
    """A file of a service that is about `subjects`: its path in the service's folder, and what it has."""
    number = random.randrange(100_000)
    if chance(random, 0.03):
        return f"assets/{random.choice(SUBJECTS)}-{number}.png", PICTURE + random.randbytes(
            min(int(random.lognormvariate(8.5, 1.2)), 300_000)
        )
    fitting = [each for each in OTHERS if each.ecosystem in ("", ecosystem)]
    kind = random.choices(fitting, [each.share for each in fitting])[0]
    path = kind.path.replace("@n@", str(number))
    while "@word@" in path:
        path = path.replace("@word@", random.choice(subjects), 1)
    return path, f"{kind.text(random)}\n".encode()
