#!/bin/sh
set -e
docker build --build-arg API_TOKEN --build-arg VERSION=1 --build-arg "DB_PASSWORD=$DB_PASSWORD" .
