#!/bin/sh
/kaniko/executor --context "$PWD" --dockerfile Dockerfile --build-arg NPM_TOKEN="$NPM_TOKEN" --no-push
