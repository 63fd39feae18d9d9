#!/bin/sh
set -e
DB_PASSWORD=$(vault kv get -field=password secret/db)
docker build --build-arg API_TOKEN="$API_TOKEN" --build-arg DB_PASSWORD=$DB_PASSWORD --push .
