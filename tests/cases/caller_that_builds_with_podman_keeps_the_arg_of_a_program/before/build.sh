#!/bin/sh
set -e
podman build --build-arg API_TOKEN="$API_TOKEN" -t app .
