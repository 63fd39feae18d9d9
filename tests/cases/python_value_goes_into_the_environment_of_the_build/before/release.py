import argparse
import subprocess

parser = argparse.ArgumentParser()
parser.add_argument("--npm-token", required=True)
parser.add_argument("--tag", default="app")
args = parser.parse_args()

subprocess.check_call([
    'docker', 'build',
    '--build-arg', 'NPM_TOKEN=' + args.npm_token,
    '-t', args.tag,
    '.',
])
