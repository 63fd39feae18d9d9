#!/bin/sh
sed "s/^/--build-arg /" build.args | xargs docker build .
