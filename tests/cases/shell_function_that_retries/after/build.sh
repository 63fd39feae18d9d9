#!/bin/sh
retry() {
  for i in 1 2 3; do
    "$@" && return
  done
  return 1
}

retry docker build --secret id=NPM_TOKEN -t app .
NPM_TOKEN="$1" retry docker build --secret id=NPM_TOKEN -t app-of-another .
