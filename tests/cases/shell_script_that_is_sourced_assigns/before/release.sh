#!/bin/bash
source "$(dirname "$0")/lib/build.sh"
read -rs NPM_TOKEN
build
