#!/bin/sh
echo "no need of $API_TOKEN"
