#!/bin/sh
set -e
docker build --secret id=API_TOKEN -t app .
