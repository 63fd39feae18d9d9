#!/bin/sh
set -e
docker build --secret id=API_TOKEN -f svc/Dockerfile svc
