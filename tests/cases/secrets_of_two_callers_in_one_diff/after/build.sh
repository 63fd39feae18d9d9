#!/bin/sh
set -e
docker build --secret id=API_TOKEN --build-arg VERSION=1 --secret id=DB_PASSWORD .
