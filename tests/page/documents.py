"""What the pages of the tests are made from: a small company's tree, that report many times over, and one that means harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from codemod.report.html import page
from tests.command import dockerfix

CREDENTIAL = "ghp_canary1canary2canary3canary4canary5"  # of the form that a real one has
TREE = {
    "payments/api/Dockerfile": 'FROM alpine\nARG API_TOKEN\nRUN curl -u "ci:$API_TOKEN" https://example.com\nRUN true\n',
    "payments/api/build.sh": '#!/bin/sh\ndocker build --build-arg API_TOKEN="$API_TOKEN" -t api .\n',
    "payments/ledger/Dockerfile": "FROM alpine\nARG REPO_TOKEN\nCOPY $REPO_TOKEN /src\nRUN curl -u x:$REPO_TOKEN https://example.com\n",
    "identity/web/Dockerfile": "FROM node:22\nARG NPM_TOKEN\nRUN npm config set //npm.example.com/:_authToken $NPM_TOKEN && npm ci\n",
    "identity/base/Dockerfile": 'FROM alpine\nARG API_TOKEN\nONBUILD RUN curl -u "ci:$API_TOKEN" https://example.com\n',
    "data/Dockerfile": f"FROM alpine\nENV GITHUB_TOKEN={CREDENTIAL}\nRUN true\n",
    "data/etl.Dockerfile": 'FROM alpine\r\nARG DB_PASSWORD\r\nRUN PGPASSWORD="$DB_PASSWORD" psql -c true\r\n',
    "data/broken/Dockerfile": "RUN true\nFRM alpine\nARG API_TOKEN\n",
    "mobile/Dockerfile": "FROM node:22\nARG VITE_API_TOKEN\nARG GITHUB_LOGIN\nRUN npm run build $GITHUB_LOGIN\n",
    "clean/Dockerfile": "FROM alpine\nRUN true\n",
}
# what the document's reader takes for one of a list, or compares: all else is a user's
FIXED = {"kind", "status", "confidence", "reason", "instruction", "how", "style", "name", "version"}


def company(folder: Path) -> Path:
    """The tree on disk."""
    for name, text in TREE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def reported(folder: Path, *options: str) -> dict[str, Any]:
    """What the command says of a tree."""
    document: dict[str, Any] = json.loads(dockerfix("--format", "json", "--show", "possible", *options, cwd=folder).stdout)
    return document


def many(document: dict[str, Any], count: int) -> dict[str, Any]:
    """The same report of so many folders as it takes for `count` findings."""
    texts = [json.dumps({key: document[key] for key in ("files", "findings", "build_commands")})]
    folders = sorted({finding["dockerfile"].split("/")[0] for finding in document["findings"]})
    all_of: dict[str, list[Any]] = {"files": [], "findings": [], "build_commands": []}
    for number in range(-(-count // len(document["findings"]))):
        text = texts[0]
        for folder in folders:
            text = text.replace(f"{folder}/", f"{folder}-{number:04d}/")
        for key, values in json.loads(text).items():
            all_of[key] += values
    all_of["findings"] = all_of["findings"][:count]
    return {**document, **all_of, "summary": {**document["summary"], "findings": count}}


def with_texts(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """The document with each text that is a user's changed."""
    if isinstance(value, dict):
        return {name: with_texts(inner, change, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_texts(inner, change, key) for inner in value]
    return change(value) if isinstance(value, str) and key not in FIXED else value


def saved(document: dict[str, Any], file: Path) -> Path:
    """The page of a document, as a file."""
    file.write_bytes(page(document).encode())
    return file
