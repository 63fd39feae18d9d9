#!/bin/sh
set -e
DB_PASSWORD=$(vault kv get -field=password secret/db)
DB_PASSWORD="$DB_PASSWORD" docker build --secret id=API_TOKEN --secret id=DB_PASSWORD --push .
