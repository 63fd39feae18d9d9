#!/bin/sh
ssh builder <<'EOF'
cd app
. ./.env
NPM_TOKEN="$NPM_TOKEN" docker build --secret id=NPM_TOKEN -t app .
EOF
sh -c 'docker build --secret id=NPM_TOKEN -t app .'
