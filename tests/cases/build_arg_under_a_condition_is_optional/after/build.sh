#!/usr/bin/env bash
OPTIONS=(-t app)
[[ -n "${NPM_TOKEN:-}" ]] && OPTIONS+=(--secret id=NPM_TOKEN,env=NPM_TOKEN)
docker build "${OPTIONS[@]}" .
