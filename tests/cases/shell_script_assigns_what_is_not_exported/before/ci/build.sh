#!/bin/sh
set -e
cd "$(dirname "$0")/.."

TOKEN=$(vault kv get -field=token secret/npm)

DOCKER_BUILDKIT=1 docker build \
	--build-arg NPM_TOKEN=$TOKEN \
	-t app .
