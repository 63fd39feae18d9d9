#!/bin/sh
yq -r ".build.args[]" values.yaml | xargs docker build .
