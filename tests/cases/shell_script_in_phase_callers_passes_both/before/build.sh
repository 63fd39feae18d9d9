#!/bin/sh
TOKEN=$(pass show npm)
docker build \
  --build-arg NPM_TOKEN="$TOKEN" \
  -t app .
docker build \
  --build-arg NPM_TOKEN \
  -t app-dev .
