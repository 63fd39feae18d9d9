#!/bin/sh
set -e
docker build --secret id=GIT_AUTH_TOKEN_BUILD_SECRET,env=GIT_AUTH_TOKEN -t app .
