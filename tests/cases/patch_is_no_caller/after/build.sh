#!/bin/sh

docker build --secret id=API_TOKEN -t app .
