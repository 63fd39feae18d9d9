import os, subprocess
subprocess.run([
	"podman", "build",
	"--secret", "id=NPM_TOKEN",	# é
	"--build-arg=VERSION=1",
	"."])