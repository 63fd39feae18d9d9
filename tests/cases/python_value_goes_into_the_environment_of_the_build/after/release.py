import argparse
import os
import subprocess

parser = argparse.ArgumentParser()
parser.add_argument("--npm-token", required=True)
parser.add_argument("--tag", default="app")
args = parser.parse_args()

subprocess.check_call([
    'docker', 'build',
    '--secret', 'id=NPM_TOKEN',
    '-t', args.tag,
    '.',
], env={**os.environ, 'NPM_TOKEN': args.npm_token})
