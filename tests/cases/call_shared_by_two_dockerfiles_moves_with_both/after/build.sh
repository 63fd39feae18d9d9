#!/bin/sh
set -e
for service in a b; do
    docker build --secret id=API_TOKEN "$service"
done
