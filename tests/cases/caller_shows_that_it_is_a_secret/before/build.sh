#!/bin/sh
set -e
docker build --build-arg FETCH="$CI_JOB_TOKEN" .
