#!/bin/bash
set -e

args=(
  --pull
  --build-arg VERSION="$VERSION"
)
if [[ -n "${NPM_TOKEN:-}" ]]; then
  args+=(--secret id=NPM_TOKEN,env=NPM_TOKEN) # for the private registry
fi

docker buildx build "${args[@]}" -t app .
