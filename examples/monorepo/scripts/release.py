#!/usr/bin/env python3
"""Build what is released, from images that are built already: scripts/release.py 2026.11 [--push]"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REGISTRY = "registry.example.com/harbour"


def web(release):
    subprocess.run(
        [
            "docker", "build",
            "--build-arg", f"RELEASE={release}",
            "--build-arg", f"PACKAGES_TOKEN={os.environ['PACKAGES_TOKEN']}",
            # not there on a fork: no source maps, then
            "--build-arg", f"SENTRY_AUTH_TOKEN={os.environ.get('SENTRY_AUTH_TOKEN', '')}",
            "--tag", f"{REGISTRY}/web:{release}",
            "services/web",
        ],
        cwd=ROOT,
        check=True,
    )


def api(release):
    command = ["docker", "build", "--tag", f"{REGISTRY}/api:{release}", "--build-arg", f"BASE={REGISTRY}/base:{release}",
               "--build-arg=PACKAGES_TOKEN=" + os.environ["PACKAGES_TOKEN"], "--build-arg", "TIDES_FEED", "."]
    subprocess.check_call(command, cwd=ROOT / "services" / "api")


if __name__ == "__main__":
    release = sys.argv[1]
    web(release)
    api(release)
    if "--push" in sys.argv:
        for service in ("web", "api"):
            subprocess.run(["docker", "push", f"{REGISTRY}/{service}:{release}"], check=True)
