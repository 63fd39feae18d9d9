#!/bin/sh
TOKEN=$(cat .token)
ARGS="--build-arg NPM_TOKEN=$TOKEN --pull"
docker build $ARGS -t app .
