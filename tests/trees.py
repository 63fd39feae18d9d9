"""Small trees for tests: files by their paths, and what the command says of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from codemod.cli import main

T = "API_TOKEN"
DOCKERFILE = f'FROM alpine\nARG {T}\nRUN curl -u "ci:${T}" https://example.com/f\n'
BUILD = f'docker build --build-arg {T}="${T}" .\n'


def grow(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files below `folder`."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")
    return folder


def work_tree(folder: Path, files: Mapping[str, str]) -> Path:
    """A git work tree with the files; all but those below `new/` are known to git."""
    grow(folder, files)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "--", ".", ":!new"], cwd=folder, check=True)
    return folder


def said(*arguments: str) -> dict[str, Any]:
    """The JSON of a run in the current folder."""
    result = CliRunner().invoke(main, ["--format", "json", *arguments], catch_exceptions=False)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refusals(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The Dockerfile, the reason and the detail of each."""
    return [(each["dockerfile"], each["refusal"]["reason"], each["refusal"]["detail"]) for each in document["findings"] if each["refusal"]]
