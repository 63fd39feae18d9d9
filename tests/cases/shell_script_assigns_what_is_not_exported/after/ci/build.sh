#!/bin/sh
set -e
cd "$(dirname "$0")/.."

TOKEN=$(vault kv get -field=token secret/npm)

NPM_TOKEN="$TOKEN" DOCKER_BUILDKIT=1 docker build \
	--secret id=NPM_TOKEN \
	-t app .
