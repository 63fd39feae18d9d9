#!/usr/bin/env python3
"""Builds and pushes the image."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    version = os.environ.get("VERSION", "dev")
    subprocess.run(
        [
            "docker", "build",
            # what npm asks for
            "--build-arg", f"NPM_TOKEN={os.environ['NPM_TOKEN']}",  # from CI
            "--build-arg", f"VERSION={version}",
            "-t", f"app:{version}",
            str(ROOT),
        ],
        check=True,
    )
    subprocess.run(["docker", "push", f"app:{version}"], check=True)


if __name__ == "__main__":
    main()
