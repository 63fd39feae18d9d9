#!/usr/bin/env bash
OPTIONS=(-t app)
[[ -n "${NPM_TOKEN:-}" ]] && OPTIONS+=(--build-arg "NPM_TOKEN=$NPM_TOKEN")
docker build "${OPTIONS[@]}" .
