import os

from python_on_whales import docker

image = docker.build(
    ".",
    build_args={
        "VERSION": "1.2",  # of the app
    },
    secrets=["id=NPM_TOKEN"],
    tags="app",
)
