#!/bin/sh
curl -u "ci:$API_TOKEN" https://example.com
