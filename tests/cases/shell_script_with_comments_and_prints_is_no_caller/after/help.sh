#!/bin/sh
# docker build --build-arg NPM_TOKEN=... .
echo "Usage: docker build --build-arg NPM_TOKEN=\$NPM_TOKEN ."
docker build --secret id=NPM_TOKEN -t app .
