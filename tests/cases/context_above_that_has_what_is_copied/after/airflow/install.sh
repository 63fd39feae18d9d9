#!/bin/sh
pip install "git+https://oauth2:${GITLAB_TOKEN:?}@gitlab.example/plugins.git"
