#!/bin/sh
set -e
docker build --target tool --secret id=API_TOKEN,env=API_TOKEN -t tool .
