#!/bin/sh
export DOCKER_BUILDKIT=0
docker build --build-arg NPM_TOKEN -t app .
