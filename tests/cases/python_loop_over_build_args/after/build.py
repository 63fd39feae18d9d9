import os
import subprocess

BUILD_ARGS = {
    "VERSION": "1.2",
}

cmd = ["docker", "build", "--secret", "id=NPM_TOKEN", "-t", "app"]
for name, value in BUILD_ARGS.items():
    cmd.extend(["--build-arg", f"{name}={value}"])
subprocess.run([*cmd, "."], check=True)
