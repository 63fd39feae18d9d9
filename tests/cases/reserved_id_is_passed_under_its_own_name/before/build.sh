#!/bin/sh
set -e
docker build --build-arg GIT_AUTH_TOKEN="$GIT_AUTH_TOKEN" -t app .
