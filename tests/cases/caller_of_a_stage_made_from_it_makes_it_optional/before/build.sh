#!/bin/sh
set -e
docker build --target tool --build-arg API_TOKEN="$API_TOKEN" -t tool .
