#!/bin/sh
set -e
docker build --build-arg NPM_TOKEN="$NPM_TOKEN" -f docker/Dockerfile .
