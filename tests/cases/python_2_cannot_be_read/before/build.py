import os, subprocess

print "building"
subprocess.call(["docker", "build", "--build-arg", "NPM_TOKEN=%s" % os.environ["NPM_TOKEN"], "."])
