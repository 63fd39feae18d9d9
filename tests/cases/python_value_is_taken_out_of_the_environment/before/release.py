import os
import subprocess

token = os.environ["CI_NPM_TOKEN"]
env = os.environ.copy()
env["DOCKER_BUILDKIT"] = "1"
env.pop("CI_NPM_TOKEN")

subprocess.run(
    ["docker", "build", "--build-arg", f"NPM_TOKEN={token}", "."],
    env=env,
)
