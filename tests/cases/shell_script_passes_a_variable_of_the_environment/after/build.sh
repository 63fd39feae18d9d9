#!/usr/bin/env bash
# Builds the image. NPM_TOKEN has to be set.
set -euo pipefail

: "${NPM_TOKEN:?is not set}"   # see the wiki

TAG="${TAG:-latest}"

docker build \
  --secret id=NPM_TOKEN \
  --build-arg "VERSION=$TAG" \
  --pull \
  -t "app:$TAG" \
  .

docker push "app:$TAG"
