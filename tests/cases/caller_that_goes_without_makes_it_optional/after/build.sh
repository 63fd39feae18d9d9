#!/bin/sh
set -e
docker build --secret id=API_TOKEN,env=API_TOKEN -t app .
