import os
import subprocess

os.system("docker build --secret id=NPM_TOKEN -t app .")
subprocess.run(
    """
    set -e
    NPM_TOKEN="$(cat ~/.npm-token)" docker build \\
        --secret id=NPM_TOKEN \\
        -t app:dev \\
        .
    """,
    shell=True,
    check=True,
)
