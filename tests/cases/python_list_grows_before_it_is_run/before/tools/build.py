import os
import subprocess
import sys


def build(tag: str, *, fresh: bool) -> int:
    cmd = ["docker", "build", "-t", tag]
    token = os.environ.get("NPM_TOKEN")
    if token:
        cmd += ["--build-arg", f"NPM_TOKEN={token}"]
    if fresh:
        cmd.append("--no-cache")
    cmd.append(".")
    print("+", *cmd[:2])
    return subprocess.call(cmd)


sys.exit(build(sys.argv[1], fresh="--fresh" in sys.argv))
