#!/bin/bash
set -e
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
for service in api web; do
  docker build --build-arg NPM_TOKEN -f "$ROOT/services/$service/Dockerfile" -t "$service" "$ROOT/services/$service"
done
