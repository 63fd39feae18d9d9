#!/bin/sh
podman build --secret=id=NPM_TOKEN -t app .
