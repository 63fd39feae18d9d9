"""Trees of several teams, for reviews: three changes in two folders, and one Dockerfile whose secret stays."""

from __future__ import annotations

from pathlib import Path

from tests.trees import grow

BILLING = "FROM node:22\n# the registry's\nARG NPM_TOKEN\nRUN npm config set //registry.example.com/:_authToken $NPM_TOKEN && npm ci\n"
BUILD = '#!/bin/sh\ndocker build --build-arg NPM_TOKEN="$NPM_TOKEN" -t billing .\n'
SHOP = 'FROM alpine\nARG API_TOKEN\nRUN curl -u "ci:$API_TOKEN" https://example.com/f\n'
WORKER = 'FROM alpine\nARG QUEUE_PASSWORD\nRUN psql "postgres://queue:$QUEUE_PASSWORD@db.example.com/queue" -f /schema.sql\n'
REFUSED = "FROM alpine\nARG SIGNING_KEY\nLABEL key=$SIGNING_KEY\n"
FILES = {
    "billing/Dockerfile": BILLING,
    "billing/build.sh": BUILD,
    "shop/Dockerfile": SHOP,
    "shop/worker.Dockerfile": WORKER,
    "auth/Dockerfile": REFUSED,
}
# one Dockerfile, one question
ONE = {"Dockerfile": SHOP}
MOUNTED = """FROM alpine
RUN --mount=type=secret,id=API_TOKEN,required=true \\
    API_TOKEN="$(cat /run/secrets/API_TOKEN)" \\
    && curl -u "ci:$API_TOKEN" https://example.com/f
"""


def teams(folder: Path) -> Path:
    """All of it."""
    return grow(folder, FILES)


def written(folder: Path) -> set[str]:
    """The files that are no longer as they were."""
    return {path for path, text in FILES.items() if (folder / path).read_text() != text}
