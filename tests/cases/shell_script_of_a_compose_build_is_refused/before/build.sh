#!/bin/sh
docker compose build --build-arg NPM_TOKEN="$NPM_TOKEN" app
