#!/bin/bash
image() {
  local name="$1"; shift
  docker build -t "$name" "$@" .
}

token=$(< ~/.npm-token)
image app --build-arg NPM_TOKEN="$token"
image app-dev --build-arg NPM_TOKEN="$token" --build-arg DEV=1
