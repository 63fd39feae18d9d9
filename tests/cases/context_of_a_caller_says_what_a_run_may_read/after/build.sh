#!/bin/sh
set -e
docker build --secret id=NPM_TOKEN -f docker/Dockerfile .
