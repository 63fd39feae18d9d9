#!/bin/sh
set -e
for service in a b; do
    docker build --build-arg API_TOKEN="$API_TOKEN" "$service"
done
