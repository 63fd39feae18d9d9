import os
import subprocess

token = os.environ["CI_NPM_TOKEN"]
env = os.environ.copy()
env["DOCKER_BUILDKIT"] = "1"
env.pop("CI_NPM_TOKEN")

subprocess.run(
    ["docker", "build", "--secret", "id=NPM_TOKEN", "."],
    env={**env, "NPM_TOKEN": token},
)
