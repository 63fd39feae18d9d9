#!/bin/sh
TOKEN=$(pass show npm)
NPM_TOKEN="$TOKEN" docker build \
  --build-arg NPM_TOKEN \
  --secret id=NPM_TOKEN \
  -t app .
docker build \
  --build-arg NPM_TOKEN \
  --secret id=NPM_TOKEN \
  -t app-dev .
