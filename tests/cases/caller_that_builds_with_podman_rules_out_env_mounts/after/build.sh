#!/bin/sh
set -e
podman build --secret id=API_TOKEN -t app .
