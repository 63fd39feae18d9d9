import os

from fabric import task


@task
def build(c, tag="app"):
    c.run(f"docker build --build-arg NPM_TOKEN={os.environ['NPM_TOKEN']} -t {tag} .")
