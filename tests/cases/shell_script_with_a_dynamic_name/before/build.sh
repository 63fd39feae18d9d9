#!/bin/bash
ARGS=()
while read -r line; do ARGS+=(--build-arg "$line"); done < .env
docker build "${ARGS[@]}" -t app .
