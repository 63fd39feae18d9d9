#!/bin/sh
retry() {
  for i in 1 2 3; do
    "$@" && return
  done
  return 1
}

retry docker build --build-arg NPM_TOKEN="$NPM_TOKEN" -t app .
retry docker build --build-arg NPM_TOKEN="$1" -t app-of-another .
