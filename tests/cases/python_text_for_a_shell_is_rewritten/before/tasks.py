import os
import subprocess

os.system("docker build --build-arg NPM_TOKEN=$NPM_TOKEN -t app .")
subprocess.run(
    """
    set -e
    docker build \\
        --build-arg NPM_TOKEN="$(cat ~/.npm-token)" \\
        -t app:dev \\
        .
    """,
    shell=True,
    check=True,
)
