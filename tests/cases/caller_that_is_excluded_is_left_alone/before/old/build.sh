#!/bin/sh
set -e
DOCKER_BUILDKIT=0 docker build --build-arg API_TOKEN="$API_TOKEN" -t app ..
