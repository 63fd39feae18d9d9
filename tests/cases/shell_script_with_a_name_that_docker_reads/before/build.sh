#!/bin/sh
AWS_SECRET_ACCESS_KEY=$(pass show build/aws)
docker build --build-arg AWS_SECRET_ACCESS_KEY="$AWS_SECRET_ACCESS_KEY" -t app .
