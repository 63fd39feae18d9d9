#!/bin/sh
ssh builder <<'EOF'
cd app
. ./.env
docker build --build-arg NPM_TOKEN="$NPM_TOKEN" -t app .
EOF
sh -c 'docker build --build-arg NPM_TOKEN="$NPM_TOKEN" -t app .'
