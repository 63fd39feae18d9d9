#!/bin/sh
set -e
sudo docker build --build-arg API_TOKEN="$API_TOKEN" -t app .
