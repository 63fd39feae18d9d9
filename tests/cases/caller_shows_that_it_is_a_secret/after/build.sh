#!/bin/sh
set -e
docker build --secret id=FETCH,env=CI_JOB_TOKEN .
