#!/bin/sh
docker build $(sed 's/^/--build-arg /' .env) .
