import os
import subprocess

os.environ["DOCKER_BUILDKIT"] = "0"
subprocess.run(["docker", "build", "--build-arg", "NPM_TOKEN", "."])
