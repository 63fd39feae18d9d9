import os

from tools import execute

execute(["docker", "build", "--build-arg", f"NPM_TOKEN={os.environ['NPM_TOKEN']}", "."])
