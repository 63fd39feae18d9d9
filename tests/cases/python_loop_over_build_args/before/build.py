import os
import subprocess

BUILD_ARGS = {
    "NPM_TOKEN": os.environ["NPM_TOKEN"],
    "VERSION": "1.2",
}

cmd = ["docker", "build", "-t", "app"]
for name, value in BUILD_ARGS.items():
    cmd.extend(["--build-arg", f"{name}={value}"])
subprocess.run([*cmd, "."], check=True)
