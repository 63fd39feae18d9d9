import os, subprocess
subprocess.run([
	"podman", "build",
	"--build-arg", "NPM_TOKEN",	# é
	"--build-arg=VERSION=1",
	"."])