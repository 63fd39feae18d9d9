#!/bin/bash
image() {
  local name="$1"; shift
  docker build -t "$name" "$@" .
}

token=$(< ~/.npm-token)
NPM_TOKEN="$token" image app --secret id=NPM_TOKEN
NPM_TOKEN="$token" image app-dev --secret id=NPM_TOKEN --build-arg DEV=1
